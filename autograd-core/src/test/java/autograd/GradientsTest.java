package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Requests to a tape, and their results. */
class GradientsTest {
    private final Variable a = new Variable("a", Tensor.of(DType.F64, 1, 2, 3));
    private final Variable b = new Variable("b", Tensor.scalar(DType.F64, 2));
    private final Variable unused = new Variable("unused", Tensor.of(DType.F64, 7, 8));

    @Test
    void askingForOneForSomeOrForAllIsTheSame() {
        try (var tape = new GradientTape().persistent()) {
            Tensor x = tape.watch(Tensor.of(DType.F64, 4, 5, 6));
            Tensor y = a.mul(b).mul(x).sum();
            Gradients all = tape.gradients(y), some = tape.gradient(y, List.of(x, a, b));
            for (Tensor t : List.of(a, b, x)) {
                assertArrayEquals(tape.gradient(y, t).toDoubleArray(), all.of(t).toDoubleArray());
                assertArrayEquals(some.of(t).toDoubleArray(), all.of(t).toDoubleArray());
                assertEquals(t.shape(), all.of(t).shape());
            }
            assertArrayEquals(new double[]{8, 10, 12}, all.of(a).toDoubleArray());
            assertEquals(32, all.of(b).item());
            assertArrayEquals(new double[]{2, 4, 6}, all.of(x).toDoubleArray());
        }
    }

    @Test
    void anIntermediateResultHasAGradientToo() {
        try (var tape = new GradientTape()) {
            Tensor h = a.square(), y = h.mul(b).sum();
            Gradients g = tape.gradient(y, List.of(h, y));
            assertArrayEquals(new double[]{2, 2, 2}, g.of(h).toDoubleArray());
            assertEquals(1, g.of(y).item());
        }
    }

    @Test
    void aVariableIsItsOwnGradientOne() {
        try (var tape = new GradientTape()) {
            assertEquals(1, tape.gradient(b, b).item());
        }
    }

    @Test
    void aCotangentWeighsTheElementsOfTheResult() {
        try (var tape = new GradientTape().persistent()) {
            Tensor y = a.square(), g = Tensor.of(DType.F64, 1, -1, 10);
            assertArrayEquals(new double[]{2, -4, 60}, tape.gradients(y, g).of(a).toDoubleArray());
            assertArrayEquals(new double[]{2, -4, 60}, tape.gradient(y, g, List.of(a)).of(a).toDoubleArray());
        }
    }

    @Test
    void anyTensorWithOneElementNeedsNoCotangent() {
        try (var tape = new GradientTape()) {
            Tensor y = a.sum().reshape(1, 1);
            assertArrayEquals(new double[]{1, 1, 1}, tape.gradient(y, a).toDoubleArray());
        }
    }

    @Test
    void variablesAreThoseAskedForInOrder() {
        try (var tape = new GradientTape()) {
            Gradients g = tape.gradient(a.sum().mul(b), List.of(b, unused, a));
            assertEquals(List.of(b, unused, a), g.variables());
            assertEquals("Gradients[variable b [], variable unused [2], variable a [3]]", g.toString());
        }
    }

    @Test
    void elseVariablesAreThoseTheResultDependsOn() {
        try (var tape = new GradientTape()) {
            unused.square();
            assertEquals(List.of(b, a), tape.gradients(a.sum().mul(b)).variables());
        }
    }

    @Test
    void hasTellsWhetherTheResultDependsOnATensor() {
        try (var tape = new GradientTape()) {
            Gradients g = tape.gradient(a.sum(), List.of(a, unused));
            assertTrue(g.has(a));
            assertFalse(g.has(unused));
        }
    }

    @Test
    void unconnectedGradientCanBeZero() {
        try (var tape = new GradientTape()) {
            Gradients g = tape.gradient(a.sum(), List.of(a, unused));
            assertThrows(IllegalStateException.class, () -> g.of(unused));
            Tensor zero = g.of(unused, Unconnected.ZERO);
            assertArrayEquals(new double[2], zero.toDoubleArray());
            assertEquals(DType.F64, zero.dtype());
            assertArrayEquals(new double[]{1, 1, 1}, g.of(a, Unconnected.ZERO).toDoubleArray());
        }
    }

    @Test
    void gradientOfAnUnrequestedTensorIsAnError() {
        try (var tape = new GradientTape().persistent()) {
            Tensor h = a.square(), y = h.sum().mul(b);
            Gradients some = tape.gradient(y, List.of(a));
            assertThrows(IllegalStateException.class, () -> some.of(b, Unconnected.ZERO));
            Gradients all = tape.gradients(y);
            assertThrows(IllegalStateException.class, () -> all.of(h, Unconnected.ZERO));
        }
    }

    @Test
    void gradientsOfAllIncludeWatchedTensorsThatWereTracked() {
        try (var _ = new GradientTape()) {
            Tensor h = a.square();
            try (var inner = new GradientTape()) {
                Tensor x = inner.watch(h);
                assertArrayEquals(new double[]{2, 8, 18}, inner.gradients(x.square().sum()).of(x).toDoubleArray());
            }
        }
    }

    @Test
    void gradientHasTheShapeOfItsTensorEvenIfBroadcast() {
        Variable row = new Variable(Tensor.ones(DType.F64, 1, 3)), column = new Variable(Tensor.ones(DType.F64, 2, 1));
        try (var tape = new GradientTape()) {
            Gradients g = tape.gradients(row.add(column).mul(b).sum());
            assertEquals(Shape.of(1, 3), g.of(row).shape());
            assertEquals(Shape.of(2, 1), g.of(column).shape());
            assertArrayEquals(new double[]{4, 4, 4}, g.of(row).toDoubleArray());
            assertArrayEquals(new double[]{6, 6}, g.of(column).toDoubleArray());
            assertEquals(12, g.of(b).item());
        }
    }

    @Test
    void gradientHasTheDtypeOfItsTensor() {
        Variable single = new Variable(Tensor.of(1, 2));
        try (var tape = new GradientTape()) {
            Tensor g = tape.gradient(single.to(DType.F64).square().sum(), single);
            assertSame(DType.F32, g.dtype());
            assertArrayEquals(new double[]{2, 4}, g.toDoubleArray());
        }
    }

    // ---- what a playback leaves out

    @Test
    void onlyWhatLeadsToAGradientThatWasAskedForIsPlayedBack() {
        List<String> played = new ArrayList<>();
        Recorder recorder = new Recorder() {
            @Override
            public void played(Node node, Tensor g, Tensor[] shares) { played.add(node.op().name()); }
        };
        try (var tape = new GradientTape(recorder).persistent()) {
            Tensor h = a.exp(), y = h.mul(b.tanh().mul(unused.sum())).sum();
            tape.gradient(y, b);
            assertEquals(List.of("sum", "mul", "mul", "tanh"), played);
            played.clear();
            tape.gradient(y, List.of(unused));
            assertEquals(List.of("sum", "mul", "mul", "sum"), played);
            played.clear();
            tape.gradients(y);
            assertEquals(6, played.size());
        }
    }
}
