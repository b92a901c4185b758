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
 * The transpose of a convolution, which makes images larger: every element of the input adds a kernel to the
 * output, as far from the next as the stride; plus a bias. Zeiler et al., CVPR 2010.
 *
 * @param weight
 *            the kernels, shape [in, out / groups, height, width]
 * @param bias
 *            shape [out]; null for none
 * @param how
 *            stride, padding, dilation and groups of the convolution it is the transpose of: padding is cut
 *            off
 * @param outputPadding
 *            how many rows and columns fewer are cut off at the bottom and at the right; less than the stride
 *            or the dilation
 */
@SuppressWarnings("exports") // annotations are not needed to use this module
public record ConvTranspose2d(Variable weight, @Nullable Variable bias, Sliding how, int outputPadding)
        implements
            SlidingLayer<ConvTranspose2d> {
    private static final String FORM = "[in, out / groups, height, width]";

    /** Checks that the shapes fit. */
    public ConvTranspose2d {
        Shape w = weight.shape();
        Channels.check("ConvTranspose2d", w, 4, FORM);
        Channels.check("ConvTranspose2d", w, FORM, (long) w.dim(1) * how.groups(), bias, how);
        if (outputPadding < 0 || outputPadding >= how.mostOutputPadding())
            throw new IllegalArgumentException("ConvTranspose2d: outputPadding " + outputPadding
                    + " must be at least 0 and less than stride or dilation: " + how);
        if (how.same())
            throw new IllegalArgumentException("ConvTranspose2d: samePadding() is for convolutions; use padding(..)");
    }

    /** A layer of F32 with square kernels, one step at a time; He's weights and zero bias. */
    public static ConvTranspose2d of(Rng rng, int in, int out, int size) {
        return of(rng, in, out, size, Sliding.DEFAULT);
    }

    /** A layer of F32 with square kernels that slide as told; He's weights and zero bias. */
    public static ConvTranspose2d of(Rng rng, int in, int out, int size, Sliding how) {
        return of(DType.F32, rng, in, out, size, how, Init.heNormal());
    }

    /** A layer of a dtype with square kernels, given initial weights and zero bias. */
    public static ConvTranspose2d of(DType dtype, Rng rng, int in, int out, int size, Sliding how, Init init) {
        int each = Channels.each("ConvTranspose2d", out, how);
        return new ConvTranspose2d(new Variable("weight", init.draw(dtype, rng, in, each, size, size)),
                Channels.zeros(dtype, out), how, 0);
    }

    /** The same weight without a bias. */
    public ConvTranspose2d withoutBias() {
        return new ConvTranspose2d(weight, null, how, outputPadding);
    }

    /** The same variables with another output padding. */
    public ConvTranspose2d outputPadding(int rows) {
        return new ConvTranspose2d(weight, bias, how, rows);
    }

    @Override
    public ConvTranspose2d sliding(Sliding other) { return new ConvTranspose2d(weight, bias, other, outputPadding); }

    /** Images [n, in, rows, columns] become [n, out, height, width]. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        int in = weight.shape().dim(0);
        if (x.shape().rank() != 4 || x.shape().dim(1) != in || !reaches(x, 2) || !reaches(x, 3))
            throw new IllegalArgumentException("ConvTranspose2d: the input has shape " + x.shape() + ", it must be [n, "
                    + in + ", rows, columns] with an output larger than twice the padding; the weight is "
                    + weight.shape() + ", " + how);
        return Channels.add(x.convTranspose2d(weight, how, outputPadding), bias);
    }

    private boolean reaches(Tensor x, int axis) {
        var step = axis == 2 ? how.height() : how.width();
        long reach = (weight.shape().dim(axis) - 1L) * step.dilation() + 1 + outputPadding;
        return x.shape().dim(axis) > 0 && (x.shape().dim(axis) - 1L) * step.stride() + reach > 2L * step.padding();
    }

    @Override
    public String toString() {
        Shape w = weight.shape();
        return Described.of(this, w.dim(0) + " -> " + (long) w.dim(1) * how.groups(), w.dim(2) + "x" + w.dim(3), how,
                outputPadding == 0 ? "" : "output padding " + outputPadding, bias == null ? "no bias" : "");
    }
}
