package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;

import org.junit.jupiter.api.Test;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Which objects a tape holds, and when it releases them. */
class TapeMemoryTest {
    private static final int DEEP = 1_000_000;

    private final Variable w = new Variable("w", Tensor.of(DType.F64, 1, 2, 3));

    /** Whether the object has become unreachable. */
    private static boolean isFree(WeakReference<?> reference) {
        for (int tries = 0; tries < 50 && reference.get() != null; tries++)
            System.gc();
        return reference.get() == null;
    }

    /** Computes f(h) from an intermediate h that is forgotten at once, and keeps the result in a list. */
    private WeakReference<Object> throughIntermediate(List<Tensor> results, Function<Tensor, Tensor> f) {
        Tensor h = w.exp();
        results.add(f.apply(h));
        return new WeakReference<>(h.array());
    }

    @Test
    void aMillionOperationsDeep() {
        Variable x = new Variable("x", Tensor.scalar(DType.F64, 5));
        try (var tape = new GradientTape()) {
            Tensor y = x;
            for (int i = 0; i < DEEP; i++)
                y = y.neg();
            assertEquals(1, tape.gradient(y, x).item());
        }
    }

    @Test
    void aMillionOperationsDeepAndKept() {
        Variable x = new Variable("x", Tensor.scalar(DType.F64, 5));
        try (var tape = new GradientTape().persistent()) {
            Tensor y = x;
            for (int i = 0; i < DEEP; i++)
                y = y.neg();
            assertEquals(1, tape.gradient(y, x).item());
            assertEquals(10, tape.gradient(y.square(), x).item());
        }
    }

    /** A list keeps the capacity of its longest recording, so the thread gets a new list. */
    @Test
    void aThreadDoesNotKeepRoomForALongRecording() throws ReflectiveOperationException {
        Object before = record(100);
        assertSame(before, record(1000), "a short list is used again");
        record(200_000);
        assertNotSame(before, record(1), "the room of a long list was kept");
    }

    /** Records a number of nodes and returns their list. */
    private Object record(int lines) throws ReflectiveOperationException {
        try (var tape = new GradientTape()) {
            Tensor y = w;
            for (int i = 1; i < lines; i++)
                y = y.neg();
            var nodes = Recording.class.getDeclaredField("nodes");
            nodes.setAccessible(true);
            Object list = nodes.get(Recording.current());
            assertEquals(lines == 1 ? 0 : lines, ((List<?>) list).size()); // w gets its line on first use
            return list;
        }
    }

    @Test
    void openTapeHoldsNeededTensors() {
        List<Tensor> results = new ArrayList<>();
        try (var tape = new GradientTape()) {
            WeakReference<Object> h = throughIntermediate(results, x -> x.square().sum());
            System.gc();
            assertNotNull(h.get());
            double[] expected = {2 * Math.exp(2), 2 * Math.exp(4), 2 * Math.exp(6)};
            assertArrayEquals(expected, tape.gradient(results.getFirst(), w).toDoubleArray(), 1e-10);
        }
    }

    @Test
    void aClosedTapeHoldsNothingEvenIfTheResultIsHeld() {
        List<Tensor> results = new ArrayList<>();
        WeakReference<Object> h;
        var tape = new GradientTape();
        try (tape) {
            h = throughIntermediate(results, x -> x.square().sum());
        }
        assertTrue(isFree(h));
        assertEquals(Math.exp(2) + Math.exp(4) + Math.exp(6), results.getFirst().item(), 1e-10);
        assertThrows(IllegalStateException.class, () -> tape.gradients(results.getFirst()));
    }

    @Test
    void aClosedPersistentTapeHoldsNothingEvenIfGradientsAreHeld() {
        WeakReference<Object> h;
        Gradients g;
        try (var tape = new GradientTape().persistent()) {
            List<Tensor> results = new ArrayList<>();
            h = throughIntermediate(results, x -> x.square().sum());
            g = tape.gradients(results.getFirst());
        }
        assertTrue(isFree(h));
        assertTrue(g.has(w));
    }

