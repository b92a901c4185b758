package autograd.array;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The arrays that one thread has given back, by length. A fresh array costs its zeros and a cold cache: 4 MB
 * take 150 us and more, from here next to nothing.
 */
final class Pool {
    /** Arrays shorter than this cost less than the bookkeeping, unless a scope is there to release all. */
    static final int SMALL = 256;
    /** Arrays shorter than this are made as fast as they are found. */
    private static final int SHORT = 32;
    /** So many bytes are kept for later at most; one more, and all are left to the garbage collector. */
    private static final long LIMIT = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

    /** How many scopes are open, on any thread, that small arrays matter to as well. */
    static final AtomicInteger STRICT = new AtomicInteger();

    private static final ThreadLocal<Pool> OF_THREAD = ThreadLocal.withInitial(Pool::new);

    private final Used<float[]> floats = new Used<>(Float.BYTES);
    private final Used<double[]> doubles = new Used<>(Double.BYTES);
    private final Used<int[]> ints = new Used<>(Integer.BYTES);
    private final Used<boolean[]> booleans = new Used<>(1);
    private long bytes;
    @Nullable
    Scope innermost;

    /** Arrays of one type. */
    private final class Used<A> {
        /** The lengths there are, ascending, and the arrays of each: a map would make an object for each question. */
        private int[] lengths = new int[0];
        private final List<ArrayDeque<A>> lists = new ArrayList<>();
        private final int width;

        Used(int width) { this.width = width; }

        /** One of them, if there is one and it is worth it. */
        @Nullable
        A poll(int size) {
            int at = size < SHORT ? -1 : Arrays.binarySearch(lengths, size);
            A used = at < 0 ? null : lists.get(at).poll();
            if (used != null)
                bytes -= (long) size * width;
            return used;
        }

        void push(A used, int size) {
            long more = (long) size * width;
            if (size < SHORT || more > LIMIT)
                return;
            if (bytes + more > LIMIT) // rare, and sizes that are no longer asked for must not stay for ever
                Pool.this.clear();
            int at = Arrays.binarySearch(lengths, size);
            if (at < 0) {
                at = -at - 1;
                insert(at, size);
            }
            lists.get(at).push(used);
            bytes += more;
        }

        private void insert(int at, int size) {
            lists.add(at, new ArrayDeque<>());
            int[] longer = Arrays.copyOf(lengths, lengths.length + 1);
            System.arraycopy(lengths, at, longer, at + 1, lengths.length - at);
            longer[at] = size;
            lengths = longer;
        }

        void clear() {
            lists.clear();
            lengths = new int[0];
        }
    }

    private void clear() {
        floats.clear();
        doubles.clear();
        ints.clear();
        booleans.clear();
        bytes = 0;
    }

    static Pool current() { return OF_THREAD.get(); }

    /** Whether what this thread makes now is released by a scope, however small. */
    static boolean releasesAll() {
        return STRICT.get() != 0 && current().innermost != null;
    }

    /** This thread's, if a scope is to know of an array of so many elements. */
    private static @Nullable Pool of(int size) {
        if (size < SMALL && STRICT.get() == 0)
            return null;
        Pool pool = current();
        return pool.innermost == null ? null : pool;
    }

    private static <M extends Memory> M known(@Nullable Pool pool, M made) {
        Scope scope = pool == null ? null : pool.innermost;
        if (scope != null)
            scope.add(made);
        return made;
    }

    static Storage storage(DType dtype, int size, boolean zeros) {
        Pool pool = of(size);
        if (dtype == DType.F32) {
            float[] used = pool == null ? null : pool.floats.poll(size);
            if (used != null && zeros)
                Arrays.fill(used, 0);
            return known(pool, new Storage.F32(used == null ? new float[size] : used));
        }
        double[] used = pool == null ? null : pool.doubles.poll(size);
        if (used != null && zeros)
            Arrays.fill(used, 0);
        return known(pool, new Storage.F64(used == null ? new double[size] : used));
    }

    static Elements<int[]> ints(int size) {
        Pool pool = of(size);
        int[] used = pool == null ? null : pool.ints.poll(size);
        return known(pool, new Elements<>(used == null ? new int[size] : used));
    }

    static Elements<boolean[]> booleans(int size) {
        Pool pool = of(size);
        boolean[] used = pool == null ? null : pool.booleans.poll(size);
        return known(pool, new Elements<>(used == null ? new boolean[size] : used));
    }

    /** Takes over an array that nobody can read any more. */
    void give(Memory memory) {
        Object numbers = memory.release();
        if (numbers instanceof float[] used)
            floats.push(used, used.length);
        else if (numbers instanceof double[] used)
            doubles.push(used, used.length);
        else if (numbers instanceof int[] used)
            ints.push(used, used.length);
        else if (numbers instanceof boolean[] used)
            booleans.push(used, used.length);
    }
}
