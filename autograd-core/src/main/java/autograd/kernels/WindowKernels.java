package autograd.kernels;

import autograd.array.Elements;
import autograd.array.NdArray;

/** Kernels over sliding windows of images: convolution and pooling. */
public interface WindowKernels {
    /**
     * Computes one part of a convolution from the other two, a and b in the order of {@link Convolution.Part}:
     * the gradient of the sum with respect to that part. Zeros of one operand, number zeroAbsorbing, make terms 0
     * even where the other is infinite or NaN; -1 for neither. The error of a kernel gradient, a sum of n terms,
     * is at most about {@code 4000 u + n 2^-53} times the sum of their absolute values, where u is 2^-24 for F32
     * and 2^-53 for F64.
     */
    NdArray convolve(Convolution of, Convolution.Part part, int zeroAbsorbing, NdArray a, NdArray b);

    /**
     * The position of the largest element of each window of images [n, c, height, width]: the first of equals, or
     * the first NaN. Positions are in planes of height * width, row-major over all windows. Padding is never
     * chosen, and each window has an element in its image.
     */
    Elements<int[]> argMaxPool(NdArray x, int size, int stride, int padding);
}
