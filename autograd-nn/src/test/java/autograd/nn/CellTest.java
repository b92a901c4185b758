package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Mask;
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

import java.util.List;

/** Rnn and Gru, and what all cells have in common. */
class CellTest {
    private static final Init INIT = Init.normal(0.7);

    @Property(tries = 40)
    void followTheirEquations(@ForAll @IntRange(min = 1, max = 3) int n, @ForAll @IntRange(min = 1, max = 4) int length,
            @ForAll @IntRange(min = 1, max = 3) int in, @ForAll @IntRange(min = 1, max = 4) int width,
            @ForAll long seed) {
        var rng = new Rng(seed);
        Rnn rnn = Rnn.of(DType.F64, rng, in, width, INIT);
        Gru gru = Gru.of(DType.F64, rng, in, width, INIT);
        Tensor x = Tensor.randn(DType.F64, rng, n, length, in);
        var start = new Cell.Hidden(Tensor.randn(DType.F64, rng, n, width));
        var simple = rnn.forward(x, start);
        var gated = gru.forward(x, start);
        assertEquals(Shape.of(n, length, width), gated.y().shape());
        for (int row = 0; row < n; row++) {
            double[] h = start.h().slice(0, row, row + 1).toDoubleArray(), g = h.clone();
            for (int t = 0; t < length; t++) {
                double[] xt = x.slice(0, row, row + 1).slice(1, t, t + 1).toDoubleArray();
                h = stepOfRnn(rnn, xt, h);
                g = stepOfGru(gru, xt, g);
                for (int k = 0; k < width; k++) {
                    assertEquals(h[k], simple.y().get(row, t, k), 1e-12);
                    assertEquals(g[k], gated.y().get(row, t, k), 1e-12);
                }
            }
            assertArrayEquals(h, simple.last().h().slice(0, row, row + 1).toDoubleArray(), 1e-12);
            assertArrayEquals(g, gated.last().h().slice(0, row, row + 1).toDoubleArray(), 1e-12);
        }
    }

    private static double[] affine(double[] x, Variable weight, double[] y) {
        for (int j = 0; j < y.length; j++)
            for (int i = 0; i < x.length; i++)
                y[j] += x[i] * weight.get(i, j);
        return y;
    }

    private static double[] stepOfRnn(Rnn rnn, double[] x, double[] h) {
        double[] z = affine(h, rnn.stateWeight(), affine(x, rnn.inputWeight(), rnn.bias().toDoubleArray()));
        for (int k = 0; k < z.length; k++)
            z[k] = Math.tanh(z[k]);
        return z;
    }

    private static double[] stepOfGru(Gru gru, double[] x, double[] h) {
        double[] a = affine(x, gru.inputWeight(), gru.inputBias().toDoubleArray());
        double[] s = affine(h, gru.stateWeight(), gru.stateBias().toDoubleArray());
        double[] after = new double[h.length];
        for (int k = 0; k < h.length; k++) {
            double r = sigmoid(a[k] + s[k]), z = sigmoid(a[h.length + k] + s[h.length + k]);
            double candidate = Math.tanh(a[2 * h.length + k] + r * s[2 * h.length + k]);
            after[k] = (1 - z) * candidate + z * h[k];
        }
        return after;
    }

    private static double sigmoid(double x) { return 1 / (1 + Math.exp(-x)); }

    @Test
    void stepsMakeTheSequence() {
        assertStepsMakeTheSequence(Rnn.of(new Rng(1), 2, 3));
        assertStepsMakeTheSequence(Gru.of(new Rng(1), 2, 3));
        assertStepsMakeTheSequence(Lstm.of(new Rng(1), 2, 3));
    }

    private static <S extends Cell.State<S>> void assertStepsMakeTheSequence(Cell<S> cell) {
        Tensor x = Tensor.randn(new Rng(2), 4, 3, 2);
        S state = cell.zeroState(4);
        for (int t = 0; t < 3; t++)
            state = cell.step(x.slice(1, t, t + 1).squeeze(1), state);
        assertArrayEquals(cell.forward(x).last().h().toFloatArray(), state.h().toFloatArray(), 1e-6f);
    }

    @Test
    void paddingChangesNothing() {
        assertPaddingChangesNothing(Rnn.of(DType.F64, new Rng(3), 2, 3, INIT));
        assertPaddingChangesNothing(Gru.of(DType.F64, new Rng(3), 2, 3, INIT));
        assertPaddingChangesNothing(Lstm.of(DType.F64, new Rng(3), 2, 3, INIT));
    }

