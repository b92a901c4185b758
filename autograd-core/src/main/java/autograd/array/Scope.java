package autograd.array;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stretch of work on one thread. It knows the storage made meanwhile, so that what is provably dead can be
 * used again. Scopes nest; storage belongs to the innermost.
 */
public final class Scope implements AutoCloseable {
    /** Arrays shorter than this cost less than the bookkeeping, unless a scope is there to release all. */
    private static final int SMALL = 256;
    /** After so many questions of a thread that has no scope, it looks whether threads died with theirs open. */
    private static final int SWEEP = 1 << 16;
    private static final PooledArray[] NONE = {};

    /** Stands for the scope of an array that was taken back. */
    static final Scope ENDED = new Scope();
    /** The open scopes of all threads that also release small arrays. */
    private static final Set<Scope> RELEASING = ConcurrentHashMap.newKeySet();

    private static final AtomicInteger OPEN = new AtomicInteger();

    /** The scopes of a thread. */
    private static final class Local {
        static final ThreadLocal<Local> OF_THREAD = ThreadLocal.withInitial(Local::new);

        @Nullable
        Scope innermost;
        int missed;
    }

    private final Local local;
    private final @Nullable Scope around;
    private final Scope outermost;
    final @Nullable Thread thread;
    private final boolean releasing;
    /** The pool that the outermost scope borrows on first use. */
    private @Nullable Pool pool;
    private PooledArray[] made = NONE;
    private int size;

    private Scope() {
        local = new Local();
        around = null;
        outermost = this;
        thread = null;
        releasing = true;
    }

    private Scope(boolean releasing) {
        local = Local.OF_THREAD.get();
        around = local.innermost;
        outermost = around == null ? this : around.outermost;
        thread = Thread.currentThread();
        this.releasing = releasing;
        if (releasing && RELEASING.add(this))
            OPEN.incrementAndGet();
        local.innermost = this;
    }

    /**
     * A scope whose end releases everything made under it: to read that later is an error.
     *
     * @return an open scope
     */
    public static Scope releasing() { return new Scope(true); }

    /**
     * A scope that releases storage on request; at its end the rest belongs to the enclosing scope, or to the
     * user.
     *
     * @return an open scope
     */
    public static Scope recycling() { return new Scope(false); }

    /** The scope on this thread that is to know of an array of so many elements; null if there is none. */
    static @Nullable Scope of(int size) {
        return size < SMALL && OPEN.get() == 0 ? null : current();
    }

    /** Whether what this thread makes now is released by a scope, however small. */
    static boolean releasesAll() {
        return OPEN.get() != 0 && current() != null;
    }

    private static @Nullable Scope current() {
        Local local = Local.OF_THREAD.get();
        if (local.innermost == null && ++local.missed % SWEEP == 0)
            sweep();
        return local.innermost;
    }

    /** Forgets the scopes of threads that ended before they closed them. */
    private static void sweep() {
        for (Scope scope : RELEASING)
            if (!scope.thread.isAlive() && RELEASING.remove(scope)) {
                OPEN.decrementAndGet();
                if (scope.pool != null)
                    Pool.forget(scope.pool);
            }
    }

    /** The number of open scopes, on all threads, that release everything. */
    static int openReleasing() {
        return OPEN.get();
    }

    /** The arrays that this thread can use again. */
    Pool pool() {
        Pool lent = outermost.pool;
        return lent == null ? outermost.pool = Pool.lend() : lent;
    }

    void add(PooledArray memory) {
        memory.own(this);
        list(memory);
    }

    private void list(PooledArray memory) {
        if (size == made.length)
            made = Arrays.copyOf(made, 2 * size + 8);
        made[size++] = memory;
    }

    /**
     * The number of storages made so far.
     *
     * @return a position for {@link #releaseFrom}
     */
    public int mark() { return size; }

    /**
     * Recycles storage that was made after a position and is not {@link #retain retained}.
     *
     * @param mark
     *            the position
     */
    public void releaseFrom(int mark) {
        if (mark == size)
            return; // usual for small arrays, which no scope needs to know
        int kept = mark;
        for (int i = mark; i < size; i++) {
            PooledArray m = made[i];
            if (m.isOwnedBy(this) && m.holds > 0)
                made[kept++] = m;
            else
                recycle(m);
        }
        Arrays.fill(made, kept, size, null);
        size = kept;
    }

    /** Gives an array to the pool, unless it was kept or recycled before. */
    private void recycle(PooledArray m) {
        Object array = m.takeBack(this);
        if (array != null)
            pool().give(array);
    }

    /**
     * Retains an array for a cotangent: its storage, if made under this scope, is not recycled until it is
     * released.
     *
     * @param x
     *            any array
     */
    public void retain(NdArray x) {
        Storage s = x.known();
        if (s != null && s.isOwnedBy(this))
            s.holds++;
    }

    /**
     * Releases an array that was retained; the last release recycles its storage.
     *
     * @param x
     *            an array that was retained
     */
    public void release(NdArray x) {
        Storage s = x.known();
        if (s != null && s.isOwnedBy(this) && --s.holds == 0)
            recycle(s);
    }

    /**
     * Gives storage that is made until {@link #resume} to the enclosing scope, if any.
     */
    public void suspend() { local.innermost = around; }

    /** Owns new storage again. */
    public void resume() { local.innermost = this; }

    @Override
    public void close() {
        local.innermost = around;
        if (releasing && RELEASING.remove(this))
            OPEN.decrementAndGet();
        try {
            for (int i = 0; i < size; i++)
                if (releasing)
                    recycle(made[i]);
                else if (made[i].pass(this, around) && around != null)
                    around.list(made[i]);
        } finally {
            if (pool != null)
                Pool.giveBack(pool);
            pool = null;
        }
    }
}
