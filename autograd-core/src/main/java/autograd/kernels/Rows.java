package autograd.kernels;

import autograd.array.Layout;
import autograd.array.Shape;

/**
 * Iterates over up to three layouts of one shape together, in row-major order, a row at a time. Merges axes
 * along which all layouts advance evenly, so contiguous operands are one long row.
 */
public final class Rows {
    /** Work on one row. */
    public interface Body {
        /** Handles the row that begins at these offsets of the three layouts. */
        void row(int a, int b, int c);
    }

    /** The number of elements in a row. */
    public final int length;
    /** The distance between neighbours in a row, for each layout. */
    public final int stepA, stepB, stepC;

    private final int a, b, c;
    /** For each merged axis, the innermost first: its extent and its strides in the three layouts. */
    private final int[] axes;
    /** The index in {@code axes} of the outermost axis. */
    private final int last;
    private final boolean empty;

    /** The rows of three layouts of one shape. */
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

    /** The rows of two layouts of one shape. */
    public Rows(Layout a, Layout b) { this(a, b, b); }

    /** The number of rows. */
    public int count() {
        int n = empty ? 0 : 1;
        for (int axis = 4; axis <= last; axis += 4)
            n *= axes[axis];
        return n;
    }

    /** Calls the body for every row, in order. */
    public void forEach(Body body) { forEach(0, count(), body); }

    /** Calls the body for the rows from first (included) to end (excluded), in order. */
    public void forEach(int first, int end, Body body) {
        if (first >= end)
            return;
        if (last == 0) {
            body.row(a, b, c);
            return;
        }
        int[] index = new int[last / 4 + 1];
        int i = a, j = b, k = c;
        for (int n = 1, at = 4, rest = first; at <= last; rest /= axes[at], n++, at += 4) {
            index[n] = rest % axes[at];
            i += index[n] * axes[at + 1];
            j += index[n] * axes[at + 2];
            k += index[n] * axes[at + 3];
        }
        for (int row = first; row < end; row++) {
            body.row(i, j, k);
            int n = 1, at = 4;
            for (; at <= last && index[n] == axes[at] - 1; n++, at += 4) {
                i -= index[n] * axes[at + 1];
                j -= index[n] * axes[at + 2];
                k -= index[n] * axes[at + 3];
                index[n] = 0;
            }
            if (at > last)
                return;
            index[n]++;
            i += axes[at + 1];
            j += axes[at + 2];
            k += axes[at + 3];
        }
    }
}
