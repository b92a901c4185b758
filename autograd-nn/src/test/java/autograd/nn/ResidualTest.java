package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.check.GradCheck;
import autograd.nn.init.Init;

import org.junit.jupiter.api.Test;

import java.util.List;

class ResidualTest {
    private final Dense dense = Dense.of(DType.F64, new Rng(0), 3, 3, Init.xavierUniform());
    private final Residual layer = new Residual(dense);

    @Test
    void addsToItsInput() {
        Tensor x = Tensor.randn(DType.F64, new Rng(1), 2, 3);
        assertArrayEquals(x.add(dense.forward(x)).toDoubleArray(), layer.forward(x).toDoubleArray());
        assertEquals(List.of("layer.weight", "layer.bias"), List.copyOf(layer.state().keySet()));
    }

    @Test
    void passesThePassOn() {
        Tensor x = Tensor.ones(DType.F64, 50);
        Tensor y = new Residual(new Dropout(0.5)).forward(x, Pass.training(new Rng(2)));
        assertEquals(50, y.eq(1).or(y.eq(3)).count());
    }

    @Test
    void itsGradientsAreItsSlopes() {
        Tensor x = Tensor.randn(DType.F64, new Rng(3), 2, 3);
        Slope.assertGradients(() -> layer.forward(x).square().sum(), layer.variables());
        GradCheck.of(in -> layer.forward(in)).verify(x);
    }

    @Test
    void nothingIsBroadcast() {
        var narrow = new Residual(Dense.of(new Rng(0), 3, 1));
        assertSays(assertThrows(IllegalArgumentException.class, () -> narrow.forward(Tensor.zeros(2, 3))), "Residual",
                "[2, 1]", "[2, 3]");
    }
}
