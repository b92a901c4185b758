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
import autograd.check.GradCheck;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.util.List;

class CrossEntropyTest {
    private static final int IGNORED = -100;

    @Property(tries = 100)
    void followsItsFormula(@ForAll @IntRange(min = 1, max = 6) int n, @ForAll @IntRange(min = 1, max = 5) int classes,
            @ForAll @DoubleRange(max = 0.9) double smoothing, @ForAll boolean weighted, @ForAll long seed) {
        var rng = new Rng(seed);
        Tensor logits = Tensor.randn(DType.F64, rng, n, classes).mul(3), logs = logits.logSoftmax(-1);
        Tensor weights = weighted ? Tensor.rand(DType.F64, rng, classes).add(0.1) : Tensor.ones(DType.F64, classes);
        int[] labels = rng.ints(n, 0, classes).toArray();
        for (int i = 1; i < n; i += 2)
            labels[i] = IGNORED;
        double[] losses = new double[n];
        double sum = 0, total = 0;
        for (int i = 0; i < n; i += 2) {
            losses[i] = (smoothing - 1) * weights.get(labels[i]) * logs.get(i, labels[i]);
            for (int c = 0; c < classes; c++)
                losses[i] -= smoothing / classes * weights.get(c) * logs.get(i, c);
            sum += losses[i];
            total += weights.get(labels[i]);
        }
        CrossEntropy how = CrossEntropy.DEFAULT.smoothing(smoothing).ignored(IGNORED);
        if (weighted)
            how = how.weights(weights);
        IntTensor found = IntTensor.of(labels);
        assertEquals(sum / total, Losses.sparseSoftmaxCrossEntropy(logits, found, how).item(), 1e-12);
        assertEquals(sum / total, Losses.negativeLogLikelihood(logs, found, how).item(), 1e-12);
        assertEquals(sum, Losses.Each.sparseSoftmaxCrossEntropy(logits, found, how).sum().item(), 1e-12);
        assertArrayEquals(losses, Losses.Each.sparseSoftmaxCrossEntropy(logits, found, how).toDoubleArray(), 1e-12);
    }

    /** With weights, too, labels equal one-hot targets, except for the mean. */
    @Test
    void targetProbabilitiesAreSmoothedAndWeighted() {
        var rng = new Rng(1);
        Tensor logits = Tensor.randn(DType.F64, rng, 2, 3, 4);
        IntTensor labels = IntTensor.of(new int[]{0, 3, 2, 1, 1, 0}, 2, 3);
        CrossEntropy how = CrossEntropy.DEFAULT.smoothing(0.2).weights(Tensor.rand(DType.F64, rng, 4));
        Tensor losses = Losses.Each.softmaxCrossEntropy(logits, labels.oneHot(DType.F64, 4), how);
        assertEquals(Shape.of(2, 3), losses.shape());
        assertArrayEquals(Losses.Each.sparseSoftmaxCrossEntropy(logits, labels, how).toDoubleArray(),
                losses.toDoubleArray(), 1e-14);
        assertEquals(losses.sum().item() / 6,
                Losses.softmaxCrossEntropy(logits, labels.oneHot(DType.F64, 4), how).item(), 1e-14);
    }

    @Test
    void theDefaultIsTheLossWithoutIt() {
        Tensor logits = Tensor.randn(DType.F64, new Rng(2), 5, 3), soft = logits.flip(0).softmax(-1);
        IntTensor labels = IntTensor.of(0, 2, 1, 1, 0);
        double expected = Losses.sparseSoftmaxCrossEntropy(logits, labels).item();
        assertEquals(expected, Losses.sparseSoftmaxCrossEntropy(logits, labels, CrossEntropy.DEFAULT).item(), 1e-14);
        assertEquals(expected, Losses.negativeLogLikelihood(logits.logSoftmax(-1), labels).item(), 1e-14);
        assertEquals(Losses.softmaxCrossEntropy(logits, soft).item(),
                Losses.softmaxCrossEntropy(logits, soft, CrossEntropy.DEFAULT).item(), 1e-14);
    }

