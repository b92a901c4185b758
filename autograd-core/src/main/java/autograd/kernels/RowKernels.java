package autograd.kernels;

import autograd.array.NdArray;

/** The part of {@link Kernels} that brings the elements of each row to a common scale. */
public interface RowKernels {
    /**
     * Mean 0 and variance 1 in each row: {@code (x - mean) / sqrt(variance + epsilon)}.
     *
     * @param x
     *            an array
     * @param n
     *            how many elements make a row, those of the last axes
     * @param epsilon
     *            what is added to the variance
     * @return an array of x's shape
     */
    NdArray standardize(NdArray x, int n, double epsilon);
}
