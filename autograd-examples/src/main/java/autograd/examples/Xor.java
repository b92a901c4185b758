package autograd.examples;

import module autograd.nn;

import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * XOR with hidden rectifiers, as in part 5 of the coding guide: 2-4-2, softmax, one-hot; or, with --binary,
 * as in the NumPy tutorial: 2-4-1, sigmoid, binary cross-entropy. This has 56 lines of code for both. Whether
 * a network learns depends on the seed: a rectifier that is 0 for all four inputs has gradient 0 and never
 * recovers, and four units are few. A hidden layer with tanh does not have this problem.
 */
class Xor {
    @Option(names = "--binary", description = "one output with sigmoid, not two with softmax")
    private boolean binary;

    @Option(names = "--epochs", description = "number of training steps of each network (${DEFAULT-VALUE})")
    private int epochs = 5000;

    @Option(names = "--rate", description = "learning rate (${DEFAULT-VALUE})")
    private double rate = 0.5;

    private static final Tensor X = Tensor.of(new double[][]{{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    private static final IntTensor LABELS = IntTensor.of(0, 1, 1, 0);

    private record Trained(Mlp network, double[] losses, double accuracy) {}

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);
        compare(Activation.RELU);
        Trained best = compare(Activation.TANH);

        double[] thousands = IntStream.range(0, epochs).mapToDouble(epoch -> epoch / 1000.0).toArray();
        new Chart("XOR", "thousands of epochs", "loss").line("loss", thousands, best.losses).logarithmic()
                .save(Path.of("out/xor_loss.png"));
        new Chart("XOR", "x1", "x2").points(X, LABELS).regions(x -> classes(best.network.forward(x)))
                .save(Path.of("out/xor_boundary.png"));
        int[] predicted = classes(best.network.forward(X)).toArray();
        for (int i = 0; i < 4; i++)
            System.out.printf(Locale.ROOT, "%d xor %d = %d%n", i / 2, i % 2, predicted[i]);
        System.out.printf(Locale.ROOT, "Accuracy: %.0f%%%n", 100 * best.accuracy);
    }

    /** Trains with seeds 0 to 9, prints the outcomes, and returns the first. */
    private Trained compare(Activation hidden) {
        int right = 0;
        Trained[] all = new Trained[10];
        for (int seed = 0; seed < all.length; seed++) {
            all[seed] = train(seed, hidden);
            if (all[seed].accuracy == 1)
                right++;
            else {
                Mlp network = all[seed].network;
                long dead = hidden.forward(network.layers().getFirst().forward(X)).max(0).eq(0).count();
                System.out.printf(Locale.ROOT, "seed %d is stuck at loss %.4f, dead units: %d of 4%n", seed,
                        all[seed].losses[epochs - 1], dead);
            }
        }
        System.out.printf(Locale.ROOT, "hidden %s: %d of 10 seeds succeed%n", hidden, right);
        return all[0];
    }

    private Trained train(long seed, Activation hidden) {
        var rng = new Rng(seed);
        Mlp network = Mlp.of(DType.F32, rng, hidden, 2, 4, binary ? 1 : 2);
        Tensor Y = binary ? LABELS.to(DType.F32).reshape(4, 1) : LABELS.oneHot(DType.F32, 2);
        var optimizer = new Sgd(rate);
        double[] losses = new double[epochs];
        for (int epoch = 0; epoch < epochs; epoch++)
            losses[epoch] = optimizer.minimize(network, rng, pass -> binary
                    ? Losses.binaryCrossEntropyWithLogits(network.forward(X, pass), Y)
                    : Losses.softmaxCrossEntropy(network.forward(X, pass), Y));
        return new Trained(network, losses, classes(network.forward(X)).eq(LABELS).mean());
    }

    /** The index of the larger of two logits; a single logit is compared with 0. */
    private IntTensor classes(Tensor logits) {
        return (binary ? Tensor.concat(1, Tensor.zerosLike(logits), logits) : logits).argMax(1);
    }
}
