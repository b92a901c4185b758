package autograd.kernels;

import autograd.array.Elements;
import autograd.array.NdArray;

/** Kernels over sliding windows of images: convolution and pooling. */
public interface WindowKernels {
    /**
     * Computes one part of a convolution from the other two: the gradient of the sum with respect to that part.
     *
     * @param of
     *            the sizes
     * @param part
     *            what to compute
     * @param annihilator
     *            the operand, 0 or 1, whose zeros make terms 0 even where the other is infinite or NaN; -1 for
     *            neither
     * @param a
     *            the first of the other parts, in their order
     * @param b
     *            the second
     * @return the part
     */
    NdArray convolve(Convolution of, Convolution.Part part, int annihilator, NdArray a, NdArray b);

    /**
     * The position of the largest element of each window of images: the first of equals, or the first NaN.
     * Padding is never chosen.
     *
     * @param x
     *            shape [n, c, height, width]
     * @param size
     *            the height and the width of a window, each of which has an element in the image
     * @param stride
     *            how far apart windows begin
     * @param padding
     *            how far windows may reach beyond the image
     * @return for all windows, row-major, positions in planes of height * width
     */
    Elements<int[]> argMaxPool(NdArray x, int size, int stride, int padding);
}
