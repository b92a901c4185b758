package autograd.examples;

import module autograd.nn;

import java.util.Arrays;
import java.util.Locale;

/**
 * Checks the gradients of a 10-5-3 network. As in part 4 of the coding guide, it compares the gradient of
 * each weight with the slope of the loss. This has 34 lines of code. {@code GradCheck} does the same in one
 * call.
 */
class GradientCheck {
    private static final double STEP = 1e-3;

    private final Rng rng = new Rng(42);
    private final Tensor X = Tensor.randn(DType.F64, rng, 20, 10);
    private final Tensor Y = IntTensor.of(rng.ints(20, 0, 3).toArray()).oneHot(DType.F64, 3);

    /** The loss of the network with weights W1, b1, W2, b2. */
    private Tensor loss(Tensor... w) {
        return Losses.softmaxCrossEntropy(X.matmul(w[0]).add(w[1]).relu().matmul(w[2]).add(w[3]), Y);
    }

    void main() {
        Tensor[] w = {Init.heNormal().draw(DType.F64, rng, 10, 5), Tensor.zeros(DType.F64, 5),
                Init.heNormal().draw(DType.F64, rng, 5, 3), Tensor.zeros(DType.F64, 3)};
        double worst = 0;
        try (var tape = new GradientTape()) {
            Tensor[] watched = Arrays.stream(w).map(tape::watch).toArray(Tensor[]::new);
            Gradients gradients = tape.gradient(loss(watched), Arrays.asList(watched));
            for (int k = 0; k < w.length; k++) {
                double[] g = gradients.of(watched[k]).toDoubleArray();
                for (int i = 0; i < g.length; i++) {
                    double slope = (8 * change(w, k, i, STEP) - change(w, k, i, 2 * STEP)) / (12 * STEP);
                    worst = Math.max(worst, Math.abs(g[i] - slope) / Math.max(Math.abs(g[i]) + Math.abs(slope), 1e-8));
                }
            }
        }
        System.out.printf(Locale.ROOT, "max relative error %.2e%n", worst);
        System.out.println("Gradient check " + (worst < 1e-5 ? "PASSED" : "FAILED"));
    }

    /** The loss with h added to an element of a weight, minus the loss with h subtracted from it. */
    private double change(Tensor[] w, int k, int i, double h) {
        Tensor step = IntTensor.of(i).oneHot(DType.F64, w[k].size()).reshape(w[k].shape()).mul(h);
        Tensor[] up = w.clone(), down = w.clone();
        up[k] = w[k].add(step);
        down[k] = w[k].sub(step);
        return loss(up).item() - loss(down).item();
    }
}
