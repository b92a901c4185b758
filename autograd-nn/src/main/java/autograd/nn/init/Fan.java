package autograd.nn.init;

import java.util.Arrays;

/**
 * How many numbers meet in a weight: with shape [in, out], that many, and the kernels [out, in, height,
 * width] of convolutions times height and width.
 */
public enum Fan {
    /** What an output is a sum of: keeps the size of values on the way forward. */
    IN,
    /** What an input has a part in: keeps the size of cotangents on the way back. */
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
