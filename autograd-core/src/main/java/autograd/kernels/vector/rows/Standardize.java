package autograd.kernels.vector.rows;

import autograd.array.DType;
import autograd.array.Storage;
import autograd.kernels.vector.lanes.FloatWidth;

/** Rows brought to mean 0 and variance 1, for one dtype: {@link FloatStandardize} or its twin. */
public interface Standardize {
    /** Shorter rows are not worth a vector. */
    int SHORT = 2 * FloatWidth.LANES;

    static Standardize of(DType dtype) { return dtype.pick(FloatStandardize.ONE, DoubleStandardize.ONE); }

    /** Each of m contiguous rows of n elements, at least {@link #SHORT}. */
    void standardize(int m, int n, double epsilon, Storage x, int xo, Storage y, int yo);
}
