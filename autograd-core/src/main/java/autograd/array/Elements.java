package autograd.array;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Array;

/**
 * A flat run of whole numbers, such as positions, or of truth values. Those made by {@link #ints} and
 * {@link #booleans} under a {@link Scope} last as long as that.
 *
 * @param <A>
 *            {@code int[]} or {@code boolean[]}
 */
public final class Elements<A> extends PooledArray {
    private @Nullable A data;

    /**
     * Wraps an array.
     *
     * @param data
     *            kept, not copied
     */
    public Elements(A data) {
        super(Array.getLength(data));
        this.data = data;
    }

    /**
     * Numbers that are all about to be written: what they are before is unspecified.
     *
     * @param size
     *            how many
     * @return fresh numbers
     */
    public static Elements<int[]> ints(int size) { return Pool.ints(size); }

    /**
     * Truth values that are all about to be written: what they are before is unspecified.
     *
     * @param size
     *            how many
     * @return fresh truth values
     */
    public static Elements<boolean[]> booleans(int size) { return Pool.booleans(size); }

    /**
     * The elements themselves, for good: from now on the end of a {@link Scope} does not write over them.
     *
     * @return the live array
     */
    public A data() {
        keep();
        return borrow();
    }

    /**
     * The elements themselves, for a kernel, which uses them no longer than its call lasts: afterwards others may
     * be written over them. If another thread than that of the {@link Scope} they were made under asks, they are
     * {@link #keep() kept}.
     *
     * @return the live array
     */
    public A borrow() {
        look();
        A elements = data;
        if (elements == null)
            throw released();
        return elements;
    }

    @Override
    @Nullable
    Object release() {
        A elements = data;
        data = null;
        return elements;
    }
}
