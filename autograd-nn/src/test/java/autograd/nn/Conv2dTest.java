package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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

class Conv2dTest {
    private static final int HEIGHT = 7, WIDTH = 6;

    private static Conv2d layer(long seed, int in, int out, int size, Sliding how) {
        Conv2d layer = Conv2d.of(DType.F64, new Rng(seed), in, out, size, how, Init.heNormal());
        layer.bias().assign(Tensor.randn(DType.F64, new Rng(seed + 1), out));
        return layer;
    }

    @Property(tries = 60)
    void isTheSumOverEveryWindow(@ForAll @IntRange(min = 1, max = 3) int size,
            @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll @IntRange(max = 2) int padding,
            @ForAll @IntRange(min = 1, max = 2) int dilation, @ForAll @IntRange(min = 1, max = 2) int groups,
            @ForAll long seed) {
        Conv2d layer = layer(seed, 4, 6, size, new Sliding(stride, padding, dilation, groups));
        Tensor x = Tensor.randn(DType.F64, new Rng(seed), 2, 4, HEIGHT, WIDTH), y = layer.forward(x);
        int span = (size - 1) * dilation + 1;
        assertEquals(Shape.of(2, 6, (HEIGHT + 2 * padding - span) / stride + 1,
                (WIDTH + 2 * padding - span) / stride + 1), y.shape());
        for (int n = 0; n < 2; n++)
            for (int o = 0; o < 6; o++)
                for (int i = 0; i < y.shape().dim(2); i++)
                    for (int j = 0; j < y.shape().dim(3); j++)
                        assertEquals(byHand(layer, x, n, o, i, j), y.get(n, o, i, j), 1e-12);
    }

    private static double byHand(Conv2d layer, Tensor x, int n, int o, int i, int j) {
        Tensor w = layer.weight();
        Sliding how = layer.how();
        int in = w.shape().dim(1), size = w.shape().dim(2), group = o / (w.shape().dim(0) / how.groups());
        double sum = layer.bias().get(o);
        for (int c = 0; c < in; c++)
            for (int p = 0; p < size; p++)
                for (int q = 0; q < size; q++) {
                    int row = i * how.height().stride() + p * how.height().dilation() - how.height().padding();
                    int column = j * how.height().stride() + q * how.height().dilation() - how.height().padding();
                    if (row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH)
                        sum += w.get(o, c, p, q) * x.get(n, group * in + c, row, column);
                }
        return sum;
    }

    @Test
    void itsGradientsAreItsSlopes() {
        Conv2d layer = layer(3, 2, 3, 2, Sliding.DEFAULT.padding(1).stride(2));
        Tensor x = Tensor.randn(DType.F64, new Rng(4), 2, 2, 4, 3);
        Slope.assertGradients(() -> layer.forward(x).square().sum(), layer.variables());
        GradCheck.of(in -> layer.forward(in)).verify(x);
    }

    @Test
    void startsWithHesWeightsAndZeroBias() {
        Conv2d layer = Conv2d.of(new Rng(5), 3, 8, 5);
        assertEquals(Shape.of(8, 3, 5, 5), layer.weight().shape());
        assertArrayEquals(Init.heNormal().draw(DType.F32, new Rng(5), 8, 3, 5, 5).toFloatArray(),
                layer.weight().toFloatArray());
        assertArrayEquals(new float[8], layer.bias().toFloatArray());
        assertEquals(Shape.of(8, 1, 3, 3), Conv2d.of(new Rng(0), 4, 8, 3, Sliding.DEFAULT.groups(4)).weight().shape());
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        Conv2d layer = Conv2d.of(new Rng(0), 3, 8, 5);
        for (Shape shape : new Shape[]{Shape.of(1, 2, 9, 9), Shape.of(3, 9, 9), Shape.of(1, 3, 4, 9),
                Shape.of(1, 3, 9, 4), Shape.SCALAR})
            assertSays(assertThrows(IllegalArgumentException.class, () -> layer.forward(Tensor.zeros(shape.dims()))),
                    "Conv2d", shape.toString(), "[n, 3, height, width]", "[8, 3, 5, 5]");
        var bias = new Variable(Tensor.zeros(7));
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new Conv2d(layer.weight(), bias, Sliding.DEFAULT)), "Conv2d", "[8, 3, 5, 5]", "[7]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Conv2d.of(new Rng(0), 3, 8, 5, Sliding.DEFAULT.groups(2))), "Conv2d", "3 channels", "2");
    }
}
