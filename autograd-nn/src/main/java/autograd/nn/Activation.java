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
    /** Exponential linear unit: x if it is positive, else e^x - 1. Clevert et al., ICLR 2016. */
    ELU,
    /** Scaled exponential linear unit. Klambauer et al., NeurIPS 2017. */
    SELU,
    /** Gaussian error linear unit: x times the probability that a standard normal number is below x. */
    GELU,
    /** The approximation of GELU by tanh, as GPT-2 has it. Hendrycks and Gimpel, 2016. */
    GELU_TANH,
    /** x sigmoid(x), also called swish. Elfwing et al., 2018. */
    SILU,
    /** x tanh(softplus(x)). Misra, BMVC 2020. */
    MISH,
    /** log(1 + e^x). */
    SOFTPLUS,
    /** x / (1 + |x|). */
    SOFTSIGN,
    /** x brought into -1..1. */
    HARDTANH,
    /** Hyperbolic tangent. */
    TANH,
    /** 1 / (1 + e^-x). */
    SIGMOID,
    /** The logarithm of SIGMOID. */
    LOG_SIGMOID,
    /** Softmax along the last axis. */
    SOFTMAX,
    /** The logarithm of softmax along the last axis. */
    LOG_SOFTMAX;

    /**
     * The factor for initial weights before this activation that preserves the variance of values:
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
            case ELU -> x.elu(1);
            case SELU -> x.selu();
            case GELU -> x.gelu();
            case GELU_TANH -> x.geluTanh();
            case SILU -> x.silu();
            case MISH -> x.mish();
            case SOFTPLUS -> x.softplus();
            case SOFTSIGN -> x.softsign();
            case HARDTANH -> x.hardtanh();
            case TANH -> x.tanh();
            case SIGMOID -> x.sigmoid();
            case LOG_SIGMOID -> x.logSigmoid();
            case SOFTMAX -> x.softmax(-1);
            case LOG_SOFTMAX -> x.logSoftmax(-1);
        };
    }
}
