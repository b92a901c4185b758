package autograd.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

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
    void isNeverDoneIfTheLoopStaysSlow() {
        var warmup = new Warmup(() -> {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 5_000)
                Thread.onSpinWait();
        });
        warmup.warm();
        assertFalse(warmup.isDone(1));
    }
}
