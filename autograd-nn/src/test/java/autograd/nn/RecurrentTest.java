package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.nn.init.Init;

import org.junit.jupiter.api.Test;

import java.util.List;

class RecurrentTest {
    private static Recurrent<Lstm.State> lstm(int layers) {
        var rng = new Rng(layers);
        return Recurrent.bidirectional(layers, 2, 3, (in, width) -> Lstm.of(DType.F64, rng, in, width, Init.normal(1)));
    }

    @Test
    void layersFollowEachOther() {
        var rng = new Rng(0);
        Recurrent<Cell.Hidden> model = Recurrent.of(2, 2, 3, (in, width) -> Gru.of(rng, in, width));
        Tensor x = Tensor.randn(rng, 4, 5, 2);
        var below = model.cells().get(0).forward(x);
        var above = model.cells().get(1).forward(below.y());
        var output = model.run(x, null, Pass.EVAL);
        assertArrayEquals(above.y().toFloatArray(), output.y().toFloatArray());
        assertArrayEquals(above.y().toFloatArray(), model.forward(x).toFloatArray());
        assertArrayEquals(below.last().h().toFloatArray(), output.last().get(0).h().toFloatArray());
        assertArrayEquals(above.last().h().toFloatArray(), output.last().get(1).h().toFloatArray());
        assertEquals(List.of(), output.first());
    }

    @Test
    void theOtherDirectionStartsAtTheEnd() {
        Recurrent<Lstm.State> model = lstm(1);
        Tensor x = Tensor.randn(DType.F64, new Rng(1), 2, 4, 2);
        var output = model.run(x, null, Pass.EVAL);
        assertEquals(Shape.of(2, 4, 6), output.y().shape());
        Cell<Lstm.State> cell = model.reverse().get(0);
        Lstm.State state = cell.zeroState(2);
        for (int t = 3; t >= 0; t--) {
            state = cell.step(x.slice(1, t, t + 1).squeeze(1), state);
            assertArrayEquals(state.h().toDoubleArray(),
                    output.y().slice(1, t, t + 1).slice(2, 3, 6).toDoubleArray(), 1e-14);
        }
        assertArrayEquals(state.c().toDoubleArray(), output.first().get(0).c().toDoubleArray(), 1e-14);
        assertArrayEquals(model.cells().get(0).forward(x).y().toDoubleArray(),
                output.y().slice(2, 0, 3).toDoubleArray(), 1e-14);
    }