    @Test
    void itsGradientsAreItsSlopes() {
        var rng = new Rng(3);
        var logits = new Variable(Tensor.randn(DType.F64, rng, 4, 3));
        Tensor targets = Tensor.randn(DType.F64, rng, 4, 3).softmax(-1);
        IntTensor labels = IntTensor.of(0, IGNORED, 2, 2);
        CrossEntropy how = CrossEntropy.DEFAULT.smoothing(0.3).weights(Tensor.of(DType.F64, 0.5, 2, 0));
        Slope.assertGradients(() -> Losses.sparseSoftmaxCrossEntropy(logits, labels, how.ignored(IGNORED)),
                List.of(logits));
        Slope.assertGradients(() -> Losses.softmaxCrossEntropy(logits, targets, how), List.of(logits));
        GradCheck.of(in -> Losses.Each.negativeLogLikelihood(in, labels, how.ignored(IGNORED)))
                .verify(logits.detach());
    }

    /** Even if all numbers are NaN. */
    @Test
    void ignoredLabelsHaveNoGradient() {
        var logits = new Variable(Tensor.of(DType.F64, new double[][]{{0, 0}, {Double.NaN, 1}}));
        CrossEntropy how = CrossEntropy.DEFAULT.ignored(7).smoothing(0.1);
        try (var tape = new GradientTape()) {
            Tensor loss = Losses.sparseSoftmaxCrossEntropy(logits, IntTensor.of(1, 7), how);
            assertEquals(Math.log(2), loss.item(), 1e-15);
            assertArrayEquals(new double[]{0.45, -0.45, 0, 0}, tape.gradient(loss, logits).toDoubleArray(), 1e-15);
        }
    }

    @Test
    void theMeanOfNothingIsNotANumberAndItsSumZero() {
        CrossEntropy how = CrossEntropy.DEFAULT.ignored(0);
        for (int n : new int[]{0, 1, 3}) {
            Tensor logits = Tensor.randn(DType.F64, new Rng(n), n, 2);
            IntTensor labels = IntTensor.of(new int[n]);
            assertEquals(Double.NaN, Losses.sparseSoftmaxCrossEntropy(logits, labels, how).item());
            assertEquals(0, Losses.Each.sparseSoftmaxCrossEntropy(logits, labels, how).sum().item());
            assertArrayEquals(new double[n], Losses.Each.sparseSoftmaxCrossEntropy(logits, labels, how)
                    .toDoubleArray());
        }
    }

    @Test
    void messageNamesTheMismatch() {
        Tensor logits = Tensor.zeros(2, 3);
        IntTensor labels = IntTensor.of(0, 5);
        assertSays(assertThrows(IllegalArgumentException.class, () -> CrossEntropy.DEFAULT.smoothing(1.5)),
                "CrossEntropy", "smoothing is 1.5");
        assertSays(assertThrows(IllegalArgumentException.class, () -> CrossEntropy.DEFAULT.weights(logits)),
                "CrossEntropy", "[2, 3]", "[classes]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> Losses.sparseSoftmaxCrossEntropy(logits, labels,
                CrossEntropy.DEFAULT.weights(Tensor.ones(2)))), "sparseSoftmaxCrossEntropy", "[2, 3]", "weights [2]");
        assertSays(assertThrows(IndexOutOfBoundsException.class, () -> Losses.sparseSoftmaxCrossEntropy(logits, labels,
                CrossEntropy.DEFAULT.ignored(4))), "sparseSoftmaxCrossEntropy", "label 5", "0..2");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Losses.negativeLogLikelihood(logits, IntTensor.of(0))), "negativeLogLikelihood", "[2, 3]", "[1]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Losses.negativeLogLikelihood(Tensor.scalar(1), IntTensor.of(0))), "negativeLogLikelihood", "[]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Losses.softmaxCrossEntropy(logits, logits, CrossEntropy.DEFAULT.ignored(1))),
                "softmaxCrossEntropy", "ignored");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Losses.softmaxCrossEntropy(logits, Tensor.zeros(3), CrossEntropy.DEFAULT)),
                "softmaxCrossEntropy", "[2, 3]", "[3]");
    }
}
