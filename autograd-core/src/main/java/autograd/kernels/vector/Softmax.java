package autograd.kernels.vector;

import autograd.array.Storage;

/** Softmax of rows, for one dtype: {@link FloatSoftmax} or its twin. */
interface Softmax {
    /** Softmax of each of m contiguous rows of n elements, or its logarithm. */
    void rows(boolean log, int m, int n, Storage x, int xo, Storage y, int yo);
}
