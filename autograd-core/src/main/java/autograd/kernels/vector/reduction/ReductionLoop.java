package autograd.kernels.vector.reduction;

import autograd.array.Storage;

/** The loops of one reduction, for one dtype: {@link FloatReductionLoop} or its twin. */
interface ReductionLoop {
    /**
     * Leaves in the lanes what a row's elements become, but for those that fill no vector; n is at least four.
     */
    void row(int n, Storage x, int xo, double start, double[] lanes);

    /**
     * {@code y[j]} becomes the reduction of {@code x[i, j]} over m rows, from a start; n is at least one vector
     * of doubles.
     */
    void columns(int m, int n, Storage x, int xo, int down, double start, double[] y, int yo);

    /** {@code y[yo + i]} becomes the reduction of the i-th of m contiguous short rows, from a start. */
    void shortRows(int m, int n, Storage x, int xo, double start, double[] y, int yo);
}
