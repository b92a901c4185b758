package autograd.nn.init;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;

/**
 * Draws the initial value of a variable. Weights have shape [in, out], kernels of convolutions [out, in,
 * height, width]. For the gains of activations, see {@code Activation.gain}.
 */
@FunctionalInterface
public interface Init {
    /**
     * Draws an initial value.
     *
     * @param dtype
     *            the type of the elements
     * @param rng
     *            the source of random numbers
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
        return (dtype, rng, shape) -> uniform(limit, dtype, rng, shape);
    }

    private static Tensor uniform(double limit, DType dtype, Rng rng, int... shape) {
        return Tensor.rand(dtype, rng, shape).mul(2 * limit).sub(limit);
    }

    /**
     * Normal with mean 0, truncated at two standard deviations: numbers beyond are drawn again, so the resulting
     * standard deviation is 0.88 times the given one.
     */
    static Init truncatedNormal(double stddev) {
        return (dtype, rng, shape) -> {
            double[] values = new double[size(shape, 0)];
            for (int i = 0; i < values.length; i++)
                do
                    values[i] = rng.nextGaussian();
                while (Math.abs(values[i]) > 2);
            return Tensor.of(DType.F64, values, shape).mul(stddev).to(dtype);
        };
    }

    /** Normal with variance 2 / fan-in, for layers before rectifiers. He et al., ICCV 2015. */
    static Init heNormal() {
        return heNormal(Fan.IN, Math.sqrt(2));
    }

    /** Normal with variance gain^2 / fan. He et al., ICCV 2015. */
    static Init heNormal(Fan fan, double gain) {
        return (dtype, rng, shape) -> Tensor.randn(dtype, rng, shape).mul(gain / Math.sqrt(fan.of(shape)));
    }

    /** Uniform with variance 2 / fan-in. He et al., ICCV 2015. */
    static Init heUniform() {
        return heUniform(Fan.IN, Math.sqrt(2));
    }

    /** Uniform with variance gain^2 / fan. He et al., ICCV 2015. */
    static Init heUniform(Fan fan, double gain) {
        return (dtype, rng, shape) -> uniform(gain * Math.sqrt(3 / fan.of(shape)), dtype, rng, shape);
    }

    /** Uniform with variance 2 / (fan-in + fan-out). Glorot and Bengio, AISTATS 2010. */
    static Init xavierUniform() {
        return xavierUniform(1);
    }

    /** Uniform with variance 2 gain^2 / (fan-in + fan-out). Glorot and Bengio, AISTATS 2010. */
    static Init xavierUniform(double gain) {
        return heUniform(Fan.MEAN, gain);
    }

    /** Normal with variance 2 / (fan-in + fan-out). Glorot and Bengio, AISTATS 2010. */
    static Init xavierNormal() {
        return xavierNormal(1);
    }

    /** Normal with variance 2 gain^2 / (fan-in + fan-out). Glorot and Bengio, AISTATS 2010. */
    static Init xavierNormal(double gain) {
        return heNormal(Fan.MEAN, gain);
    }

    /** Normal with variance 1 / fan-in, for layers before SELU. LeCun et al., "Efficient BackProp", 1998. */
    static Init lecunNormal() {
        return heNormal(Fan.IN, 1);
    }

    /** Uniform with variance 1 / fan-in. LeCun et al., "Efficient BackProp", 1998. */
    static Init lecunUniform() {
        return heUniform(Fan.IN, 1);
    }

    /** Orthogonal: the rows, or the columns if there are fewer, are orthonormal. */
    static Init orthogonal() {
        return orthogonal(1);
    }

    /**
     * Uniformly distributed orthogonal matrices, times a gain. The first axis gives the rows, all others the
     * columns. Saxe, McClelland and Ganguli, ICLR 2014.
     */
    static Init orthogonal(double gain) {
        return (dtype, rng, shape) -> {
            if (shape.length < 2)
                throw new IllegalArgumentException(
                        "orthogonal: " + Shape.of(shape) + " has no rows and columns: at least two axes are needed");
            Shape.of(shape);
            double[] q = Orthogonal.draw(rng, shape[0], size(shape, 1));
            return Tensor.of(DType.F64, q, shape).mul(gain).to(dtype);
        };
    }

    /** A constant. */
    static Init constant(double value) {
        return (dtype, _, shape) -> Tensor.full(dtype, value, shape);
    }

    /** Ones. */
    static Init ones() { return constant(1); }

    /** Zeros. */
    static Init zeros() { return constant(0); }

    private static int size(int[] shape, int from) {
        int size = 1;
        for (int i = from; i < shape.length; i++)
            size *= shape[i];
        return size;
    }
}
