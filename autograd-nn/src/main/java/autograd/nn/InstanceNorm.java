package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

/**
 * Instance normalization: each channel of each example brought to mean 0 and variance 1, then {@code weight}
 * and {@code bias} for each channel. Ulyanov et al., 2016.
 *
 * @param weight
 *            shape [channels]
 * @param bias
 *            shape [channels]
 * @param epsilon
 *            against division by 0, above 0
 */
public record InstanceNorm(Variable weight, Variable bias, double epsilon) implements Layer {
    /** Checks that the shapes fit. */
    public InstanceNorm {
        if (weight.shape().rank() != 1 || !weight.shape().equals(bias.shape()))
            throw new IllegalArgumentException("InstanceNorm: weight " + weight.shape() + " and bias " + bias.shape()
                    + " must both be [channels]");
        if (!(epsilon > 0))
            throw new IllegalArgumentException("InstanceNorm: epsilon is " + epsilon + ": it must be above 0");
    }

    /** A layer of F32 with weights 1, bias 0 and epsilon 1e-5. */
    public static InstanceNorm of(int channels) {
        return of(DType.F32, channels);
    }

    /** A layer of a dtype with weights 1, bias 0 and epsilon 1e-5. */
    public static InstanceNorm of(DType dtype, int channels) {
        return new InstanceNorm(new Variable("weight", Tensor.ones(dtype, channels)), Channels.zeros(dtype, channels),
                1e-5);
    }

    /** Batches [n, channels, ..] keep their shape. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (x.shape().rank() < 3 || x.shape().dim(1) != weight.size())
            throw new IllegalArgumentException("InstanceNorm: the input has shape " + x.shape() + ", it must be [n, "
                    + weight.size() + ", ..] with at least one axis more");
        return x.groupNorm(weight.size(), weight, bias, epsilon);
    }

    @Override
    public String toString() { return Described.of(this, weight.size()); }
}
