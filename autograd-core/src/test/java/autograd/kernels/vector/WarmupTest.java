package autograd.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class WarmupTest {
    @Test
    void isDoneOnceTheLoopIsFast() {
        var calls = new AtomicInteger();
        var warmup = new Warmup(calls::incrementAndGet);
        assertFalse(warmup.isDone(1000));
        assertEquals(0, calls.get()); // so little work is not worth a compiler's time
        warmup.warm();
        assertTrue(calls.get() > 0);
        assertTrue(warmup.isDone(1));
    }

    @Test
    void aLoopThatStaysSlowIsTriedAgainAfterMoreWork() {
        var slow = new AtomicBoolean(true);
        var warmup = new Warmup(() -> {
            long begin = System.nanoTime();
            while (slow.get() && System.nanoTime() - begin < 5_000)
                Thread.onSpinWait();
        });
        warmup.warm();
        assertFalse(warmup.isDone(1));
        slow.set(false); // compiled after all
        assertFalse(warmup.isDone(1 << 30));
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            while (!warmup.isDone(1))
                Thread.onSpinWait();
        });
    }
}
