package autograd.examples;

import module autograd.nn;

import autograd.nn.data.Mnist; // not the example

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.Locale;

/**
 * Kaggle's table of digits with a 784-10-10 network, as in the CSV tutorial: 1000 rows for validation, and
 * gradient descent on all other rows at once. This has 41 lines of code, without derivatives. With the
 * tutorial's initial weights the accuracy after 500 steps depends on the seed; with --better it does not.
 */
class KaggleDigits {
    private static final int VALIDATION = 1000;

    @Option(names = "--data", description = "a table label,pixel0,..,pixel783, as IdxToCsv writes; else embedded digits")
    private @Nullable Path data;

    @Option(names = "--iterations", description = "number of steps (${DEFAULT-VALUE})")
    private int iterations = 500;

    @Option(names = "--better", description = "He's initial weights and rate 0.2, not uniform -0.5..0.5 and 0.1")
    private boolean better;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 0;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);
        var rng = new Rng(seed);
        Dataset<Tensor, IntTensor> digits = digits().shuffle(rng);
        Batch<Tensor, IntTensor> validation = digits.slice(0, VALIDATION).all();
        Batch<Tensor, IntTensor> train = digits.slice(VALIDATION, digits.size()).all();

        Init init = better ? Init.heNormal() : Init.uniform(0.5), bias = better ? Init.zeros() : init;
        var W1 = new Variable("W1", init.draw(DType.F32, rng, 784, 10));
        var b1 = new Variable("b1", bias.draw(DType.F32, rng, 10));
        var W2 = new Variable("W2", init.draw(DType.F32, rng, 10, 10));
        var b2 = new Variable("b2", bias.draw(DType.F32, rng, 10));
        UnaryOperator<Tensor> forward = x -> x.matmul(W1).add(b1).relu().matmul(W2).add(b2);

        var variables = List.of(W1, b1, W2, b2);
        var optimizer = new Sgd(better ? 0.2 : 0.1);
        for (int i = 1; i <= iterations; i++) {
            optimizer.minimize(variables, () -> Losses.sparseSoftmaxCrossEntropy(forward.apply(train.x()), train.y()));
            if (i % 10 == 0)
                System.out.printf(Locale.ROOT, "Iteration %d, Accuracy: %.4f%n", i,
                        Accuracy.of(forward.apply(train.x()), train.y()));
        }
        System.out.printf(Locale.ROOT, "Validation Accuracy: %.4f%n",
                Accuracy.of(forward.apply(validation.x()), validation.y()));
    }

    private Dataset<Tensor, IntTensor> digits() {
        if (data == null) {
            Mnist embedded = Mnist.embedded();
            return embedded.train().concat(embedded.test());
        }
        Csv table = Csv.read(data);
        return Dataset.of(table.without("label").div(255), table.labels("label"));
    }
}