    @Test
    void aClosedTapeDoesNotHoldItsVariables() {
        WeakReference<Variable> local = useLocalVariable();
        assertTrue(isFree(local));
    }

    private static WeakReference<Variable> useLocalVariable() {
        Variable v = new Variable(Tensor.ones(3));
        try (var tape = new GradientTape()) {
            assertEquals(3, tape.gradient(v.mul(v).sum(), v).sum().mul(0.5).item());
        }
        return new WeakReference<>(v);
    }

    @Test
    void playbackFreesNodes() {
        List<Tensor> results = new ArrayList<>();
        try (var tape = new GradientTape()) {
            WeakReference<Object> h = throughIntermediate(results, x -> x.square().sum());
            Tensor y = results.getFirst();
            Node line = y.node();
            assertEquals("sum", line.op().name());
            tape.gradients(y);
            assertTrue(isFree(h));
            assertEquals(Math.exp(2) + Math.exp(4) + Math.exp(6), y.item(), 1e-10);
            assertThrows(IllegalStateException.class, line::inputs);
            assertThrows(IllegalStateException.class, line::output);
        }
    }

    @Test
    void tensorsHeldByTheUserStayValid() {
        Tensor h, g;
        try (var tape = new GradientTape()) {
            h = w.square();
            g = tape.gradient(h.mul(h).sum(), h);
            assertArrayEquals(new double[]{1, 4, 9}, h.toDoubleArray());
        }
        assertArrayEquals(new double[]{1, 4, 9}, h.toDoubleArray());
        assertArrayEquals(new double[]{2, 8, 18}, g.toDoubleArray());
        assertArrayEquals(new double[]{2, 5, 10}, h.add(1).toDoubleArray());
    }

    @Test
    void anInnerTapesPlaybackFreesNothingWhileAnOuterOneIsOpen() {
        List<Tensor> results = new ArrayList<>();
        WeakReference<Object> h;
        try (var outer = new GradientTape()) {
            try (var inner = new GradientTape()) {
                h = throughIntermediate(results, x -> x.square().sum());
                inner.gradients(results.getFirst());
            }
            System.gc();
            assertNotNull(h.get());
            assertTrue(outer.gradients(results.getFirst()).has(w));
        }
        assertTrue(isFree(h));
    }

    @Test
    void tapeOpenedWhilePausedReleasesNodesWhenClosed() {
        List<Tensor> results = new ArrayList<>();
        try (var outer = new GradientTape()) {
            Tensor y = w.square().sum();
            WeakReference<Object> h = GradientTape.paused(() -> {
                try (var _ = new GradientTape()) {
                    return throughIntermediate(results, x -> x.square().sum());
                }
            });
            assertTrue(isFree(h));
            assertArrayEquals(new double[]{2, 4, 6}, outer.gradient(y, w).toDoubleArray());
        }
    }

    @Test
    void playbackOfItFreesNodesWhenNoOtherTapeRecords() {
        List<Tensor> results = new ArrayList<>();
        try (var _ = new GradientTape()) {
            GradientTape.paused(() -> {
                try (var alone = new GradientTape()) {
                    WeakReference<Object> h = throughIntermediate(results, x -> x.square().sum());
                    Tensor g = alone.gradient(results.getFirst(), w);
                    assertTrue(isFree(h));
                    assertNull(g.node());
                    return g;
                }
            });
        }
    }

    @Test
    void aPersistentTapeKeepsEverything() {
        try (var tape = new GradientTape().persistent()) {
            Tensor y = w.exp().square().sum();
            tape.gradients(y);
            assertFalse(y.node().inputs().isEmpty());
            assertEquals(y, y.node().output());
        }
    }

    @Test
    void nodesSayThatTheyWereLetGo() {
        Tensor y;
        try (var _ = new GradientTape()) {
            y = w.square();
        }
        String message = assertThrows(IllegalStateException.class, y.node()::inputs).getMessage();
        assertEquals("the tape no longer holds node 1, square: it was played back or closed; "
                + "use new GradientTape().persistent() to play or read it more than once", message);
    }
}
