package autograd.nn.optim;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class RmsPropTest {
    private static final double RATE = 0.01, ALPHA = 0.9, EPSILON = 1e-6, MOMENTUM = 0.5, DECAY = 0.1;

    /** The recursion of PyTorch's documentation, for every choice of its parts. */
    @Property(tries = 60)
    void followsItsRecursion(@ForAll boolean momentum, @ForAll boolean centered, @ForAll boolean decay,
            @ForAll long seed) {
        var optimizer = new RmsProp(RATE).alpha(ALPHA).epsilon(EPSILON).momentum(momentum ? MOMENTUM : 0)
                .weightDecay(decay ? DECAY : 0);
        if (centered)
            optimizer.centered();
        var rng = new Rng(seed);
        Tensor curvature = Tensor.rand(DType.F64, rng, 3).add(0.1);
        var w = new Variable(Tensor.randn(DType.F64, rng, 3));
        double[] c = curvature.toDoubleArray(), x = w.toDoubleArray(), v = new double[3], mean = new double[3],
                b = new double[3];
        for (int step = 0; step < 10; step++) {
            optimizer.minimize(List.of(w), () -> w.square().mul(curvature).sum().mul(0.5));
            for (int i = 0; i < 3; i++) {
                double g = c[i] * x[i] + (decay ? DECAY * x[i] : 0);
                v[i] = ALPHA * v[i] + (1 - ALPHA) * g * g;
                mean[i] = ALPHA * mean[i] + (1 - ALPHA) * g;
                double root = Math.sqrt(centered ? v[i] - mean[i] * mean[i] : v[i]) + EPSILON;
                b[i] = (momentum ? MOMENTUM * b[i] : 0) + g / root;
                x[i] -= RATE * b[i];
            }
            assertArrayEquals(x, w.toDoubleArray(), 1e-9);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesInvalidSettings(double bad) {
        var optimizer = new RmsProp(RATE);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.alpha(bad)), "alpha", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.momentum(bad)), "momentum", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.epsilon(bad)), "epsilon", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.weightDecay(bad)), "weightDecay");
    }
}
