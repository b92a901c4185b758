package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Shape;

/**
 * Layer normalization over the last axes: {@code (x - mean) / sqrt(variance + epsilon) * weight + bias}, with
 * mean and variance of each example by itself. Ba, Kiros and Hinton, 2016.
 *
 * @param weight
 *            of the shape of the axes that are normalized
 * @param bias
 *            of the same shape
 * @param epsilon
 *            against division by 0, above 0
 */
public record LayerNorm(Variable weight, Variable bias, double epsilon) implements Layer {
    private static final double EPSILON = 1e-5;

    /** Checks that the shapes fit. */
    public LayerNorm {
        if (weight.shape().rank() == 0 || !weight.shape().equals(bias.shape()))
            throw new IllegalArgumentException("LayerNorm: weight " + weight.shape() + " and bias " + bias.shape()
                    + " must have one shape, that of the axes to normalize");
        if (!(epsilon > 0))
            throw new IllegalArgumentException("LayerNorm: epsilon is " + epsilon + ": it must be above 0");
    }

    /** A layer of F32 over last axes of the given extents, with weights 1, bias 0 and epsilon 1e-5. */
    public static LayerNorm of(int... shape) {
        return of(DType.F32, shape);
    }

    /** A layer of a dtype over last axes of the given extents, with weights 1, bias 0 and epsilon 1e-5. */
    public static LayerNorm of(DType dtype, int... shape) {
        return new LayerNorm(new Variable("weight", Tensor.ones(dtype, shape)),
                new Variable("bias", Tensor.zeros(dtype, shape)), EPSILON);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (!endsWith(x.shape(), weight.shape()))
            throw new IllegalArgumentException("LayerNorm: the input has shape " + x.shape()
                    + ", its last extents must be those of the weight, " + weight.shape());
        return x.layerNorm(weight, bias, epsilon);
    }

    static boolean endsWith(Shape shape, Shape end) {
        boolean same = shape.rank() >= end.rank();
        for (int axis = -1; same && axis >= -end.rank(); axis--)
            same = shape.dim(axis) == end.dim(axis);
        return same;
    }

    @Override
    public String toString() { return Described.of(this, weight.shape()); }
}
