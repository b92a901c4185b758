package autograd.array;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where the elements of an array lie in flat storage: element (i, j, ..) at
 * {@code offset + i * strides[0] + j *
 * strides[1] + ..}. All view algebra is here, for every kind of element. Immutable.
 */
public final class Layout {
    private final Shape shape;
    private final int[] strides;
    private final int offset;
    private final boolean contiguous;

    private Layout(Shape shape, int[] strides, int offset) {
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.contiguous = isRowMajor();
    }

    /**
     * The row-major layout from offset 0.
     *
     * @param shape
     *            the shape
     * @return a contiguous layout
     */
    public static Layout of(Shape shape) {
        Layout layout = shape.rowMajor;
        if (layout == null)
            shape.rowMajor = layout = rowMajor(shape);
        return layout;
    }

    private static Layout rowMajor(Shape shape) {
        int rank = shape.rank();
        int[] strides = new int[rank];
        int step = 1;
        for (int i = rank - 1; i >= 0; i--) {
            strides[i] = step;
            step *= Math.max(shape.dim(i), 1);
        }
        return new Layout(shape, strides, 0);
    }

    private boolean isRowMajor() {
        int step = 1;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            int d = shape.dim(i);
            if (d != 1 && strides[i] != step)
                return shape.size() == 0;
            step *= d;
        }
        return true;
    }

    /**
     * The shape.
     *
     * @return the extents
     */
    public Shape shape() { return shape; }

    /**
     * The first element's position.
     *
     * @return the offset in storage
     */
    public int offset() { return offset; }

    /**
     * The distance in storage between neighbours along an axis.
     *
     * @param axis
     *            0 .. rank-1
     * @return the stride; 0 where the axis is broadcast, negative where it is reversed
     */
    public int stride(int axis) { return strides[axis]; }

    /**
     * Whether the elements lie in row-major order without gaps.
     *
     * @return true if contiguous from {@link #offset()}
     */
    public boolean isContiguous() { return contiguous; }

    /**
     * The position of one element.
     *
     * @param index
     *            one index per axis; negative counts from the end
     * @return the position in storage
     */
    public int at(int... index) {
        if (index.length != shape.rank())
            throw new IndexOutOfBoundsException(
                    "index " + Arrays.toString(index) + " has " + index.length + " axes, shape " + shape + " has "
                            + shape.rank());
        int at = offset;
        for (int i = 0; i < index.length; i++) {
            int d = shape.dim(i), k = index[i] < 0 ? index[i] + d : index[i];
            if (k < 0 || k >= d)
                throw new IndexOutOfBoundsException(
                        "index " + Arrays.toString(index) + " is out of range for shape " + shape);
            at += k * strides[i];
        }
        return at;
    }

    /**
     * The axes in another order.
     *
     * @param axes
     *            a permutation of 0 .. rank-1
     * @return the permuted layout
     */
    public Layout permute(int... axes) {
        int[] dims = new int[axes.length], s = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            dims[i] = shape.dim(axes[i]);
            s[i] = strides[axes[i]];
        }
        return new Layout(Shape.of(dims), s, offset);
    }

    /**
     * The same elements in another shape, where strides can express it.
     *
     * @param target
     *            a shape of the same size
     * @return the layout, or empty if the elements would have to be copied
     */
    public Optional<Layout> reshape(Shape target) {
        if (contiguous)
            return Optional.of(of(target).shift(offset));
        int[] s = new int[target.rank()];
        int i = shape.rank() - 1, run = 1, step = 0;
        for (int j = target.rank() - 1; j >= 0; j--) {
            int d = target.dim(j);
            if (d == 1)
                continue;
            while (run == 1 && i >= 0) { // take the next run of source axes that lie behind one another
                if (shape.dim(i) != 1) {
                    run = shape.dim(i);
                    step = strides[i];
                    while (i > 0 && (shape.dim(i - 1) == 1 || strides[i - 1] == step * run))
                        run *= shape.dim(--i);
                }
                i--;
            }
            if (run % d != 0)
                return Optional.empty();
            s[j] = step;
            step *= d;
            run /= d;
        }
        return Optional.of(new Layout(target, s, offset));
    }

    private Layout shift(int by) { return by == 0 ? this : new Layout(shape, strides, offset + by); }

    /**
     * This layout repeated along axes of extent 1 and along new leading axes, with stride 0.
     *
     * @param target
     *            a shape this one {@linkplain Shape#broadcastsTo broadcasts to}
     * @return the broadcast layout
     */
    public Layout broadcastTo(Shape target) {
        if (shape.equals(target))
            return this;
        if (!shape.broadcastsTo(target))
            throw new IllegalArgumentException("broadcastTo: shape " + shape + " does not broadcast to " + target);
        int[] s = new int[target.rank()];
        int lead = target.rank() - shape.rank();
        for (int i = lead; i < s.length; i++)
            s[i] = shape.dim(i - lead) == target.dim(i) ? strides[i - lead] : 0;
        return new Layout(target, s, offset);
    }

    /**
     * Every {@code step}-th element from {@code begin} along each axis.
     *
     * @param begin
     *            first index per axis, 0 .. extent-1
     * @param count
     *            how many per axis
     * @param step
     *            distance per axis, not 0
     * @return the strided part
     */
    public Layout slice(int[] begin, int[] count, int[] step) {
        int[] s = new int[strides.length];
        int o = offset;
        Shape part = Shape.of(count);
        for (int i = 0; i < s.length; i++) {
            s[i] = strides[i] * step[i];
            if (part.size() > 0)
                o += begin[i] * strides[i];
        }
        return new Layout(part, s, o);
    }

    /**
     * Neighbours along an axis.
     *
     * @param axis
     *            0 .. rank-1
     * @param begin
     *            the first index, 0 .. extent-1
     * @param count
     *            how many
     * @return the part
     */
    public Layout narrow(int axis, int begin, int count) {
        Shape part = shape.with(axis, count);
        return new Layout(part, strides, part.size() == 0 ? offset : offset + begin * strides[axis]);
    }

    /**
     * Sliding windows along an axis: the axis becomes the number of windows, and a new last axis runs through
     * each.
     *
     * @param axis
     *            0 .. rank-1
     * @param size
     *            how many elements a window has
     * @param step
     *            how far apart windows begin
     * @param dilation
     *            how far apart a window's elements are
     * @param count
     *            how many windows there are; they must fit
     * @return the layout of the windows, which may overlap
     */
    public Layout windows(int axis, int size, int step, int dilation, int count) {
        int rank = strides.length;
        int[] dims = Arrays.copyOf(shape.dims(), rank + 1), s = Arrays.copyOf(strides, rank + 1);
        dims[axis] = count;
        s[axis] = strides[axis] * step;
        dims[rank] = size;
        s[rank] = strides[axis] * dilation;
        return new Layout(Shape.of(dims), s, offset);
    }

    /**
     * Two axes exchanged.
     *
     * @param op
     *            the operation, for the message
     * @param a
     *            an axis; negative counts from the last
     * @param b
     *            another
     * @return the transposed layout
     */
    public Layout transpose(String op, int a, int b) {
        int[] axes = IntStream.range(0, shape.rank()).toArray();
        int p = shape.axis(op, a), q = shape.axis(op, b);
        axes[p] = q;
        axes[q] = p;
        return permute(axes);
    }

    /**
     * The part at one position along an axis, without that axis.
     *
     * @param op
     *            the operation, for the message
     * @param axis
     *            the axis; negative counts from the last
     * @param index
     *            the position; negative counts from the end
     * @return the part
     */
    public Layout select(String op, int axis, int index) {
        int at = shape.axis(op, axis), i = shape.position(op, at, index);
        int[] rest = IntStream.range(0, strides.length).filter(k -> k != at).map(k -> strides[k]).toArray();
        return new Layout(shape.reduce(new int[]{at}, false), rest, offset + i * strides[at]);
    }

    /**
     * The positions from a first to before a last one along an axis.
     *
     * @param op
     *            the operation, for the message
     * @param axis
     *            the axis; negative counts from the last
     * @param begin
     *            the first position
     * @param end
     *            the position after the last
     * @return the part
     */
    public Layout slice(String op, int axis, int begin, int end) {
        int at = shape.axis(op, axis);
        if (begin < 0 || end < begin || end > shape.dim(at))
            throw new IndexOutOfBoundsException(
                    op + ": " + begin + ".." + end + " is not within axis " + axis + " of shape " + shape);
        return narrow(at, begin, end - begin);
    }

    /**
     * Where each element lies in storage.
     *
     * @return the positions in row-major order
     */
    public int[] positions() {
        int[] all = new int[shape.size()];
        if (all.length > 0)
            fill(all, 0, 0, offset);
        return all;
    }

    private int fill(int[] all, int next, int axis, int from) {
        if (axis == strides.length) {
            all[next] = from;
            return next + 1;
        }
        int to = next;
        for (int i = 0; i < shape.dim(axis); i++)
            to = fill(all, to, axis + 1, from + i * strides[axis]);
        return to;
    }
}
