package autograd.kernels.vector.parallel;

import org.jspecify.annotations.Nullable;

/**
 * How work on n elements is cut up for a {@link Team}: by n alone, so that no result depends on threads. One
 * thread does elementwise work uncut.
 */
public final class Chunks {
    /** About 5 us of work, or more. */
    private static final int SIZE = 1 << 15;

    /** Some elements in a row. */
    public interface Run {
        public void run(int first, int n);
    }

    /** Must never be loaded: see {@link #call}. */
    private interface Unloaded {}

    private Chunks() {}

    /**
     * An even number, so that two threads find in their caches what they left there in other work on n elements.
     */
    public static int of(int n) { return n < 2 * SIZE ? 1 : (n / SIZE + 1) / 2 * 2; }

    /** The size of each part but the last, a multiple of 64. */
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

    /** Whole rows of so many elements each. */
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
     * Where every compilation of a loop begins. HotSpot inlines no call whose signature names a class that is not
     * loaded. Without such a call a program of few functions gets all from its own lines down to a loop inlined,
     * but not what the loop calls, which is more than 15 calls deep: its vectors are objects then, for good.
     */
    private static void call(Run body, int first, int n, @Nullable Unloaded barrier) { body.run(first, n); }
}
