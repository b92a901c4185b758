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
 * Convolution of images, as cross-correlation: every output channel is a sum of windows weighted by a kernel,
 * plus a bias. LeCun et al., Neural Computation 1989.
 *
 * @param weight
 *            the kernels, shape [out, in / groups, height, width]
 * @param bias
 *            shape [out]; null for none
 * @param how
 *            stride, padding, dilation and groups
 */
@SuppressWarnings("exports") // annotations are not needed to use this module
public record Conv2d(Variable weight, @Nullable Variable bias, Sliding how) implements SlidingLayer<Conv2d> {
    private static final String FORM = "[out, in / groups, height, width]";

    /** Checks that the shapes fit. */
    public Conv2d {
        Channels.check("Conv2d", weight.shape(), 4, FORM);
        Channels.check("Conv2d", weight.shape(), FORM, weight.shape().dim(0), bias, how);
    }

    /** A layer of F32 with square kernels, one step at a time, without padding; He's weights and zero bias. */
    public static Conv2d of(Rng rng, int in, int out, int size) {
        return of(rng, in, out, size, Sliding.DEFAULT);
    }

    /** A layer of F32 with square kernels that slide as told. */
    public static Conv2d of(Rng rng, int in, int out, int size, Sliding how) {
        return of(DType.F32, rng, in, out, size, how, Init.heNormal());
    }

    /** A layer of a dtype with square kernels, given initial weights and zero bias. */
    public static Conv2d of(DType dtype, Rng rng, int in, int out, int size, Sliding how, Init init) {
        return of(dtype, rng, in, out, size, size, how, init);
    }

    /** A layer of a dtype with kernels of a height and a width, given initial weights and zero bias. */
    public static Conv2d of(DType dtype, Rng rng, int in, int out, int height, int width, Sliding how, Init init) {
        int each = Channels.each("Conv2d", in, how);
        return new Conv2d(new Variable("weight", init.draw(dtype, rng, out, each, height, width)),
                Channels.zeros(dtype, out), how);
    }

    /** The same weight without a bias. */
    public Conv2d withoutBias() { return new Conv2d(weight, null, how); }

    @Override
    public Conv2d sliding(Sliding other) { return new Conv2d(weight, bias, other); }

    /** Images [n, in, height, width] become [n, out, rows, columns]. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Shape s = x.shape(), w = weight.shape();
        long in = (long) w.dim(1) * how.groups();
        if (s.rank() != 4 || s.dim(1) != in || !how.fit(s.dim(2), s.dim(3), w.dim(2), w.dim(3)))
            throw new IllegalArgumentException("Conv2d: the input has shape " + s + ", it must be [n, " + in
                    + ", height, width] and with its padding no smaller than the kernel; the weight is " + w + ", "
                    + how);
        return Channels.add(x.conv2d(weight, how), bias);
    }

    @Override
    public String toString() {
        Shape w = weight.shape();
        return Described.of(this, (long) w.dim(1) * how.groups() + " -> " + w.dim(0), w.dim(2) + "x" + w.dim(3), how,
                bias == null ? "no bias" : "");
    }
}
