package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Wrong use of a tape throws an exception that names the expected and the actual state. */
class TapeMisuseTest {
    private static final String PLAYED = "this tape was played back already and has let go of what it held; "
            + "use new GradientTape().persistent() to play or read it more than once";

    private final Variable w = new Variable("w", Tensor.of(DType.F64, 1, 2, 3));
    private final Tensor g = Tensor.ones(DType.F64, 3);

    private static void assertFails(Class<? extends Exception> type, String message, Executable body) {
        assertEquals(message, assertThrows(type, body).getMessage());
    }

    private static void assertFails(String message, Executable body) {
        assertFails(IllegalStateException.class, message, body);
    }

    @Test
    void askingAClosedTape() {
        var tape = new GradientTape();
        Tensor y = w.sum();
        tape.close();
        String closed = "gradient: this tape is closed; ask inside its try block";
        assertFails(closed, () -> tape.gradient(y, w));
        assertFails(closed, () -> tape.gradient(y, List.of(w)));
        assertFails(closed, () -> tape.gradient(w, g, List.of(w)));
        assertFails(closed, () -> tape.gradients(y));
        assertFails(closed, () -> tape.gradients(w, g));
        assertFails("watch: this tape is closed; ask inside its try block", () -> tape.watch(g));
    }

    @Test
    void closingTwiceDoesNoHarm() {
        try (var outer = new GradientTape()) {
            Tensor y = w.sum();
            try (var inner = new GradientTape()) {
                inner.close();
            }
            assertEquals(3, outer.gradient(y, w).sum().item());
        }
    }

    @Test
    void backwardWithoutATape() {
        String none = "backward() needs an open tape on this thread: try (var tape = new GradientTape()) { .. }";
        assertFails(none, () -> w.sum().backward());
        assertFails(none, () -> w.backward(g));
    }

    @Test
    void aSecondPass() {
        try (var tape = new GradientTape()) {
            Tensor y = w.sum(), z = w.square().sum();
            tape.gradient(y, w);
            assertFails(PLAYED, () -> tape.gradient(y, w));
            assertFails(PLAYED, () -> tape.gradients(z));
            assertFails(PLAYED, z::backward);
        }
    }

    @Test
    void aSecondPassAfterBackward() {
        try (var tape = new GradientTape()) {
            Tensor y = w.sum();
            y.backward();
            assertFails(PLAYED, y::backward);
            assertFails(PLAYED, () -> tape.gradient(y, w));
        }
    }

    @Test
    void aSecondPassUnderAnOuterTapeThoughNothingWasFreed() {
        try (var _ = new GradientTape(); var inner = new GradientTape()) {
            Tensor y = w.sum();
            inner.gradient(y, w);
            assertFails(PLAYED, () -> inner.gradient(y, w));
        }
    }

    @Test
    void askingToKeepTooLate() {
        try (var tape = new GradientTape()) {
            Tensor y = w.exp().sum();
            tape.gradient(y, w);
            tape.persistent();
            Gradients late = tape.gradient(y, List.of(w));
            String message = assertThrows(IllegalStateException.class, () -> late.of(w)).getMessage();
            assertTrue(message.contains("it comes from a tape that is closed or was played back"), message);
        }
    }

    @Test
    void failedRequestDoesNotPlayTheTape() {
        try (var tape = new GradientTape()) {
            Tensor y = w.square();
            assertThrows(IllegalArgumentException.class, () -> tape.gradient(y, w));
            assertThrows(IllegalArgumentException.class, () -> tape.gradients(y, Tensor.ones(3)));
            assertEquals(12, tape.gradient(y.sum(), w).sum().item());
        }
    }

    @Test
    void resultWithSeveralNumbersNeedsACotangent() {
        String message = "the gradient of a tensor of shape [3] needs a cotangent of that shape; "
                + "or reduce it to a single number, for example by sum()";
        try (var tape = new GradientTape()) {
            Tensor y = w.square();
            assertFails(IllegalArgumentException.class, message, y::backward);
            assertFails(IllegalArgumentException.class, message, () -> tape.gradient(y, w));
            assertFails(IllegalArgumentException.class, message, () -> tape.gradient(y, List.of(w)));
            assertFails(IllegalArgumentException.class, message, () -> tape.gradients(y));
        }
    }

    @Test
    void aCotangentOfTheWrongShape() {
        String message = "the cotangent has shape [3, 1] f64, the result [3] f64; they must be the same";
        try (var tape = new GradientTape()) {
            Tensor y = w.square(), column = g.reshape(3, 1);
            assertFails(IllegalArgumentException.class, message, () -> y.backward(column));
            assertFails(IllegalArgumentException.class, message, () -> tape.gradients(y, column));
            assertFails(IllegalArgumentException.class, message, () -> tape.gradient(y, column, List.of(w)));
        }
    }

    @Test
    void aCotangentOfTheWrongDtype() {
        try (var tape = new GradientTape()) {
            assertFails(IllegalArgumentException.class,
                    "the cotangent has shape [3] f32, the result [3] f64; they must be the same",
                    () -> tape.gradients(w.square(), Tensor.ones(3)));
        }
    }

    @Test
    void usingATapeFromAnotherThread() throws Exception {
        try (var tape = new GradientTape(); var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Tensor y = w.sum();
            String here = Origin.name(Thread.currentThread());
            pool.submit(() -> {
                String there = Origin.name(Thread.currentThread());
                for (Executable use : List.<Executable>of(() -> tape.gradient(y, w), () -> tape.gradients(w, g),
                        () -> tape.watch(g), tape::nodes, tape::close)) {
                    String message = assertThrows(IllegalStateException.class, use).getMessage();
                    assertTrue(message.contains(here) && message.contains(there), message);
                }
                return null;
            }).get();
            assertEquals(3, tape.gradient(y, w).sum().item());
        }
    }

    @Test
    void backwardOnAThreadWithoutATape() {
        try (var _ = new GradientTape(); var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Tensor y = w.sum();
            var failure = assertThrows(ExecutionException.class, () -> pool.submit(() -> y.backward()).get());
            assertTrue(failure.getCause().getMessage().startsWith("backward() needs an open tape on this thread"));
        }
    }

    @Test
    void tapeRecordsAfterARuleFailed() {
        Op.Unary fragile = new Op.Unary() {
            @Override
            public autograd.array.NdArray forward(autograd.array.NdArray... in) { return in[0]; }

            @Override
            public Tensor vjp(Tensor g, Tensor x, Tensor y) { throw new ArithmeticException("on purpose"); }
        };
        try (var tape = new GradientTape().persistent()) {
            Tensor y = w.apply(fragile).sum();
            assertFails(ArithmeticException.class, "on purpose", () -> tape.gradient(y, w));
            assertEquals(12, tape.gradient(w.square().sum(), w).sum().item());
        }
    }
}
