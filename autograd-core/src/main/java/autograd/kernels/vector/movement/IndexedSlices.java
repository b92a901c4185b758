package autograd.kernels.vector.movement;

import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.array.Storage;
import autograd.kernels.vector.parallel.Chunks;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What an index picks along an axis of a contiguous array, seen as [outer, extent, inner]: whole pieces of
 * inner elements, named by an index [outer, count] whose lines begin so far apart.
 */
public record IndexedSlices(int outer, int extent, int count, int inner, int[] index, int offset, int down) {
    /**
     * Or null where indices differ within a piece, cover the array in part, or name what is not there; and where
     * it is one element of each line, which gains nothing.
     */
    public static @Nullable IndexedSlices of(Shape x, int axis, int[] index, Layout layout) {
        int[] dims = layout.shape().dims(), begin = new int[dims.length], step = begin.clone();
        int count = dims[axis], inner = 1;
        if (!layout.shape().equals(x.with(axis, count)))
            return null;
        Arrays.fill(step, 1);
        for (int i = axis + 1; i < dims.length; i++) {
            if (dims[i] > 1 && layout.stride(i) != 0)
                return null;
            inner *= dims[i];
            dims[i] = 1;
        }
        int outer = layout.shape().size() / count / inner;
        Layout lines = layout.slice(begin, dims, step).reshape(Shape.of(outer, count)).orElse(null);
        if (lines == null || count == 1 && inner == 1 || count > 1 && lines.stride(1) != 1)
            return null;
        IndexedSlices picks = new IndexedSlices(outer, x.dim(axis), count, inner, index, lines.offset(),
                lines.stride(0));
        return picks.inRange() ? picks : null;
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
    public void gather(ArrayLoops moves, NdArray x, NdArray y) {
        Storage xs = x.storage(), ys = y.storage();
        int xo = x.layout().offset();
        if (outer == 1)
            Chunks.rows(count, inner, (j, n) -> moves.gather(1, n, inner, index, offset + j, down, xs, xo,
                    extent, ys, j * inner));
        else
            Chunks.rows(outer, count * inner, (o, m) -> moves.gather(m, count, inner, index, offset + o * down, down,
                    xs, xo + o * extent * inner, extent, ys, o * count * inner));
    }

    /** {@code y[o, index[o, j]] += x[o, j]}, in order. */
    public void scatterAdd(ArrayLoops moves, NdArray x, NdArray y) {
        Storage xs = x.storage(), ys = y.storage();
        int xo = x.layout().offset();
        Chunks.rows(outer, count * inner, (o, m) -> moves.scatterAdd(m, count, inner, index, offset + o * down, down,
                xs, xo + o * count * inner, ys, o * extent * inner, extent));
    }
}
