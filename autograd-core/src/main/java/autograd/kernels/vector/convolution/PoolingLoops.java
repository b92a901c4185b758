package autograd.kernels.vector.convolution;

import autograd.array.Storage;

/** The loops of pooling, for one dtype: {@link FloatPooling} or its twin. */
interface PoolingLoops {
    /** Where the largest element of each window of a plane lies: positions in the plane. */
    void argMax(Storage x, int xo, int[] y, int yo);
}
