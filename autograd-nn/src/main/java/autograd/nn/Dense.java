package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.init.Init;

import org.jspecify.annotations.Nullable;

/**
 * An affine map: {@code y = x weight + bias}, over the last axis.
 *
 * @param weight
 *            shape [in, out]
 * @param bias
 *            shape [out]; null for none
 */
@SuppressWarnings("exports") // annotations are not needed to use this module
public record Dense(Variable weight, @Nullable Variable bias) implements Layer {
    /** Checks that the shapes fit. */
    public Dense {
        if (weight.shape().rank() != 2
                || bias != null && (bias.shape().rank() != 1 || weight.shape().dim(1) != bias.shape().dim(0)))
            throw new IllegalArgumentException("Dense: weight " + weight.shape() + " and bias "
                    + (bias == null ? "none" : bias.shape()) + " must be [in, out] and [out]");
    }

    /** A layer of F32 with Xavier's weights and zero bias. */
    public static Dense of(Rng rng, int in, int out) {
        return of(DType.F32, rng, in, out, Init.xavierUniform());
    }

    /** A layer of F32 with given initial weights and zero bias. */
    public static Dense of(Rng rng, int in, int out, Init init) {
        return of(DType.F32, rng, in, out, init);
    }

    /** A layer of a dtype with given initial weights and zero bias. */
    public static Dense of(DType dtype, Rng rng, int in, int out, Init init) {
        return new Dense(new Variable("weight", init.draw(dtype, rng, in, out)),
                new Variable("bias", Tensor.zeros(dtype, out)));
    }

    /** The same weight without a bias. */
    public Dense withoutBias() { return new Dense(weight, null); }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (x.shape().rank() == 0 || x.shape().dim(-1) != weight.shape().dim(0))
            throw new IllegalArgumentException("Dense: the input has shape " + x.shape() + ", its last extent must be "
                    + weight.shape().dim(0) + ", the weight is " + weight.shape());
        Tensor y = x.matmul(weight);
        return bias == null ? y : y.add(bias);
    }

    @Override
    public String toString() {
        return Described.of(this, weight.shape().dim(0) + " -> " + weight.shape().dim(1),
                bias == null ? "no bias" : "");
    }
}
