package autograd.array;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** The extents of an array, outermost first; {@code []} is the shape of a scalar. Immutable. */
public final class Shape {
    /** The shape of a scalar. */
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final int size;
    /**
     * The row-major layout, once someone asked for it: shapes are handed on, and it is asked for in every step.
     */
    @Nullable
    Layout rowMajor;

    private Shape(int[] dims) { this("", dims); }

    private Shape(String op, int[] dims) {
        long n = 1;
        boolean empty = false;
        for (int d : dims) {
            if (d < 0)
                throw new IllegalArgumentException(
                        prefix(op) + "shape " + Arrays.toString(dims) + ": an extent is negative");
            empty |= d == 0;
            n = Math.min(n * Math.max(d, 1), 1L << 31); // no more than this, or the next product overflows
        }
        if (!empty && n > Integer.MAX_VALUE)
            throw tooLarge(op, Arrays.toString(dims));
        this.dims = dims;
        this.size = empty ? 0 : (int) n;
    }

    private static String prefix(String op) { return op.isEmpty() ? "" : op + ": "; }

    private static IllegalArgumentException tooLarge(String op, String dims) {
        return new IllegalArgumentException(prefix(op) + "shape " + dims + " has more than 2^31 - 1 elements");
    }

    /**
     * The shape with these extents.
     *
     * @param dims
     *            extents, outermost first; none may be negative
     * @return the shape
     */
    public static Shape of(int... dims) { return dims.length == 0 ? SCALAR : new Shape(dims.clone()); }

    /**
     * The shape of an operation's result, refused in the operation's name if no array can have it. Callers
     * compute the extents in {@code long}, where sums and products of two extents do not overflow.
     *
     * @param op
     *            name of the calling operation, for the message
     * @param extents
     *            outermost first
     * @return the shape
     */
    public static Shape of(String op, long... extents) {
        int[] dims = new int[extents.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = (int) extents[i];
            if (dims[i] != extents[i])
                throw tooLarge(op, Arrays.toString(extents));
        }
        return dims.length == 0 ? SCALAR : new Shape(op, dims);
    }

    /**
     * The number of axes.
     *
     * @return the length of {@link #dims()}
     */
    public int rank() { return dims.length; }

    /**
     * The number of elements: the product of the extents.
     *
     * @return the size, 1 for a scalar
     */
    public int size() { return size; }

    /**
     * The extent along an axis.
     *
     * @param axis
     *            0 .. rank-1, or negative to count from the last
     * @return the extent
     */
    public int dim(int axis) { return dims[axis < 0 ? axis + dims.length : axis]; }

    /**
     * All extents.
     *
     * @return a fresh array
     */
    public int[] dims() { return dims.clone(); }

    /**
     * Resolves an axis that may be negative.
     *
     * @param op
     *            name of the calling operation, for the message
     * @param axis
     *            -rank .. rank-1
     * @return the axis, 0 .. rank-1
     */
    public int axis(String op, int axis) {
        if (axis < -rank() || axis >= rank())
            throw new IllegalArgumentException(
                    op + ": axis " + axis + " is out of range for shape " + this + " of rank " + rank());
        return axis < 0 ? axis + rank() : axis;
    }

    /**
     * The axes, as {@link #axes}, none of which may be without elements.
     *
     * @param op
     *            the operation, for the message
     * @param axes
     *            axes, negative ones counting from the last; none means all
     * @return ascending axes
     */
    public int[] nonEmpty(String op, int... axes) {
        int[] resolved = axes(op, axes);
        for (int a : resolved)
            if (dim(a) == 0)
                throw new IllegalArgumentException(op + ": axis " + a + " of shape " + this + " has no elements");
        return resolved;
    }

    /**
     * A position along an axis; a negative one counts from the end.
     *
     * @param op
     *            the operation, for the message
     * @param axis
     *            0 .. rank-1
     * @param index
     *            -extent .. extent-1
     * @return the position, 0 .. extent-1
     */
    public int position(String op, int axis, int index) {
        int n = dim(axis), i = index < 0 ? index + n : index;
        if (i < 0 || i >= n)
            throw new IndexOutOfBoundsException(op + ": index " + index + " is out of range for axis " + axis
                    + " of shape " + this + "; it must be in " + -n + ".." + (n - 1));
        return i;
    }

