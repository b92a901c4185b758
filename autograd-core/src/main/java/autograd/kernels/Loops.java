package autograd.kernels;

import autograd.array.NdArray;
import autograd.array.Storage;

/** The innermost loops over one row, for one dtype: {@link FloatLoops}, and its twin derived by renaming. */
interface Loops {
    /** {@code y[i] = f(x[i])} over contiguous y. */
    void map(Kernels.Fn1 f, int n, Storage x, int xo, int xs, Storage y, int yo);

    /** {@code y[i] = f(a[i], b[i])} over contiguous y. */
    void map(Kernels.Fn2 f, int n, Storage a, int ao, int as, Storage b, int bo, int bs, Storage y, int yo);

    /** {@code y[i] = a[i] relation b[i]} over contiguous y. */
    void test(Kernels.Relation r, int n, Storage a, int ao, int as, Storage b, int bo, int bs, boolean[] y, int yo);

    /** {@code y[i] = x[i]}. */
    void copy(int n, Storage x, int xo, int xs, Storage y, int yo, int ys);

    /** {@code y[0] = combine(y[0], x[0], .., x[n-1])} if ys is 0, else {@code y[i] = combine(y[i], x[i])}. */
    void reduce(Kernels.Reduction r, int n, Storage x, int xo, int xs, Storage y, int yo, int ys);

    /** One row of softmax, or of its logarithm, from stride xs to stride ys. */
    void softmax(boolean log, int n, Storage x, int xo, int xs, Storage y, int yo, int ys);

    /** {@code y[index[i] * along] += x[i]}, each with its stride. */
    void scatterAdd(int n, Storage x, int xo, int xs, int[] index, int io, int is, Storage y, int yo, int ys,
            int along);

    /** {@code y[i] = x[index[i] * along]}, each with its stride. */
    void gather(int n, Storage x, int xo, int xs, int along, int[] index, int io, int is, Storage y, int yo, int ys);

    /** Whether no element of a row is NaN or infinite. */
    boolean allFinite(int n, Storage x, int xo, int xs);

    /** One step of an optimizer on contiguous slots. */
    void update(Kernels.Step step, int n, NdArray gradient, NdArray... slots);

    /** {@code c = a b} for matrices of any strides into contiguous c at an offset, which holds zeros. */
    void matmul(NdArray a, int ao, NdArray b, int bo, Storage c, int co);
}
