package autograd.kernels.vector.movement;

import autograd.array.DType;
import autograd.array.Storage;

/** Loops that copy, add and choose elements, for one dtype: {@link FloatArrayLoops} or its twin. */
public interface ArrayLoops {
    static ArrayLoops of(DType dtype) { return dtype.pick(FloatArrayLoops.ONE, DoubleArrayLoops.ONE); }

    /** {@code y[i, j] = x[j, i]} for m rows of n elements; xDown and yDown are the distances of rows. */
    void transpose(int m, int n, Storage x, int xo, int xDown, Storage y, int yo, int yDown);

    /** {@code y[i] += x[i]}. */
    void accumulate(int n, Storage x, int xo, Storage y, int yo);

    /** {@code y[i] = where[i] ? a[i] : b[i]}. */
    void select(int n, boolean[] where, int wo, Storage a, int ao, Storage b, int bo, Storage y, int yo);

    /** Whether no element is NaN or infinite. */
    boolean allFinite(int n, Storage x, int xo);

    /**
     * {@code y[o, j] = x[o, index[o, j]]} for slices of inner elements: m rows of n slices out of m rows of
     * extent slices.
     */
    void gather(int m, int n, int inner, int[] index, int io, int down, Storage x, int xo, int extent, Storage y,
            int yo);

    /** {@code y[o, index[o, j]] += x[o, j]} for slices of inner elements. */
    void scatterAdd(int m, int n, int inner, int[] index, int io, int down, Storage x, int xo, Storage y, int yo,
            int extent);

    /** {@code y[i, j, k] = x[i, k]} for m slices of n elements, each repeated; y begins at 0. */
    void repeat(int m, int times, int n, Storage x, int xo, Storage y);
}
