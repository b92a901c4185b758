package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

/**
 * Group normalization: the channels of each example in equal groups, each brought to mean 0 and variance 1,
 * then {@code weight} and {@code bias} for each channel. Wu and He, ECCV 2018.
 *
 * @param groups
 *            how many groups; 1 normalizes all channels together, as many as channels each by itself
 * @param weight
 *            shape [channels]
 * @param bias
 *            shape [channels]
 * @param epsilon
 *            against division by 0, above 0
 */
public record GroupNorm(int groups, Variable weight, Variable bias, double epsilon) implements Layer {
    private static final double EPSILON = 1e-5;

    /** Checks that the shapes fit. */
    public GroupNorm {
        if (weight.shape().rank() != 1 || !weight.shape().equals(bias.shape()) || groups < 1
                || weight.size() % groups != 0)
            throw new IllegalArgumentException("GroupNorm: weight " + weight.shape() + " and bias " + bias.shape()
                    + " must both be [channels], in " + groups + " equal groups");
        if (!(epsilon > 0))
            throw new IllegalArgumentException("GroupNorm: epsilon is " + epsilon + ": it must be above 0");
    }

    /** A layer of F32 with weights 1, bias 0 and epsilon 1e-5. */
    public static GroupNorm of(int groups, int channels) {
        return of(DType.F32, groups, channels);
    }

    /** A layer of a dtype with weights 1, bias 0 and epsilon 1e-5. */
    public static GroupNorm of(DType dtype, int groups, int channels) {
        return new GroupNorm(groups, new Variable("weight", Tensor.ones(dtype, channels)),
                new Variable("bias", Tensor.zeros(dtype, channels)), EPSILON);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (x.shape().rank() < 2 || x.shape().dim(1) != weight.size())
            throw new IllegalArgumentException("GroupNorm: the input has shape " + x.shape() + ", it must be [n, "
                    + weight.size() + ", ..]");
        return x.groupNorm(groups, weight, bias, epsilon);
    }

    @Override
    public String toString() { return Described.of(this, weight.size(), groups + " groups"); }
}
