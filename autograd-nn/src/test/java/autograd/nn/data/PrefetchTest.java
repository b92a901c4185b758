package autograd.nn.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

class PrefetchTest {
    private static final ThreadFactory NONE = _ -> {
        throw new OutOfMemoryError("no more threads");
    };

    @Test
    void whereNoThreadCanBeStartedTheOneThatAsksMakesTheItems() {
        Set<Thread> makers = ConcurrentHashMap.newKeySet();
        List<Integer> items = new ArrayList<>();
        new Prefetch<>(i -> {
            makers.add(Thread.currentThread());
            return i * i;
        }, 5, 2, NONE).forEachRemaining(items::add);
        assertEquals(List.of(0, 1, 4, 9, 16), items);
        assertEquals(Set.of(Thread.currentThread()), makers);
    }

    @Test
    void errorOfAFailingItemIsThrown() {
        Exception wrong = new IllegalStateException("wrong");
        var items = new Prefetch<>(i -> {
            if (i == 1)
                throw (IllegalStateException) wrong;
            return i;
        }, 3, 2, NONE);
        assertEquals(0, items.next());
        assertSame(wrong, assertThrows(IllegalStateException.class, items::next));
    }
}