    /** A sequence in two parts, the second from the state after the first, is the whole one. */
    @Test
    void goesOnFromAState() {
        var rng = new Rng(5);
        Recurrent<Lstm.State> model = Recurrent.of(2, 2, 3, (in, width) -> Lstm.of(DType.F64, rng, in, width,
                Init.normal(1)));
        Tensor x = Tensor.randn(DType.F64, rng, 2, 5, 2);
        var whole = model.run(x, null, Pass.EVAL);
        var begin = model.run(x.slice(1, 0, 3), null, Pass.EVAL);
        var end = model.run(x.slice(1, 3, 5), null, begin.last(), Pass.EVAL);
        assertArrayEquals(whole.y().slice(1, 3, 5).toDoubleArray(), end.y().toDoubleArray(), 1e-14);
        assertArrayEquals(whole.last().get(1).c().toDoubleArray(), end.last().get(1).c().toDoubleArray(), 1e-14);
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> model.run(x, null, List.of(begin.last().get(0)), Pass.EVAL)), "Recurrent", "1 start states", "2");
    }

    /** What runs from the end starts there in its own state. */
    @Test
    void bothDirectionsStartInTheirStates() {
        Recurrent<Lstm.State> model = lstm(1);
        Tensor x = Tensor.randn(DType.F64, new Rng(1), 2, 4, 2);
        Lstm.State ahead = new Lstm.State(Tensor.full(DType.F64, 0.5, 2, 3), Tensor.full(DType.F64, 1, 2, 3)),
                back = new Lstm.State(Tensor.full(DType.F64, -0.5, 2, 3), Tensor.full(DType.F64, 2, 2, 3));
        Tensor y = model.run(x, null, List.of(ahead), List.of(back), Pass.EVAL).y();
        assertArrayEquals(model.cells().get(0).forward(x, ahead).y().toDoubleArray(),
                y.slice(2, 0, 3).toDoubleArray(), 1e-14);
        assertArrayEquals(model.reverse().get(0).forward(x.flip(1), back).y().flip(1).toDoubleArray(),
                y.slice(2, 3, 6).toDoubleArray(), 1e-14);
    }

    @Test
    void paddingChangesNothingInEitherDirection() {
        Recurrent<Lstm.State> model = lstm(2);
        Tensor x = Tensor.randn(DType.F64, new Rng(2), 2, 4, 2);
        var output = model.run(x, Masks.lengths(4, 4, 3), Pass.EVAL);
        var alone = model.run(x.slice(0, 1, 2).slice(1, 0, 3), null, Pass.EVAL);
        assertArrayEquals(alone.y().toDoubleArray(), output.y().slice(0, 1, 2).slice(1, 0, 3).toDoubleArray(), 1e-14);
        assertEquals(0, output.y().slice(0, 1, 2).slice(1, 3, 4).abs().max().item());
        for (int layer = 0; layer < 2; layer++) {
            assertArrayEquals(alone.last().get(layer).c().toDoubleArray(),
                    output.last().get(layer).c().slice(0, 1, 2).toDoubleArray(), 1e-14);
            assertArrayEquals(alone.first().get(layer).c().toDoubleArray(),
                    output.first().get(layer).c().slice(0, 1, 2).toDoubleArray(), 1e-14);
        }
    }

    @Test
    void dropoutIsBetweenLayersInTraining() {
        Recurrent<Lstm.State> two = lstm(2), one = lstm(1);
        Tensor x = Tensor.randn(DType.F64, new Rng(3), 2, 4, 2);
        var dropping = new Recurrent<>(two.cells(), two.reverse(), new Dropout(0.5));
        double[] sure = two.forward(x).toDoubleArray();
        assertArrayEquals(sure, dropping.forward(x).toDoubleArray());
        assertNotEquals(List.of(sure[0]),
                List.of(dropping.forward(x, Pass.training(new Rng(4))).toDoubleArray()[0]));
        assertArrayEquals(one.forward(x).toDoubleArray(), new Recurrent<>(one.cells(), one.reverse(), new Dropout(0.5))
                .forward(x, Pass.training(new Rng(4))).toDoubleArray());
    }

    @Test
    void itsGradientsAreItsSlopes() {
        var rng = new Rng(5);
        Recurrent<Cell.Hidden> model = Recurrent.bidirectional(2, 2, 2,
                (in, width) -> Rnn.of(DType.F64, rng, in, width, Init.normal(0.4)));
        Tensor x = Tensor.randn(DType.F64, rng, 2, 3, 2), g = Tensor.randn(DType.F64, rng, 2, 3, 4);
        Mask kept = Masks.lengths(3, 2, 3);
        Slope.assertGradients(() -> model.run(x, kept, Pass.EVAL).y().mul(g).sum(), model.variables());
        GradCheck.of(in -> model.forward(in)).verify(x);
    }

    @Test
    void itsStateHasPathsByLayerAndDirection() {
        assertEquals(List.of("cells.0.inputWeight", "cells.0.stateWeight", "cells.0.bias", "cells.1.inputWeight",
                "cells.1.stateWeight", "cells.1.bias", "reverse.0.inputWeight", "reverse.0.stateWeight",
                "reverse.0.bias", "reverse.1.inputWeight", "reverse.1.stateWeight", "reverse.1.bias"),
                List.copyOf(lstm(2).state().keySet()));
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        Recurrent<Lstm.State> model = lstm(1);
        for (Shape shape : new Shape[]{Shape.of(4, 2), Shape.of(4, 0, 2), Shape.of(4, 5, 3), Shape.SCALAR})
            assertSays(assertThrows(IllegalArgumentException.class, () -> model.forward(Tensor.zeros(shape.dims()))),
                    "Recurrent", shape.toString(), "[n, length, 2]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> model.run(Tensor.zeros(2, 3, 2), Masks.lengths(4, 1, 2), Pass.EVAL)), "Recurrent", "[2, 3, 2]",
                "mask [2, 4]");
        Lstm cell = Lstm.of(new Rng(0), 2, 3);
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new Recurrent<>(List.of(cell, cell), List.of(), new Dropout(0))), "Recurrent", "layer 1",
                "[2, 12]", "must take 3");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new Recurrent<>(List.of(cell), List.of(cell, cell), new Dropout(0))), "Recurrent", "1 cells",
                "2 in reverse");
    }

    @Test
    void masksMarkValidElements() {
        assertEquals(Mask.of(new boolean[]{true, false, false, true, true, true}, 2, 3), Masks.lengths(3, 1, 3));
        assertEquals(Shape.of(2, 1, 1, 3), Masks.keys(Masks.lengths(3, 1, 3)).shape());
        assertEquals(Mask.of(new boolean[]{true, false, false, true, false, false, true, false, false, true, false,
                false, true, true, false, true, true, true}, 2, 1, 3, 3), Masks.causal(Masks.lengths(3, 1, 3)));
        assertSays(assertThrows(IllegalArgumentException.class, () -> Masks.lengths(3, 4)), "lengths", "4", "0..3");
        assertSays(assertThrows(IllegalArgumentException.class, () -> Masks.keys(Mask.of(new boolean[2], 2))), "keys",
                "[2]", "[n, keys]");
    }
}
