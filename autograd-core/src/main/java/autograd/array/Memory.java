package autograd.array;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * An array that a {@link Scope} takes back, unless somebody keeps it first. The scope's thread and others may
 * race for it: one step from one value of {@code scope} to the next decides.
 */
abstract sealed class Memory permits Storage, Elements {
    private static final AtomicReferenceFieldUpdater<Memory, Scope> SCOPE = AtomicReferenceFieldUpdater
            .newUpdater(Memory.class, Scope.class, "scope");

    /** The scope that will take the array back; null if none will, {@link Scope#ENDED} if one did. */
    private volatile @Nullable Scope scope;
    /** How many cotangents of that scope's playback look at the array, which is not taken back meanwhile. */
    int holds;
    private final int size;

    Memory(int size) { this.size = size; }

    /**
     * How many elements there are.
     *
     * @return the length
     */
    public final int size() { return size; }

    /** Before anyone else has seen it. */
    final void own(Scope by) { SCOPE.lazySet(this, by); }

    final boolean isOwnedBy(Scope by) { return scope == by; }

    /** Hands the array to another scope, or to nobody; false if the first does not own it any more. */
    final boolean pass(Scope from, @Nullable Scope to) {
        return SCOPE.compareAndSet(this, from, to);
    }

    /**
     * Takes the array from those who read it later; null if the scope does not own it any more, or if it is too
     * short to be used again. Then other threads that still read it do no harm.
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

    /** Lets go of the array. */
    abstract @Nullable Object release();

    /** Declares that the array outlives the scope it was made under, because someone keeps it. */
    public final void keep() {
        for (Scope owner = scope; owner != null; owner = scope) {
            if (owner == Scope.ENDED)
                throw released();
            if (pass(owner, null))
                return;
        }
    }

    /** Keeps an array that another thread than its scope's is about to read. */
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
