package autograd.nn.init;

import java.util.Arrays;

/**
 * The number of inputs or outputs that a weight connects: in and out for shape [in, out]; for the kernels
 * [out, in, height, width] of convolutions, in and out times height and width.
 */
public enum Fan {
    /** The number of terms in an output: preserves the variance of values in the forward pass. */
    IN,
    /** The number of outputs that use an input: preserves the variance of cotangents in the backward pass. */
    OUT,
    /** The mean of both. */
    MEAN;

    double of(int... shape) {
        int rank = shape.length;
        return switch (this) {
            case IN -> rank < 2 ? product(shape, 0) : rank == 2 ? shape[0] : product(shape, 1);
            case OUT -> rank < 2 ? product(shape, 0) : rank == 2 ? shape[1] : shape[0] * product(shape, 2);
            case MEAN -> (IN.of(shape) + OUT.of(shape)) / 2;
        };
    }

    private static double product(int[] shape, int from) {
        return Arrays.stream(shape).skip(from).asDoubleStream().reduce(1, (a, b) -> a * b);
    }
}
