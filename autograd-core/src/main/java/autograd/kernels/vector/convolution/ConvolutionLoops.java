package autograd.kernels.vector.convolution;

import autograd.kernels.Convolution.Part;

/** The loops of one convolution, for one dtype: {@link FloatConvolution} or its twin. */
interface ConvolutionLoops {
    /** Computes a part from the others. */
    void compute(Part part);
}
