package autograd.examples;

import module autograd.nn;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Three uses of derivatives of derivatives: Newton's method, which needs only products of the Hessian and a
 * vector; a critic with a penalty on its gradient that keeps its slope near 1 (Gulrajani et al., 2017); and a
 * network that learns the solution of a differential equation (Raissi et al., 2019). The bounds: a gradient
 * below 1e-8 in Newton's method; a distance within 0.1 of the true one; an error of the solution below 0.02.
 * This has 77 lines of code.
 */
class HigherOrder {
    @Option(names = "--steps", description = "training steps of each network (${DEFAULT-VALUE})")
    private int steps = 2000;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 0;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);
        double slope = newton(), distance = distance(), error = oscillation();
        boolean within = slope < 1e-8 && Math.abs(distance - 2) < 0.1 && error < 0.02;
        System.out.println(within ? "All three are within their bounds" : "Not all three are within their bounds");
    }

    /** Rosenbrock's valley, (1 - x)^2 + 100 (y - x^2)^2, whose lowest point is (1, 1). */
    private static Tensor valley(Tensor p) {
        Tensor x = p.slice(0, 0, 1), y = p.slice(0, 1, 2);
        return x.sub(1).square().add(y.sub(x.square()).square().mul(100)).sum();
    }

    /** Newton's method; returns the norm of the last gradient. */
    private static double newton() {
        Tensor p = Tensor.of(DType.F64, -1.2, 1);
        double slope = Double.NaN;
        for (int step = 0; step <= 7; step++) {
            Tensor at = p, g = Functional.grad(HigherOrder::valley).apply(p);
            slope = g.norm(2).item();
            System.out.printf(Locale.ROOT, "Newton, step %d: (%.6f, %.6f), slope %.1e%n", step, p.get(0), p.get(1),
                    slope);
            p = p.sub(conjugateGradients(v -> Functional.hvp(HigherOrder::valley, at, v), g));
        }
        return slope;
    }

    /** Solves A x = b, given the function v to A v, by conjugate gradients. Hestenes and Stiefel, 1952. */
    private static Tensor conjugateGradients(UnaryOperator<Tensor> a, Tensor b) {
        Tensor x = Tensor.zerosLike(b), r = b, d = b;
        for (int i = 0; i < b.size() && r.norm(2).item() > 0; i++) {
            Tensor ad = a.apply(d), rr = r.dot(r), step = rr.div(d.dot(ad));
            x = x.add(d.mul(step));
            r = r.sub(ad.mul(step));
            d = r.add(d.mul(r.dot(r).div(rr)));
        }
        return x;
    }

    /** Estimates Wasserstein's distance of two clouds of points, which is 2, by a critic of slope 1. */
    private double distance() {
        var rng = new Rng(seed);
        var critic = Mlp.of(DType.F32, rng, Activation.TANH, 2, 32, 32, 1);
        var optimizer = new Adam(2e-3);
        Tensor cloud = Tensor.randn(rng, 128, 2), moved = cloud.add(Tensor.of(1.2, 1.6));
        for (int step = 0; step < steps; step++) {
            Tensor t = Tensor.rand(rng, 128, 1), between = cloud.add(moved.sub(cloud).mul(t));
            optimizer.minimize(critic, () -> {
                Tensor slopes = Functional.grad(x -> critic.forward(x).sum()).apply(between).norm(2, 1);
                return gap(critic, moved, cloud).neg().add(slopes.sub(1).square().mean().mul(50));
            });
        }
        double distance = gap(critic, moved, cloud).item();
        System.out.printf(Locale.ROOT, "Critic: the clouds are %.4f apart%n", distance);
        return distance;
    }

    private static Tensor gap(Layer critic, Tensor a, Tensor b) {
        return critic.forward(a).mean().sub(critic.forward(b).mean());
    }

    /** Solves u'' = -u with u(0) = 0 and u'(0) = 1, whose solution is the sine; returns the largest error. */
    private double oscillation() {
        var model = Mlp.of(DType.F32, new Rng(seed), Activation.TANH, 1, 32, 32, 1);
        UnaryOperator<Tensor> u = t -> t.tanh().add(t.tanh().square().mul(model.forward(t.sub(Math.PI)))); // begins as
                                                                                                           // it must
        var slope = Functional.grad(t -> u.apply(t).sum());
        var curvature = Functional.grad(t -> slope.apply(t).sum());
        Tensor t = Tensor.arange(DType.F32, 0, 2 * Math.PI, 0.1).reshape(-1, 1);
        var optimizer = new Adam(5e-3);
        for (int step = 0; step < steps; step++) {
            optimizer.learningRate(5e-3 * (1 - 0.98 * step / steps));
            double loss = optimizer.minimize(model, () -> curvature.apply(t).add(u.apply(t)).square().mean());
            if (step % 200 == 0)
                System.out.printf(Locale.ROOT, "Equation, step %4d, loss %.2e%n", step, loss);
        }
        Tensor found = u.apply(t), sine = t.sin();
        new Chart("u'' = -u, u(0) = 0, u'(0) = 1", "t", "u").line("network", t.toDoubleArray(), found.toDoubleArray())
                .points("sin t", t.toDoubleArray(), sine.toDoubleArray()).save(Path.of("out", "higher-order.png"));
        double error = found.sub(sine).abs().max().item();
        System.out.printf(Locale.ROOT, "Equation: the largest error is %.4f%n", error);
        return error;
    }
}
