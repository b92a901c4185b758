package autograd.nn.optim;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class AdamTest {
    private static final double RATE = 0.01;

    /** Algorithm 1 of the paper, with an L2 penalty, for any constants. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void followsThePaper(@ForAll @DoubleRange(min = 0, max = 0.99) double beta1,
            @ForAll @DoubleRange(min = 0.01, max = 0.9999) @Scale(4) double beta2,
            @ForAll @IntRange(min = 1, max = 8) int digits, @ForAll @DoubleRange(min = 0, max = 0.5) double decay,
            @ForAll long seed) {
        double epsilon = Math.pow(10, -digits);
        var optimizer = new Adam(RATE).betas(beta1, beta2).epsilon(epsilon).weightDecay(decay);
        var rng = new Rng(seed);
        Tensor curvature = Tensor.rand(DType.F64, rng, 3).add(0.1);
        var w = new Variable(Tensor.randn(DType.F64, rng, 3));
        double[] c = curvature.toDoubleArray(), x = w.toDoubleArray(), m = new double[3], v = new double[3];
        for (int t = 1; t <= 10; t++) {
            optimizer.minimize(List.of(w), () -> w.square().mul(curvature).sum().mul(0.5));
            for (int i = 0; i < 3; i++) {
                double g = c[i] * x[i] + decay * x[i];
                m[i] = beta1 * m[i] + (1 - beta1) * g;
                v[i] = beta2 * v[i] + (1 - beta2) * g * g;
                double mHat = m[i] / (1 - Math.pow(beta1, t)), vHat = v[i] / (1 - Math.pow(beta2, t));
                x[i] -= RATE * mHat / (Math.sqrt(vHat) + epsilon);
            }
            assertArrayEquals(x, w.toDoubleArray(), 1e-9);
        }
    }

    @Test
    void itsFirstStepIsTheLearningRate() {
        var w = new Variable(Tensor.of(DType.F64, 0, 0, 0));
        Tensor slopes = Tensor.of(DType.F64, 1e-3, -5, 1e6);
        new Adam(RATE).epsilon(0).minimize(List.of(w), () -> w.mul(slopes).sum());
        assertArrayEquals(new double[]{-RATE, RATE, -RATE}, w.toDoubleArray(), 1e-15);
    }

    /** Bias correction counts a variable's own steps, not the optimizer's. */
    @Test
    void aVariableThatJoinsLaterStartsAfresh() {
        var early = new Variable(Tensor.of(DType.F64, 0));
        var late = new Variable(Tensor.of(DType.F64, 0));
        var optimizer = new Adam(RATE);
        for (int i = 0; i < 5; i++)
            optimizer.minimize(List.of(early), early::sum);
        optimizer.minimize(List.of(early, late), () -> early.add(late).sum());
        assertEquals(-RATE, late.item(), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesInvalidSettings(double bad) {
        var optimizer = new Adam(RATE);
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Adam(bad)), "learningRate", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.betas(bad, 0.5)), "beta1", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.betas(0.5, bad)), "beta2", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.epsilon(bad)), "epsilon", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.weightDecay(bad)), "weightDecay");
        assertThrows(IllegalArgumentException.class, () -> optimizer.betas(1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> optimizer.betas(0.5, 1));
    }
}
