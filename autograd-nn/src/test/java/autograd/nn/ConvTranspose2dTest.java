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

import java.util.List;

class ConvTranspose2dTest {
    private static ConvTranspose2d layer(long seed, int in, int out, int size, Sliding how) {
        ConvTranspose2d layer = ConvTranspose2d.of(DType.F64, new Rng(seed), in, out, size, how, Init.heNormal());
        layer.bias().assign(Tensor.randn(DType.F64, new Rng(seed + 1), out));
        return layer;
    }

    @Property(tries = 60)
    void everyElementAddsAKernel(@ForAll @IntRange(min = 2, max = 3) int size,
            @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll @IntRange(max = 1) int padding,
            @ForAll @IntRange(min = 1, max = 2) int groups, @ForAll boolean padded, @ForAll long seed) {
        ConvTranspose2d made = layer(seed, 4, 2, size, new Sliding(stride, padding, 1, groups));
        var layer = new ConvTranspose2d(made.weight(), made.bias(), made.how(), padded ? stride - 1 : 0);
        Tensor x = Tensor.randn(DType.F64, new Rng(seed), 2, 4, 3, 2), y = layer.forward(x);
        int height = 2 * stride + size + layer.outputPadding() - 2 * padding;
        assertEquals(Shape.of(2, 2, height, height - stride), y.shape());
        for (int n = 0; n < 2; n++)
            assertArrayEquals(byHand(layer, x, n, height, height - stride),
                    y.slice(0, n, n + 1).toDoubleArray(), 1e-12);
    }

    private static double[] byHand(ConvTranspose2d layer, Tensor x, int n, int height, int width) {
        Tensor w = layer.weight();
        Sliding how = layer.how();
        int outs = w.shape().dim(1), size = w.shape().dim(2);
        double[] y = new double[2 * height * width];
        for (int i = 0; i < y.length; i++)
            y[i] = layer.bias().get(i / (height * width));
        for (int c = 0; c < 4; c++)
            for (int o = 0; o < outs; o++)
                for (int i = 0; i < 3 * 2 * size * size; i++) {
                    int p = i % size, q = i / size % size, row = i / (size * size) % 3, column = i / (size * size) / 3;
                    int toRow = row * how.height().stride() + p - how.height().padding();
                    int toColumn = column * how.height().stride() + q - how.height().padding();
                    if (toRow >= 0 && toRow < height && toColumn >= 0 && toColumn < width)
                        y[((c / (4 / how.groups()) * outs + o) * height + toRow) * width
                                + toColumn] += x.get(n, c, row, column) * w.get(c, o, p, q);
                }
        return y;
    }

    @Test
    void itsGradientsAreItsSlopes() {
        ConvTranspose2d layer = layer(3, 2, 3, 2, Sliding.DEFAULT.stride(2));
        Tensor x = Tensor.randn(DType.F64, new Rng(4), 2, 2, 2, 3);
        Slope.assertGradients(() -> layer.forward(x).square().sum(), layer.variables());
        GradCheck.of(in -> layer.forward(in)).verify(x);
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        ConvTranspose2d layer = ConvTranspose2d.of(new Rng(0), 3, 8, 5, Sliding.DEFAULT.padding(3));
        assertEquals(List.of("weight", "bias"), List.copyOf(layer.state().keySet()));
        for (Shape shape : new Shape[]{Shape.of(1, 2, 9, 9), Shape.of(3, 9, 9), Shape.of(1, 3, 2, 9),
                Shape.of(1, 3, 9, 0), Shape.SCALAR})
            assertSays(assertThrows(IllegalArgumentException.class, () -> layer.forward(Tensor.zeros(shape.dims()))),
                    "ConvTranspose2d", shape.toString(), "[n, 3, rows, columns]", "[3, 8, 5, 5]");
        var bias = new Variable(Tensor.zeros(7));
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new ConvTranspose2d(layer.weight(), bias, Sliding.DEFAULT, 0)), "ConvTranspose2d",
                "[3, 8, 5, 5]", "[7]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new ConvTranspose2d(layer.weight(), layer.bias(), Sliding.DEFAULT, 1)), "ConvTranspose2d",
                "outputPadding 1", "stride 1");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> ConvTranspose2d.of(new Rng(0), 4, 7, 5, Sliding.DEFAULT.groups(2))), "ConvTranspose2d",
                "7 channels", "2");
    }
}
