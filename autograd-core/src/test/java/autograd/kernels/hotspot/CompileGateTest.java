package autograd.kernels.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class CompileGateTest {
    @Test
    void opensOnceTheLoopIsFast() {
        var calls = new AtomicInteger();
        var warmup = new CompileGate(() -> calls::incrementAndGet);
        assertFalse(warmup.isOpen(1000));
        assertEquals(0, calls.get()); // so little work is not worth a compiler's time
        warmup.warmUp();
        assertTrue(calls.get() > 0);
        assertTrue(warmup.isOpen(1));
    }

    @Test
    void warmsUpHereWhereNoThreadCanBeStarted() {
        for (Error error : List.of(new OutOfMemoryError("no more threads"), new OutOfMemoryError())) {
            var gate = new CompileGate(() -> () -> {});
            gate.warmUp(_ -> {
                throw error;
            });
            assertTrue(gate.isOpen(1));
        }
    }

    @Test
    void staysShutIfTheLoopStaysSlow() {
        var warmup = new CompileGate(() -> CompileGateTest::slow);
        warmup.warmUp();
        assertFalse(warmup.isOpen(1));
    }

    /** Work starts the first warm-up, which stays slow; more work starts the second. */
    @Test
    void aLoopThatWasSlowIsTriedAgainAfterMoreWork() {
        var calls = new AtomicInteger();
        var warmup = new CompileGate(() -> () -> {
            if (calls.incrementAndGet() <= CompileGate.MAX_CALLS)
                slow();
        });
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            while (!warmup.isOpen(1 << 20))
                Thread.onSpinWait();
        });
        assertTrue(calls.get() > CompileGate.MAX_CALLS);
    }

    @Test
    void opensAfterSoMuchWorkIfThereIsNothingToWarmUp() {
        var gate = new CompileGate(1000);
        assertFalse(gate.isOpen(600));
        assertTrue(gate.isOpen(400));
        assertTrue(gate.isOpen(1));
        assertTrue(new CompileGate(1000).isOpen(1000), "as much at once");
    }

    private static void slow() {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 5_000)
            Thread.onSpinWait();
    }
}
