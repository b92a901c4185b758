package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import java.util.List;

/** Normalizations of each example by itself: GroupNorm and RmsNorm. */
class NormsTest {
    private static Variable random(long seed, int n) { return new Variable(Tensor.randn(DType.F64, new Rng(seed), n)); }

    @Test
    void groupsOfChannelsAreStandardized() {
        var layer = new GroupNorm(2, random(0, 4), random(1, 4), 1e-5);
        Tensor x = Tensor.randn(DType.F64, new Rng(2), 3, 4, 2).mul(3).add(1), y = layer.forward(x);
        for (int n = 0; n < 3; n++)
            for (int group = 0; group < 2; group++) {
                double[] v = x.slice(0, n, n + 1).slice(1, 2 * group, 2 * group + 2).toDoubleArray();
                double mean = Arrays.stream(v).average().orElseThrow();
                double variance = Arrays.stream(v).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
                for (int i = 0; i < 4; i++) {
                    int c = 2 * group + i / 2;
                    assertEquals((v[i] - mean) / Math.sqrt(variance + 1e-5) * layer.weight().get(c)
                            + layer.bias().get(c), y.get(n, c, i % 2), 1e-12);
                }
            }
    }

    @Test
    void rowsAreDividedByTheirRootMeanSquare() {
        var layer = new RmsNorm(random(3, 4), 1e-3);
        Tensor x = Tensor.randn(DType.F64, new Rng(4), 3, 4), y = layer.forward(x);
        for (int n = 0; n < 3; n++) {
            double[] v = x.slice(0, n, n + 1).toDoubleArray();
            double square = Arrays.stream(v).map(a -> a * a).average().orElseThrow();
            for (int i = 0; i < 4; i++)
                assertEquals(v[i] / Math.sqrt(square + 1e-3) * layer.weight().get(i), y.get(n, i), 1e-12);
        }
    }

    @Test
    void theirGradientsAreTheirSlopes() {
        Tensor x = Tensor.randn(DType.F64, new Rng(5), 2, 4, 3), g = Tensor.randn(DType.F64, new Rng(6), 2, 4, 3);
        for (Layer layer : new Layer[]{GroupNorm.of(DType.F64, 2, 4), RmsNorm.of(DType.F64, 4, 3)}) {
            Slope.assertGradients(() -> layer.forward(x).square().mul(g).sum(), layer.variables());
            GradCheck.of(in -> layer.forward(in)).verify(x);
        }
    }

    @Test
    void startWithOnesAndTheDefaultEpsilon() {
        assertEquals(List.of("weight", "bias"), List.copyOf(GroupNorm.of(2, 4).state().keySet()));
        assertEquals(List.of("weight"), List.copyOf(RmsNorm.of(4).state().keySet()));
        assertArrayEquals(new float[]{1, 1, 1, 1}, RmsNorm.of(4).weight().toFloatArray());
        assertEquals(Math.ulp(1f), RmsNorm.of(4).epsilon());
        assertEquals(1e-5, GroupNorm.of(2, 4).epsilon());
    }

    @Test
    void nameThemselvesWhenShapesDoNotFit() {
        for (Shape shape : new Shape[]{Shape.of(4), Shape.of(2, 3), Shape.SCALAR}) {
            Tensor x = Tensor.zeros(shape.dims());
            assertSays(assertThrows(IllegalArgumentException.class, () -> GroupNorm.of(2, 4).forward(x)), "GroupNorm",
                    shape.toString(), "[n, 4, ..]");
            assertSays(assertThrows(IllegalArgumentException.class, () -> RmsNorm.of(2, 4).forward(x)), "RmsNorm",
                    shape.toString(), "[2, 4]");
        }
        Variable three = random(0, 3), four = random(0, 4);
        assertSays(assertThrows(IllegalArgumentException.class, () -> new GroupNorm(1, three, four, 1e-5)),
                "GroupNorm", "[3]", "[4]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> new GroupNorm(2, three, three, 1e-5)),
                "GroupNorm", "[3]", "2 equal groups");
        assertSays(assertThrows(IllegalArgumentException.class, () -> new GroupNorm(1, three, three, 0)),
                "GroupNorm", "epsilon is 0.0");
        assertSays(assertThrows(IllegalArgumentException.class, () -> new RmsNorm(three, 0)), "RmsNorm", "[3]",
                "epsilon 0.0");
    }
}
