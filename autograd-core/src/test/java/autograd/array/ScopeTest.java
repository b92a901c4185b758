package autograd.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Which buffers a scope recycles, on one thread and on several. */
class ScopeTest {
    private static final int N = 1000;

    private static NdArray filled(double value) {
        NdArray x = NdArray.zeros(DType.F32, Shape.of(N));
        Arrays.fill(x.storage().borrowFloats(), (float) value);
        return x;
    }

    private static float[] repeated(double value) {
        float[] x = new float[N];
        Arrays.fill(x, (float) value);
        return x;
    }

    /** Runs a task on a new thread. */
    private static void elsewhere(Runnable body) throws InterruptedException {
        Thread.ofPlatform().start(body).join();
    }

    @Test
    void anArrayIsUsedAgainOnceItsScopeEnds() {
        float[] first;
        try (var _ = Scope.releasing()) {
            first = Storage.empty(DType.F32, N).borrowFloats();
        }
        try (var _ = Scope.releasing()) {
            assertSame(first, Storage.empty(DType.F32, N).borrowFloats());
            assertNotSame(first, Storage.empty(DType.F32, N).borrowFloats());
        }
    }

    @Test
    void arrayReadByAnotherThreadIsNotRecycled() throws InterruptedException {
        NdArray read, other;
        try (var _ = Scope.releasing()) {
            read = filled(3);
            other = filled(4);
            elsewhere(read::storage);
        }
        try (var _ = Scope.releasing()) {
            for (int i = 0; i < 5; i++)
                filled(i);
            assertArrayEquals(repeated(3), read.storage().floats());
            assertThrows(IllegalStateException.class, other::storage);
        }
    }

    @Test
    void requestedArrayIsNotRecycled() {
        float[] floats;
        double[] doubles;
        int[] positions;
        boolean[] holds;
        try (var _ = Scope.releasing()) {
            floats = Storage.zeros(DType.F32, N).floats();
            doubles = Storage.zeros(DType.F64, N).doubles();
            positions = Elements.ints(N).data();
            holds = Elements.booleans(N).data();
            Arrays.fill(positions, 7);
            Arrays.fill(holds, true);
        }
        try (var _ = Scope.releasing()) {
            for (int i = 0; i < 5; i++) {
                assertNotSame(floats, Storage.empty(DType.F32, N).borrowFloats());
                assertNotSame(doubles, Storage.empty(DType.F64, N).borrowDoubles());
                assertNotSame(positions, Elements.ints(N).borrow());
                assertNotSame(holds, Elements.booleans(N).borrow());
            }
        }
        assertArrayEquals(new float[N], floats);
        assertArrayEquals(new double[N], doubles);
        assertEquals(7 * N, Arrays.stream(positions).sum());
        assertTrue(holds[0] && holds[N - 1]);
    }

    @Test
    void requestedArrayOfAVariableIsNotUpdated() {
        Storage s = Storage.zeros(DType.F32, N);
        assertFalse(s.isShared());
        s.floats();
        assertTrue(s.isShared());
    }

    @Test
    void masksAndIndicesAreNotReleased() throws InterruptedException {
        Elements<int[]> positions, others;
        Elements<boolean[]> holds;
        try (var _ = Scope.releasing()) {
            positions = Elements.ints(N);
            others = Elements.ints(N);
            holds = Elements.booleans(N);
            Arrays.fill(positions.borrow(), 7);
            Arrays.fill(holds.borrow(), true);
            elsewhere(positions::borrow);
            elsewhere(holds::borrow);
        }
        try (var _ = Scope.releasing()) {
            Arrays.fill(Elements.ints(N).borrow(), 1);
            Arrays.fill(Elements.booleans(N).borrow(), false);
        }
        assertEquals(7 * N, Arrays.stream(positions.data()).sum());
        assertTrue(holds.data()[N - 1]);
        assertThrows(IllegalStateException.class, others::data);
    }

    /** Another thread reads the right numbers or gets an error, at any time, but never other numbers. */
    @ParameterizedTest
    @ValueSource(ints = {1, 40, 5000})
    void aThreadThatReadsWhileTheScopeEndsGetsTheNumbersOrAnError(int n) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
            for (int round = 0; round < 2000; round++) {
                float value = round + 1;
                NdArray x;
                Future<Float> seen;
                CountDownLatch begun = new CountDownLatch(1);
                try (var _ = Scope.releasing()) {
                    x = NdArray.zeros(DType.F32, Shape.of(n));
                    Arrays.fill(x.storage().borrowFloats(), value);
                    NdArray shown = x;
                    seen = pool.submit(() -> {
                        begun.countDown();
                        return read(shown, value);
                    });
                    if (round % 2 == 0)
                        begun.await();
                }
                try (var _ = Scope.releasing()) {
                    Arrays.fill(NdArray.zeros(DType.F32, Shape.of(n)).storage().borrowFloats(), -1);
                    assertEquals(value, seen.get());
                }
            }
        }
    }

    private static float read(NdArray x, float ifReleased) {
        try {
            float[] numbers = x.storage().borrowFloats();
            float least = Float.POSITIVE_INFINITY;
            for (int times = 0; times < 3; times++)
                for (float v : numbers)
                    least = Math.min(least, v); // NaN stays
            return least;
        } catch (IllegalStateException _) {
            return ifReleased;
        }
    }

    @Test
    void cotangentsOfOtherScopesAreNotCounted() throws InterruptedException {
        NdArray x;
        try (Scope scope = Scope.recycling()) {
            x = filled(3);
            scope.retain(x);
            elsewhere(() -> {
                try (Scope other = Scope.recycling()) {
                    other.retain(x);
                    other.release(x);
                    other.release(x);
                }
            });
            scope.releaseFrom(0);
            assertArrayEquals(repeated(3), x.storage().borrowFloats());
            scope.release(x);
            assertThrows(IllegalStateException.class, x::storage);
        }
    }

    @Test
    void tensorKeptByAnOuterScopeStays() throws InterruptedException {
        NdArray x;
        try (var _ = Scope.releasing()) {
            try (var _ = Scope.recycling()) {
                x = filled(3);
                elsewhere(x::keep);
            }
        }
        assertArrayEquals(repeated(3), x.storage().floats());
    }

    @Test
    void keepingARecycledArrayIsAnError() {
        NdArray x;
        try (var _ = Scope.releasing()) {
            x = filled(3);
        }
        assertThrows(IllegalStateException.class, x::keep);
    }

    @Test
    void aThreadThatEndsWithItsScopeOpenIsForgotten() throws InterruptedException {
        int open = Scope.openReleasing();
        elsewhere(() -> {
            Scope.releasing();
            filled(3);
        });
        assertEquals(open + 1, Scope.openReleasing());
        for (int i = 0; i < 1 << 17; i++)
            assertNull(Scope.of(1));
        assertTrue(Scope.openReleasing() <= open);
    }
}
