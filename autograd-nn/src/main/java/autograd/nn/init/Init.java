package autograd.nn.init;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;

/**
 * How the initial value of a variable is drawn. Weights have shape [in, out], kernels of convolutions [out,
 * in, height, width].
 */
@FunctionalInterface
public interface Init {
    /**
     * Draws an initial value.
     *
     * @param dtype
     *            the type of the elements
     * @param rng
     *            where randomness comes from
     * @param shape
     *            the shape
     * @return the value
     */
    Tensor draw(DType dtype, Rng rng, int... shape);

    /** Normal with mean 0. */
    static Init normal(double stddev) {
        return (dtype, rng, shape) -> Tensor.randn(dtype, rng, shape).mul(stddev);
    }

    /** Uniform in [-limit, limit). */
    static Init uniform(double limit) {
        return (dtype, rng, shape) -> Tensor.rand(dtype, rng, shape).mul(2 * limit).sub(limit);
    }

    /** Normal with variance 2 / fan-in, for layers before rectifiers. He et al., ICCV 2015. */
    static Init he() {
        return (dtype, rng, shape) -> normal(Math.sqrt(2.0 / fanIn(shape))).draw(dtype, rng, shape);
    }

    /** Uniform with variance 2 / (fan-in + fan-out). Glorot and Bengio, AISTATS 2010. */
    static Init xavier() {
        return (dtype, rng, shape) -> uniform(Math.sqrt(6.0 / (fanIn(shape) + fanOut(shape)))).draw(dtype, rng, shape);
    }

    /** Zeros. */
    static Init zeros() { return (dtype, _, shape) -> Tensor.zeros(dtype, shape); }

    private static int fanIn(int... shape) {
        return shape.length < 2 ? size(shape, 0) : shape.length == 2 ? shape[0] : size(shape, 1);
    }

    private static int fanOut(int... shape) {
        return shape.length < 2 ? size(shape, 0) : shape.length == 2 ? shape[1] : shape[0] * size(shape, 2);
    }

    private static int size(int[] shape, int from) {
        int size = 1;
        for (int i = from; i < shape.length; i++)
            size *= shape[i];
        return size;
    }
}
