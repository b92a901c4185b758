package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

/**
 * The transpose of a convolution, which makes images larger: every element of the input adds a kernel to the
 * output, as far from the next as the stride; plus a bias. Zeiler et al., CVPR 2010.
 *
 * @param weight
 *            the kernels, shape [in, out / groups, height, width]
 * @param bias
 *            shape [out]
 * @param how
 *            stride, padding, dilation and groups of the convolution it is the transpose of: padding is cut
 *            off
 * @param outputPadding
 *            how many rows and columns fewer are cut off at the bottom and at the right; less than the stride
 *            or the dilation
 */
public record ConvTranspose2d(Variable weight, Variable bias, Sliding how, int outputPadding) implements Layer {
    /** Checks that the shapes fit. */
    public ConvTranspose2d {
        Shape w = weight.shape();
        if (w.rank() != 4 || w.dim(0) % how.groups() != 0 || bias.shape().rank() != 1
                || bias.shape().dim(0) != (long) w.dim(1) * how.groups())
            throw new IllegalArgumentException("ConvTranspose2d: weight " + w + " and bias " + bias.shape() + " in "
                    + how.groups() + " groups must be [in, out / groups, height, width] and [out]");
        if (outputPadding < 0 || outputPadding >= Math.max(how.stride(), how.dilation()))
            throw new IllegalArgumentException("ConvTranspose2d: outputPadding " + outputPadding
                    + " must be at least 0 and less than stride " + how.stride() + " or dilation " + how.dilation());
    }

    /** A layer of F32 with square kernels that slide as told; He's weights and zero bias. */
    public static ConvTranspose2d of(Rng rng, int in, int out, int size, Sliding how) {
        return of(DType.F32, rng, in, out, size, how, Init.heNormal());
    }

    /** A layer of a dtype with square kernels, given initial weights and zero bias. */
    public static ConvTranspose2d of(DType dtype, Rng rng, int in, int out, int size, Sliding how, Init init) {
        if (out % how.groups() != 0)
            throw new IllegalArgumentException(
                    "ConvTranspose2d: " + out + " channels are not " + how.groups() + " equal groups");
        return new ConvTranspose2d(new Variable("weight", init.draw(dtype, rng, in, out / how.groups(), size, size)),
                new Variable("bias", Tensor.zeros(dtype, out)), how, 0);
    }

    /** Images [n, in, rows, columns] become [n, out, height, width]. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        int in = weight.shape().dim(0);
        if (x.shape().rank() != 4 || x.shape().dim(1) != in || !reaches(x, 2) || !reaches(x, 3))
            throw new IllegalArgumentException("ConvTranspose2d: the input has shape " + x.shape() + ", it must be [n, "
                    + in + ", rows, columns] with an output larger than twice the padding " + how.padding()
                    + "; the weight is " + weight.shape());
        return x.convTranspose2d(weight, how, outputPadding).add(bias.reshape(-1, 1, 1));
    }

    private boolean reaches(Tensor x, int axis) {
        long reach = (weight.shape().dim(axis) - 1L) * how.dilation() + 1 + outputPadding;
        return x.shape().dim(axis) > 0 && (x.shape().dim(axis) - 1L) * how.stride() + reach > 2L * how.padding();
    }
}
