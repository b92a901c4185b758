package autograd;

import static autograd.array.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.Rng;
import autograd.viz.Tapes;

import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * The gradients of the tape equal, to 1e-12, formulas that tutorials derive by hand. The formulas use plain
 * arrays.
 */
class OracleTest {
    private static final int BATCH = 7, IN = 5, HIDDEN = 6, OUT = 4;

    private final Rng rng = new Rng(42);
    private final Tensor x = Tensor.randn(F64, rng, BATCH, IN);
    private final Variable w1 = new Variable("W1", Tensor.randn(F64, rng, IN, HIDDEN)),
            b1 = new Variable("b1", Tensor.randn(F64, rng, HIDDEN)),
            w2 = new Variable("W2", Tensor.randn(F64, rng, HIDDEN, OUT)),
            b2 = new Variable("b2", Tensor.randn(F64, rng, OUT));
    private final int[] labels = {3, 0, 1, 1, 2, 3, 0};

    // ---- plain arrays

    private static double[][] rows(Tensor t) {
        double[][] out = new double[t.shape().dim(0)][t.shape().dim(1)];
        for (int i = 0; i < out.length; i++)
            for (int j = 0; j < out[i].length; j++)
                out[i][j] = t.get(i, j);
        return out;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++)
            for (int j = 0; j < b[0].length; j++)
                for (int k = 0; k < b.length; k++)
                    c[i][j] += a[i][k] * b[k][j];
        return c;
    }

    private static double[][] transposed(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++)
            for (int j = 0; j < a[0].length; j++)
                t[j][i] = a[i][j];
        return t;
    }

    private static double[] columnSums(double[][] a) {
        double[] sums = new double[a[0].length];
        for (double[] row : a)
            for (int j = 0; j < row.length; j++)
                sums[j] += row[j];
        return sums;
    }

    private static void assertNear(double[][] expected, Tensor actual) {
        double[][] a = rows(actual);
        assertEquals(expected.length, a.length);
        for (int i = 0; i < a.length; i++)
            assertArrayEquals(expected[i], a[i], 1e-12);
    }

    // ---- networks of two layers

    /**
     * Computes the tutorials' backward() from the delta of the output, and compares it with the tape.
     */
    private void assertLayersAgree(double[][] delta2, Tensor hidden, Tensor preactivation, Tensor logits,
            Gradients gradients) {
        assertNear(delta2, gradients.of(logits));
        assertNear(product(transposed(rows(hidden)), delta2), gradients.of(w2)); // dW2 = h^T delta
        assertArrayEquals(columnSums(delta2), gradients.of(b2).toDoubleArray(), 1e-12); // db2
        double[][] delta1 = product(delta2, transposed(rows(w2))); // through the weights as they were
        for (int i = 0; i < delta1.length; i++)
            for (int j = 0; j < delta1[i].length; j++)
                delta1[i][j] *= preactivation.get(i, j) > 0 ? 1 : 0;
        assertNear(delta1, gradients.of(preactivation));
        assertNear(product(transposed(rows(x)), delta1), gradients.of(w1)); // dW1 = x^T delta
        assertArrayEquals(columnSums(delta1), gradients.of(b1).toDoubleArray(), 1e-12);
    }

    @Test
    void softmaxWithCrossEntropy() {
        try (var tape = new GradientTape()) {
            Tensor z1 = x.matmul(w1).add(b1), h = z1.relu(), z2 = h.matmul(w2).add(b2);
            Tensor index = z2.logSoftmax(1).gather(1, IntTensor.of(labels, BATCH, 1));
            Tensor loss = index.mean().neg();
            Gradients gradients = tape.gradient(loss, List.of(w1, b1, w2, b2, z1, z2));
            double[][] delta = rows(z2);
            for (int i = 0; i < BATCH; i++) { // (softmax - onehot) / N
                double sum = 0;
                for (int j = 0; j < OUT; j++)
                    sum += Math.exp(z2.get(i, j));
                for (int j = 0; j < OUT; j++)
                    delta[i][j] = (Math.exp(z2.get(i, j)) / sum - (labels[i] == j ? 1 : 0)) / BATCH;
            }
            assertLayersAgree(delta, h, z1, z2, gradients);
        }
    }

    /** The same loss spelled out: -mean(sum(onehot log(softmax))). */
    @Test
    void crossEntropySpelledOut() {
        double[] onehot = new double[BATCH * OUT];
        for (int i = 0; i < BATCH; i++)
            onehot[i * OUT + labels[i]] = 1;
        Tensor target = Tensor.of(F64, onehot, BATCH, OUT);
        try (var tape = new GradientTape()) {
            Tensor z = tape.watch(Tensor.randn(F64, rng, BATCH, OUT)), p = z.softmax(1);
            Tensor loss = target.mul(p.log()).sum(1).mean().neg();
            assertArrayEquals(p.sub(target).div(BATCH).toDoubleArray(), tape.gradient(loss, z).toDoubleArray(), 1e-12);
        }
    }

    @Test
    void sigmoidWithBinaryCrossEntropy() {
        Tensor y = Tensor.rand(F64, rng, BATCH, OUT).gt(0.5).to(F64);
        try (var tape = new GradientTape()) {
            Tensor z1 = x.matmul(w1).add(b1), h = z1.relu(), z2 = h.matmul(w2).add(b2), p = z2.sigmoid();
            Tensor likelihood = y.mul(p.log()).add(y.neg().add(1).mul(p.neg().add(1).log()));
            Tensor loss = likelihood.sum().div(BATCH).neg();
            Gradients gradients = tape.gradient(loss, List.of(w1, b1, w2, b2, z1, z2));
            double[][] delta = rows(z2);
            for (int i = 0; i < BATCH; i++) // (p - y) / N
                for (int j = 0; j < OUT; j++)
                    delta[i][j] = (1 / (1 + Math.exp(-z2.get(i, j))) - y.get(i, j)) / BATCH;
            assertLayersAgree(delta, h, z1, z2, gradients);
        }
    }

    @Test
    void tanhWithSquaredError() {
        Tensor y = Tensor.randn(F64, rng, BATCH, OUT);
        try (var tape = new GradientTape()) {
            Tensor out = x.matmul(w1).add(b1).tanh().matmul(w2).add(b2);
            Tensor loss = out.sub(y).square().mean();
            assertArrayEquals(out.sub(y).mul(2).div(BATCH * OUT).toDoubleArray(),
                    tape.gradient(loss, out).toDoubleArray(), 1e-12);
        }
    }

    // ---- published numbers and formulas

    /** The expression in micrograd's README, with the numbers printed there. */
    @Test
    void micrograd() {
        Variable a = new Variable("a", Tensor.scalar(F64, -4)), b = new Variable("b", Tensor.scalar(F64, 2));
        try (var tape = new GradientTape()) {
            Tensor g = Tapes.micrograd(a, b);
            assertEquals(24.70408163265306, g.item(), 1e-12);
            g.backward();
            assertEquals(138.8338192419825, a.grad().item(), 1e-10);
            assertEquals(645.5772594752186, b.grad().item(), 1e-10);
            assertEquals("24.7041 138.8338 645.5773",
                    "%.4f %.4f %.4f".formatted(g.item(), a.grad().item(), b.grad().item()));
            assertEquals(2, tape.watch(b).item());
        }
    }

    @Test
    void thirdDerivativeOfTanh() {
        for (double at : new double[]{-2, -0.5, 0, 0.3, 1.7}) {
            double y = Math.tanh(at), s = 1 - y * y;
            assertEquals(-2 * s * s + 4 * y * y * s, derivative(3, at), 1e-12);
            assertEquals(-2 * y * s, derivative(2, at), 1e-12);
        }
    }

    private static double derivative(int n, double at) { return nested(n, Tensor.scalar(F64, at)).item(); }

    private static Tensor nested(int n, Tensor at) {
        if (n == 0)
            return at.tanh();
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(at);
            return tape.gradient(nested(n - 1, x), x);
        }
    }

    @Test
    void secondDerivativeOfTanhSquaredAtZero() {
        try (var outer = new GradientTape()) {
            Tensor x = outer.watch(Tensor.scalar(F64, 0));
            try (var inner = new GradientTape()) {
                Tensor slope = inner.gradient(x.tanh().square(), x);
                assertEquals(0, slope.item());
                assertEquals(2, outer.gradient(slope, x).item());
            }
        }
    }

    /** J v as the gradient, in g, of {@code <vjp(g), v>}; here J = diag(1 - tanh^2) A. */
    @Test
    void jvpByDoubleVjp() {
        Tensor a = Tensor.randn(F64, rng, 3, IN), at = Tensor.randn(F64, rng, IN), v = Tensor.randn(F64, rng, IN);
        try (var outer = new GradientTape()) {
            Tensor g = outer.watch(Tensor.zeros(F64, 3));
            Tensor vjp, y;
            try (var inner = new GradientTape()) {
                Tensor x = inner.watch(at);
                y = a.matmul(x).tanh();
                vjp = inner.gradient(y, g, List.of(x)).of(x);
            }
            Tensor jvp = outer.gradient(vjp.mul(v).sum(), g);
            Tensor expected = y.square().neg().add(1).mul(a.matmul(v));
            assertArrayEquals(expected.toDoubleArray(), jvp.toDoubleArray(), 1e-12);
        }
    }
}
