package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class LayerNormTest {
    @Test
    void standardizesEachExample() {
        var rng = new Rng(0);
        var layer = new LayerNorm(new Variable(Tensor.randn(DType.F64, rng, 4)),
                new Variable(Tensor.randn(DType.F64, rng, 4)), 1e-5);
        Tensor x = Tensor.randn(DType.F64, rng, 3, 4).mul(5).add(2), y = layer.forward(x);
        for (int row = 0; row < 3; row++) {
            double[] v = x.slice(0, row, row + 1).toDoubleArray();
            double mean = Arrays.stream(v).average().orElseThrow();
            double variance = Arrays.stream(v).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
            for (int i = 0; i < 4; i++)
                assertEquals((v[i] - mean) / Math.sqrt(variance + 1e-5) * layer.weight().get(i) + layer.bias().get(i),
                        y.get(row, i), 1e-12);
        }
    }

    @Test
    void maySpanSeveralAxes() {
        Tensor y = LayerNorm.of(DType.F64, 3, 4).forward(Tensor.randn(DType.F64, new Rng(0), 2, 3, 4));
        assertEquals(0, y.slice(0, 0, 1).mean().item(), 1e-12);
        assertEquals(1, y.slice(0, 1, 2).std().item(), 1e-4);
    }

    @Test
    void itsGradientsAreItsSlopes() {
        LayerNorm layer = LayerNorm.of(DType.F64, 4);
        Tensor x = Tensor.randn(DType.F64, new Rng(1), 3, 4), g = Tensor.randn(DType.F64, new Rng(2), 3, 4);
        Slope.assertGradients(() -> layer.forward(x).square().mul(g).sum(), layer.variables());
        GradCheck.of(in -> layer.forward(in)).verify(x);
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        for (Shape shape : new Shape[]{Shape.of(3), Shape.of(4), Shape.of(4, 3), Shape.SCALAR})
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> LayerNorm.of(3, 4).forward(Tensor.zeros(shape.dims()))), "LayerNorm", shape.toString(),
                    "[3, 4]");
        var one = new Variable(Tensor.ones(3));
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new LayerNorm(one, new Variable(Tensor.ones(4)), 1e-5)), "LayerNorm", "[3]", "[4]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> new LayerNorm(one, one, 0)), "LayerNorm",
                "epsilon", "0.0");
    }
}
