package autograd.nn;

import autograd.Tensor;

/**
 * The mean of each window, zeros of the padding included. Images [n, channels, height, width] become [n,
 * channels, rows, columns].
 *
 * @param size
 *            the height and width of a window
 * @param stride
 *            how far apart windows begin
 * @param padding
 *            how many zeros surround the image, at most half the size
 */
public record AvgPool2d(int size, int stride, int padding) implements Layer {
    /** Checks the ranges. */
    public AvgPool2d {
        if (size < 1 || stride < 1 || padding < 0 || padding > size / 2)
            throw new IllegalArgumentException("AvgPool2d: size " + size + " and stride " + stride
                    + " must be at least 1, padding " + padding + " at least 0 and at most half the size");
    }

    /** Windows side by side, without padding. */
    public static AvgPool2d of(int size) {
        return new AvgPool2d(size, size, 0);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (x.shape().rank() != 4 || Math.min(x.shape().dim(2), x.shape().dim(3)) + 2L * padding < size)
            throw new IllegalArgumentException("AvgPool2d: the input has shape " + x.shape()
                    + ", it must be [n, channels, height, width] with room for windows of size " + size);
        return x.avgPool2d(size, stride, padding);
    }

    @Override
    public String toString() {
        return Described.of(this, size + "x" + size, stride == size ? "" : "stride " + stride,
                padding == 0 ? "" : "padding " + padding);
    }
}
