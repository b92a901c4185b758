package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.List;
import java.util.concurrent.Executors;

/** Nothing is detached silently: a request for a gradient that does not exist throws, with the reason. */
class UnconnectedTest {
    private static final String CONSTANT = "the result is a constant: ";

    private final Variable w = new Variable("w", Tensor.scalar(DType.F64, 3));
    private final Variable other = new Variable("other", Tensor.scalar(DType.F64, 3));
    private final Tensor c = Tensor.scalar(DType.F64, 5);

    private static void assertSaysWhy(String why, GradientTape tape, Tensor y, Tensor x) {
        Gradients gradients = tape.gradient(y, List.of(x));
        String message = assertThrows(IllegalStateException.class, () -> gradients.of(x)).getMessage();
        assertTrue(message.startsWith("no gradient with respect to " + x.label() + ": "), message);
        assertTrue(message.contains(why), message);
        assertEquals(0, gradients.of(x, Unconnected.ZERO).item());
    }

    @Test
    void neverWatched() {
        try (var tape = new GradientTape()) {
            assertSaysWhy("it was not computed from a trainable Variable or from tape.watch(x)'s result", tape,
                    w.mul(c), c);
        }
    }

    @Test
    void watchedButItsResultNotUsed() {
        try (var tape = new GradientTape()) {
            tape.watch(c);
            assertSaysWhy("compute with tape.watch(x)'s result", tape, w.mul(c), c);
        }
    }

    @Test
    void notOnTheWay() {
        try (var tape = new GradientTape()) {
            other.square();
            assertSaysWhy("the result does not depend on it", tape, w.square(), other);
        }
    }

    @Test
    void neverUsed() {
        try (var tape = new GradientTape()) {
            assertSaysWhy("the result does not depend on it", tape, w.square(), other);
        }
    }

    @Test
    void notTrainable() {
        Variable mean = new Variable("mean", c, false);
        try (var tape = new GradientTape()) {
            assertSaysWhy("it is a variable that is not trainable", tape, w.mul(mean), mean);
        }
    }

    @Test
    void aResultOfConstants() {
        try (var tape = new GradientTape()) {
            assertSaysWhy(CONSTANT + "it was not computed from a trainable Variable", tape, c.square(), w);
        }
    }

    /** A constant has no gradient with respect to anything, even tensors that were never watched. */
    @Test
    void theReasonOfTheResultComesFirst() {
        try (var tape = new GradientTape().persistent()) {
            Tensor y = w.detach().square();
            assertSaysWhy(CONSTANT + "it was detached", tape, y, c);
            assertSaysWhy(CONSTANT + "it was detached", tape, y, w);
            for (Executable all : List.<Executable>of(() -> tape.gradients(y), y::backward))
                assertTrue(assertThrows(IllegalStateException.class, all).getMessage()
                        .contains(CONSTANT + "it was detached"));
        }
    }

    @Test
    void madeOutsideTheTape() {
        Tensor y = w.square();
        try (var tape = new GradientTape()) {
            assertSaysWhy(CONSTANT + "it was computed while no tape was open on this thread", tape, y, w);
        }
    }

    @Test
    void madeBeforeAnInnerTapeWasOpened() {
        try (var _ = new GradientTape()) {
            Tensor y = w.square();
            try (var inner = new GradientTape()) {
                assertSaysWhy(CONSTANT + "it was computed before this tape was opened", inner, y, w);
            }
        }
    }

    @Test
    void detached() {
        try (var tape = new GradientTape()) {
            assertSaysWhy(CONSTANT + "it was detached", tape, w.square().detach(), w);
        }
    }

    @Test
    void computedFromDetached() {
        try (var tape = new GradientTape()) {
            assertSaysWhy(CONSTANT + "it was detached", tape, w.square().detach().mul(c).exp(), w);
        }
    }

    @Test
    void madeFromAMask() {
        try (var tape = new GradientTape()) {
            assertSaysWhy(CONSTANT + "it was made from a mask, which has no derivative", tape, w.gt(0).to(DType.F64),
                    w);
        }
    }

    @Test
    void madeFromIntegers() {
        try (var tape = new GradientTape()) {
            Tensor y = w.reshape(1).argMax(0).to(DType.F64).mul(c);
            assertSaysWhy(CONSTANT + "it was made from integers, which have no derivative", tape, y, w);
        }
    }

