package autograd.examples;

import module autograd.nn;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Compares the variants that the coding guide suggests as next steps (other optimizers, dropout, an L2
 * penalty, a third layer) with a 784-128-10 network trained by plain gradient descent. The bound: each
 * variant is more accurate than plain gradient descent. This has 57 lines of code.
 */
class Optimizers {
    @Option(names = "--data", description = "folder of MNIST's four IDX files; else 10,000 embedded digits")
    private @Nullable Path data;

    @Option(names = "--epochs", description = "passes over the training digits (${DEFAULT-VALUE})")
    private int epochs = 10;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 0;

    /** A network and its optimizer. */
    private record Trial(String name, Layer model, Optimizer optimizer) {}

    private List<Trial> trials() {
        Layer deeper = Mlp.of(new Rng(seed), 784, 128, 64, 10);
        Layer dropout = Sequential.of(Dense.of(new Rng(seed), 784, 128, Init.heNormal()), Activation.RELU,
                new Dropout(0.2),
                Dense.of(new Rng(seed), 128, 10));
        return List.of(new Trial("Sgd", network(), new Sgd(0.05)),
                new Trial("Sgd, momentum 0.9", network(), new Sgd(0.05).momentum(0.9)),
                new Trial("RmsProp", network(), new RmsProp(1e-3)), //
                new Trial("Adam", network(), new Adam(1e-3)),
                new Trial("Adam, dropout 0.2", dropout, new Adam(1e-3)),
                new Trial("Adam, L2 1e-4", network(), new Adam(1e-3).weightDecay(1e-4)),
                new Trial("Adam, 3 layers", deeper, new Adam(1e-3)));
    }

    private Layer network() { return Mlp.of(new Rng(seed), 784, 128, 10); }

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);
        var digits = data == null ? autograd.nn.data.Mnist.embedded() : autograd.nn.data.Mnist.load(data);
        Batch<Tensor, IntTensor> train = digits.train().all(), test = digits.test().all();
        var chart = new Chart("Optimizers, dropout, L2 and a third layer compared", "epoch", "test accuracy");
        double plain = 0, worst = 1;
        System.out.println("                    train loss  train accuracy  test accuracy");
        for (Trial trial : trials()) {
            double[] accuracies = train(trial, digits.train(), test);
            chart.line(trial.name, accuracies);
            Tensor logits = trial.model.forward(train.x());
            double last = accuracies[epochs - 1];
            System.out.printf(Locale.ROOT, "%-20s%10.4f%16.4f%15.4f%n", trial.name,
                    Losses.sparseSoftmaxCrossEntropy(logits, train.y()).item(), Accuracy.of(logits, train.y()), last);
            if (plain == 0)
                plain = last;
            else
                worst = Math.min(worst, last);
        }
        chart.save(Path.of("out", "optimizers.png"));
        System.out.printf(Locale.ROOT, "Least of the others: %.4f, %s the bound %.4f, which is Sgd's%n", worst,
                worst > plain ? "within" : "below", plain);
    }

    /** The test accuracy after each epoch. */
    private double[] train(Trial trial, Dataset<Tensor, IntTensor> train, Batch<Tensor, IntTensor> test) {
        var rng = new Rng(seed);
        double[] accuracies = new double[epochs];
        for (int epoch = 0; epoch < epochs; epoch++) {
            Rng dropout = rng.derive(-1 - epoch);
            for (var batch : Progress.of(trial.name, train.shuffle(rng.derive(epoch)).batches(64)))
                trial.optimizer.minimize(trial.model, dropout, pass -> Losses
                        .sparseSoftmaxCrossEntropy(trial.model.forward(batch.x(), pass), batch.y()));
            accuracies[epoch] = Accuracy.of(trial.model.forward(test.x()), test.y());
        }
        return accuracies;
    }
}
