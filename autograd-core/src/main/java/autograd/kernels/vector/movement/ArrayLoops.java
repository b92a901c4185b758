package autograd.kernels.vector.movement;

import autograd.array.DType;
import autograd.array.Storage;

/** Loops that move elements, for one dtype: {@link FloatArrayLoops} or its twin. */
public interface ArrayLoops {
    static ArrayLoops of(DType dtype) { return dtype.pick(FloatArrayLoops.ONE, DoubleArrayLoops.ONE); }

    /** {@code y[i, j] = x[j, i]}: m rows of n elements, that many apart. */
    void transpose(int m, int n, Storage x, int xo, int xDown, Storage y, int yo, int yDown);

    /** {@code y[i] += x[i]}. */
    void accumulate(int n, Storage x, int xo, Storage y, int yo);

    /** {@code y[i] = where[i] ? a[i] : b[i]}. */
    void select(int n, boolean[] where, int wo, Storage a, int ao, Storage b, int bo, Storage y, int yo);

    /** Whether no element is NaN or infinite. */
    boolean allFinite(int n, Storage x, int xo);

    /** {@code y[o, j] = x[o, index[o, j]]}, pieces of inner elements: m times n of m times so many. */
    void gather(int m, int n, int inner, int[] index, int io, int down, Storage x, int xo, int extent, Storage y,
            int yo);

    /** {@code y[o, index[o, j]] += x[o, j]}, the same way. */
    void scatterAdd(int m, int n, int inner, int[] index, int io, int down, Storage x, int xo, Storage y, int yo,
            int extent);

    /** {@code y[i, j, k] = x[i, k]}: m pieces of n elements, each so many times; y begins at 0. */
    void repeat(int m, int times, int n, Storage x, int xo, Storage y);
}
