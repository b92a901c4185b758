package autograd;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tapes that are left open: the end of an enclosing tape closes them, and no gradient is lost silently.
 */
class OpenTapesTest {
    private final Variable w = new Variable("w", Tensor.of(DType.F64, 1, 2, 3));

    /** Every test leaves the thread without open tapes. */
    @AfterEach
    void noTapeIsOpen() { assertThrows(IllegalStateException.class, () -> w.sum().backward()); }

    /** A helper that forgets to close its tape. */
    private static GradientTape leave() { return new GradientTape(); }

    @Test
    void closingATapeClosesTapesOpenedAfterIt() {
        GradientTape inner, innermost;
        try (var outer = new GradientTape()) {
            inner = leave();
            innermost = leave().scoped();
            assertEquals(12, outer.gradient(w.square().sum(), w).sum().item());
        }
        for (GradientTape each : List.of(inner, innermost)) {
            assertThrows(IllegalStateException.class, each::nodes);
            each.close(); // does no harm
        }
    }

    @Test
    void closingATapeInBetweenLeavesTheOuterOneRecording() {
        try (var outer = new GradientTape(); var between = new GradientTape()) {
            Tensor y = w.square();
            leave();
            between.close();
            assertSame(outer, GradientTape.innermost());
            assertArrayEquals(new double[]{2, 4, 6}, outer.gradient(y.sum(), w).toDoubleArray());
        }
    }

    @Test
    void aFunctionThatFailsAfterOpeningATapeLeavesNothing() {
        for (int i = 0; i < 3; i++) {
            assertThrows(ArithmeticException.class, () -> {
                try (var _ = new GradientTape()) {
                    leave();
                    throw new ArithmeticException("on purpose");
                }
            });
            noTapeIsOpen();
        }
    }

    @Test
    void endOfAPauseClosesTapesOpenedInside() {
        try (var tape = new GradientTape()) {
            Tensor y = GradientTape.paused(() -> {
                leave();
                return w.square();
            });
            assertSame(tape, GradientTape.innermost());
            assertEquals(14, tape.gradient(w.mul(y).sum(), w).sum().item());
        }
    }

    @Test
    void playbackClosesTapesOpenedByAHook() {
        for (boolean scoped : new boolean[]{true, false})
            try (var tape = new GradientTape()) {
                Tensor y = w.onGradient(g -> {
                    Tensor twice = g.mul(2);
                    if (scoped)
                        leave().scoped();
                    else
                        leave();
                    return twice;
                }).sum();
                assertEquals(6, tape.gradient(y, w).sum().item());
                assertSame(tape, GradientTape.innermost());
            }
    }

    @Test
    void aCheckpointClosesTapesOfItsFunction() {
        var f = Functional.checkpoint(in -> {
            leave();
            return in[0].square();
        });
        try (var tape = new GradientTape()) {
            Tensor y = f.of(w).sum();
            assertSame(tape, GradientTape.innermost());
            assertEquals(12, tape.gradient(y, w).sum().item());
            assertSame(tape, GradientTape.innermost());
        }
    }

    @Test
    void tapeCannotBeClosedDuringAPauseOrPlayback() {
        try (var outer = new GradientTape(); var tape = new GradientTape().persistent()) {
            for (GradientTape each : List.of(outer, tape)) {
                Supplier<Tensor> close = () -> {
                    each.close();
                    return w;
                };
                Tensor y = w.onGradient(_ -> close.get()).sum();
                for (Executable body : List.<Executable>of(() -> GradientTape.paused(close), () -> tape.gradients(y))) {
                    String message = assertThrows(IllegalStateException.class, body).getMessage();
                    assertTrue(message.startsWith("close: this tape cannot be closed while"), message);
                }
            }
            assertEquals(12, tape.gradient(w.square().sum(), w).sum().item());
        }
    }

    /** Opens and closes levels in any order, and compares with a list of the levels that should be open. */
    @Property
    void threadHasNoOpenTapes(@ForAll @Size(max = 12) List<Integer> choices) {
        GradientTape.paused(() -> {
            walk(new ArrayDeque<>(choices), new ArrayList<>());
            return w;
        });
        noTapeIsOpen();
    }

    private void walk(Deque<Integer> choices, List<GradientTape> open) {
        List<GradientTape> here = new ArrayList<>(open);
        while (!choices.isEmpty()) {
            switch (Math.floorMod(choices.pop(), 6)) {
                case 0 -> here.add(leave());
                case 1 -> {
                    try (var tape = new GradientTape()) {
                        here.add(tape);
                        walk(choices, here);
                        here.removeLast();
                    }
                }
                case 2 -> GradientTape.paused(() -> {
                    walk(choices, here);
                    return w;
                });
                case 3 -> {
                    try (var tape = new GradientTape()) {
                        here.add(tape);
                        Tensor y = w.onGradient(g -> {
                            walk(choices, here);
                            return g;
                        });
                        assertEquals(3, tape.gradient(y.sum(), w).sum().item());
                        here.removeLast();
                    }
                }
                case 4 -> {
                    if (here.size() > open.size())
                        here.removeLast().close();
                }
                default -> {
                    return;
                }
            }
            if (here.isEmpty())
                noTapeIsOpen();
            else
                assertSame(here.getLast(), GradientTape.innermost());
        }
    }

    // ---- unreachable tapes

    private static void collect() {
        System.gc(); // the default collectors clear references to what is unreachable before this returns
    }

    private void lose(Recorder recorder) {
        GradientTape lost = new GradientTape(recorder);
        w.square();
        assertEquals(2, lost.nodes().size());
    }

    @Test
    void aLostTapeIsAnErrorAtTheNextOperationAndThenGone() {
        List<Executable> next = List.of(() -> w.mul(2), () -> w.exp(), () -> Tensor.concat(0, w, w),
                () -> w.detach().add(1), () -> new GradientTape().close(), () -> w.backward(w));
        for (Executable each : next) {
            lose(Recorder.NONE);
            collect();
            String message = assertThrows(IllegalStateException.class, each).getMessage();
            assertTrue(message.contains("never closed") && message.contains("try (")
                    && message.contains(Origin.name(Thread.currentThread())), message);
            noTapeIsOpen();
            assertEquals(2, w.mul(2).get(0));
        }
    }

    @Test
    void lostTapeUnderAnotherTapeIsDetected() {
        lose(Recorder.NONE);
        try (var later = new GradientTape()) {
            collect();
            assertThrows(IllegalStateException.class, () -> w.mul(2));
            assertThrows(IllegalStateException.class, () -> later.gradients(w.sum())); // closed with the other
        }
    }

    @Test
    void aTapeThatCanBeReachedIsNotLost() {
        GradientTape held = leave();
        Tensor y = w.square();
        collect();
        assertEquals(12, held.gradient(y.sum(), w).sum().item());
        held.close();
    }

    @Test
    void enclosingTapeClosesALostTape() {
        try (var tape = new GradientTape()) {
            lose(Recorder.NONE);
        }
        collect();
        assertDoesNotThrow(() -> w.mul(2));
    }
}
