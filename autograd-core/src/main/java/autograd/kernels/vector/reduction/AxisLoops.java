package autograd.kernels.vector.reduction;

import autograd.array.DType;
import autograd.array.Storage;
import autograd.kernels.vector.lanes.DoubleLanes;

/**
 * Loops along the middle axis of a contiguous array [m, n, inner], where inner is 1 or at least
 * {@link #SHORT}.
 */
public interface AxisLoops {
    /** Shorter rows are not worth a vector. */
    int SHORT = 2 * DoubleLanes.D.length();

    static AxisLoops of(DType dtype) { return dtype.pick(FloatAxisLoops.ONE, DoubleAxisLoops.ONE); }

    /** {@code y[i, j, k] = x[i, 0, k] + .. + x[i, j, k]}, or from the last element to the first. */
    void cumsum(int m, int n, int inner, boolean reverse, Storage x, int xo, Storage y, int yo);

    /** The position j of the largest {@code x[i, j, k]}, or of the first NaN; n is at most 2^24. */
    void argMax(int m, int n, int inner, Storage x, int xo, int[] y, int yo);
}
