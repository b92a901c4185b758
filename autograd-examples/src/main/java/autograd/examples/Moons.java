package autograd.examples;

import module autograd.nn;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Locale;

/**
 * A 2-16-16-1 network separates two moons, as in micrograd's demo: hinge loss, an L2 penalty, plain gradient
 * descent with a falling rate. The bound: 100 % of the points on the right side. The Python program has about
 * 49 lines of code, this one has 31.
 */
class Moons {
    @Option(names = "--steps", description = "number of training steps, each on all points (${DEFAULT-VALUE})")
    private int steps = 150;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 1337;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);

        // Two half circles of 50 points each, and noise
        var rng = new Rng(seed);
        Tensor angle = Tensor.rand(rng, 50, 1).mul(Math.PI), x = angle.cos(), y = angle.sin();
        Tensor upper = Tensor.concat(1, x, y), lower = Tensor.concat(1, x.neg().add(1), y.neg().add(0.5));
        Tensor points = Tensor.concat(0, upper, lower).add(Tensor.randn(rng, 100, 2).mul(0.1));
        Tensor targets = Tensor.concat(0, Tensor.full(-1, 50, 1), Tensor.ones(50, 1));

        // Training
        var model = Mlp.of(rng, 2, 16, 16, 1);
        var optimizer = new Sgd(1);
        for (int step = 0; step < steps; step++) {
            optimizer.learningRate(1 - 0.9 * step / steps);
            double loss = optimizer.minimize(model, rng, pass -> Losses.hinge(model.forward(points, pass), targets)
                    .add(Penalties.l2(model.variables()).mul(1e-4)));
            if (step % 10 == 0)
                System.out.printf(Locale.ROOT, "Step %3d, loss %.4f%n", step, loss);
        }

        new Chart("Two moons", "x", "y").points(points, sides(targets))
                .regions(p -> sides(model.forward(p))).save(Path.of("out", "moons.png"));
        double accuracy = Accuracy.binary(model.forward(points), targets, 0);
        System.out.printf(Locale.ROOT, "Train accuracy: %.4f, %s the bound 1%n", accuracy,
                accuracy == 1 ? "within" : "below");
    }

    /** Class 1 for scores above 0, else class 0. */
    private static IntTensor sides(Tensor scores) {
        return Tensor.concat(1, scores.neg(), scores).argMax(-1);
    }
}
