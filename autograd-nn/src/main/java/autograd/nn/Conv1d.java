package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

/**
 * Convolution of sequences, as cross-correlation: {@code y[n, o, i]} is the sum over c and p of
 * {@code x[n, c, i + p] weight[o, c, p]}, plus a bias. Waibel et al., 1989.
 *
 * @param weight
 *            the kernels, shape [out, in / groups, size]
 * @param bias
 *            shape [out]
 * @param how
 *            stride, padding, dilation and groups
 */
public record Conv1d(Variable weight, Variable bias, Sliding how) implements Layer {
    /** Checks that the shapes fit. */
    public Conv1d {
        Shape w = weight.shape();
        if (w.rank() != 3 || bias.shape().rank() != 1 || w.dim(0) != bias.size() || w.dim(0) % how.groups() != 0)
            throw new IllegalArgumentException("Conv1d: weight " + w + " and bias " + bias.shape() + " in "
                    + how.groups() + " groups must be [out, in / groups, size] and [out]");
    }

    /** A layer of F32 that slides one step at a time, without padding; He's weights and zero bias. */
    public static Conv1d of(Rng rng, int in, int out, int size) {
        return of(rng, in, out, size, Sliding.DEFAULT);
    }

    /** A layer of F32 with kernels that slide as told, for example {@code Sliding.DEFAULT.padding(1)}. */
    public static Conv1d of(Rng rng, int in, int out, int size, Sliding how) {
        return of(DType.F32, rng, in, out, size, how, Init.heNormal());
    }

    /** A layer of a dtype with given initial weights and zero bias. */
    public static Conv1d of(DType dtype, Rng rng, int in, int out, int size, Sliding how, Init init) {
        if (in % how.groups() != 0)
            throw new IllegalArgumentException("Conv1d: " + in + " channels are not " + how.groups() + " equal groups");
        return new Conv1d(new Variable("weight", init.draw(dtype, rng, out, in / how.groups(), size)),
                new Variable("bias", Tensor.zeros(dtype, out)), how);
    }

    /** Sequences [n, in, length] become [n, out, steps]. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Shape w = weight.shape();
        long in = (long) w.dim(1) * how.groups();
        if (x.shape().rank() != 3 || x.shape().dim(1) != in
                || (w.dim(2) - 1L) * how.dilation() >= x.shape().dim(2) + 2L * how.padding())
            throw new IllegalArgumentException("Conv1d: the input has shape " + x.shape() + ", it must be [n, " + in
                    + ", length] and with padding " + how.padding() + " no shorter than the kernel; the weight is "
                    + w);
        return x.conv1d(weight, how).add(bias.reshape(-1, 1));
    }
}
