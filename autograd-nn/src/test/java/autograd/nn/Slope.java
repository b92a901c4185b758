package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.Tensor;
import autograd.Variable;

import java.util.List;
import java.util.function.Supplier;

/** Slopes measured by finite differences, to hold gradients against. */
final class Slope {
    private static final double H = 1e-3, TOLERANCE = 1e-9;

    private Slope() {}

    /** Holds the tape's gradient of a loss against the slope along every element of F64 variables. */
    static void assertGradients(Supplier<Tensor> loss, List<Variable> variables) {
        try (var tape = new GradientTape()) {
            Gradients gradients = tape.gradient(loss.get(), variables);
            for (Variable v : variables) {
                double[] analytic = gradients.of(v).toDoubleArray();
                for (int i = 0; i < v.size(); i++)
                    assertEquals(measured(loss, v, i), analytic[i], TOLERANCE, v.label() + " element " + i);
            }
        }
    }

    /** The slope along one element, by five points. */
    private static double measured(Supplier<Tensor> loss, Variable v, int i) {
        return (at(loss, v, i, -2 * H) - 8 * at(loss, v, i, -H) + 8 * at(loss, v, i, H) - at(loss, v, i, 2 * H))
                / (12 * H);
    }

    private static double at(Supplier<Tensor> loss, Variable v, int i, double step) {
        double[] before = v.toDoubleArray(), moved = before.clone();
        moved[i] += step;
        try {
            v.assign(Tensor.of(v.dtype(), moved, v.shape().dims()));
            return loss.get().item();
        } finally {
            v.assign(Tensor.of(v.dtype(), before, v.shape().dims()));
        }
    }
}