    @Test
    void madeUnderATapeThatIsClosed() {
        Tensor y;
        try (var _ = new GradientTape()) {
            y = w.square();
        }
        try (var tape = new GradientTape()) {
            assertSaysWhy(CONSTANT + "it comes from a tape that is closed or was played back", tape, y, w);
            assertEquals(3, c.sub(2).item());
        }
        Tensor z = y.mul(c);
        try (var tape = new GradientTape()) {
            assertSaysWhy(CONSTANT + "it comes from a tape that is closed or was played back", tape, z, w);
        }
    }

    @Test
    void askedForATensorOfAClosedTape() {
        Tensor x;
        try (var tape = new GradientTape()) {
            x = tape.watch(c);
        }
        try (var tape = new GradientTape()) {
            assertSaysWhy("it comes from a tape that is closed", tape, x.mul(w), x);
        }
    }

    @Test
    void tensorComputedByAnotherThread() throws Exception {
        try (var _ = new GradientTape(); var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Tensor y = w.square();
            String computedIt = CONSTANT + Origin.name(Thread.currentThread()) + " computed it";
            pool.submit(() -> {
                try (var tape = new GradientTape()) {
                    assertSaysWhy(computedIt, tape, y, w);
                }
            }).get();
            pool.submit(() -> {
                try (var tape = new GradientTape()) {
                    assertSaysWhy(computedIt, tape, y.mul(c), w);
                }
            }).get();
        }
    }

    @Test
    void madeWhilePaused() {
        try (var tape = new GradientTape()) {
            assertSaysWhy(CONSTANT + "it was computed while recording was paused", tape,
                    GradientTape.paused(() -> w.square()), w);
        }
    }

    @Test
    void madeByTheTapesOwnPlayback() {
        try (var tape = new GradientTape().persistent()) {
            Tensor g = tape.gradient(w.square(), w);
            assertSaysWhy(CONSTANT + "it was made by a tape's own playback, which only an outer tape records", tape, g,
                    w);
        }
    }

    @Test
    void madeByTheTapesOwnPlaybackUnderAnOuterOne() {
        try (var outer = new GradientTape()) {
            try (var tape = new GradientTape().persistent()) {
                Tensor g = tape.gradient(w.square(), w);
                assertSaysWhy(CONSTANT + "it was made by a tape's own playback, which only an outer tape records", tape,
                        g,
                        w);
                assertEquals(2, outer.gradient(g, w).item());
            }
        }
    }

    @Test
    void reasonsAreThoseOfTheMomentAlsoAfterPausing() {
        GradientTape.paused(() -> w.square());
        Tensor outside = w.square();
        try (var tape = new GradientTape().persistent()) {
            assertSaysWhy("no tape was open", tape, outside, w);
            Tensor y = w.square();
            Tensor paused = GradientTape.paused(() -> {
                tape.gradient(y, w);
                return w.square();
            });
            assertSaysWhy("paused", tape, paused, w);
            paused = GradientTape.paused(() -> {
                try (var inner = new GradientTape()) {
                    inner.gradient(w.square(), w);
                }
                return w.square();
            });
            assertSaysWhy("paused", tape, paused, w);
        }
    }

    @Test
    void theReasonIsThatOfTheInputThatHadAGradientToLose() {
        Tensor ones = c.gt(0).to(DType.F64), y = ones.mul(w), z = w.mul(ones);
        try (var tape = new GradientTape().persistent()) {
            assertSaysWhy("no tape was open", tape, z, w);
            assertSaysWhy("no tape was open", tape, y, w);
        }
    }

    @Test
    void notAskedFor() {
        try (var tape = new GradientTape()) {
            Gradients g = tape.gradient(w.mul(other), List.of(w));
            String message = assertThrows(IllegalStateException.class, () -> g.of(other)).getMessage();
            assertEquals("no gradient with respect to variable other []: it was not asked for", message);
        }
    }

    @Test
    void gradientsOfAllAreThoseOfLeaves() {
        try (var tape = new GradientTape()) {
            Tensor h = w.square();
            Gradients g = tape.gradients(h.exp());
            String message = assertThrows(IllegalStateException.class, () -> g.of(h)).getMessage();
            assertTrue(message.contains("to ask for another tensor use tape.gradient(y, x)"), message);
        }
    }

    @Test
    void askingWritesNothingOnTheTape() {
        int[] lines = {0};
        Recorder counting = new Recorder() {
            @Override
            public void recorded(Node node) { lines[0]++; }
        };
        try (var tape = new GradientTape(counting)) {
            Tensor y = w.square();
            assertEquals(2, lines[0]);
            assertSaysWhy("the result does not depend on it", tape, y, other);
            assertEquals(2, lines[0]);
        }
    }
}
