package autograd.kernels;

/**
 * The functions that kernels may compute by loops of their own. A function names its intrinsic
 * ({@link Kernels.Fn1#intrinsic()}); such a loop agrees with the function's method f, which stays the
 * definition.
 */
public enum Intrinsic {
    /** Any other function: kernels call f for each element. */
    NONE,

    // ---- a single rounding: every loop gives the bits of f

    /** {@code a + b}. */
    ADD,
    /** {@code a - b}. */
    SUB,
    /** {@code a b}. */
    MUL,
    /** {@code a b}, 0 where a is 0. */
    ZMUL,
    /** {@code a / b}, 0 where a is 0. */
    ZDIV,
    /** {@code a / b}. */
    DIV,
    /** {@code -x}. */
    NEG,
    /** {@code 1 / x}. */
    RECIPROCAL,
    /** {@code |x|}. */
    ABS,
    /** {@code x^2}. */
    SQUARE,
    /** {@code sqrt(x)}. */
    SQRT,
    /** {@code max(x, 0)}. */
    RELU,
    /** {@code b > 0 ? a : 0}. */
    RELU_VJP,

    // ---- arithmetic and order

    /** -1, 0 or 1. */
    SIGN,
    /** {@code max(a, b)}. */
    MAXIMUM,
    /** {@code min(a, b)}. */
    MINIMUM,
    /** {@code min(max(x, p), q)}. */
    CLAMP,
    /** {@code x^3}. */
    CUBE,
    /** {@code 1 / sqrt(x)}. */
    RSQRT,

    // ---- transcendental functions

    /** {@code e^x}. */
    EXP,
    /** {@code e^x - 1}. */
    EXPM1,
    /** {@code log(x)}. */
    LOG,
    /** {@code log(1 + x)}. */
    LOG1P,
    /** {@code tanh(x)}. */
    TANH,
    /** {@code a (1 - b^2)}, 0 where a is 0. */
    TANH_VJP,
    /** {@code a / cosh(b)^2}, 0 where a is 0. */
    SECH_SQUARED,
    /** {@code erf(x)}. */
    ERF,
    /** {@code 1 - erf(x)}. */
    ERFC,

    // ---- activations and losses

    /** {@code 1 / (1 + e^-x)}. */
    SIGMOID,
    /** {@code a b (1 - b)}, 0 where a is 0. */
    SIGMOID_VJP,
    /** {@code a s (1 - s)} with s = sigmoid(b), 0 where a is 0. */
    SIGMOID_SLOPE,
    /** {@code sigmoid(a) - b}. */
    SIGMOID_SUB,
    /** {@code log(sigmoid(x))}. */
    LOG_SIGMOID,
    /** {@code log(1 + e^x)}. */
    SOFTPLUS,
    /** {@code x > 0 ? x : p x}. */
    LEAKY_RELU,
    /** {@code x > 0 ? x : p (e^x - 1)}. */
    ELU,
    /** {@code x Phi(x)}, Phi the distribution function of the standard normal distribution. */
    GELU
}
