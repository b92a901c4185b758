package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.nn.init.Init;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LstmTest {
    @Property(tries = 40)
    void followsItsEquations(@ForAll @IntRange(min = 1, max = 3) int n, @ForAll @IntRange(min = 1, max = 4) int length,
            @ForAll @IntRange(min = 1, max = 3) int in, @ForAll @IntRange(min = 1, max = 3) int width,
            @ForAll long seed) {
        var rng = new Rng(seed);
        Lstm lstm = Lstm.of(DType.F64, rng, in, width, Init.normal(1));
        Tensor x = Tensor.randn(DType.F64, rng, n, length, in);
        var start = new Lstm.State(Tensor.randn(DType.F64, rng, n, width), Tensor.randn(DType.F64, rng, n, width));
        Cell.Output<Lstm.State> output = lstm.forward(x, start);
        assertEquals(Shape.of(n, length, width), output.y().shape());
        for (int row = 0; row < n; row++) {
            double[] h = start.h().slice(0, row, row + 1).toDoubleArray();
            double[] c = start.c().slice(0, row, row + 1).toDoubleArray();
            for (int t = 0; t < length; t++) {
                step(lstm, x.slice(0, row, row + 1).slice(1, t, t + 1).toDoubleArray(), h, c);
                for (int k = 0; k < width; k++)
                    assertEquals(h[k], output.y().get(row, t, k), 1e-12);
            }
            assertArrayEquals(h, output.last().h().slice(0, row, row + 1).toDoubleArray(), 1e-12);
            assertArrayEquals(c, output.last().c().slice(0, row, row + 1).toDoubleArray(), 1e-12);
        }
    }

    /** One step with plain arrays, in place. */
    private static void step(Lstm lstm, double[] x, double[] h, double[] c) {
        int width = h.length;
        double[] z = lstm.bias().toDoubleArray();
        for (int gate = 0; gate < z.length; gate++) {
            for (int i = 0; i < x.length; i++)
                z[gate] += x[i] * lstm.inputWeight().get(i, gate);
            for (int i = 0; i < width; i++)
                z[gate] += h[i] * lstm.stateWeight().get(i, gate);
        }
        for (int k = 0; k < width; k++) {
            c[k] = sigmoid(z[width + k]) * c[k] + sigmoid(z[k]) * Math.tanh(z[2 * width + k]);
            h[k] = sigmoid(z[3 * width + k]) * Math.tanh(c[k]);
        }
    }

    private static double sigmoid(double x) { return 1 / (1 + Math.exp(-x)); }

    @Test
    void stepsMakeTheSequence() {
        var rng = new Rng(1);
        Lstm lstm = Lstm.of(rng, 2, 3);
        Tensor x = Tensor.randn(rng, 4, 3, 2);
        Lstm.State state = lstm.zeroState(4);
        for (int t = 0; t < 3; t++)
            state = lstm.step(x.slice(1, t, t + 1).squeeze(1), state);
        assertArrayEquals(lstm.forward(x).last().h().toFloatArray(), state.h().toFloatArray(), 1e-6f);
        assertArrayEquals(lstm.forward(x).last().c().toFloatArray(), state.c().toFloatArray(), 1e-6f);
    }

    @Test
    void startsWithin1BySqrtWidth() {
        Lstm lstm = Lstm.of(new Rng(2), 5, 16);
        for (Variable v : lstm.variables())
            assertTrue(v.abs().le(0.25).all() && v.abs().max().item() > 0.2, v.label());
        assertEquals(3, lstm.variables().size());
    }

    @Test
    void itsGradientsAreItsSlopes() {
        var rng = new Rng(3);
        Lstm lstm = Lstm.of(DType.F64, rng, 2, 3, Init.normal(0.7));
        Tensor x = Tensor.randn(DType.F64, rng, 2, 3, 2), g = Tensor.randn(DType.F64, rng, 2, 3, 3);
        Slope.assertGradients(() -> lstm.forward(x).y().mul(g).sum().add(lstm.forward(x).last().c().sum()),
                lstm.variables());
        GradCheck.of(in -> lstm.forward(in).y()).verify(x);
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        Lstm lstm = Lstm.of(new Rng(0), 2, 3);
        for (Shape shape : new Shape[]{Shape.of(4, 2), Shape.of(4, 0, 2), Shape.of(4, 5, 3), Shape.SCALAR})
            assertSays(assertThrows(IllegalArgumentException.class, () -> lstm.forward(Tensor.zeros(shape.dims()))),
                    "Lstm", shape.toString());
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> lstm.step(Tensor.zeros(4, 2), lstm.zeroState(5))), "Lstm", "[4, 2]", "[5, 3]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> lstm.step(Tensor.zeros(4, 1, 2), lstm.zeroState(4))), "Lstm", "[4, 1, 2]", "[n, 2]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new Lstm.State(Tensor.zeros(1, 3), Tensor.zeros(1, 2))), "Lstm", "[1, 3]", "[1, 2]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new Lstm(lstm.inputWeight(), lstm.stateWeight(), lstm.stateWeight())), "Lstm", "[2, 12]",
                "[3, 12]", "[4 width]");
    }
}
