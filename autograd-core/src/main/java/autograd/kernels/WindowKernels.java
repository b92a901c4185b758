package autograd.kernels;

import autograd.array.Elements;
import autograd.array.NdArray;

/** The part of {@link Kernels} that looks at images through sliding windows. */
public interface WindowKernels {
    /**
     * One part of a convolution from the other two: the gradient of its sum with respect to that part.
     *
     * @param of
     *            the sizes
     * @param part
     *            what to compute
     * @param annihilator
     *            the operand, 0 or 1, whose zeros make terms 0 whatever the other holds; -1 for neither
     * @param a
     *            the first of the other parts, in their order
     * @param b
     *            the second
     * @return the part
     */
    NdArray convolve(Convolution of, Convolution.Part part, int annihilator, NdArray a, NdArray b);

    /**
     * Where the largest element of each window of images lies: the first of equals; the first NaN if there is
     * one. What surrounds an image is not looked at.
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