    private static <S extends Cell.State<S>> void assertPaddingChangesNothing(Cell<S> cell) {
        Tensor x = Tensor.randn(DType.F64, new Rng(4), 3, 4, 2);
        int[] lengths = {4, 2, 0};
        var output = cell.forward(x, cell.zeroState(3), Masks.lengths(4, lengths));
        for (int row = 0; row < 2; row++) {
            var alone = cell.forward(x.slice(0, row, row + 1).slice(1, 0, lengths[row]));
            assertArrayEquals(alone.y().toDoubleArray(),
                    output.y().slice(0, row, row + 1).slice(1, 0, lengths[row]).toDoubleArray(), 1e-14);
            assertArrayEquals(alone.last().h().toDoubleArray(),
                    output.last().h().slice(0, row, row + 1).toDoubleArray(), 1e-14);
        }
        assertEquals(0, output.y().slice(0, 1, 2).slice(1, 2, 4).abs().max().item());
        assertEquals(0, output.y().slice(0, 2, 3).abs().max().item());
        assertEquals(0, output.last().h().slice(0, 2, 3).abs().max().item());
    }

    @Test
    void theirGradientsAreTheirSlopes() {
        var rng = new Rng(5);
        Tensor x = Tensor.randn(DType.F64, rng, 2, 3, 2), g = Tensor.randn(DType.F64, rng, 2, 3, 2);
        Mask kept = Masks.lengths(3, 3, 1);
        for (var cell : List.of(Rnn.of(DType.F64, rng, 2, 2, INIT), Gru.of(DType.F64, rng, 2, 2, INIT))) {
            Slope.assertGradients(() -> {
                var output = cell.forward(x, cell.zeroState(2), kept);
                return output.y().mul(g).sum().add(output.last().h().square().sum());
            }, cell.variables());
            GradCheck.of(in -> cell.forward(in).y()).verify(x);
        }
    }

    @Test
    void theirVariablesAreWithin1BySqrtWidth() {
        for (var cell : List.of(Rnn.of(new Rng(2), 5, 16), Gru.of(new Rng(2), 5, 16)))
            assertEquals(0.25, Tensor.stack(0, cell.variables().stream().map(v -> v.abs().max())
                    .toArray(Tensor[]::new)).max().item(), 0.01);
        assertEquals(List.of("inputWeight", "stateWeight", "bias"),
                List.copyOf(Rnn.of(new Rng(0), 1, 1).state().keySet()));
        assertEquals(List.of("inputWeight", "stateWeight", "inputBias", "stateBias"),
                List.copyOf(Gru.of(new Rng(0), 1, 1).state().keySet()));
    }

    @Test
    void nameThemselvesWhenShapesDoNotFit() {
        Rnn rnn = Rnn.of(new Rng(0), 2, 3);
        Gru gru = Gru.of(new Rng(0), 2, 3);
        for (var cell : List.of(rnn, gru)) {
            String name = cell.getClass().getSimpleName();
            for (Shape shape : new Shape[]{Shape.of(4, 2), Shape.of(4, 0, 2), Shape.of(4, 5, 3), Shape.SCALAR})
                assertSays(assertThrows(IllegalArgumentException.class,
                        () -> cell.forward(Tensor.zeros(shape.dims()))), name, shape.toString());
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> cell.step(Tensor.zeros(4, 2), cell.zeroState(5))), name, "the state has shape [5, 3]",
                    "must be [4, 3]", "[4, 2]");
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> cell.forward(Tensor.zeros(2, 6, 4), cell.zeroState(2))), name,
                    "the input has shape [2, 6, 4]", "must be [n, length, 2]");
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> cell.step(Tensor.zeros(4, 5), cell.zeroState(4))), name, "the input has shape [4, 5]",
                    "must be [n, 2]");
            assertSays(assertThrows(IllegalArgumentException.class, () -> cell.forward(Tensor.zeros(4, 5, 2),
                    cell.zeroState(4), Masks.lengths(4, 1, 2, 3, 4))), name, "mask [4, 4]", "[4, 5, 2]");
        }
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new Rnn(rnn.inputWeight(), rnn.stateWeight(), gru.inputBias())), "Rnn", "[2, 3]", "[9]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new Gru(gru.inputWeight(), gru.stateWeight(), gru.inputBias(), rnn.bias())), "Gru", "[2, 9]",
                "[3]");
    }
}
