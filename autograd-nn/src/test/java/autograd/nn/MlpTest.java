package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;

class MlpTest {
    private static final Dense FIRST = new Dense(new Variable(Tensor.of(new double[][]{{1, -1}})),
            new Variable(Tensor.of(0, 1)));
    private static final Dense SECOND = new Dense(new Variable(Tensor.of(new double[][]{{2}, {3}})),
            new Variable(Tensor.of(-10)));

    @Test
    void activatesBetweenLayersAndNotAfterTheLast() {
        var mlp = new Mlp(List.of(FIRST, SECOND), Activation.RELU);
        Tensor y = mlp.forward(Tensor.of(new double[][]{{3}, {-3}, {0.5}}));
        assertEquals(Shape.of(3, 1), y.shape());
        assertArrayEquals(new double[]{2 * 3 - 10, 3 * 4 - 10, 2 * 0.5 + 3 * 0.5 - 10}, y.toDoubleArray());
    }

    @Test
    void aSingleLayerIsAffine() {
        assertArrayEquals(new double[]{-2, 3}, new Mlp(List.of(FIRST), Activation.RELU).forward(Tensor.of(-2))
                .toDoubleArray());
    }

    @Test
    void hasTheWidthsAskedFor() {
        Mlp mlp = Mlp.of(new Rng(0), 7, 5, 4, 3);
        assertEquals(List.of(Shape.of(7, 5), Shape.of(5, 4), Shape.of(4, 3)),
                mlp.layers().stream().map(d -> d.weight().shape()).toList());
        assertEquals(Activation.RELU, mlp.activation());
        assertEquals(Shape.of(2, 3), mlp.forward(Tensor.ones(2, 7)).shape());
        assertEquals(7 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3, mlp.variables().stream().mapToInt(Tensor::size).sum());
    }

    @Test
    void drawsHeBeforeRectifiersAndXavierElsewhere() {
        var rng = new Rng(9);
        Tensor first = Init.heNormal().draw(DType.F32, rng, 3, 4),
                second = Init.xavierUniform().draw(DType.F32, rng, 4, 2);
        Mlp mlp = Mlp.of(new Rng(9), 3, 4, 2);
        assertArrayEquals(first.toFloatArray(), mlp.layers().get(0).weight().toFloatArray());
        assertArrayEquals(second.toFloatArray(), mlp.layers().get(1).weight().toFloatArray());
        Mlp tanh = Mlp.of(DType.F64, new Rng(9), Activation.TANH, 3, 4, 2);
        assertArrayEquals(Init.xavierUniform().draw(DType.F64, new Rng(9), 3, 4).toDoubleArray(),
                tanh.layers().getFirst().weight().toDoubleArray());
        assertEquals(DType.F64, tanh.forward(Tensor.ones(DType.F64, 1, 3)).dtype());
    }

    @Test
    void keepsACopyOfItsLayers() {
        var layers = new ArrayList<>(List.of(FIRST, SECOND));
        var mlp = new Mlp(layers, Activation.TANH);
        layers.clear();
        assertEquals(List.of(FIRST, SECOND), mlp.layers());
    }

    @Test
    void needsTwoWidths() {
        for (int[] sizes : new int[][]{{}, {3}})
            assertSays(assertThrows(IllegalArgumentException.class, () -> Mlp.of(new Rng(0), sizes)), "Mlp");
    }

    @Test
    void namesTheLayerThatDoesNotFit() {
        var e = assertThrows(IllegalArgumentException.class,
                () -> new Mlp(List.of(FIRST, FIRST), Activation.TANH).forward(Tensor.ones(4, 1)));
        assertSays(e, "Dense", "[4, 2]", "[1, 2]");
    }

    @ParameterizedTest
    @EnumSource
    void itsGradientsAreItsSlopes(Activation activation) {
        var rng = new Rng(2);
        Mlp mlp = Mlp.of(DType.F64, rng, activation, 3, 5, 4, 2);
        Tensor x = Tensor.randn(DType.F64, rng, 6, 3);
        Slope.assertGradients(() -> mlp.forward(x).square().mean(), mlp.variables());
    }

    /**
     * As worked out by hand: the output's delta is (softmax - onehot) / N, the hidden one is delta W2^T where h >
     * 0.
     */
    @Test
    void hasTheGradientsOfTheTextbook() {
        var rng = new Rng(8);
        int n = 7, in = 4, hidden = 6, out = 3;
        Mlp mlp = Mlp.of(DType.F64, rng, Activation.RELU, in, hidden, out);
        List<Variable> variables = mlp.variables();
        Variable w1 = variables.get(0), b1 = variables.get(1), w2 = variables.get(2), b2 = variables.get(3);
        b1.assign(Tensor.randn(DType.F64, rng, hidden));
        Tensor x = Tensor.randn(DType.F64, rng, n, in);
        IntTensor labels = IntTensor.of(0, 2, 1, 1, 0, 2, 2);

        double[][] dW1 = new double[in][hidden], dW2 = new double[hidden][out];
        double[] db1 = new double[hidden], db2 = new double[out];
        for (int i = 0; i < n; i++) {
            double[] h = new double[hidden], p = new double[out];
            double sum = 0;
            for (int k = 0; k < hidden; k++) {
                double z = b1.get(k);
                for (int j = 0; j < in; j++)
                    z += x.get(i, j) * w1.get(j, k);
                h[k] = Math.max(z, 0);
            }
            for (int c = 0; c < out; c++) {
                double z = b2.get(c);
                for (int k = 0; k < hidden; k++)
                    z += h[k] * w2.get(k, c);
                sum += p[c] = Math.exp(z);
            }
            double[] delta = new double[out];
            for (int c = 0; c < out; c++)
                delta[c] = (p[c] / sum - (labels.get(i) == c ? 1 : 0)) / n;
            for (int k = 0; k < hidden; k++) {
                double back = 0;
                for (int c = 0; c < out; c++) {
                    dW2[k][c] += h[k] * delta[c];
                    back += h[k] > 0 ? delta[c] * w2.get(k, c) : 0;
                }
                db1[k] += back;
                for (int j = 0; j < in; j++)
                    dW1[j][k] += x.get(i, j) * back;
            }
            for (int c = 0; c < out; c++)
                db2[c] += delta[c];
        }

        try (var tape = new GradientTape()) {
            var gradients = tape.gradients(Losses.sparseSoftmaxCrossEntropy(mlp.forward(x), labels));
            assertArrayEquals(Tensor.of(DType.F64, dW1).toDoubleArray(), gradients.of(w1).toDoubleArray(), 1e-12);
            assertArrayEquals(db1, gradients.of(b1).toDoubleArray(), 1e-12);
            assertArrayEquals(Tensor.of(DType.F64, dW2).toDoubleArray(), gradients.of(w2).toDoubleArray(), 1e-12);
            assertArrayEquals(db2, gradients.of(b2).toDoubleArray(), 1e-12);
        }
    }
}
