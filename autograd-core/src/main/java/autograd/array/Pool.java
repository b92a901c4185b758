package autograd.array;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The arrays of numbers that one thread has given back, by length. A fresh array costs its zeros and a cold
 * cache: 4 MB take 150 us and more, from here next to nothing.
 */
final class Pool {
    /** Arrays shorter than this cost less than the bookkeeping. */
    static final int SMALL = 256;
    /** So many bytes are kept for later at most; one more, and all are left to the garbage collector. */
    private static final long LIMIT = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

    /** How many scopes are open, on any thread, that small arrays matter to as well. */
    static final AtomicInteger STRICT = new AtomicInteger();

    private static final ThreadLocal<Pool> OF_THREAD = ThreadLocal.withInitial(Pool::new);

    private final Map<Integer, ArrayDeque<float[]>> floats = new HashMap<>();
    private final Map<Integer, ArrayDeque<double[]>> doubles = new HashMap<>();
    private final Map<Integer, ArrayDeque<int[]>> ints = new HashMap<>();
    private long bytes;
    @Nullable
    Scope innermost;

    static Pool current() { return OF_THREAD.get(); }

    /** Whether what this thread makes now is released by a scope, however small. */
    static boolean releasesAll() {
        return STRICT.get() != 0 && current().innermost != null;
    }

    static Storage storage(DType dtype, int size, boolean zeros) {
        if (size < SMALL && STRICT.get() == 0)
            return fresh(dtype, size);
        Pool pool = current();
        Scope scope = pool.innermost;
        if (scope == null)
            return fresh(dtype, size);
        Storage storage = size < SMALL ? fresh(dtype, size) : pool.take(dtype, size, zeros);
        scope.add(storage);
        return storage;
    }

    private static Storage fresh(DType dtype, int size) {
        return dtype == DType.F32 ? new Storage.F32(new float[size]) : new Storage.F64(new double[size]);
    }

    private Storage take(DType dtype, int size, boolean zeros) {
        if (dtype == DType.F32) {
            float[] used = poll(floats, size, Float.BYTES);
            if (used != null && zeros)
                Arrays.fill(used, 0);
            return used == null ? fresh(dtype, size) : new Storage.F32(used);
        }
        double[] used = poll(doubles, size, Double.BYTES);
        if (used != null && zeros)
            Arrays.fill(used, 0);
        return used == null ? fresh(dtype, size) : new Storage.F64(used);
    }

    static Ints ints(int size) {
        Pool pool = current();
        int[] used = pool.innermost == null || size < SMALL ? null : pool.poll(pool.ints, size, Integer.BYTES);
        Ints made = new Ints(used == null ? new int[size] : used);
        if (pool.innermost != null)
            pool.innermost.add(made);
        return made;
    }

    private <T> @Nullable T poll(Map<Integer, ArrayDeque<T>> lists, int size, int width) {
        ArrayDeque<T> list = lists.get(size);
        T used = list == null ? null : list.poll();
        if (used != null)
            bytes -= (long) size * width;
        return used;
    }

    /** Takes over numbers that nobody can read any more. */
    void give(Memory memory) {
        Object numbers = memory.release();
        if (numbers instanceof float[] used && used.length >= SMALL)
            push(floats, used, used.length, Float.BYTES);
        else if (numbers instanceof double[] used && used.length >= SMALL)
            push(doubles, used, used.length, Double.BYTES);
        else if (numbers instanceof int[] used && used.length >= SMALL)
            push(ints, used, used.length, Integer.BYTES);
    }

    private <T> void push(Map<Integer, ArrayDeque<T>> lists, T used, int size, int width) {
        long more = (long) size * width;
        if (bytes + more > LIMIT) { // rare, and sizes that are no longer asked for must not stay for ever
            floats.clear();
            doubles.clear();
            ints.clear();
            bytes = 0;
        }
        if (more > LIMIT)
            return;
        lists.computeIfAbsent(size, _ -> new ArrayDeque<>()).push(used);
        bytes += more;
    }
}
