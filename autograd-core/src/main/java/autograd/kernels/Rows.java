package autograd.kernels;

import autograd.array.Layout;
import autograd.array.Shape;

/**
 * Walks up to three equally shaped layouts together in row-major order, a row at a time. Axes along which all
 * of them advance evenly are merged first, so that contiguous operands are one long row.
 */
public final class Rows {
    private static final int[] NONE = {};

    /** Goes from row to row, in order. */
    public final class Walk {
        /** Where this row begins in each layout. */
        public int a, b, c;

        private final int[] index;
        private int left;
        private boolean begun;

        private Walk(int first, int end) {
            a = Rows.this.a;
            b = Rows.this.b;
            c = Rows.this.c;
            left = end - first;
            index = last == 0 || left <= 0 ? NONE : new int[last / 4 + 1];
            for (int n = 1, at = 4, rest = first; n < index.length; rest /= axes[at], n++, at += 4)
                move(n, rest % axes[at]);
        }

        private void move(int n, int by) {
            index[n] += by;
            a += by * axes[4 * n + 1];
            b += by * axes[4 * n + 2];
            c += by * axes[4 * n + 3];
        }

        /**
         * Goes to the next row, at first to the first.
         *
         * @return whether there is one
         */
        public boolean next() {
            if (left-- <= 0)
                return false;
            if (begun) {
                int n = 1;
                for (; index[n] == axes[4 * n] - 1; n++)
                    move(n, -index[n]);
                move(n, 1);
            }
            begun = true;
            return true;
        }
    }

    /** The number of elements in a row. */
    public final int length;
    /** The distance between neighbours in a row, for each layout. */
    public final int stepA, stepB, stepC;
    /** Where the first row begins in each layout. */
    public final int a, b, c;

    /** For each merged axis, the innermost first: its extent and its strides in the three layouts. */
    private final int[] axes;
    /** Where the outermost one is described. */
    private final int last;
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
        Shape shape = a.shape();
        int[] merged = new int[4 * Math.max(1, shape.rank())];
        int at = 0, size = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int d = shape.dim(axis), p = a.stride(axis), q = b.stride(axis), r = c.stride(axis);
            if (d == 1)
                continue;
            if (size != 1 && (p != merged[at + 1] * size || q != merged[at + 2] * size || r != merged[at + 3] * size)) {
                at += 4;
                size = 1;
            }
            if (size == 1) {
                merged[at + 1] = p;
                merged[at + 2] = q;
                merged[at + 3] = r;
            }
            merged[at] = size *= d;
        }
        this.a = a.offset();
        this.b = b.offset();
        this.c = c.offset();
        this.axes = merged;
        this.last = at;
        this.length = size == 1 ? 1 : merged[0];
        this.stepA = merged[1];
        this.stepB = merged[2];
        this.stepC = merged[3];
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

    /**
     * How many rows there are.
     *
     * @return the number of rows
     */
    public int count() {
        int n = empty ? 0 : 1;
        for (int axis = 4; axis <= last; axis += 4)
            n *= axes[axis];
        return n;
    }

    /**
     * Walks over every row.
     *
     * @return before the first one
     */
    public Walk walk() { return new Walk(0, count()); }

    /**
     * Walks over some of the rows.
     *
     * @param first
     *            the first row
     * @param end
     *            the one after the last
     * @return before the first one
     */
    public Walk walk(int first, int end) { return new Walk(first, end); }
}
