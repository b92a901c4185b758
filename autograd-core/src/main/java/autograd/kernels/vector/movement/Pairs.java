package autograd.kernels.vector.movement;

import static autograd.kernels.hotspot.CompileGate.SMALL;

import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.array.Storage;
import autograd.kernels.Kernels;
import autograd.kernels.Rows;
import autograd.kernels.vector.parallel.Chunks;

/** The pairs of elements of two operands that broadcast. */
public final class Pairs {
    /** A loop over n pairs; a step of 0 repeats one element. The results are contiguous from yo on. */
    public interface Loop {
        void run(int n, Storage a, int ao, int as, Storage b, int bo, int bs, int yo);
    }

    private Pairs() {}

    /**
     * Calls the loop row by row where rows are long enough, else after copying both operands to the common shape.
     */
    public static void forEach(Kernels kernels, Shape shape, NdArray a, NdArray b, Loop loop) {
        if (a.shape().equals(b.shape()) && a.isContiguous() && b.isContiguous()) {
            contiguous(a, b, loop);
            return;
        }
        Rows rows = new Rows(a.layout().broadcastTo(shape), b.layout().broadcastTo(shape), Layout.of(shape));
        int length = rows.length, sa = rows.stepA, sb = rows.stepB;
        Storage as = a.storage(), bs = b.storage();
        if (length < SMALL || (sa | sb) != 1)
            contiguous(broadcast(kernels, a, shape), broadcast(kernels, b, shape), loop);
        else if (rows.count() == 1)
            rows.forEach((i, j, k) -> Chunks.run(length,
                    (first, n) -> loop.run(n, as, i + first * sa, sa, bs, j + first * sb, sb, k + first)));
        else
            Chunks.rows(rows.count(), length, (first, n) -> rows.forEach(first, first + n,
                    (i, j, k) -> loop.run(length, as, i, sa, bs, j, sb, k)));
    }

    private static void contiguous(NdArray a, NdArray b, Loop loop) {
        Storage as = a.storage(), bs = b.storage();
        int ao = a.layout().offset(), bo = b.layout().offset();
        Chunks.run(a.size(), (i, n) -> loop.run(n, as, ao + i, 1, bs, bo + i, 1, i));
    }

    /** A contiguous array of x broadcast to a shape: repeats along one axis at a time, from the last. */
    public static NdArray broadcast(Kernels kernels, NdArray x, Shape shape) {
        NdArray y = kernels.contiguous(x);
        int lead = shape.rank() - x.shape().rank(), outer = x.size(), inner = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int from = axis < lead ? 1 : x.shape().dim(axis - lead), times = shape.dim(axis);
            outer /= from;
            if (from < times)
                y = repeat(y, outer, times, inner);
            inner *= times;
        }
        return y.shape().equals(shape) ? y : y.view(y.layout().reshape(shape).orElseThrow());
    }

    private static NdArray repeat(NdArray x, int m, int times, int n) {
        NdArray y = NdArray.empty(x.dtype(), Layout.of(Shape.of(m, times, n)));
        ArrayLoops.of(x.dtype()).repeat(m, times, n, x.storage(), x.layout().offset(), y.storage());
        return y;
    }
}
