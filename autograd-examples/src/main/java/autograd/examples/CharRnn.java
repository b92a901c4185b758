package autograd.examples;

import module autograd.nn;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.util.Arrays;
import java.util.Locale;

/**
 * An LSTM learns a small text letter by letter, and recites it. The bound: a loss below 0.2 nats per letter.
 * Karpathy's min-char-rnn has about 90 lines of code, with a simpler cell and a gradient derived by hand;
 * this has 52.
 */
class CharRnn {
    private static final String TEXT = """
            A tape was asked what it had seen.
            I saw a number, said the tape, that met a weight and grew.
            It met another and was bent. I wrote each meeting down,
            a line for each, and on the last there stood a loss.
            And then? they asked. And then I walk the way again,
            from the last line to the first, and tell each weight its share.
            The share is small, and small is good:
            a step too long forgets the road.
            They listen, and they move a little, and we begin again.
            Some call it learning. I call it walking home.
            """;

    record Model(Embedding letters, Lstm lstm, Dense out) implements Trainable {}

    @Option(names = "--steps", description = "number of training steps (${DEFAULT-VALUE})")
    private int steps = 300;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 0;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);
        int[] alphabet = TEXT.chars().distinct().sorted().toArray();
        int[] text = TEXT.chars().map(c -> Arrays.binarySearch(alphabet, c)).toArray();

        var rng = new Rng(seed);
        int letters = alphabet.length, width = 128, n = 16, length = 50;
        var model = new Model(Embedding.of(rng, letters, 16), Lstm.of(rng, 16, width), Dense.of(rng, width, letters));
        var optimizer = new Adam(5e-3).clip(Clip.norm(1));
        double mean = Math.log(letters);
        for (int step = 1; step <= steps; step++) {
            int[] begin = rng.ints(n, 0, text.length - length).toArray();
            IntTensor x = windows(text, length, begin, 0), y = windows(text, length, begin, 1);
            double loss = optimizer.minimize(model, () -> Losses.sparseSoftmaxCrossEntropy(
                    model.out.forward(model.lstm.forward(model.letters.forward(x)).y()), y));
            mean = 0.95 * mean + 0.05 * loss;
            if (step % 50 == 0)
                System.out.printf(Locale.ROOT, "Step %4d, loss %.4f%n", step, mean);
        }

        // Each letter is sampled from the prediction for the text so far
        var said = new StringBuilder("A");
        var state = model.lstm.zeroState(1);
        while (said.length() < 300) {
            int last = Arrays.binarySearch(alphabet, said.charAt(said.length() - 1));
            state = model.lstm.step(model.letters.forward(IntTensor.of(last)), state);
            Tensor p = model.out.forward(state.h()).softmax(-1);
            said.append((char) alphabet[p.cumsum(1).gt(rng.nextDouble()).to(DType.F32).argMax(-1).get(0)]);
        }
        System.out.println(said);
        System.out.printf(Locale.ROOT, "Loss: %.4f, %s the bound 0.2%n", mean, mean < 0.2 ? "within" : "above");
    }

    /** The pieces of a text that start {@code later} letters after the given positions: [n, length]. */
    private static IntTensor windows(int[] text, int length, int[] begin, int later) {
        return IntTensor.of(Arrays.stream(begin).map(b -> b + later)
                .flatMap(b -> Arrays.stream(text, b, b + length)).toArray(), begin.length, length);
    }
}
