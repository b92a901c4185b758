package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Functional;
import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class BatchNormTest {
    private static final Pass TRAINING = Pass.training(new Rng(0));

    private static BatchNorm layer(int channels) {
        BatchNorm layer = BatchNorm.of(DType.F64, channels);
        layer.weight().assign(Tensor.randn(DType.F64, new Rng(1), channels));
        layer.bias().assign(Tensor.randn(DType.F64, new Rng(2), channels));
        return layer;
    }

    /** The values of a channel of [n, channels, length]. */
    private static double[] channel(Tensor x, int c) {
        return x.slice(1, c, c + 1).toDoubleArray();
    }

    private static double mean(double[] v) { return Arrays.stream(v).average().orElseThrow(); }

    private static double squares(double[] v) {
        double mean = mean(v);
        return Arrays.stream(v).map(a -> (a - mean) * (a - mean)).sum();
    }

    /** A batch of +-1e20 has a variance that F32 cannot hold, and yet is +-1 standardized. */
    @Test
    void channelsOfHugeNumbers() {
        var layer = BatchNorm.of(2);
        var x = new Variable(Tensor.of(new double[][]{{1e20, 1}, {-1e20, -1}}));
        try (var tape = new GradientTape()) {
            Tensor y = layer.forward(x, Pass.training(new Rng(1)));
            assertArrayEquals(new double[]{1, 1, -1, -1}, y.toDoubleArray(), 1e-5);
            Tensor g = tape.gradient(y.square().sum(), layer.weight());
            assertArrayEquals(new double[]{4, 4}, g.toDoubleArray(), 1e-4);
        }
    }

    @Test
    void trainingTakesTheBatchAndRemembersIt() {
        BatchNorm layer = layer(3);
        double[] mean = new double[3], variance = {1, 1, 1};
        for (int step = 0; step < 3; step++) {
            Tensor x = Tensor.randn(DType.F64, new Rng(step), 4, 3, 5).mul(step + 2).add(7);
            Tensor y = layer.forward(x, TRAINING);
            for (int c = 0; c < 3; c++) {
                double[] v = channel(x, c), found = channel(y, c);
                double m = mean(v), sum = squares(v), root = Math.sqrt(sum / 20 + 1e-5);
                for (int i = 0; i < 20; i++)
                    assertEquals((v[i] - m) / root * layer.weight().get(c) + layer.bias().get(c), found[i], 1e-12);
                mean[c] = 0.9 * mean[c] + 0.1 * m;
                variance[c] = 0.9 * variance[c] + 0.1 * sum / 19;
            }
            assertArrayEquals(mean, layer.runningMean().toDoubleArray(), 1e-12);
            assertArrayEquals(variance, layer.runningVariance().toDoubleArray(), 1e-12);
        }
    }

    @Test
    void evaluationUsesRunningStatistics() {
        BatchNorm layer = layer(2);
        layer.forward(Tensor.randn(DType.F64, new Rng(3), 6, 2), TRAINING);
        double[] mean = layer.runningMean().toDoubleArray(), variance = layer.runningVariance().toDoubleArray();
        Tensor x = Tensor.randn(DType.F64, new Rng(4), 1, 2, 2, 1), y = layer.forward(x);
        for (int c = 0; c < 2; c++)
            for (int i = 0; i < 2; i++)
                assertEquals((x.get(0, c, i, 0) - mean[c]) / Math.sqrt(variance[c] + 1e-5) * layer.weight().get(c)
                        + layer.bias().get(c), y.get(0, c, i, 0), 1e-12);
        assertArrayEquals(mean, layer.runningMean().toDoubleArray());
        assertArrayEquals(variance, layer.runningVariance().toDoubleArray());
    }

    @Test
    void recomputingUnderACheckpointLearnsOnce() {
        BatchNorm layer = layer(2), other = layer(2);
        Tensor x = Tensor.randn(DType.F64, new Rng(5), 6, 2).add(3), g = Tensor.randn(DType.F64, new Rng(6), 6, 2);
        try (var tape = new GradientTape()) {
            Tensor y = Functional.checkpoint(in -> layer.forward(in[0], TRAINING)).of(x);
            Tensor gradient = tape.gradient(y.mul(g).sum(), layer.weight());
            try (var plain = new GradientTape()) {
                assertArrayEquals(plain.gradient(other.forward(x, TRAINING).mul(g).sum(), other.weight())
                        .toDoubleArray(), gradient.toDoubleArray(), 1e-14);
            }
        }
        assertArrayEquals(other.runningMean().toDoubleArray(), layer.runningMean().toDoubleArray());
        assertArrayEquals(other.runningVariance().toDoubleArray(), layer.runningVariance().toDoubleArray());
        assertEquals(1, layer.runningMean().version());
    }

    @Test
    void itsGradientsAreItsSlopes() {
        BatchNorm layer = layer(2);
        Tensor x = Tensor.randn(DType.F64, new Rng(7), 3, 2, 2), g = Tensor.randn(DType.F64, new Rng(8), 3, 2, 2);
        Slope.assertGradients(() -> layer.forward(x, TRAINING).square().mul(g).sum(), layer.variables());
        Slope.assertGradients(() -> layer.forward(x, Pass.EVAL).square().mul(g).sum(), layer.variables());
        GradCheck.of(in -> layer.forward(in, TRAINING)).verify(x);
        GradCheck.of(in -> layer.forward(in, Pass.EVAL)).verify(x);
    }

    @Test
    void theRunningStatisticsAreStateAndNotTrained() {
        BatchNorm layer = BatchNorm.of(4);
        assertEquals(List.of("weight", "bias", "runningMean", "runningVariance"), List.copyOf(layer.state().keySet()));
        assertEquals(List.of(layer.weight(), layer.bias()), layer.variables());
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        BatchNorm layer = BatchNorm.of(3);
        for (Shape shape : new Shape[]{Shape.of(3), Shape.of(3, 4), Shape.SCALAR})
            assertSays(assertThrows(IllegalArgumentException.class, () -> layer.forward(Tensor.zeros(shape.dims()))),
                    "BatchNorm", shape.toString(), "[n, 3, ..]");
        for (Shape shape : new Shape[]{Shape.of(1, 3), Shape.of(0, 3), Shape.of(1, 3, 1, 1)})
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> layer.forward(Tensor.zeros(shape.dims()), TRAINING)), "BatchNorm", shape.toString(),
                    "more than one value");
        Variable one = layer.weight(), two = new Variable(Tensor.ones(2));
        assertSays(assertThrows(IllegalArgumentException.class, () -> new BatchNorm(one, one, one, two, 0.1, 1e-5)),
                "BatchNorm", "[3]", "[2]");
        for (double[] bad : new double[][]{{1.1, 1e-5}, {-0.1, 1e-5}, {0.1, 0}, {Double.NaN, 1e-5}})
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> new BatchNorm(one, one, one, one, bad[0], bad[1])), "BatchNorm", "momentum " + bad[0],
                    "epsilon " + bad[1]);
    }
}
