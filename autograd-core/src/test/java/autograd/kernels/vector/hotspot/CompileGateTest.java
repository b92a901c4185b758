package autograd.kernels.vector.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

class CompileGateTest {
    @Test
    void isDoneOnceTheLoopIsFast() {
        var calls = new AtomicInteger();
        var warmup = new CompileGate(0, _ -> calls::incrementAndGet);
        assertFalse(warmup.isDone(1000));
        assertEquals(0, calls.get()); // so little work is not worth a compiler's time
        warmup.warm();
        assertTrue(calls.get() > 0);
        assertTrue(warmup.isDone(1));
    }

    @Test
    void isNeverDoneIfTheLoopStaysSlow() {
        var warmup = new CompileGate(0, _ -> CompileGateTest::slow);
        warmup.warm();
        assertFalse(warmup.isDone(1));
    }

    /** Work starts the first try, which is slow to its end, and more of it the second. */
    @Test
    void aLoopThatWasSlowIsTriedAgainAfterMoreWork() {
        var calls = new AtomicInteger();
        var warmup = new CompileGate(0, _ -> () -> {
            if (calls.incrementAndGet() <= CompileGate.MOST)
                slow();
        });
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            while (!warmup.isDone(1 << 20))
                Thread.onSpinWait();
        });
        assertTrue(calls.get() > CompileGate.MOST);
    }

    private static void slow() {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 5_000)
            Thread.onSpinWait();
    }
}
