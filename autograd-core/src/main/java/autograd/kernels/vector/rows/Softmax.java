package autograd.kernels.vector.rows;

import autograd.array.DType;
import autograd.array.Storage;

/** Softmax of rows and its cross-entropy, for one dtype: {@link FloatSoftmax} or its twin. */
public interface Softmax {
    static Softmax of(DType dtype) { return dtype.pick(FloatSoftmax.ONE, DoubleSoftmax.ONE); }

    /** Softmax of each of m contiguous rows of n elements, or its logarithm. */
    void rows(boolean log, int m, int n, Storage x, int xo, Storage y, int yo);

    /** Cross-entropy of each of m contiguous rows of n elements with its label; labels begin at {@code first}. */
    void losses(int m, int n, Storage x, int xo, int[] labels, int first, Storage y, int yo);

    /** The gradient of the cross-entropy of each row, times its cotangent g. */
    void vjps(int m, int n, Storage g, int go, Storage x, int xo, int[] labels, int first, Storage y, int yo);
}
