package autograd.array;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * An array that a {@link Scope} recycles, unless another owner keeps it first. The scope's thread and other
 * threads may race for it; one atomic change of {@code scope} decides.
 */
abstract sealed class PooledArray permits Storage, Elements {
    private static final AtomicReferenceFieldUpdater<PooledArray, Scope> SCOPE = AtomicReferenceFieldUpdater
            .newUpdater(PooledArray.class, Scope.class, "scope");

    /** The scope that will recycle the array; null if none will, {@link Scope#ENDED} if one did. */
    private volatile @Nullable Scope scope;
    /** The number of cotangents of the scope's playback that use the array, which is not recycled meanwhile. */
    int holds;
    private final int size;

    PooledArray(int size) { this.size = size; }

    /**
     * The number of elements.
     *
     * @return the length
     */
    public final int size() { return size; }

    /** Sets the owner, before other threads can see the array. */
    final void own(Scope by) { SCOPE.lazySet(this, by); }

    final boolean isOwnedBy(Scope by) { return scope == by; }

    /** Transfers the array to another scope or to none; false if the first scope no longer owns it. */
    final boolean pass(Scope from, @Nullable Scope to) {
        return SCOPE.compareAndSet(this, from, to);
    }

    /**
     * Takes the array, so that later readers get an exception. Returns null if the scope no longer owns it, or if
     * it is too short to be reused; then threads that still read it do no harm.
     */
    final @Nullable Object takeBack(Scope by) {
        if (size >= Pool.SHORT)
            return pass(by, Scope.ENDED) ? release() : null;
        if (scope == by) {
            SCOPE.lazySet(this, Scope.ENDED);
            release();
        }
        return null;
    }

    /** Drops and returns the array. */
    abstract @Nullable Object release();

    /** Leaves the array to the garbage collector, because it must outlive its scope. */
    public final void keep() {
        for (Scope owner = scope; owner != null; owner = scope) {
            if (owner == Scope.ENDED)
                throw released();
            if (pass(owner, null))
                return;
        }
    }

    /** Keeps the array if the current thread, which is about to read it, is not the thread of its scope. */
    final void look() {
        Scope owner = scope;
        if (owner != null && owner.thread != Thread.currentThread())
            keep();
    }

    static IllegalStateException released() {
        return new IllegalStateException("this tensor was made inside minimize(..) or under a scoped tape, and was "
                + "released when that ended; read what is needed inside, for example by item() or toFloatArray()");
    }
}
