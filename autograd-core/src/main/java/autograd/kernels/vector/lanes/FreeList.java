package autograd.kernels.vector.lanes;

import autograd.kernels.settings.Settings;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What calls take while they run and give back for the next: at most as many as run at a time, however many
 * threads there are. A thread mostly gets what it gave back, which is still in its core's caches.
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
