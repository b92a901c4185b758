package autograd.nn.optim;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class SgdTest {
    private static final double RATE = 0.1, MOMENTUM = 0.9, DECAY = 0.01;

    /** Every choice of momentum, Nesterov and decay follows the recursion of its documentation. */
    @Property(tries = 60)
    void followsItsRecursion(@ForAll boolean momentum, @ForAll boolean nesterov, @ForAll boolean decay,
            @ForAll long seed) {
        var optimizer = new Sgd(RATE);
        if (nesterov && momentum)
            optimizer.nesterov();
        if (momentum)
            optimizer.momentum(MOMENTUM);
        if (decay)
            optimizer.weightDecay(DECAY);
        var rng = new Rng(seed);
        Tensor curvature = Tensor.rand(DType.F64, rng, 3);
        var w = new Variable(Tensor.randn(DType.F64, rng, 3));
        double[] c = curvature.toDoubleArray(), x = w.toDoubleArray(), b = new double[3];
        for (int step = 0; step < 10; step++) {
            optimizer.minimize(List.of(w), () -> w.square().mul(curvature).sum().mul(0.5));
            for (int i = 0; i < 3; i++) {
                double g = c[i] * x[i] + (decay ? DECAY * x[i] : 0);
                b[i] = (momentum ? MOMENTUM * b[i] : 0) + g;
                x[i] -= RATE * (momentum && nesterov ? g + MOMENTUM * b[i] : b[i]);
            }
            assertArrayEquals(x, w.toDoubleArray(), 1e-12);
        }
    }

    @Test
    void settingsChangedOnTheWayTakeEffect() {
        var w = new Variable(Tensor.of(DType.F64, 0));
        var optimizer = new Sgd(1);
        optimizer.minimize(List.of(w), w::sum);
        assertEquals(-1, w.item());
        optimizer.momentum(0.5);
        optimizer.minimize(List.of(w), w::sum);
        assertEquals(-2, w.item());
        optimizer.minimize(List.of(w), w::sum);
        assertEquals(-3.5, w.item());
        optimizer.momentum(0);
        optimizer.minimize(List.of(w), w::sum);
        assertEquals(-4.5, w.item());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesInvalidSettings(double bad) {
        var optimizer = new Sgd(RATE);
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Sgd(bad)), "learningRate", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.momentum(bad)), "momentum", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.weightDecay(bad)), "weightDecay",
                "" + bad);
        assertThrows(IllegalArgumentException.class, () -> optimizer.momentum(1));
    }
}
