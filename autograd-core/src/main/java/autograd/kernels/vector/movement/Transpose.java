package autograd.kernels.vector.movement;

import static autograd.kernels.hotspot.CompileGate.SMALL;

import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.kernels.Rows;

/** Copies between arrays that are dense along different axes, in tiles of cache lines. */
public final class Transpose {
    private Transpose() {}

    /**
     * Copies the source to the target; returns false, and does nothing, unless this is a large transposition.
     */
    public static boolean write(NdArray target, NdArray source) {
        Layout x = source.layout(), y = target.layout();
        int last = x.shape().rank() - 1, axis = source.dtype() == target.dtype() ? denseAxis(x, y) : -1;
        if (axis < 0)
            return false;
        int m = x.shape().dim(axis), n = x.shape().dim(last);
        Rows rows = new Rows(matrices(x, axis), matrices(y, axis));
        ArrayLoops loops = ArrayLoops.of(source.dtype());
        rows.forEach((i, k, _) -> {
            for (int e = 0; e < rows.length; e++)
                loops.transpose(m, n, source.storage(), i + e * rows.stepA, x.stride(last), target.storage(),
                        k + e * rows.stepB, y.stride(axis));
        });
        return true;
    }

    /**
     * The axis along which x is dense while y is dense along the last; -1 if there is none, or little to gain.
     */
    private static int denseAxis(Layout x, Layout y) {
        int last = x.shape().rank() - 1;
        if (x.shape().size() < SMALL || last < 1 || y.stride(last) != 1 || x.stride(last) == 1)
            return -1;
        for (int axis = 0; axis < last; axis++)
            if (x.stride(axis) == 1 && x.shape().dim(axis) * x.shape().dim(last) >= SMALL)
                return axis;
        return -1;
    }

    /** The first element of each matrix along an axis and the last. */
    private static Layout matrices(Layout x, int axis) {
        return x.narrow(axis, 0, 1).narrow(x.shape().rank() - 1, 0, 1);
    }
}
