package autograd.examples;

import static autograd.examples.Matrices.assertClose;
import static autograd.examples.Matrices.columnSums;
import static autograd.examples.Matrices.mapped;
import static autograd.examples.Matrices.minus;
import static autograd.examples.Matrices.norm;
import static autograd.examples.Matrices.plusRow;
import static autograd.examples.Matrices.product;
import static autograd.examples.Matrices.random;
import static autograd.examples.Matrices.scaled;
import static autograd.examples.Matrices.softmax;
import static autograd.examples.Matrices.times;
import static autograd.examples.Matrices.transposed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Losses;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tape equals the derivatives that the tutorials derive by hand, computed on plain arrays. */
class HandDerivedTest {
    private static final double EXACT = 1e-12;

    /** A hidden activation; its slope is a function of the activation, as in the tutorials. */
    private enum Hidden {
        RELU(Tensor::relu, v -> Math.max(v, 0), a -> a > 0 ? 1 : 0), //
        SIGMOID(Tensor::sigmoid, HandDerivedTest::sigmoid, a -> a * (1 - a)), //
        TANH(Tensor::tanh, Math::tanh, a -> 1 - a * a);

        final UnaryOperator<Tensor> tensor;
        final DoubleUnaryOperator number, slope;

        Hidden(UnaryOperator<Tensor> tensor, DoubleUnaryOperator number, DoubleUnaryOperator slope) {
            this.tensor = tensor;
            this.number = number;
            this.slope = slope;
        }
    }

    /** The guide's 10-5-3 network; its examples are rows. */
    @Test
    void theGuidesBackward() {
        var net = new Net(7, 10, 5, 3);
        double[][] a1 = net.hidden(Hidden.RELU), dz2 = scaled(minus(softmax(net.logits(a1)), net.y), 1.0 / 7);
        net.assertTapeAgrees(Hidden.RELU, a1, dz2, net::categorical);
    }

    /** The CSV tutorial's 784-10-10 network; its examples are columns, the same mathematics transposed. */
    @Test
    void theCsvTutorialsBackward() {
        int m = 6;
        var net = new Net(m, 784, 10, 10);
        double[][] x = transposed(net.x), w2 = transposed(net.w2);
        double[][] a1 = transposed(net.hidden(Hidden.RELU));
        double[][] dz2 = minus(transposed(softmax(net.logits(transposed(a1)))), transposed(net.y));
        double[][] dz1 = times(product(transposed(w2), dz2), mapped(a1, Hidden.RELU.slope));
        Gradients tape = net.gradients(Hidden.RELU, net::categorical);
        assertClose(transposed(scaled(product(dz2, transposed(a1)), 1.0 / m)), tape.of(net.W2), EXACT);
        assertClose(transposed(scaled(product(dz1, transposed(x)), 1.0 / m)), tape.of(net.W1), EXACT);
        assertClose(new double[][]{columnSums(scaled(transposed(dz2), 1.0 / m))}, tape.of(net.B2), EXACT);
        assertClose(new double[][]{columnSums(scaled(transposed(dz1), 1.0 / m))}, tape.of(net.B1), EXACT);
    }

    /** The NumPy tutorial's 2-4-1 network for XOR, before any weight has changed. */
    @ParameterizedTest
    @EnumSource
    void theNumPyTutorialsBackward(Hidden hidden) {
        Net net = Net.xor();
        double[][] a1 = net.hidden(hidden);
        net.assertTapeAgrees(hidden, a1, net.binaryError(a1), net::binary);
    }

