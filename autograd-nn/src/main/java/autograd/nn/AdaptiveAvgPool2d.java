package autograd.nn;

import autograd.Tensor;

import java.util.stream.IntStream;

/**
 * Means of images over as many regions as the output has elements: region i of m along an axis of n elements
 * is from {@code floor(i n / m)} to before {@code ceil((i + 1) n / m)}, as in PyTorch.
 *
 * @param height
 *            the rows of the output
 * @param width
 *            the columns of the output
 */
public record AdaptiveAvgPool2d(int height, int width) implements Layer {
    /** Checks the ranges. */
    public AdaptiveAvgPool2d {
        if (height < 1 || width < 1)
            throw new IllegalArgumentException(
                    "AdaptiveAvgPool2d: height " + height + " and width " + width + " must be at least 1");
    }

    /** A square output. */
    public static AdaptiveAvgPool2d of(int size) { return new AdaptiveAvgPool2d(size, size); }

    /** Images [n, channels, ..] of any height and width become [n, channels, height, width]. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (x.shape().rank() != 4 || x.shape().dim(2) == 0 || x.shape().dim(3) == 0)
            throw new IllegalArgumentException("AdaptiveAvgPool2d: the input has shape " + x.shape()
                    + ", it must be [n, channels, height, width] with at least one row and column");
        return means(means(x, 2, height), 3, width);
    }

    private static Tensor means(Tensor x, int axis, int count) {
        long n = x.shape().dim(axis);
        return Tensor.concat(axis, IntStream.range(0, count).mapToObj(i -> x
                .slice(axis, (int) (i * n / count), (int) Math.ceilDiv((i + 1) * n, count)).mean(true, axis))
                .toArray(Tensor[]::new));
    }

    @Override
    public String toString() { return Described.of(this, height + "x" + width); }
}
