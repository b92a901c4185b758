package autograd.kernels.vector.elementwise;

import autograd.array.Storage;

/**
 * The loops of one function, for one dtype: {@link FloatElementwiseLoop} or its twin. Each n is at least one
 * vector.
 */
public interface ElementwiseLoop {
    /** {@code y[i] = f(x[i])}. */
    void map(int n, Storage x, int xo, Storage y, int yo, double p, double q);

    /** {@code y[i] = f(a[i], b[i])}, where a step of 0 repeats one element; not both are 0. */
    void map(int n, Storage a, int ao, int as, Storage b, int bo, int bs, Storage y, int yo, double p, double q);
}
