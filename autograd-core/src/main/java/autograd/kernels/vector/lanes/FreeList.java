package autograd.kernels.vector.lanes;

import autograd.kernels.settings.Settings;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Objects that calls borrow while they run: at most one for each concurrent call, however many threads exist.
 * A thread mostly gets the object that it returned last, which is still in its core's caches.
 */
public final class FreeList<A> {
    private static final int SIZE = Math.max(Settings.get().threads(), Runtime.getRuntime().availableProcessors());

    private final AtomicReferenceArray<@Nullable A> free = new AtomicReferenceArray<>(SIZE);

    private static int first() { return (int) (Thread.currentThread().threadId() % SIZE); }

    /** The caller's alone until it gives it back; null if there is none. */
    public @Nullable A take() {
        for (int i = 0, at = first(); i < SIZE; i++, at = (at + 1) % SIZE) {
            A taken = free.get(at) == null ? null : free.getAndSet(at, null);
            if (taken != null)
                return taken;
        }
        return null;
    }

    /** For others; left to the garbage collector if there are enough. */
    public void give(A used) {
        for (int i = 0, at = first(); i < SIZE; i++, at = (at + 1) % SIZE)
            if (free.get(at) == null && free.compareAndSet(at, null, used))
                return;
    }
}
