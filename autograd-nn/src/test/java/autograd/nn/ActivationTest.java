package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.init.Init;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

class ActivationTest {
    private static final double[] POINTS = {-30, -1.5, -0.25, 0, 0.5, 2, 40};

    @ParameterizedTest
    @EnumSource
    void hasItsValues(Activation activation) {
        double total = Arrays.stream(POINTS).map(Math::exp).sum();
        DoubleUnaryOperator expected = switch (activation) {
            case IDENTITY -> x -> x;
            case RELU -> x -> x > 0 ? x : 0;
            case LEAKY_RELU -> x -> x > 0 ? x : x / 100;
            case ELU -> x -> x > 0 ? x : Math.expm1(x);
            case GELU -> x -> x * (1 + Tensor.of(DType.F64, x / Math.sqrt(2)).erf().item()) / 2;
            case GELU_TANH -> x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case SILU -> x -> x / (1 + Math.exp(-x));
            case MISH -> x -> x * Math.tanh(Math.log1p(Math.exp(x)));
            case SOFTPLUS -> x -> Math.log1p(Math.exp(x));
            case SOFTSIGN -> x -> x / (1 + Math.abs(x));
            case HARDTANH -> x -> Math.clamp(x, -1, 1);
            case LOG_SIGMOID -> x -> -Math.log1p(Math.exp(-x));
            case LOG_SOFTMAX -> x -> x - Math.log(total);
            case SELU -> x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
            case TANH -> Math::tanh;
            case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
            case SOFTMAX -> x -> Math.exp(x) / total;
        };
        double[] y = activation.forward(Tensor.of(DType.F64, POINTS)).toDoubleArray();
        assertArrayEquals(Arrays.stream(POINTS).map(expected).toArray(), y, 1e-14);
    }

    /** As PyTorch's calculate_gain has it. */
    @ParameterizedTest
    @CsvSource({"IDENTITY, 1", "SIGMOID, 1", "SOFTMAX, 1", "RELU, 1.4142135623730951", "LEAKY_RELU, 1.4141428569978354",
            "SELU, 0.75", "TANH, 1.6666666666666667"})
    void hasItsGain(Activation activation, double gain) { assertEquals(gain, activation.gain(), 1e-15); }

    /**
     * The gain preserves the order of magnitude of values through deep layers.
     */
    @ParameterizedTest
    @EnumSource(names = {"IDENTITY", "RELU", "LEAKY_RELU", "TANH", "SELU"})
    void itsGainKeepsTheSizeOfValues(Activation activation) {
        var rng = new Rng(3);
        Tensor x = Tensor.randn(DType.F64, rng, 50, 200);
        for (int layer = 0; layer < 20; layer++)
            x = activation.forward(x.matmul(Init.xavierNormal(activation.gain()).draw(DType.F64, rng, 200, 200)));
        double size = Math.sqrt(x.square().mean().item());
        assertTrue(size > 0.1 && size < 3, "" + size);
    }

    @ParameterizedTest
    @EnumSource
    void keepsShapeAndDtype(Activation activation) {
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.randn(dtype, new Rng(0), 2, 3, 4);
            Tensor y = activation.forward(x, Pass.training(new Rng(1)));
            assertEquals(x.shape(), y.shape());
            assertEquals(dtype, y.dtype());
        }
    }

    @Test
    void softmaxSumsToOneAlongTheLastAxis() {
        Tensor y = Activation.SOFTMAX.forward(Tensor.randn(DType.F64, new Rng(0), 3, 4, 5));
        double[] ones = new double[12];
        Arrays.fill(ones, 1);
        assertArrayEquals(ones, y.sum(-1).toDoubleArray(), 1e-15);
    }

    @ParameterizedTest
    @EnumSource
    void itsGradientIsItsSlope(Activation activation) {
        var x = new Variable(Tensor.of(DType.F64, -2, -0.5, 0.25, 0.9, 3));
        Tensor g = Tensor.of(DType.F64, 1, -2, 0.5, 3, -1);
        Slope.assertGradients(() -> activation.forward(x).mul(g).sum(), List.of(x));
    }
}
