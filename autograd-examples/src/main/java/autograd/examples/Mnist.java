package autograd.examples;

import module autograd.nn;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Handwritten digits with a 784-128-10 network, in the steps of TensorFlow's chapter about GradientTape. This
 * has 36 lines of code.
 */
class Mnist {
    @Option(names = "--data", description = "folder of MNIST's four IDX files; else 10,000 embedded digits")
    private @Nullable Path data;

    @Option(names = "--epochs", description = "passes over the training digits (${DEFAULT-VALUE})")
    private int epochs = 5;

    @Option(names = "--batch", description = "digits per training step (${DEFAULT-VALUE})")
    private int batchSize = 64;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 0;

    @Option(names = "--lr", description = "learning rate of Adam (${DEFAULT-VALUE})")
    private double learningRate = 1e-3;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);

        // Data: stored as bytes, each batch scaled to 0..1
        var digits = data == null ? autograd.nn.data.Mnist.embedded() : autograd.nn.data.Mnist.load(data);
        Batch<Tensor, IntTensor> test = digits.test().all();

        // Weights and biases
        var rng = new Rng(seed);
        var W1 = new Variable("W1", Tensor.randn(rng, 784, 128).mul(0.1));
        var b1 = new Variable("b1", Tensor.zeros(128));
        var W2 = new Variable("W2", Tensor.randn(rng, 128, 10).mul(0.1));
        var b2 = new Variable("b2", Tensor.zeros(10));

        // The network
        UnaryOperator<Tensor> forward = x -> x.matmul(W1).add(b1).relu().matmul(W2).add(b2);

        // Training
        var optimizer = new Adam(learningRate);
        for (int epoch = 1; epoch <= epochs; epoch++) {
            var batches = digits.train().shuffle(rng.derive(epoch)).batches(batchSize);
            for (var batch : Progress.of("Epoch " + epoch, batches)) {
                try (var tape = new GradientTape()) {
                    Tensor logits = forward.apply(batch.x());
                    Tensor loss = Losses.sparseSoftmaxCrossEntropy(logits, batch.y());
                    optimizer.apply(tape.gradient(loss, List.of(W1, b1, W2, b2)));
                }
            }
            double accuracy = forward.apply(test.x()).argMax(-1).eq(test.y()).mean();
            System.out.printf(Locale.ROOT, "Epoch %d, Test Accuracy: %.4f%n", epoch, accuracy);
        }
    }
}
