package autograd.nn;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Shape;

import java.util.stream.IntStream;

/**
 * Images made larger by a whole factor.
 *
 * @param scale
 *            how many times as high and wide
 * @param mode
 *            where new pixels get their values from
 */
public record Upsample(int scale, Mode mode) implements Layer {
    /** Where new pixels get their values from. */
    public enum Mode {
        /** The nearest pixel: each one is repeated. */
        NEAREST,
        /**
         * The four nearest pixels, weighted by distance, with centers of pixels at half integers; PyTorch's bilinear
         * with {@code align_corners=False}.
         */
        BILINEAR
    }

    /** Checks the range. */
    public Upsample {
        if (scale < 1)
            throw new IllegalArgumentException("Upsample: the scale is " + scale + ", it must be at least 1");
    }

    /** Repeats each pixel. */
    public static Upsample nearest(int scale) { return new Upsample(scale, Mode.NEAREST); }

    /** Interpolates between pixels. */
    public static Upsample bilinear(int scale) {
        return new Upsample(scale, Mode.BILINEAR);
    }

    /** Images [n, channels, height, width] become [n, channels, scale height, scale width]. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Shape s = x.shape();
        if (s.rank() != 4 || s.dim(2) == 0 || s.dim(3) == 0)
            throw new IllegalArgumentException("Upsample: the input has shape " + s
                    + ", it must be [n, channels, height, width] with at least one row and column");
        return mode == Mode.NEAREST ? x.repeat(scale, 2).repeat(scale, 3) : interpolate(interpolate(x, 2), 3);
    }

    private Tensor interpolate(Tensor x, int axis) {
        int n = x.shape().dim(axis);
        int[] line = {1, 1, 1, 1};
        line[axis] = x.shape().with("Upsample", axis, (long) n * scale).dim(axis);
        double[] at = IntStream.range(0, line[axis]).mapToDouble(i -> Math.max(0, (i + 0.5) / scale - 0.5)).toArray();
        int[] before = IntStream.range(0, at.length).map(i -> (int) at[i]).toArray(),
                after = IntStream.of(before).map(i -> Math.min(i + 1, n - 1)).toArray();
        Tensor far = Tensor.of(x.dtype(), IntStream.range(0, at.length).mapToDouble(i -> at[i] - before[i]).toArray(),
                line);
        return x.indexSelect(axis, IntTensor.of(before)).mul(far.neg().add(1))
                .add(x.indexSelect(axis, IntTensor.of(after)).mul(far));
    }

    @Override
    public String toString() { return Described.of(this, scale, mode); }
}
