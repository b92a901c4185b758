package autograd.array;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Arrays that were given back, by length. A fresh array costs its zeros and a cold cache: 4 MB take 150 us
 * and more, from here next to nothing. A pool belongs to one thread while that has a {@link Scope} open, then
 * waits for the next; all pools together have one bound.
 */
final class Pool {
    /** Arrays shorter than this are made as fast as they are found. */
    static final int SHORT = 32;
    /** So many bytes are kept for later by all pools together. */
    private static final long LIMIT = Runtime.getRuntime().maxMemory() / 8;
    /** A pool asks for so many at a time, so that it seldom asks. */
    private static final long CHUNK = LIMIT / 64;
    /** So many pools can be at work at a time. */
    private static final int MOST = Runtime.getRuntime().availableProcessors();

    private static final ArrayDeque<Pool> IDLE = new ArrayDeque<>(MOST + 1);
    /** The maximal number of bytes of all pools, borrowed or idle. */
    private static long reserved;

    private final Used<float[]> floats = new Used<>(Float.BYTES);
    private final Used<double[]> doubles = new Used<>(Double.BYTES);
    private final Used<int[]> ints = new Used<>(Integer.BYTES);
    private final Used<boolean[]> booleans = new Used<>(1);
    /** The number of bytes that this pool holds, and its maximum. */
    private long bytes, room;

    private Pool() {}

    static Storage storage(DType dtype, int size, boolean zeros) {
        Scope scope = Scope.of(size);
        Pool pool = of(scope, size);
        if (dtype == DType.F32) {
            float[] used = pool == null ? null : pool.floats.poll(size);
            if (used != null && zeros)
                Arrays.fill(used, 0);
            return known(scope, new Storage.F32(used == null ? new float[size] : used));
        }
        double[] used = pool == null ? null : pool.doubles.poll(size);
        if (used != null && zeros)
            Arrays.fill(used, 0);
        return known(scope, new Storage.F64(used == null ? new double[size] : used));
    }

    static Elements<int[]> ints(int size) {
        Scope scope = Scope.of(size);
        Pool pool = of(scope, size);
        int[] used = pool == null ? null : pool.ints.poll(size);
        return known(scope, new Elements<>(used == null ? new int[size] : used));
    }

    static Elements<boolean[]> booleans(int size) {
        Scope scope = Scope.of(size);
        Pool pool = of(scope, size);
        boolean[] used = pool == null ? null : pool.booleans.poll(size);
        return known(scope, new Elements<>(used == null ? new boolean[size] : used));
    }

    private static @Nullable Pool of(@Nullable Scope scope, int size) {
        return scope == null || size < SHORT ? null : scope.pool();
    }

    private static <M extends PooledArray> M known(@Nullable Scope scope, M made) {
        if (scope != null)
            scope.add(made);
        return made;
    }

    /** Takes over an array that is no longer readable. */
    void give(Object array) {
        assert poisoned(array);
        if (array instanceof float[] used) // a switch over types takes 15 ms to link
            floats.push(used, used.length);
        else if (array instanceof double[] used)
            doubles.push(used, used.length);
        else if (array instanceof int[] used)
            ints.push(used, used.length);
        else if (array instanceof boolean[] used)
            booleans.push(used, used.length);
        else
            throw new IllegalArgumentException(array.toString());
    }

    /** With assertions on, whoever still reads an array that was given back is to be noticed. */
    private static boolean poisoned(Object array) {
        switch (array) {
            case float[] used -> Arrays.fill(used, Float.NaN);
            case double[] used -> Arrays.fill(used, Double.NaN);
            case int[] used -> Arrays.fill(used, Integer.MIN_VALUE);
            case boolean[] used -> Arrays.fill(used, true);
            default -> {
            }
        }
        return true;
    }

    /** A pool for one thread: the one that was used last, whose arrays are still in caches. */
    static synchronized Pool lend() {
        Pool idle = IDLE.poll();
        return idle == null ? new Pool() : idle;
    }

    /** Takes a pool back from a thread. */
    static synchronized void giveBack(Pool pool) {
        reserved -= pool.room - pool.bytes;
        pool.room = pool.bytes;
        IDLE.push(pool);
        if (IDLE.size() > MOST)
            forget(IDLE.removeLast());
    }

    /** Leaves the arrays of a pool to the garbage collector. */
    static synchronized void forget(Pool pool) {
        reserved -= pool.room;
    }

    /** Reserves more bytes for a pool; if necessary, takes them from pools that no thread uses. */
    private static synchronized boolean reserve(Pool pool, long more) {
        while (reserved + more > LIMIT && !IDLE.isEmpty())
            forget(IDLE.removeLast());
        if (reserved + more > LIMIT)
            return false;
        reserved += more;
        pool.room += more;
        return true;
    }

    /** Whether an array fits; if not, drops the arrays of the pool to make room. */
    private boolean makeRoom(long more) {
        long lacking = bytes + more - room;
        if (lacking <= 0 || reserve(this, Math.max(lacking, CHUNK)))
            return true;
        clear(); // rare, and sizes that are no longer asked for must not stay for ever
        return more <= room;
    }

    /** Arrays of one type. */
    private final class Used<A> {
        /** The lengths there are, ascending, and the arrays of each: a map would make an object for each question. */
        private int[] lengths = new int[0];
        private final List<ArrayDeque<A>> lists = new ArrayList<>();
        private final int width;

        Used(int width) { this.width = width; }

        /** One of them, if there is one. */
        @Nullable
        A poll(int size) {
            int at = Arrays.binarySearch(lengths, size);
            A used = at < 0 ? null : lists.get(at).poll();
            if (used != null)
                bytes -= (long) size * width;
            return used;
        }

        void push(A used, int size) {
            long more = (long) size * width;
            if (more > LIMIT || !makeRoom(more))
                return;
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
}