    /**
     * Resolves a list of axes: sorted, distinct, non-negative; an empty list means all of them.
     *
     * @param op
     *            name of the calling operation, for the message
     * @param axes
     *            each -rank .. rank-1
     * @return the axes in ascending order
     */
    public int[] axes(String op, int... axes) {
        int[] resolved = new int[axes.length == 0 ? rank() : axes.length]; // by no stream: every step passes here
        for (int i = 0; i < resolved.length; i++)
            resolved[i] = axes.length == 0 ? i : axis(op, axes[i]);
        if (resolved.length > 1)
            Arrays.sort(resolved);
        for (int i = 1; i < resolved.length; i++)
            if (resolved[i] == resolved[i - 1])
                throw new IllegalArgumentException(
                        op + ": an axis is repeated in " + Arrays.toString(axes) + " for shape " + this);
        return resolved;
    }

    /**
     * This shape with the given axes reduced.
     *
     * @param axes
     *            ascending and resolved, as {@link #axes} returns them
     * @param keepDims
     *            whether a reduced axis stays, with extent 1
     * @return the reduced shape
     */
    public Shape reduce(int[] axes, boolean keepDims) {
        int[] out = new int[keepDims ? dims.length : dims.length - axes.length];
        for (int axis = 0, n = 0; axis < dims.length; axis++) {
            boolean reduced = Arrays.binarySearch(axes, axis) >= 0;
            if (keepDims || !reduced)
                out[n++] = reduced ? 1 : dims[axis];
        }
        return new Shape(out);
    }

    /**
     * This shape with one extent replaced.
     *
     * @param axis
     *            0 .. rank-1
     * @param extent
     *            the new extent
     * @return the new shape
     */
    public Shape with(int axis, int extent) {
        int[] out = dims.clone();
        out[axis] = extent;
        return new Shape(out);
    }

    /**
     * This shape with one extent replaced, refused in an operation's name if no array can have it.
     *
     * @param op
     *            name of the calling operation, for the message
     * @param axis
     *            0 .. rank-1
     * @param extent
     *            the new extent
     * @return the new shape
     */
    public Shape with(String op, int axis, long extent) {
        long[] out = Arrays.stream(dims).asLongStream().toArray();
        out[axis] = extent;
        return of(op, out);
    }

    /**
     * This shape with further axes at the end, refused in an operation's name if no array can have it.
     *
     * @param op
     *            name of the calling operation, for the message
     * @param extents
     *            of the further axes
     * @return the new shape
     */
    public Shape append(String op, long... extents) {
        long[] all = new long[dims.length + extents.length];
        for (int i = 0; i < all.length; i++)
            all[i] = i < dims.length ? dims[i] : extents[i - dims.length];
        return of(op, all);
    }

    /**
     * The shape of the first axes.
     *
     * @param rank
     *            how many
     * @return a shape of this rank
     */
    public Shape leading(int rank) { return rank == dims.length ? this : of(Arrays.copyOf(dims, rank)); }

    /**
     * The shape both operands broadcast to, by NumPy's rule: aligned at the last axis, extents equal or 1.
     *
     * @param op
     *            name of the calling operation, for the message
     * @param a
     *            one shape
     * @param b
     *            the other
     * @return the common shape
     */
    public static Shape broadcast(String op, Shape a, Shape b) {
        if (a.equals(b))
            return a;
        int rank = Math.max(a.rank(), b.rank());
        int[] out = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i > a.rank() ? 1 : a.dim(-i), y = i > b.rank() ? 1 : b.dim(-i);
            if (x != y && x != 1 && y != 1)
                throw new IllegalArgumentException(op + ": shapes " + a + " and " + b + " do not broadcast: axis " + -i
                        + " has extents " + x + " and " + y + "; they must be equal or one of them 1");
            out[rank - i] = x == 1 ? y : x;
        }
        return new Shape(op, out);
    }

    /**
     * Whether an array of this shape can be read as one of the larger shape by repeating axes of extent 1.
     *
     * @param target
     *            the larger shape
     * @return true if it broadcasts
     */
    public boolean broadcastsTo(Shape target) {
        if (rank() > target.rank())
            return false;
        for (int i = 1; i <= rank(); i++)
            if (dim(-i) != target.dim(-i) && dim(-i) != 1)
                return false;
        return true;
    }

    @Override
    public boolean equals(Object o) { return this == o || o instanceof Shape s && Arrays.equals(dims, s.dims); }

    @Override
    public int hashCode() { return Arrays.hashCode(dims); }

    @Override
    public String toString() { return Arrays.toString(dims); }
}
