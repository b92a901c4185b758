package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

/**
 * Root mean square normalization over the last axes: {@code x / sqrt(mean(x^2) + epsilon) * weight}. Zhang
 * and Sennrich, NeurIPS 2019.
 *
 * @param weight
 *            of the shape of the axes that are normalized
 * @param epsilon
 *            against division by 0, above 0
 */
public record RmsNorm(Variable weight, double epsilon) implements Layer {
    /** Checks the ranges. */
    public RmsNorm {
        if (weight.shape().rank() == 0 || !(epsilon > 0))
            throw new IllegalArgumentException("RmsNorm: the weight " + weight.shape()
                    + " must have the shape of the axes to normalize, and epsilon " + epsilon + " be above 0");
    }

    /** A layer of F32 over last axes of the given extents, with weights 1 and the dtype's epsilon. */
    public static RmsNorm of(int... shape) {
        return of(DType.F32, shape);
    }

    /** A layer of a dtype over last axes of the given extents, with weights 1 and the dtype's epsilon. */
    public static RmsNorm of(DType dtype, int... shape) {
        return new RmsNorm(new Variable("weight", Tensor.ones(dtype, shape)), dtype.epsilon());
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (!LayerNorm.endsWith(x.shape(), weight.shape()))
            throw new IllegalArgumentException("RmsNorm: the input has shape " + x.shape()
                    + ", its last extents must be those of the weight, " + weight.shape());
        return x.rmsNorm(weight, epsilon);
    }

    @Override
    public String toString() { return Described.of(this, weight.shape()); }
}
