package autograd.nn;

import autograd.Tensor;

/** The usual non-linear functions, as layers without variables. */
public enum Activation implements Layer {
    /** x itself. */
    IDENTITY,
    /** max(x, 0). */
    RELU,
    /** x if it is positive, else x / 100. Maas, Hannun and Ng, ICML workshop 2013. */
    LEAKY_RELU,
    /** Scaled exponential linear unit. Klambauer et al., NeurIPS 2017. */
    SELU,
    /** Hyperbolic tangent. */
    TANH,
    /** 1 / (1 + e^-x). */
    SIGMOID,
    /** Softmax along the last axis. */
    SOFTMAX;

    /**
     * What initial weights before this activation are multiplied by, so that values keep their size:
     * {@code Init.xavierUniform(TANH.gain())}. He et al., ICCV 2015; the others as in PyTorch.
     *
     * @return sqrt(2 / (1 + slope^2)) for RELU and LEAKY_RELU, 5/3 for TANH, 3/4 for SELU, else 1
     */
    public double gain() {
        return switch (this) {
            case RELU -> Math.sqrt(2);
            case LEAKY_RELU -> Math.sqrt(2 / (1 + 0.01 * 0.01));
            case TANH -> 5.0 / 3;
            case SELU -> 3.0 / 4;
            default -> 1;
        };
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        return switch (this) {
            case IDENTITY -> x;
            case RELU -> x.relu();
            case LEAKY_RELU -> x.leakyRelu(0.01);
            case SELU -> x.selu();
            case TANH -> x.tanh();
            case SIGMOID -> x.sigmoid();
            case SOFTMAX -> x.softmax(-1);
        };
    }
}
