package autograd.kernels.vector.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

class TeamTest {
    private static void assertOnceEach(int parts) {
        AtomicIntegerArray times = new AtomicIntegerArray(parts);
        Team.run(parts, times::incrementAndGet);
        for (int i = 0; i < parts; i++)
            assertEquals(1, times.get(i), "part " + i + " of " + parts);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 64, 1000})
    void everyPartRunsOnce(int parts) {
        for (int i = 0; i < 200; i++)
            assertOnceEach(parts);
    }

    @Test
    void writesOfTasksAreVisibleToTheCaller() {
        int[] x = new int[500];
        for (int round = 1; round <= 200; round++) {
            int r = round;
            Team.run(x.length, i -> x[i] += r);
            for (int v : x)
                assertEquals(r * (r + 1) / 2, v);
        }
    }

    @Test
    void exceptionOfATaskReachesTheCaller() {
        Exception wrong = new IllegalStateException("wrong");
        Error worse = new AssertionError("worse");
        for (int at = 0; at < 20; at++) {
            int bad = at;
            assertSame(wrong, assertThrows(IllegalStateException.class, () -> Team.run(20, i -> {
                if (i == bad)
                    throw (IllegalStateException) wrong;
            })));
            assertSame(worse, assertThrows(AssertionError.class, () -> Team.run(20, i -> {
                if (i == bad)
                    throw (AssertionError) worse;
            })));
            assertOnceEach(20);
        }
    }

    @Test
    void aPartMayCallTheTeam() {
        AtomicIntegerArray times = new AtomicIntegerArray(30 * 20);
        Team.run(30, i -> Team.run(20, j -> times.incrementAndGet(20 * i + j)));
        for (int i = 0; i < times.length(); i++)
            assertEquals(1, times.get(i), "part " + i);
    }

    private static void assertManyCallers(ExecutorService callers) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        try (callers) {
            for (int i = 0; i < 50; i++)
                all.add(callers.submit(() -> {
                    for (int n = 0; n < 100; n++)
                        assertOnceEach(n);
                }));
        }
        for (Future<?> one : all)
            one.get();
        assertOnceEach(10);
    }

    @Test
    void manyThreadsMayCallAtOnce() throws Exception {
        assertManyCallers(Executors.newFixedThreadPool(8));
        assertManyCallers(Executors.newVirtualThreadPerTaskExecutor());
    }

    @Test
    void helpersAreDaemonsAndNoMoreThanAsked() {
        assertOnceEach(100);
        List<Thread> helpers = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().matches("autograd-\\d+")).toList();
        assertEquals(Team.threads() - 1, helpers.size());
        assertTrue(helpers.stream().allMatch(Thread::isDaemon));
    }

    @Test
    void afterAHelperWasLateTheCallerWorksAlone() {
        try {
            Team.judge(1_000_000, 2_000_000); // not late: a part takes longer than that
            assertFalse(Team.isAlone());
            Team.judge(1_000_000_000, 1_000);
            Set<Thread> who = ConcurrentHashMap.newKeySet();
            Team.run(1000, _ -> who.add(Thread.currentThread()));
            assertEquals(Set.of(Thread.currentThread()), who);
        } finally {
            Team.judge(0, 0);
        }
        assertFalse(Team.isAlone());
    }

    private static int started(int count, ThreadFactory factory) { return Team.Worker.start(count, factory).length; }

    @Test
    void helpersThatCannotBeStartedAreDoneWithout() {
        AtomicInteger made = new AtomicInteger();
        ThreadFactory idle = work -> new Thread(() -> {});
        assertEquals(0, started(3, _ -> {
            throw new OutOfMemoryError("no more threads");
        }));
        assertEquals(0, started(3, _ -> {
            throw new SecurityException("no more threads");
        }));
        assertEquals(0, started(3, _ -> null)); // a factory may say no in this way, too
        assertEquals(1, started(3, work -> made.incrementAndGet() > 1 ? null : idle.newThread(work)));
        assertEquals(3, started(3, idle));
    }
}
