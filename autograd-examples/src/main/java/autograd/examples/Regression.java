package autograd.examples;

import module autograd.nn;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Fits a curve to noisy points by networks that differ only in their seeds. Shows the mean of their
 * predictions and their standard deviation, which is larger in the gap between the points. The bound: where
 * there are points, the root mean square error of the mean is at most 0.1. This has 36 lines of code.
 */
class Regression {
    @Option(names = "--steps", description = "number of training steps, each on all points (${DEFAULT-VALUE})")
    private int steps = 1000;

    @Option(names = "--seeds", description = "number of networks (${DEFAULT-VALUE})")
    private int seeds = 10;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 0;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);

        // Noisy points of a sine, with a gap between -1 and 1
        var rng = new Rng(seed);
        Tensor u = Tensor.rand(rng, 60, 1).mul(2).sub(1); // in -1 .. 1
        Tensor x = u.add(u.sign().mul(0.5)).mul(2);
        Tensor y = x.sin().add(Tensor.randn(rng, 60, 1).mul(0.1));
        Tensor grid = Tensor.arange(DType.F32, -4, 4.01, 0.05).reshape(-1, 1);

        List<Tensor> curves = new ArrayList<>();
        for (int i = 1; i <= seeds; i++) {
            var model = Mlp.of(DType.F32, rng.derive(i), Activation.TANH, 1, 32, 32, 1);
            double loss = Trainer.of(model, Losses::meanSquaredError, new Adam(5e-3), rng).batchSize(60).quiet()
                    .fit(Dataset.of(x, y), steps).last().loss();
            curves.add(model.forward(grid));
            System.out.printf(Locale.ROOT, "Network %2d, loss %.4f%n", i, loss);
        }

        Tensor all = Tensor.concat(1, curves.toArray(Tensor[]::new)), mean = all.mean(1), std = all.std(1);
        Tensor there = grid.flatten(), truth = there.sin();
        new Chart(seeds + " networks: mean and two standard deviations", "x", "y")
                .line("mean", there.toDoubleArray(), mean.toDoubleArray())
                .band(mean.sub(std.mul(2)).toDoubleArray(), mean.add(std.mul(2)).toDoubleArray())
                .line("sin x", there.toDoubleArray(), truth.toDoubleArray())
                .points("data", x.toDoubleArray(), y.toDoubleArray()).save(Path.of("out", "regression.png"));
        Tensor near = there.abs().ge(1).and(there.abs().le(3)).to(DType.F32);
        double error = Math.sqrt(mean.sub(truth).square().mul(near).sum().div(near.sum()).item());
        System.out.printf(Locale.ROOT, "Error: %.4f, %s the bound 0.1%n", error, error < 0.1 ? "within" : "above");
    }
}
