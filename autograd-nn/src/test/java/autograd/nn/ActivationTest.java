package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
            case TANH -> Math::tanh;
            case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
            case SOFTMAX -> x -> Math.exp(x) / total;
        };
        double[] y = activation.forward(Tensor.of(DType.F64, POINTS)).toDoubleArray();
        assertArrayEquals(Arrays.stream(POINTS).map(expected).toArray(), y, 1e-15);
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
        var x = new Variable(Tensor.of(DType.F64, -2, -0.5, 0.25, 1, 3));
        Tensor g = Tensor.of(DType.F64, 1, -2, 0.5, 3, -1);
        Slope.assertGradients(() -> activation.forward(x).mul(g).sum(), List.of(x));
    }
}
