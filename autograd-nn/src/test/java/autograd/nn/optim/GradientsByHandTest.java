package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Gradients;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** An optimizer takes any gradients, also such as no tape has computed. */
class GradientsByHandTest {
    @Test
    void anOptimizerFollowsGradientsByHand() {
        Variable w = new Variable("w", Tensor.of(DType.F64, 1, 2)), frozen = new Variable(Tensor.of(3)),
                statistic = new Variable("mean", Tensor.of(4), false);
        frozen.freeze();
        Tensor g = Tensor.of(DType.F64, 10, -10), one = Tensor.of(1);
        new Sgd(0.1).apply(Gradients.of(Map.of(w, g, frozen, one, statistic, one)));
        assertArrayEquals(new double[]{0, 3}, w.toDoubleArray());
        assertEquals(3, frozen.item());
        assertEquals(4, statistic.item());
        assertThrows(IllegalStateException.class, () -> new Sgd(0.1).apply(Gradients.of(Map.of())));
    }

    /** As Clip.norm does. */
    @Test
    void clippingByHand() {
        Variable w = new Variable("w", Tensor.of(DType.F64, 0, 0));
        var g = Gradients.of(Map.of(w, Tensor.of(DType.F64, 30, 40)));
        new Sgd(1).apply(g.mul(Math.min(1, 5 / g.norm())));
        assertArrayEquals(new double[]{-3, -4}, w.toDoubleArray(), 1e-15);
    }
}
