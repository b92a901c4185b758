package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** One number for each channel, along axis 1: biases of convolutions. */
final class Channels {
    private Channels() {}

    /** A vector shaped so that it broadcasts against [n, channels, ..] of a rank. */
    static Tensor along(Tensor v, int rank) {
        int[] line = new int[rank];
        Arrays.fill(line, 1);
        line[1] = v.size();
        return v.reshape(line);
    }

    static Tensor add(Tensor y, @Nullable Variable bias) {
        return bias == null ? y : y.add(along(bias, y.shape().rank()));
    }

    static Variable zeros(DType dtype, int channels) { return new Variable("bias", Tensor.zeros(dtype, channels)); }

    /** Checks the rank of the kernels. */
    static void check(String layer, Shape weight, int rank, String form) {
        if (weight.rank() != rank)
            throw new IllegalArgumentException(layer + ": weight " + weight + " must be " + form);
    }

    /** Checks that groups share the kernels equally, and that there is a bias for each output or none. */
    static void check(String layer, Shape weight, String form, long out, @Nullable Variable bias, Sliding how) {
        if (weight.dim(0) % how.groups() != 0 || bias != null && (bias.shape().rank() != 1 || bias.size() != out))
            throw new IllegalArgumentException(layer + ": weight " + weight + " and bias "
                    + (bias == null ? "none" : bias.shape()) + " in " + how.groups() + " groups must be " + form
                    + " and [out]");
    }

    /** Checks that groups share channels equally. */
    static int each(String layer, int channels, Sliding how) {
        if (channels % how.groups() != 0)
            throw new IllegalArgumentException(
                    layer + ": " + channels + " channels are not " + how.groups() + " equal groups");
        return channels / how.groups();
    }
}
