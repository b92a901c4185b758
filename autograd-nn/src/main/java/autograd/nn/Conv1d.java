package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import org.jspecify.annotations.Nullable;

/**
 * Convolution of sequences, as cross-correlation: {@code y[n, o, i]} is the sum over c and p of
 * {@code x[n, c, i + p] weight[o, c, p]}, plus a bias. Waibel et al., 1989.
 *
 * @param weight
 *            the kernels, shape [out, in / groups, size]
 * @param bias
 *            shape [out]; null for none
 * @param how
 *            stride, padding, dilation and groups
 */
@SuppressWarnings("exports") // annotations are not needed to use this module
public record Conv1d(Variable weight, @Nullable Variable bias, Sliding how) implements SlidingLayer<Conv1d> {
    private static final String FORM = "[out, in / groups, size]";

    /** Checks that the shapes fit. */
    public Conv1d {
        Channels.check("Conv1d", weight.shape(), 3, FORM);
        Channels.check("Conv1d", weight.shape(), FORM, weight.shape().dim(0), bias, how);
        if (!how.height().equals(how.width()))
            throw new IllegalArgumentException("Conv1d: sequences have one axis, but the windows slide by "
                    + how.height() + " and " + how.width() + "; say it with one number");
    }

    /** A layer of F32 that slides one step at a time, without padding; He's weights and zero bias. */
    public static Conv1d of(Rng rng, int in, int out, int size) {
        return of(rng, in, out, size, Sliding.DEFAULT);
    }

    /** A layer of F32 with kernels that slide as told. */
    public static Conv1d of(Rng rng, int in, int out, int size, Sliding how) {
        return of(DType.F32, rng, in, out, size, how, Init.heNormal());
    }

    /** A layer of a dtype with given initial weights and zero bias. */
    public static Conv1d of(DType dtype, Rng rng, int in, int out, int size, Sliding how, Init init) {
        int each = Channels.each("Conv1d", in, how);
        return new Conv1d(new Variable("weight", init.draw(dtype, rng, out, each, size)), Channels.zeros(dtype, out),
                how);
    }

    /** The same weight without a bias. */
    public Conv1d withoutBias() { return new Conv1d(weight, null, how); }

    @Override
    public Conv1d sliding(Sliding other) { return new Conv1d(weight, bias, other); }

    /** Sequences [n, in, length] become [n, out, steps]. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Shape s = x.shape(), w = weight.shape();
        long in = (long) w.dim(1) * how.groups();
        if (s.rank() != 3 || s.dim(1) != in || !how.fit(s.dim(2), s.dim(2), w.dim(2), w.dim(2)))
            throw new IllegalArgumentException("Conv1d: the input has shape " + s + ", it must be [n, " + in
                    + ", length] and with its padding no shorter than the kernel; the weight is " + w + ", " + how);
        return Channels.add(x.conv1d(weight, how), bias);
    }

    @Override
    public String toString() {
        Shape w = weight.shape();
        return Described.of(this, (long) w.dim(1) * how.groups() + " -> " + w.dim(0), "size " + w.dim(2), how,
                bias == null ? "no bias" : "");
    }
}
