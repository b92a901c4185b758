package autograd.kernels;

import autograd.array.Shape;

/**
 * The sizes of a convolution: windows slide over images, and each window is multiplied by kernels. Image,
 * kernel and output are the parts of
 * {@code sum of x[n, c, i s + p d - z, j s + q d - z] w[o, c, p, q] y[n, o, i, j]}, where s, d and z may
 * differ between rows and columns. Each part is computed from the other two, as the gradient of this sum.
 *
 * @param image
 *            the shape of x, [n, in, height, width]
 * @param kernel
 *            the shape of w, [out, in / groups, rows, columns]
 * @param output
 *            the shape of y, [n, out, height, width]
 * @param rows
 *            how windows slide down
 * @param columns
 *            how they slide to the right
 * @param groups
 *            into how many parts channels are divided, each seen by its own kernels
 */
public record Convolution(Shape image, Shape kernel, Shape output, Axis rows, Axis columns, int groups) {
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

    /**
     * How windows slide along an axis: element p of window i is at {@code i s + p d - z}.
     *
     * @param stride
     *            how far apart windows begin: s
     * @param padding
     *            how many zeros stand before the first element: z
     * @param dilation
     *            how far apart a window's elements are: d
     */
    public record Axis(int stride, int padding, int dilation) {
        /** Where the p-th element of a window lies. */
        int position(int i, int p) {
            return i * stride + p * dilation - padding;
        }

        /** The first window whose p-th element is in the image. */
        int first(int p) {
            return (int) Math.max(0, Math.ceilDiv(padding - (long) p * dilation, stride));
        }

        /** One more than the last of {@code count} windows whose p-th element is in the image. */
        int end(int p, int count, int extent) {
            return Math.clamp(Math.floorDiv(extent - 1L + padding - (long) p * dilation, stride) + 1, 0, count);
        }
    }

    /** Windows that slide in the same way along both axes. */
    public Convolution(Shape image, Shape kernel, Shape output, int stride, int padding, int dilation, int groups) {
        this(image, kernel, output, new Axis(stride, padding, dilation), new Axis(stride, padding, dilation), groups);
    }

    /**
     * The number of windows along an axis of an image, with as much padding behind it as before; one must fit.
     */
    public static long windows(int extent, int size, int stride, int padding, int dilation) {
        return (extent + 2L * padding - (size - 1L) * dilation - 1) / stride + 1;
    }

    /** The elements that im2col makes of one row of windows. */
    long columnElements() {
        return (long) kernel.dim(1) * kernel.dim(2) * kernel.dim(3) * output.dim(3);
    }
}
