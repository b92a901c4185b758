package autograd.kernels;

import autograd.array.Storage;

/**
 * The innermost loops that call a function for every element, for one dtype: {@link FloatCalls} and its twin.
 */
interface Calls {
    /** {@code y[i] = f(x[i])} over contiguous y. */
    void map(Kernels.Fn1 f, int n, Storage x, int xo, int xs, Storage y, int yo);

    /** {@code y[i] = f(a[i], b[i])} over contiguous y. */
    void map(Kernels.Fn2 f, int n, Storage a, int ao, int as, Storage b, int bo, int bs, Storage y, int yo);

    /** {@code y[i] = a[i] relation b[i]} over contiguous y. */
    void test(Relation r, int n, Storage a, int ao, int as, Storage b, int bo, int bs, boolean[] y, int yo);

    /**
     * {@code y[0] = combine(y[0], x[0], .., x[n-1])} if ys is 0, else {@code y[i] = combine(y[i], x[i])}; y is
     * F64.
     */
    void reduce(Kernels.Reduction r, int n, Storage x, int xo, int xs, Storage y, int yo, int ys);

    /** One step of an optimizer on slots from position 0. */
    void update(Kernels.Step step, int n, Storage gradient, Storage... slots);
}
