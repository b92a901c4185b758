package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

/**
 * Convolution of images, as cross-correlation: every output channel is a sum of windows weighted by a kernel,
 * plus a bias. LeCun et al., Neural Computation 1989.
 *
 * @param weight
 *            the kernels, shape [out, in / groups, height, width]
 * @param bias
 *            shape [out]
 * @param how
 *            stride, padding, dilation and groups
 */
public record Conv2d(Variable weight, Variable bias, Sliding how) implements Layer {
    /** Checks that the shapes fit. */
    public Conv2d {
        Shape w = weight.shape();
        if (w.rank() != 4 || bias.shape().rank() != 1 || w.dim(0) != bias.size() || w.dim(0) % how.groups() != 0)
            throw new IllegalArgumentException("Conv2d: weight " + w + " and bias " + bias.shape() + " in "
                    + how.groups() + " groups must be [out, in / groups, height, width] and [out]");
    }

    /** A layer of F32 with square kernels, one step at a time, without padding; He's weights and zero bias. */
    public static Conv2d of(Rng rng, int in, int out, int size) {
        return of(rng, in, out, size, Sliding.DEFAULT);
    }

    /** A layer of F32 with square kernels that slide as told, for example {@code Sliding.DEFAULT.padding(1)}. */
    public static Conv2d of(Rng rng, int in, int out, int size, Sliding how) {
        return of(DType.F32, rng, in, out, size, how, Init.heNormal());
    }

    /** A layer of a dtype with square kernels, given initial weights and zero bias. */
    public static Conv2d of(DType dtype, Rng rng, int in, int out, int size, Sliding how, Init init) {
        if (in % how.groups() != 0)
            throw new IllegalArgumentException("Conv2d: " + in + " channels are not " + how.groups() + " equal groups");
        return new Conv2d(new Variable("weight", init.draw(dtype, rng, out, in / how.groups(), size, size)),
                new Variable("bias", Tensor.zeros(dtype, out)), how);
    }

    /** Images [n, in, height, width] become [n, out, rows, columns]. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Shape w = weight.shape();
        long in = (long) w.dim(1) * how.groups();
        if (x.shape().rank() != 4 || x.shape().dim(1) != in || !fits(x, 2) || !fits(x, 3))
            throw new IllegalArgumentException("Conv2d: the input has shape " + x.shape() + ", it must be [n, " + in
                    + ", height, width] and with padding " + how.padding()
                    + " no smaller than the kernel; the weight is "
                    + w);
        return x.conv2d(weight, how).add(bias.reshape(-1, 1, 1));
    }

    private boolean fits(Tensor x, int axis) {
        return (weight.shape().dim(axis) - 1L) * how.dilation() < x.shape().dim(axis) + 2L * how.padding();
    }
}
