package autograd.kernels;

import autograd.array.Shape;

/**
 * The sizes of a convolution: windows slide over images, and each window is multiplied by kernels. Image,
 * kernel and output are the parts of
 * {@code sum of x[n, c, i s + p d - z, j s + q d - z] w[o, c, p, q] y[n, o, i, j]}. Each part is computed
 * from the other two, as the gradient of this sum.
 *
 * @param image
 *            the shape of x, [n, in, height, width]
 * @param kernel
 *            the shape of w, [out, in / groups, rows, columns]
 * @param output
 *            the shape of y, [n, out, height, width]
 * @param stride
 *            how far apart windows begin: s
 * @param padding
 *            how many zeros surround the image: z
 * @param dilation
 *            how far apart a window's elements are: d
 * @param groups
 *            into how many parts channels are divided, each seen by its own kernels
 */
public record Convolution(Shape image, Shape kernel, Shape output, int stride, int padding, int dilation, int groups) {
    /** The parts of a convolution, in the order of operands. */
    public enum Part {
        /** The images x; computed by a transposed convolution. */
        IMAGE,
        /** The kernels w. */
        KERNEL,
        /** The output y; computed by a cross-correlation. */
        OUTPUT
    }

    /** The shape of a part. */
    public Shape shape(Part part) {
        return switch (part) {
            case IMAGE -> image;
            case KERNEL -> kernel;
            case OUTPUT -> output;
        };
    }

    /** The number of windows along an axis of an image; one must fit. */
    public static long windows(int extent, int size, int stride, int padding, int dilation) {
        return (extent + 2L * padding - (size - 1L) * dilation - 1) / stride + 1;
    }

    /** The elements that im2col makes of one row of windows. */
    long columns() {
        return (long) kernel.dim(1) * kernel.dim(2) * kernel.dim(3) * output.dim(3);
    }

    /** The first window whose q-th element is in the image, along an axis. */
    int first(int q) {
        return (int) Math.max(0, Math.ceilDiv(padding - (long) q * dilation, stride));
    }

    /** One more than the last of {@code count} windows whose q-th element is in the image. */
    int end(int q, int count, int extent) {
        return Math.clamp(Math.floorDiv(extent - 1L + padding - (long) q * dilation, stride) + 1, 0, count);
    }
}
