package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.nn.init.Init;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.util.List;

class Conv1dTest {
    private static final int LENGTH = 8;

    private static Conv1d layer(long seed, int in, int out, int size, Sliding how) {
        Conv1d layer = Conv1d.of(DType.F64, new Rng(seed), in, out, size, how, Init.heNormal());
        layer.bias().assign(Tensor.randn(DType.F64, new Rng(seed + 1), out));
        return layer;
    }

    @Property(tries = 60)
    void isTheSumOverEveryWindow(@ForAll @IntRange(min = 1, max = 3) int size,
            @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll @IntRange(max = 2) int padding,
            @ForAll @IntRange(min = 1, max = 2) int dilation, @ForAll @IntRange(min = 1, max = 2) int groups,
            @ForAll long seed) {
        Conv1d layer = layer(seed, 4, 6, size, new Sliding(stride, padding, dilation, groups));
        Tensor x = Tensor.randn(DType.F64, new Rng(seed), 2, 4, LENGTH), y = layer.forward(x);
        assertEquals(Shape.of(2, 6, (LENGTH + 2 * padding - (size - 1) * dilation - 1) / stride + 1), y.shape());
        for (int n = 0; n < 2; n++)
            for (int o = 0; o < 6; o++)
                for (int i = 0; i < y.shape().dim(2); i++)
                    assertEquals(byHand(layer, x, n, o, i), y.get(n, o, i), 1e-12);
    }

    private static double byHand(Conv1d layer, Tensor x, int n, int o, int i) {
        Sliding how = layer.how();
        int in = layer.weight().shape().dim(1), group = o / (layer.weight().shape().dim(0) / how.groups());
        double sum = layer.bias().get(o);
        for (int c = 0; c < in; c++)
            for (int p = 0; p < layer.weight().shape().dim(2); p++) {
                int at = i * how.height().stride() + p * how.height().dilation() - how.height().padding();
                if (at >= 0 && at < LENGTH)
                    sum += layer.weight().get(o, c, p) * x.get(n, group * in + c, at);
            }
        return sum;
    }

    @Test
    void itsGradientsAreItsSlopes() {
        Conv1d layer = layer(3, 2, 3, 2, Sliding.DEFAULT.padding(1).stride(2));
        Tensor x = Tensor.randn(DType.F64, new Rng(4), 2, 2, 5);
        Slope.assertGradients(() -> layer.forward(x).square().sum(), layer.variables());
        GradCheck.of(in -> layer.forward(in)).verify(x);
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        Conv1d layer = Conv1d.of(new Rng(0), 3, 8, 5);
        assertEquals(List.of("weight", "bias"), List.copyOf(layer.state().keySet()));
        for (Shape shape : new Shape[]{Shape.of(1, 2, 9), Shape.of(3, 9), Shape.of(1, 3, 4), Shape.SCALAR})
            assertSays(assertThrows(IllegalArgumentException.class, () -> layer.forward(Tensor.zeros(shape.dims()))),
                    "Conv1d", shape.toString(), "[n, 3, length]", "[8, 3, 5]");
        var bias = new Variable(Tensor.zeros(7));
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new Conv1d(layer.weight(), bias, Sliding.DEFAULT)), "Conv1d", "[8, 3, 5]", "[7]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Conv1d.of(new Rng(0), 3, 8, 5, Sliding.DEFAULT.groups(2))), "Conv1d", "3 channels", "2");
    }
}
