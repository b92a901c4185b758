package autograd.kernels;

import autograd.array.NdArray;
import autograd.array.Storage;

/** The innermost loops over one row, for one dtype: {@link FloatLoops} or its twin. */
interface Loops {
    /** {@code y[i] = x[i]}. */
    void copy(int n, Storage x, int xo, int xs, Storage y, int yo, int ys);

    /** {@code y[i] += x[i]}. */
    void accumulate(int n, Storage x, int xo, int xs, Storage y, int yo, int ys);

    /** {@code if (where[i]) y[i] = x[i]}. */
    void choose(int n, boolean[] where, int wo, int ws, Storage x, int xo, int xs, Storage y, int yo);

    /** {@code y[i] = x[0] + .. + x[i]}, with strides. */
    void cumsum(int n, Storage x, int xo, int xs, Storage y, int yo, int ys);

    /** Softmax of one row, or its logarithm. */
    void softmax(boolean log, int n, Storage x, int xo, int xs, Storage y, int yo, int ys);

    /** Brings one contiguous row to mean 0 and variance 1. */
    void standardize(int n, double epsilon, Storage x, int xo, Storage y, int yo);

    /** {@code y[index[i] * along] += x[i]}, with strides. */
    void scatterAdd(int n, Storage x, int xo, int xs, int[] index, int io, int is, Storage y, int yo, int ys,
            int along);

    /** {@code y[i] = x[index[i] * along]}, with strides. */
    void gather(int n, Storage x, int xo, int xs, int along, int[] index, int io, int is, Storage y, int yo, int ys);

    /** Whether no element of a row is NaN or infinite. */
    boolean allFinite(int n, Storage x, int xo, int xs);

    /** {@code c = a b} for matrices of any strides. Overwrites c, which is contiguous from co on. */
    void matmul(NdArray a, int ao, NdArray b, int bo, Storage c, int co);
}
