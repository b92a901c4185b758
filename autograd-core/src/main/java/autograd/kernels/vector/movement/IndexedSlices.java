package autograd.kernels.vector.movement;

import static autograd.kernels.hotspot.CompileGate.SMALL;

import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.array.Storage;
import autograd.kernels.vector.parallel.Chunks;

import org.jspecify.annotations.Nullable;

/**
 * The slices that an index picks along an axis of a contiguous array [outer, extent, inner]: inner elements
 * each, by an index [outer, count], whose rows begin {@code down} apart.
 */
public record IndexedSlices(int outer, int extent, int count, int inner, int[] index, int offset, int down) {
    /**
     * Null if indices vary within a slice, do not cover the array, or are out of range, and where nothing would
     * be gained: for few elements, and for one element of each row.
     */
    public static @Nullable IndexedSlices of(Shape x, int axis, int[] index, Layout layout) {
        Shape shape = layout.shape();
        int count = shape.dim(axis), inner = 1;
        if (shape.size() < SMALL || !shape.equals(x.with(axis, count)))
            return null;
        Layout rows = layout;
        for (int i = axis + 1; i < shape.rank(); i++) {
            if (shape.dim(i) > 1 && layout.stride(i) != 0)
                return null;
            inner *= shape.dim(i);
            rows = rows.narrow(i, 0, 1);
        }
        int outer = shape.size() / count / inner;
        rows = rows.reshape(Shape.of(outer, count)).orElse(null);
        if (rows == null || count == 1 && inner == 1 || count > 1 && rows.stride(1) != 1)
            return null;
        var slices = new IndexedSlices(outer, x.dim(axis), count, inner, index, rows.offset(), rows.stride(0));
        return slices.inRange() ? slices : null;
    }

    private boolean inRange() {
        if (down == count || down == 0 || outer == 1)
            return inRange(down == 0 ? count : outer * count, index, offset, extent);
        boolean all = true;
        for (int o = 0; o < outer; o++)
            all &= inRange(count, index, offset + o * down, extent);
        return all;
    }

    private static boolean inRange(int n, int[] index, int from, int extent) {
        int signs = 0;
        for (int i = 0; i < n; i++)
            signs |= index[from + i] | extent - 1 - index[from + i];
        return signs >= 0;
    }

    /** {@code y[o, j] = x[o, index[o, j]]}. */
    public void gather(NdArray x, NdArray y) {
        ArrayLoops loops = ArrayLoops.of(x.dtype());
        Storage xs = x.storage(), ys = y.storage();
        int xo = x.layout().offset();
        if (outer == 1)
            Chunks.rows(count, inner, (j, n) -> loops.gather(1, n, inner, index, offset + j, down, xs, xo,
                    extent, ys, j * inner));
        else
            Chunks.rows(outer, count * inner, (o, m) -> loops.gather(m, count, inner, index, offset + o * down, down,
                    xs, xo + o * extent * inner, extent, ys, o * count * inner));
    }

    /** {@code y[o, index[o, j]] += x[o, j]}, in order. */
    public void scatterAdd(NdArray x, NdArray y) {
        ArrayLoops loops = ArrayLoops.of(x.dtype());
        Storage xs = x.storage(), ys = y.storage();
        int xo = x.layout().offset();
        Chunks.rows(outer, count * inner, (o, m) -> loops.scatterAdd(m, count, inner, index, offset + o * down, down,
                xs, xo + o * count * inner, ys, o * extent * inner, extent));
    }
}
