package autograd.kernels.vector.reduction;

import autograd.array.Storage;

/** The loops of one reduction for one dtype: {@link FloatReductionLoop} or its twin. */
interface ReductionLoop {
    /** Reduces a row, up to its last whole vector of doubles, to the lanes of one; n is at least four vectors. */
    void row(int n, Storage x, int xo, double[] lanes);

    /** {@code y[j]} becomes the reduction of {@code x[i, j]} over m rows; n is at least one vector of doubles. */
    void columns(int m, int n, Storage x, int xo, int down, double[] y, int yo);

    /** {@code y[i]} becomes the reduction of the i-th of m contiguous rows of n elements. */
    void shortRows(int m, int n, Storage x, int xo, double[] y, int yo);
}
