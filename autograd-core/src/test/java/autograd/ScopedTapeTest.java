package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.Rng;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A scoped tape releases the tensors that were made while it was open, and nothing else. */
class ScopedTapeTest {
    private static Variable variable(int n) { return new Variable("w", Tensor.randn(new Rng(n), n, n)); }

    private static void assertReleased(Tensor t) {
        String message = assertThrows(IllegalStateException.class, t::toDoubleArray).getMessage();
        assertTrue(message.contains("released") && message.contains("read what is needed inside"), message);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 30})
    void tensorsMadeInsideAreReleasedForAllSizes(int n) {
        Variable w = variable(n);
        Tensor h, view, g;
        try (var tape = new GradientTape().scoped()) {
            h = w.exp();
            view = h.transpose();
            g = tape.gradient(h.matmul(view).sum(), w);
            assertEquals(n * n, g.toDoubleArray().length);
        }
        assertReleased(h);
        assertReleased(view);
        assertReleased(g);
        assertThrows(IllegalStateException.class, () -> h.add(1));
        assertThrows(IllegalStateException.class, h::toString);
        assertEquals(List.of(n, n), List.of(h.shape().dim(0), h.shape().dim(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 30})
    void masksAndPositionsToo(int n) {
        Variable w = variable(n);
        Mask positive, negative;
        IntTensor best;
        try (var _ = new GradientTape().scoped()) {
            positive = w.gt(0);
            negative = positive.not();
            best = w.argMax(0);
            assertEquals(n * n, positive.count() + negative.count());
            assertEquals(n, best.toArray().length);
        }
        List.<Executable>of(positive::toArray, negative::count, best::toArray).forEach(read -> {
            String message = assertThrows(IllegalStateException.class, read).getMessage();
            assertTrue(message.contains("released"), message);
        });
        assertEquals(n * n, w.gt(0).or(w.le(0)).count());
    }

    @Test
    void tensorsMadeBeforeStay() {
        Variable w = variable(30);
        Tensor before = w.add(1);
        double[] values = before.toDoubleArray();
        try (var tape = new GradientTape().scoped()) {
            tape.gradient(w.mul(before).reshape(900).square().sum(), w);
        }
        assertArrayEquals(values, before.toDoubleArray());
    }

    @Test
    void valuesOfVariablesStay() {
        Variable w = variable(30), mean = new Variable("mean", Tensor.zeros(30, 30), false);
        Variable made;
        try (var _ = new GradientTape().scoped()) {
            Tensor h = w.exp();
            mean.assign(h);
            Tensor view = mean.transpose(); // so that the next change needs fresh storage
            mean.assign(h.mul(2));
            made = new Variable("made", h);
            view.mul(w).sum().backward();
            w.update((s, g) -> s[0] -= 0.1 * g, w.grad());
        }
        assertArrayEquals(made.mul(2).toFloatArray(), mean.toFloatArray());
        assertEquals(900, w.grad().toFloatArray().length);
        assertEquals(900, w.toFloatArray().length);
    }

    @Test
    void anOuterTapeHoldsEverything() {
        Variable w = variable(30);
        try (var outer = new GradientTape()) {
            Tensor h;
            try (var _ = new GradientTape().scoped()) {
                h = w.exp();
            }
            assertArrayEquals(h.mul(2).toDoubleArray(), outer.gradient(h.square().sum(), w).div(h).toDoubleArray(),
                    1e-5);
        }
    }

    @Test
    void aTapeWithinReleasesOnlyItsOwn() {
        Variable w = variable(30);
        Tensor outside, inside;
        try (var _ = new GradientTape().scoped()) {
            outside = GradientTape.paused(() -> w.exp());
            inside = GradientTape.paused(() -> {
                try (var inner = new GradientTape().scoped()) {
                    return inner.gradient(w.mul(w).sum(), w);
                }
            });
            assertReleased(inside);
            assertEquals(900, outside.toDoubleArray().length);
        }
        assertReleased(outside);
    }

    @Test
    void anExceptionReleasesToo() {
        Variable w = variable(30);
        List<Tensor> made = new ArrayList<>();
        assertThrows(ArithmeticException.class, () -> {
            try (var _ = new GradientTape().scoped()) {
                made.add(w.exp());
                throw new ArithmeticException();
            }
        });
        assertReleased(made.getFirst());
        assertEquals(900, w.exp().toDoubleArray().length);
    }

    @Test
    void otherThreadsAreNotConcerned() throws InterruptedException {
        Variable w = variable(30);
        List<Tensor> made = new ArrayList<>();
        try (var _ = new GradientTape().scoped()) {
            Thread other = Thread.ofVirtual().start(() -> made.add(w.exp()));
            other.join();
        }
        assertArrayEquals(w.exp().toDoubleArray(), made.getFirst().toDoubleArray());
    }

    /** New and recycled buffers give the same bits. */
    @Test
    void gradientsAreTheSame() {
        Variable w = variable(30);
        Supplier<Tensor> loss = () -> w.tanh().matmul(w.sigmoid()).add(w).softmax(1).cumsum(0).mul(w).sum();
        Tensor fresh;
        try (var tape = new GradientTape(new Recorder() {
        })) {
            fresh = tape.gradient(loss.get(), w);
        }
        for (int i = 0; i < 5; i++)
            try (var tape = new GradientTape().scoped()) {
                assertArrayEquals(fresh.toDoubleArray(), tape.gradient(loss.get(), w).toDoubleArray());
            }
    }

    @Test
    void onlyAnOpenTapeCanBeScoped() {
        var tape = new GradientTape();
        assertSame(tape, tape.scoped().scoped());
        tape.close();
        assertThrows(IllegalStateException.class, tape::scoped);
    }
}
