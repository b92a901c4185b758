package autograd.examples;

import module autograd.nn;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A transformer of two blocks learns a small text letter by letter, and recites it. The bound: a loss below
 * 0.2 nats per letter. The model of minGPT alone has about 94 lines of code; this example has 81 in total.
 */
class TinyTransformer {
    private static final String TEXT = """
            Forward they go, the numbers, through the gates:
            a sum, a product, and a bend or two.
            Each gate writes down what came to it and waits,
            for what comes back is what it has to do.
            The loss is known. A one walks up the line
            and at each gate it meets, it multiplies:
            what part of this was yours, what part was mine?
            The gates add up the answers, and grow wise.
            No gate can see the whole of what was done,
            yet all together find the way to turn;
            they add their small corrections, one by one,
            and that is what we mean when they say learn.
            """;
    private static final int LENGTH = 64, WIDTH = 64, HEADS = 4;

    /** Causal attention, then a small network for each position, each added to its input. */
    record Block(LayerNorm norm1, MultiHeadAttention attention, LayerNorm norm2, Mlp mlp) implements Layer {
        static Block of(Rng rng) {
            return new Block(LayerNorm.of(WIDTH), MultiHeadAttention.of(rng, WIDTH, HEADS), LayerNorm.of(WIDTH),
                    Mlp.of(rng, WIDTH, 4 * WIDTH, WIDTH));
        }

        @Override
        public Tensor forward(Tensor x, Pass pass) {
            Mask causal = Masks.causal(x.shape().dim(1));
            Tensor h = x.add(attention.forward(norm1.forward(x, pass), causal));
            return h.add(mlp.forward(norm2.forward(h, pass), pass));
        }
    }

    /** Maps letters [n, length] to logits of the next letters. */
    record Model(Embedding letters, Embedding positions, List<Block> blocks, LayerNorm norm, Dense out)
            implements
                Trainable {
        Tensor forward(IntTensor x) {
            int length = x.shape().dim(1);
            Tensor h = letters.forward(x).add(positions.weight().slice(0, 0, length));
            for (Block block : blocks)
                h = block.forward(h);
            return out.forward(norm.forward(h));
        }
    }

    @Option(names = "--steps", description = "number of training steps (${DEFAULT-VALUE})")
    private int steps = 500;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 0;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);
        int[] alphabet = TEXT.chars().distinct().sorted().toArray();
        int[] text = TEXT.chars().map(c -> Arrays.binarySearch(alphabet, c)).toArray();

        var rng = new Rng(seed);
        int letters = alphabet.length;
        var init = Init.normal(0.1);
        var model = new Model(Embedding.of(DType.F32, rng, letters, WIDTH, init),
                Embedding.of(DType.F32, rng, LENGTH, WIDTH, init),
                Stream.generate(() -> Block.of(rng)).limit(2).toList(),
                LayerNorm.of(WIDTH), Dense.of(rng, WIDTH, letters));
        var optimizer = new Adam(2e-3);
        double mean = Math.log(letters);
        for (int step = 1; step <= steps; step++) {
            int[] begin = rng.ints(16, 0, text.length - LENGTH).toArray();
            IntTensor x = windows(text, begin, 0), y = windows(text, begin, 1);
            double loss = optimizer.minimize(model, () -> Losses.sparseSoftmaxCrossEntropy(model.forward(x), y));
            mean = 0.95 * mean + 0.05 * loss;
            if (step % 50 == 0)
                System.out.printf(Locale.ROOT, "Step %4d, loss %.4f%n", step, mean);
        }

        // The first line is given; each further letter is sampled from the prediction for the text so far
        int told = TEXT.indexOf('\n') + 1;
        int[] said = Arrays.copyOf(Arrays.copyOf(text, told), 400);
        for (int i = told; i < said.length; i++) {
            int begin = Math.max(0, i - LENGTH);
            Tensor p = model.forward(IntTensor.of(Arrays.copyOfRange(said, begin, i), 1, i - begin)).softmax(-1);
            Tensor last = p.slice(1, i - begin - 1, i - begin).flatten();
            said[i] = last.cumsum(0).gt(rng.nextDouble()).to(DType.F32).argMax(0).get();
        }
        for (int letter : said)
            System.out.print((char) alphabet[letter]);
        System.out.printf(Locale.ROOT, "%nLoss: %.4f, %s the bound 0.2%n", mean, mean < 0.2 ? "within" : "above");
    }

    /** The pieces of a text that start {@code later} letters after the given positions: [n, LENGTH]. */
    private static IntTensor windows(int[] text, int[] begin, int later) {
        return IntTensor.of(Arrays.stream(begin).map(b -> b + later)
                .flatMap(b -> Arrays.stream(text, b, b + LENGTH)).toArray(), begin.length, LENGTH);
    }
}
