package autograd.kernels.vector.parallel;

import org.jspecify.annotations.Nullable;

/**
 * Divides work on n elements into chunks for a {@link Team}. The number of chunks depends on n alone, so no
 * result depends on the number of threads; elementwise work on one thread is not divided.
 */
public final class Chunks {
    /** Elements of a chunk, at least: about 5 us of work. */
    private static final int SIZE = 1 << 15;

    /** A loop over n consecutive elements or rows. */
    public interface Run {
        void run(int first, int n);
    }

    /** Never loaded: see {@link #call}. */
    private interface Unloaded {}

    private Chunks() {}

    /**
     * The number of chunks: even, so that each of two threads finds in its caches what it left there in other
     * work on n elements.
     */
    public static int of(int n) { return n < 2 * SIZE ? 1 : (n / SIZE + 1) / 2 * 2; }

    /** The size of each chunk but the last, a multiple of 64. */
    public static int size(int n, int parts) {
        return parts == 1 ? n : n / parts / 64 * 64;
    }

    public static void run(int n, Run body) {
        int parts = of(n), size = size(n, parts);
        if (parts == 1 || Team.threads() == 1)
            call(body, 0, n, null);
        else
            Team.run(parts, part -> {
                int first = part * size;
                call(body, first, part == parts - 1 ? n - first : size, null);
            });
    }

    /** Runs a loop over rows of {@code length} elements, in chunks of whole rows. */
    public static void rows(int rows, int length, Run body) {
        int parts = Math.min(rows, of(rows * length)), size = rows / parts;
        if (parts == 1 || Team.threads() == 1)
            call(body, 0, rows, null);
        else
            Team.run(parts, part -> {
                int first = part * size;
                call(body, first, part == parts - 1 ? rows - first : size, null);
            });
    }

    /**
     * An inlining barrier: HotSpot does not inline a call whose signature names a class that is not loaded, so it
     * compiles each loop by itself. Without the barrier, a program that uses few functions has everything from
     * its own code down to a loop inlined, up to the limit of 15 nested calls (MaxInlineLevel). The calls in the
     * loop are then beyond it, and their vectors are objects for ever.
     */
    private static void call(Run body, int first, int n, @Nullable Unloaded barrier) { body.run(first, n); }
}
