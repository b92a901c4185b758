package autograd.examples;

import module autograd.nn;

import autograd.nn.data.Mnist; // not the example

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Handwritten digits with a 784-128-10 network, as in part 6 of the coding guide: a random split 6 : 1, He's
 * initial weights, mini-batches, plain gradient descent. This has 51 lines of code, without backward.
 */
class MnistFromScratch {
    @Option(names = "--data", description = "folder of MNIST's four IDX files; else digits from the cache, or the embedded digits")
    private @Nullable Path data;

    @Option(names = "--epochs", description = "passes over the training digits (${DEFAULT-VALUE})")
    private int epochs = 50;

    @Option(names = "--batch", description = "digits per training step (${DEFAULT-VALUE})")
    private int batchSize = 128;

    @Option(names = "--rate", description = "learning rate (${DEFAULT-VALUE})")
    private double rate = 0.1;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 42;

    @Option(names = "--scale", description = "scale each pixel to mean 0 and deviation 1")
    private boolean scale;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);
        var rng = new Rng(seed);
        Mnist mnist = Mnist.load(data);
        System.out.println("Digits from " + mnist.source());
        Split<Tensor, IntTensor> digits = mnist.train().concat(mnist.test()).shuffle(rng).split(6 / 7.0);
        Sequential network = Sequential.of(Dense.of(rng, 784, 128, Init.heNormal()), Activation.RELU,
                Dense.of(rng, 128, 10, Init.heNormal()));
        var scaler = scale ? StandardScaler.fit(digits.train().all().x()) : null;
        UnaryOperator<Tensor> forward = x -> network.forward(scaler == null ? x : scaler.transform(x));

        var optimizer = new Sgd(rate);
        double[] losses = new double[epochs], accuracies = new double[epochs];
        for (int epoch = 0; epoch < epochs; epoch++) {
            var batches = digits.train().shuffle(rng.derive(epoch)).batches(batchSize);
            for (var batch : Progress.of("Epoch " + (epoch + 1), batches))
                losses[epoch] += optimizer.minimize(network,
                        () -> Losses.sparseSoftmaxCrossEntropy(forward.apply(batch.x()), batch.y())) / batches.size();
            accuracies[epoch] = accuracy(forward, digits.test());
            System.out.printf(Locale.ROOT, "Epoch %d, loss %.4f, Test Accuracy: %.4f%n", epoch + 1, losses[epoch],
                    accuracies[epoch]);
        }

        new Panels(new Chart("Training loss", "epoch", "loss").line("loss", losses),
                new Chart("Test accuracy", "epoch", "accuracy").line("test accuracy", accuracies))
                .save(Path.of("out/mnist_training.png"));
        Batch<Tensor, IntTensor> ten = digits.test().slice(0, 10).all();
        int[] predicted = forward.apply(ten.x()).argMax(1).toArray();
        var grid = new ImageGrid("Ten test digits and the predictions", 5);
        for (int i = 0; i < 10; i++)
            grid.add(ten.x().select(0, i).reshape(28, 28), predicted[i] + " (is " + ten.y().get(i) + ")",
                    predicted[i] == ten.y().get(i));
        grid.save(Path.of("out/mnist_predictions.png"));
    }

    private static double accuracy(UnaryOperator<Tensor> forward, Dataset<Tensor, IntTensor> digits) {
        var matrix = new ConfusionMatrix(10);
        for (var batch : digits.batches(1000))
            matrix.add(forward.apply(batch.x()).argMax(1), batch.y());
        return matrix.accuracy();
    }
}
