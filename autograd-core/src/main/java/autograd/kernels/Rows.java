package autograd.kernels;

import autograd.array.Layout;
import autograd.array.Shape;

import java.util.Arrays;

/**
 * Walks up to three equally shaped layouts together in row-major order, a row at a time. Axes along which all
 * of them advance evenly are merged first, so that contiguous operands are one long row.
 */
public final class Rows {
    /** What to do with one row, given where it begins in each layout. */
    public interface Body {
        /**
         * One row.
         *
         * @param a
         *            where it begins in the first layout
         * @param b
         *            in the second
         * @param c
         *            in the third
         */
        void row(int a, int b, int c);
    }

    /** The number of elements in a row. */
    public final int length;
    /** The distance between neighbours in a row, for each layout. */
    public final int stepA, stepB, stepC;

    private final Layout a, b, c;
    private final int[] extents;
    private final int[][] strides;
    private final boolean empty;

    /**
     * Walks three layouts.
     *
     * @param a
     *            a layout
     * @param b
     *            another of its shape
     * @param c
     *            another of its shape
     */
    public Rows(Layout a, Layout b, Layout c) {
        this.a = a;
        this.b = b;
        this.c = c;
        Layout[] all = {a, b, c};
        Shape shape = a.shape();
        int rank = shape.rank(), outer = 0;
        int[] size = new int[rank + 1];
        int[][] step = new int[3][rank + 1];
        size[0] = 1;
        for (int axis = rank - 1; axis >= 0; axis--) { // merged axes, innermost first
            int d = shape.dim(axis);
            if (d == 1)
                continue;
            boolean merge = true;
            for (int k = 0; k < 3; k++)
                merge &= size[outer] == 1 || all[k].stride(axis) == step[k][outer] * size[outer];
            if (merge) {
                if (size[outer] == 1)
                    for (int k = 0; k < 3; k++)
                        step[k][outer] = all[k].stride(axis);
                size[outer] *= d;
            } else {
                size[++outer] = d;
                for (int k = 0; k < 3; k++)
                    step[k][outer] = all[k].stride(axis);
            }
        }
        this.length = size[0];
        this.stepA = step[0][0];
        this.stepB = step[1][0];
        this.stepC = step[2][0];
        this.extents = Arrays.copyOfRange(size, 1, outer + 1);
        this.strides = new int[][]{tail(step[0], outer), tail(step[1], outer), tail(step[2], outer)};
        this.empty = shape.size() == 0;
    }

    /**
     * Walks two layouts.
     *
     * @param a
     *            a layout
     * @param b
     *            another of its shape
     */
    public Rows(Layout a, Layout b) { this(a, b, b); }

    private static int[] tail(int[] steps, int outer) { return Arrays.copyOfRange(steps, 1, outer + 1); }

    /**
     * How many rows there are.
     *
     * @return the number of rows
     */
    public int count() {
        int n = empty ? 0 : 1;
        for (int extent : extents)
            n *= extent;
        return n;
    }

    /**
     * Calls the body for every row, in order.
     *
     * @param body
     *            what to do
     */
    public void forEach(Body body) { forEach(0, count(), body); }

    /**
     * Calls the body for some of the rows, in order.
     *
     * @param first
     *            the first row
     * @param end
     *            the one after the last
     * @param body
     *            what to do
     */
    public void forEach(int first, int end, Body body) {
        if (first >= end)
            return;
        int[] index = new int[extents.length];
        int i = a.offset(), j = b.offset(), k = c.offset();
        for (int axis = 0, rest = first; axis < index.length; rest /= extents[axis++]) {
            index[axis] = rest % extents[axis];
            i += index[axis] * strides[0][axis];
            j += index[axis] * strides[1][axis];
            k += index[axis] * strides[2][axis];
        }
        for (int row = first; row < end; row++) {
            body.row(i, j, k);
            int axis = 0;
            while (axis < index.length && index[axis] == extents[axis] - 1) {
                i -= index[axis] * strides[0][axis];
                j -= index[axis] * strides[1][axis];
                k -= index[axis] * strides[2][axis];
                index[axis++] = 0;
            }
            if (axis == index.length)
                return;
            index[axis]++;
            i += strides[0][axis];
            j += strides[1][axis];
            k += strides[2][axis];
        }
    }
}