    /**
     * The order of that tutorial: it changes W2 first and then propagates the error through the changed W2. The
     * error of this gradient is the one in docs/common-issues.md.
     */
    @Test
    void goingBackThroughChangedWeightsIsOff() {
        Net net = Net.xor();
        double[][] a1 = net.hidden(Hidden.SIGMOID), dz2 = net.binaryError(a1);
        double[][] changed = minus(net.w2, scaled(product(transposed(a1), dz2), 0.5));
        double[][] right = net.dW1(Hidden.SIGMOID, a1, dz2, net.w2);
        double[][] wrong = net.dW1(Hidden.SIGMOID, a1, dz2, changed);
        Gradients tape = net.gradients(Hidden.SIGMOID, net::binary);
        assertClose(right, tape.of(net.W1), EXACT);
        assertThrows(AssertionError.class, () -> assertClose(wrong, tape.of(net.W1), EXACT));
        assertEquals(0.147, norm(minus(wrong, right)) / norm(right), 0.0005);
    }

    private static double sigmoid(double v) { return 1 / (1 + Math.exp(-v)); }

    /** A network with weights as arrays, and the same ones as variables. */
    private static final class Net {
        final double[][] x, y, w1, w2;
        final double[] b1, b2;
        final Variable W1, B1, W2, B2;

        Net(int m, int in, int hidden, int out) {
            var rng = new Rng(5);
            x = random(rng, m, in);
            y = new double[m][out];
            for (int i = 0; i < m; i++)
                y[i][i % out] = 1;
            w1 = scaled(random(rng, in, hidden), Math.sqrt(2.0 / in));
            b1 = random(rng, 1, hidden)[0];
            w2 = random(rng, hidden, out);
            b2 = random(rng, 1, out)[0];
            W1 = new Variable("W1", Tensor.of(DType.F64, w1));
            B1 = new Variable("b1", Tensor.of(DType.F64, b1));
            W2 = new Variable("W2", Tensor.of(DType.F64, w2));
            B2 = new Variable("b2", Tensor.of(DType.F64, b2));
        }

        static Net xor() {
            var net = new Net(4, 2, 4, 1);
            for (int i = 0; i < 4; i++) {
                net.x[i] = new double[]{i / 2, i % 2};
                net.y[i][0] = i / 2 ^ i % 2;
            }
            return net;
        }

        double[][] hidden(Hidden hidden) { return mapped(plusRow(product(x, w1), b1), hidden.number); }

        double[][] logits(double[][] a1) { return plusRow(product(a1, w2), b2); }

        double[][] binaryError(double[][] a1) {
            return scaled(minus(mapped(logits(a1), HandDerivedTest::sigmoid), y), 1.0 / 4);
        }

        double[][] dW1(Hidden hidden, double[][] a1, double[][] dz2, double[][] through) {
            return product(transposed(x), times(product(dz2, transposed(through)), mapped(a1, hidden.slope)));
        }

        Tensor categorical(Tensor logits) { return Losses.softmaxCrossEntropy(logits, Tensor.of(DType.F64, y)); }

        Tensor binary(Tensor logits) { return Losses.binaryCrossEntropy(logits.sigmoid(), Tensor.of(DType.F64, y)); }

        Gradients gradients(Hidden hidden, UnaryOperator<Tensor> loss) {
            try (var tape = new GradientTape()) {
                Tensor a1 = hidden.tensor.apply(Tensor.of(DType.F64, x).matmul(W1).add(B1));
                return tape.gradient(loss.apply(a1.matmul(W2).add(B2)), List.of(W1, B1, W2, B2));
            }
        }

        void assertTapeAgrees(Hidden hidden, double[][] a1, double[][] dz2, UnaryOperator<Tensor> loss) {
            Gradients tape = gradients(hidden, loss);
            double[][] dz1 = times(product(dz2, transposed(w2)), mapped(a1, hidden.slope));
            assertClose(product(transposed(a1), dz2), tape.of(W2), EXACT);
            assertClose(new double[][]{columnSums(dz2)}, tape.of(B2), EXACT);
            assertClose(product(transposed(x), dz1), tape.of(W1), EXACT);
            assertClose(new double[][]{columnSums(dz1)}, tape.of(B1), EXACT);
        }
    }
}
