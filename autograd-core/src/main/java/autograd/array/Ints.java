package autograd.array;

import org.jspecify.annotations.Nullable;

/**
 * A flat run of whole numbers, such as positions. Those made by {@link #empty} under a {@link Scope} last as
 * long as that.
 */
public final class Ints extends Memory {
    private int @Nullable [] data;

    /**
     * Wraps an array.
     *
     * @param data
     *            kept, not copied
     */
    public Ints(int[] data) { this.data = data; }

    /**
     * Numbers that are all about to be written: what they are before is unspecified.
     *
     * @param size
     *            how many
     * @return fresh numbers
     */
    public static Ints empty(int size) { return Pool.ints(size); }

    /**
     * The numbers themselves.
     *
     * @return the live array
     */
    public int[] data() {
        int[] numbers = data;
        if (numbers == null)
            throw released();
        return numbers;
    }

    @Override
    Object release() {
        int[] numbers = data();
        data = null;
        return numbers;
    }
}
