package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.util.List;

class DenseTest {
    private static final Dense BY_HAND = new Dense(new Variable(Tensor.of(new double[][]{{1, 2, 3}, {4, 5, 6}})),
            new Variable(Tensor.of(10, 20, 30)));

    @Test
    void multipliesAndAdds() {
        assertTensor(BY_HAND.forward(Tensor.of(new double[][]{{1, 0}, {0, 1}, {2, -1}})), Shape.of(3, 3), //
                11, 22, 33, 14, 25, 36, 8, 19, 30);
    }

    @Test
    void worksOverTheLastAxis() {
        assertTensor(BY_HAND.forward(Tensor.of(1, 1)), Shape.of(3), 15, 27, 39);
        assertTensor(BY_HAND.forward(Tensor.of(DType.F32, new double[]{1, 0, 0, 1}, 2, 1, 2)), Shape.of(2, 1, 3), //
                11, 22, 33, 14, 25, 36);
        assertTensor(BY_HAND.forward(Tensor.zeros(0, 2)), Shape.of(0, 3));
    }

    @Test
    void isTheSameInTrainingAndEvaluation() {
        Tensor x = Tensor.randn(new Rng(1), 4, 2);
        assertArrayEquals(BY_HAND.forward(x).toFloatArray(),
                BY_HAND.forward(x, Pass.training(new Rng(0))).toFloatArray());
    }

    @Test
    void startsWithDrawnWeightsAndZeroBias() {
        Dense dense = Dense.of(DType.F64, new Rng(3), 4, 5, Init.heNormal());
        assertEquals(Tensor.zeros(DType.F64, 5).toString(), dense.bias().detach().toString());
        assertArrayEquals(Init.heNormal().draw(DType.F64, new Rng(3), 4, 5).toDoubleArray(),
                dense.weight().toDoubleArray());
        assertArrayEquals(Init.xavierUniform().draw(DType.F32, new Rng(3), 4, 5).toFloatArray(),
                Dense.of(new Rng(3), 4, 5).weight().toFloatArray());
        assertArrayEquals(Init.heNormal().draw(DType.F32, new Rng(3), 4, 5).toFloatArray(),
                Dense.of(new Rng(3), 4, 5, Init.heNormal()).weight().toFloatArray());
        assertNotEquals(Dense.of(new Rng(3), 4, 5).weight().detach().toString(),
                Dense.of(new Rng(4), 4, 5).weight().detach().toString());
    }

    @Test
    void namesItselfWhenTheInputDoesNotFit() {
        for (Tensor x : new Tensor[]{Tensor.zeros(4, 3), Tensor.zeros(3), Tensor.scalar(1)})
            assertSays(assertThrows(IllegalArgumentException.class, () -> BY_HAND.forward(x)), "Dense",
                    x.shape().toString(), "[2, 3]");
    }

    @Test
    void namesItselfWhenItsVariablesDoNotFit() {
        for (int[][] shapes : new int[][][]{{{2, 3}, {2}}, {{2, 3}, {3, 1}}, {{6}, {6}}, {{1, 2, 3}, {3}}}) {
            var weight = new Variable(Tensor.zeros(shapes[0]));
            var bias = new Variable(Tensor.zeros(shapes[1]));
            assertSays(assertThrows(IllegalArgumentException.class, () -> new Dense(weight, bias)), "Dense",
                    weight.shape().toString(), bias.shape().toString(), "[in, out]");
        }
    }

    /** dL/dW = x^T g, dL/db = the sum of g over the batch, dL/dx = g W^T. */
    @Property(tries = 50)
    void hasTheGradientsOfTheTextbook(@ForAll @IntRange(min = 1, max = 6) int batch,
            @ForAll @IntRange(min = 1, max = 6) int in, @ForAll @IntRange(min = 1, max = 6) int out,
            @ForAll long seed) {
        var rng = new Rng(seed);
        Dense dense = Dense.of(DType.F64, rng, in, out, Init.xavierUniform());
        var x = new Variable(Tensor.randn(DType.F64, rng, batch, in));
        Tensor g = Tensor.randn(DType.F64, rng, batch, out);
        try (var tape = new GradientTape()) {
            var gradients = tape.gradient(dense.forward(x), g, List.of(dense.weight(), dense.bias(), x));
            assertClose(product(transposed(rows(x)), rows(g)), gradients.of(dense.weight()));
            assertClose(product(rows(Tensor.ones(1, batch)), rows(g))[0], gradients.of(dense.bias()));
            assertClose(product(rows(g), transposed(rows(dense.weight()))), gradients.of(x));
        }
    }

    @Test
    void itsGradientsAreItsSlopes() {
        var rng = new Rng(5);
        Dense dense = Dense.of(DType.F64, rng, 3, 4, Init.xavierUniform());
        Tensor x = Tensor.randn(DType.F64, rng, 2, 5, 3), g = Tensor.randn(DType.F64, rng, 2, 5, 4);
        Slope.assertGradients(() -> dense.forward(x).square().mul(g).sum(), dense.variables());
    }

    private static double[][] rows(Tensor x) {
        double[][] rows = new double[x.shape().dim(0)][x.shape().dim(1)];
        for (int i = 0; i < rows.length; i++)
            for (int j = 0; j < rows[i].length; j++)
                rows[i][j] = x.get(i, j);
        return rows;
    }

    private static double[][] transposed(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++)
            for (int j = 0; j < a[0].length; j++)
                t[j][i] = a[i][j];
        return t;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] y = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++)
            for (int k = 0; k < b.length; k++)
                for (int j = 0; j < b[0].length; j++)
                    y[i][j] += a[i][k] * b[k][j];
        return y;
    }

    private static void assertClose(double[][] expected, Tensor actual) {
        assertEquals(Shape.of(expected.length, expected[0].length), actual.shape());
        for (int i = 0; i < expected.length; i++)
            assertArrayEquals(expected[i], actual.slice(0, i, i + 1).toDoubleArray(), 1e-12);
    }

    private static void assertClose(double[] expected, Tensor actual) {
        assertEquals(Shape.of(expected.length), actual.shape());
        assertArrayEquals(expected, actual.toDoubleArray(), 1e-12);
    }

    private static void assertTensor(Tensor actual, Shape shape, double... values) {
        assertEquals(shape, actual.shape());
        assertArrayEquals(values, actual.toDoubleArray());
    }
}
