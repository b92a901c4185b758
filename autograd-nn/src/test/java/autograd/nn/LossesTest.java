package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

class LossesTest {
    @Property(tries = 200)
    void crossEntropyIsTheMeanOfMinusLogSoftmaxAtTheLabel(@ForAll @IntRange(min = 1, max = 6) int n,
            @ForAll @IntRange(min = 1, max = 7) int classes, @ForAll long seed) {
        var rng = new Rng(seed);
        Tensor logits = Tensor.randn(DType.F64, rng, n, classes).mul(3);
        int[] labels = rng.ints(n, 0, classes).toArray();
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum -= Math.log(softmax(logits, i)[labels[i]]);
        Tensor loss = Losses.sparseSoftmaxCrossEntropy(logits, IntTensor.of(labels));
        assertEquals(Shape.SCALAR, loss.shape());
        assertEquals(sum / n, loss.item(), 1e-12);
    }

    @Property(tries = 200)
    void itsGradientIsSoftmaxMinusOneHotByTheBatch(@ForAll @IntRange(min = 1, max = 6) int n,
            @ForAll @IntRange(min = 1, max = 7) int classes, @ForAll long seed) {
        var rng = new Rng(seed);
        var logits = new Variable(Tensor.randn(DType.F64, rng, n, classes).mul(3));
        int[] labels = rng.ints(n, 0, classes).toArray();
        try (var tape = new GradientTape()) {
            Tensor g = tape.gradient(Losses.sparseSoftmaxCrossEntropy(logits, IntTensor.of(labels)), logits);
            for (int i = 0; i < n; i++) {
                double[] expected = softmax(logits, i);
                expected[labels[i]] -= 1;
                for (int c = 0; c < classes; c++)
                    assertEquals(expected[c] / n, g.get(i, c), 1e-12);
            }
        }
    }

    private static double[] softmax(Tensor logits, int row) {
        int classes = logits.shape().dim(1);
        double[] p = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++)
            sum += p[c] = Math.exp(logits.get(row, c));
        for (int c = 0; c < classes; c++)
            p[c] /= sum;
        return p;
    }

    @ParameterizedTest
    @EnumSource
    void largeLogitsStayFiniteAndRight(DType dtype) {
        var logits = new Variable(Tensor.of(dtype, new double[][]{{1e4, -1e4, 0}, {-1e4, 1e4, 1e4}}));
        try (var tape = new GradientTape().persistent()) {
            Tensor sure = Losses.sparseSoftmaxCrossEntropy(logits, IntTensor.of(0, 1));
            assertEquals(Math.log(2) / 2, sure.item(), dtype.epsilon());
            assertArrayEquals(new double[]{0, 0, 0, 0, -0.25, 0.25}, tape.gradient(sure, logits).toDoubleArray());
            Tensor wrong = Losses.sparseSoftmaxCrossEntropy(logits, IntTensor.of(1, 0));
            assertEquals(2e4 + Math.log(2) / 2, wrong.item(), 2e4 * dtype.epsilon());
            assertArrayEquals(new double[]{0.5, -0.5, 0, -0.5, 0.25, 0.25},
                    tape.gradient(wrong, logits).toDoubleArray());
        }
    }

    @Test
    void logitsMayHaveMoreAxesOrOne() {
        Tensor logits = Tensor.randn(DType.F64, new Rng(0), 2, 3, 4);
        IntTensor labels = IntTensor.of(new int[]{0, 3, 2, 1, 1, 0}, 2, 3);
        assertEquals(Losses.sparseSoftmaxCrossEntropy(logits.reshape(6, 4), labels.reshape(6)).item(),
                Losses.sparseSoftmaxCrossEntropy(logits, labels).item());
        assertEquals(Math.log(2),
                Losses.sparseSoftmaxCrossEntropy(Tensor.zeros(DType.F64, 2), IntTensor.of(1).reshape()).item(), 1e-15);
        var x = new Variable(logits);
        Slope.assertGradients(() -> Losses.sparseSoftmaxCrossEntropy(x, labels), List.of(x));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, 99, Integer.MIN_VALUE})
    void aLabelOutOfRangeIsNamed(int label) {
        var e = assertThrows(IndexOutOfBoundsException.class,
                () -> Losses.sparseSoftmaxCrossEntropy(Tensor.zeros(2, 3), IntTensor.of(0, label)));
        assertSays(e, "" + label, "0..2");
    }

    @Test
    void labelsOfAWrongShapeAreRefused() {
        assertRefused(Tensor.zeros(2, 3), IntTensor.of(0, 1, 2));
        assertRefused(Tensor.zeros(2, 3), IntTensor.of(new int[]{0, 1}, 2, 1));
        assertRefused(Tensor.zeros(2, 3, 4), IntTensor.of(0, 1));
        assertRefused(Tensor.scalar(1), IntTensor.of(0));
    }

    private static void assertRefused(Tensor logits, IntTensor labels) {
        var e = assertThrows(IllegalArgumentException.class, () -> Losses.sparseSoftmaxCrossEntropy(logits, labels));
        assertSays(e, "sparseSoftmaxCrossEntropy", logits.shape().toString(), labels.shape().toString());
    }

    @Test
    void meanSquaredErrorIsTheMeanOfSquares() {
        Tensor prediction = Tensor.of(new double[][]{{1, 2}, {3, 4}}),
                target = Tensor.of(new double[][]{{1, 0}, {6, 4}});
        Tensor loss = Losses.meanSquaredError(prediction, target);
        assertEquals(Shape.SCALAR, loss.shape());
        assertEquals((4 + 9) / 4.0, loss.item());
    }

    /** 2 (prediction - target) / n; the opposite for the target. */
    @Test
    void meanSquaredErrorHasItsGradient() {
        var rng = new Rng(1);
        var prediction = new Variable(Tensor.randn(DType.F64, rng, 3, 4));
        var target = new Variable(Tensor.randn(DType.F64, rng, 3, 4));
        try (var tape = new GradientTape()) {
            var gradients = tape.gradients(Losses.meanSquaredError(prediction, target));
            double[] expected = prediction.sub(target).mul(2.0 / 12).toDoubleArray();
            assertArrayEquals(expected, gradients.of(prediction).toDoubleArray(), 1e-15);
            assertArrayEquals(prediction.sub(target).mul(-2.0 / 12).toDoubleArray(),
                    gradients.of(target).toDoubleArray(), 1e-15);
        }
    }

    @Test
    void meanSquaredErrorDoesNotBroadcast() {
        var e = assertThrows(IllegalArgumentException.class,
                () -> Losses.meanSquaredError(Tensor.zeros(4, 1), Tensor.zeros(4)));
        assertSays(e, "meanSquaredError", "[4, 1]", "[4]");
    }

    @Test
    void oneHotTargetsAreAsGoodAsLabels() {
        Tensor logits = Tensor.randn(DType.F64, new Rng(2), 5, 3);
        IntTensor labels = IntTensor.of(0, 2, 1, 1, 0);
        assertEquals(Losses.sparseSoftmaxCrossEntropy(logits, labels).item(),
                Losses.softmaxCrossEntropy(logits, labels.oneHot(DType.F64, 3)).item(), 1e-14);
        var x = new Variable(logits);
        Tensor soft = Tensor.randn(DType.F64, new Rng(3), 5, 3).softmax(-1);
        Slope.assertGradients(() -> Losses.softmaxCrossEntropy(x, soft), List.of(x));
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Losses.softmaxCrossEntropy(logits, Tensor.zeros(5))), "softmaxCrossEntropy", "[5, 3]", "[5]");
    }

    @Test
    void binaryCrossEntropyIsTheSameFromLogitsAndProbabilities() {
        var logits = new Variable(Tensor.of(DType.F64, -3, -0.5, 0, 1, 4));
        Tensor targets = Tensor.of(DType.F64, 0, 1, 0.3, 1, 0);
        double sum = 0;
        for (int i = 0; i < 5; i++) {
            double p = 1 / (1 + Math.exp(-logits.get(i)));
            sum -= targets.get(i) * Math.log(p) + (1 - targets.get(i)) * Math.log(1 - p);
        }
        assertEquals(sum / 5, Losses.binaryCrossEntropyWithLogits(logits, targets).item(), 1e-14);
        assertEquals(sum / 5, Losses.binaryCrossEntropy(logits.sigmoid(), targets).item(), 1e-14);
        Slope.assertGradients(() -> Losses.binaryCrossEntropyWithLogits(logits, targets), List.of(logits));
        Slope.assertGradients(() -> Losses.binaryCrossEntropy(logits.sigmoid(), targets), List.of(logits));
    }

    @ParameterizedTest
    @EnumSource
    void certaintyCostsAtMost100(DType dtype) {
        var p = new Variable(Tensor.of(dtype, 0, 1, 0, 1));
        try (var tape = new GradientTape()) {
            Tensor loss = Losses.binaryCrossEntropy(p, Tensor.of(dtype, 0, 1, 1, 0));
            assertEquals(50, loss.item());
            assertArrayEquals(new double[]{0.25, -0.25, 0, 0}, tape.gradient(loss, p).toDoubleArray());
        }
        assertEquals(1e4, Losses.binaryCrossEntropyWithLogits(Tensor.of(dtype, -1e4), Tensor.ones(dtype, 1)).item());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
    void invalidProbabilitiesAreRefused(double p) {
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Losses.binaryCrossEntropy(Tensor.of(0.5, p), Tensor.of(0, 1))), "[2]", "0..1", "WithLogits");
    }

    @Test
    void hingeIsZeroBeyondTheMargin() {
        Tensor scores = Tensor.of(DType.F64, 2, 0.5, -3, 0.25), targets = Tensor.of(DType.F64, 1, 1, -1, -1);
        assertEquals((0.5 + 1.25) / 4, Losses.hinge(scores, targets).item());
        var x = new Variable(scores);
        Slope.assertGradients(() -> Losses.hinge(x, targets), List.of(x));
    }

    @Test
    void penaltiesAddUpOverVariables() {
        var a = new Variable(Tensor.of(DType.F64, 1, -2));
        var b = new Variable(Tensor.scalar(DType.F64, -0.5));
        assertEquals(3.5, Penalties.l1(List.of(a, b)).item());
        assertEquals(5.25, Penalties.l2(List.of(a, b)).item());
        Slope.assertGradients(() -> Penalties.l1(List.of(a, b)).add(Penalties.l2(List.of(a, b))), List.of(a, b));
        assertSays(assertThrows(IllegalArgumentException.class, () -> Penalties.l2(List.of())), "l2", "no variables");
    }

    @Property(tries = 100)
    void absoluteAndHubersLossFollowTheirFormulas(@ForAll @IntRange(min = 1, max = 6) int n,
            @ForAll @DoubleRange(min = 0.1, max = 3) double delta, @ForAll long seed) {
        var rng = new Rng(seed);
        Tensor p = Tensor.randn(DType.F64, rng, n).mul(2), t = Tensor.randn(DType.F64, rng, n).mul(2);
        double[] huber = new double[n];
        double absolute = 0;
        for (int i = 0; i < n; i++) {
            double e = Math.abs(p.get(i) - t.get(i));
            absolute += e;
            huber[i] = e <= delta ? e * e / 2 : delta * (e - delta / 2);
        }
        assertEquals(absolute / n, Losses.meanAbsoluteError(p, t).item(), 1e-12);
        assertArrayEquals(huber, Losses.Each.huber(p, t, delta).toDoubleArray(), 1e-12);
        assertEquals(Losses.huber(p, t, 1).item(), Losses.huber(p, t).item());
    }

    /** The error, at most delta: at 0 and at delta as well. */
    @Test
    void hubersSlopeIsContinuous() {
        var x = new Variable(Tensor.of(DType.F64, 0, 0.5, -0.5, 2, -2, 3, -4));
        try (var tape = new GradientTape()) {
            Tensor loss = Losses.Each.huber(x, Tensor.zerosLike(x), 2).sum();
            assertArrayEquals(new double[]{0, 0.5, -0.5, 2, -2, 2, -2}, tape.gradient(loss, x).toDoubleArray());
        }
        assertSays(assertThrows(IllegalArgumentException.class, () -> Losses.Each.huber(x, x, 0).sum()), "huber",
                "delta is 0.0");
    }

    /** 1 where the error is at most delta, at 0 as anywhere, and 0 beyond. */
    @Test
    void hubersCurvature() {
        var x = new Variable(Tensor.of(DType.F64, 0, -0.0, 1e-300, 0.5, -0.5, 3, -4));
        try (var outer = new GradientTape(); var inner = new GradientTape()) {
            Tensor slope = inner.gradient(Losses.Each.huber(x, Tensor.zerosLike(x), 2).sum(), x);
            assertArrayEquals(new double[]{1, 1, 1, 1, 1, 0, 0}, outer.gradient(slope.sum(), x).toDoubleArray());
        }
    }

    @Test
    void divergenceIsZeroOfEqualsAndCountsNoImpossibleTargets() {
        Tensor logs = Tensor.randn(DType.F64, new Rng(4), 3, 4).logSoftmax(-1);
        assertEquals(0, Losses.klDivergence(logs, logs.exp()).item(), 1e-15);
        Tensor targets = Tensor.of(DType.F64, new double[][]{{0, 0.25, 0.75, 0}, {1, 0, 0, 0}, {0.5, 0.5, 0, 0}});
        double[] expected = new double[3];
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 4; c++)
                if (targets.get(i, c) > 0)
                    expected[i] += targets.get(i, c) * (Math.log(targets.get(i, c)) - logs.get(i, c));
        assertArrayEquals(expected, Losses.Each.klDivergence(logs, targets).toDoubleArray(), 1e-14);
        assertEquals((expected[0] + expected[1] + expected[2]) / 3, Losses.klDivergence(logs, targets).item(), 1e-14);
        Tensor impossible = Tensor.of(DType.F64, Double.NEGATIVE_INFINITY, 0);
        assertEquals(0, Losses.klDivergence(impossible, Tensor.of(DType.F64, 0, 1)).item());
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Losses.klDivergence(Tensor.scalar(0), Tensor.scalar(1))), "klDivergence", "[.., classes]");
    }

    @Test
    void cosinesBringTogetherOrKeepApart() {
        Tensor a = Tensor.of(DType.F64, new double[][]{{3, 4}, {1, 0}, {1, 0}, {0, 0}});
        Tensor b = Tensor.of(DType.F64, new double[][]{{4, 3}, {2, 0}, {0, 5}, {1, 1}});
        assertArrayEquals(new double[]{0.96, 1, 0, 0}, Losses.cosineSimilarity(a, b).toDoubleArray(), 1e-15);
        Tensor targets = Tensor.of(DType.F64, 1, -1, -1, 1);
        assertArrayEquals(new double[]{0.04, 0.75, 0, 1},
                Losses.Each.cosineEmbedding(a, b, targets, 0.25).toDoubleArray(), 1e-15);
        assertEquals(2.04 / 4, Losses.cosineEmbedding(a, b, targets).item(), 1e-15);
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Losses.cosineEmbedding(a, b, Tensor.of(DType.F64, 1, 0, 1, 1))), "cosineEmbedding", "1 or -1");
        assertSays(
                assertThrows(IllegalArgumentException.class, () -> Losses.cosineEmbedding(a, b, targets.unsqueeze(1))),
                "cosineEmbedding", "[4]", "[4, 1]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Losses.cosineSimilarity(Tensor.scalar(1), Tensor.scalar(1))), "cosineSimilarity", "[.., width]");
    }

    /** For vectors of all sizes, and never beyond 1 because of rounding. */
    @Property(tries = 200)
    void cosinesAreThoseOfDirections(@ForAll @IntRange(min = -18, max = 18) int power,
            @ForAll @IntRange(min = 1, max = 40) int n, @ForAll long seed) {
        Tensor a = Tensor.randn(new Rng(seed), n), b = Tensor.randn(new Rng(seed + 1), n),
                far = a.mul(Math.pow(100, power));
        double floor = Math.pow(10, -8); // shorter vectors count as shorter than they are
        if (far.norm(2).item() > 100 * floor)
            assertEquals(Losses.cosineSimilarity(a, b).item(), Losses.cosineSimilarity(far, b).item(), 1e-6);
        double same = Losses.cosineSimilarity(far, far).item(), opposite = Losses.cosineSimilarity(a, a.neg()).item();
        assertTrue(same <= 1 && opposite >= -1, () -> same + " " + opposite);
        assertEquals(-1, opposite, 1e-6);
    }

    @Test
    void cosinesOfHugeVectors() {
        for (DType dtype : DType.values()) {
            double size = dtype == DType.F32 ? 1e20 : 1e200;
            var a = new Variable(Tensor.of(dtype, size, size));
            Tensor b = Tensor.of(dtype, size, 0);
            assertEquals(1, Losses.cosineSimilarity(a, a).item(), 2 * dtype.epsilon());
            try (var tape = new GradientTape()) {
                Tensor cosine = Losses.cosineSimilarity(a, b);
                assertEquals(Math.sqrt(0.5), cosine.item(), 1e-7);
                double slope = Math.sqrt(0.125) / size; // half of cos(45 degrees) over the length of one side
                Tensor g = tape.gradient(cosine, a);
                assertArrayEquals(new double[]{slope, -slope}, g.toDoubleArray(), 1e-6 * slope);
            }
        }
    }

    @Test
    void newerLossesHaveTheirSlopes() {
        var rng = new Rng(5);
        Tensor a = Tensor.randn(DType.F64, rng, 3, 4), b = Tensor.randn(DType.F64, rng, 3, 4);
        Tensor targets = Tensor.of(DType.F64, 1, -1, 1);
        GradCheck.of(in -> Losses.meanAbsoluteError(in, b)).verify(a);
        GradCheck.of(in -> Losses.Each.huber(in, b, 0.7)).verify(a);
        GradCheck.of(in -> Losses.Each.klDivergence(in, b.softmax(-1))).verify(a);
        GradCheck.of(in -> Losses.klDivergence(a.logSoftmax(-1), in.softmax(-1))).verify(b);
        GradCheck.of(in -> Losses.Each.cosineEmbedding(in, b, targets, -2)).verify(a);
    }

    /** The mean of the same function in Each, to the bit, for every loss there is. */
    @Test
    void everyLossIsTheMeanOfThoseOfEach() throws ReflectiveOperationException {
        var rng = new Rng(6);
        Tensor signs = Tensor.of(DType.F64, 1, -1, 1, 1);
        int checked = 0;
        for (Method mean : Losses.class.getDeclaredMethods()) {
            if (!Modifier.isPublic(mean.getModifiers()) || mean.getName().equals("cosineSimilarity"))
                continue;
            Method each = Losses.Each.class.getMethod(mean.getName(), mean.getParameterTypes());
            Tensor a = Tensor.rand(DType.F64, rng, 4, 3), b = Tensor.rand(DType.F64, rng, 4, 3);
            Object[] arguments = Stream.of(mean.getParameterTypes()).toArray();
            for (int i = 0; i < arguments.length; i++)
                arguments[i] = arguments[i] == Tensor.class
                        ? List.of(a, b, mean.getName().equals("cosineEmbedding") ? signs : b).get(i)
                        : arguments[i] == IntTensor.class
                                ? IntTensor.of(0, 2, 1, 1)
                                : arguments[i] == double.class ? 0.3 : CrossEntropy.DEFAULT.smoothing(0.1);
            Tensor losses = (Tensor) each.invoke(null, arguments), loss = (Tensor) mean.invoke(null, arguments);
            assertEquals(4, losses.shape().dim(0), mean::toString);
            assertEquals(losses.mean().item(), loss.item(), 1e-15, mean::toString);
            assertEquals(Shape.SCALAR, loss.shape());
            checked++;
        }
        assertEquals(Stream.of(Losses.Each.class.getMethods()).filter(m -> m.getReturnType() == Tensor.class).count(),
                checked);
        Tensor none = Tensor.zeros(DType.F64, 0);
        assertEquals(0, Losses.Each.meanSquaredError(none, none).sum().item());
        assertEquals(Double.NaN, Losses.meanSquaredError(none, none).item());
    }

    /** PyTorch's pos_weight: the loss of positives times a weight, and the plain mean of all. */
    @Test
    void posWeightCostsMissedPositivesMore() {
        Tensor logits = Tensor.of(DType.F64, new double[][]{{-3, 0.5}, {0, 4}, {1, -2}});
        Tensor targets = Tensor.of(DType.F64, new double[][]{{1, 0}, {0.25, 1}, {0, 1}});
        Tensor weights = Tensor.of(DType.F64, 3, 0.5);
        double sum = 0;
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 2; c++) {
                double p = 1 / (1 + Math.exp(-logits.get(i, c))), t = targets.get(i, c);
                sum -= weights.get(c) * t * Math.log(p) + (1 - t) * Math.log(1 - p);
            }
        assertEquals(sum / 6, Losses.weightedBinaryCrossEntropyWithLogits(logits, targets, weights).item(), 1e-14);
        assertEquals(Losses.binaryCrossEntropyWithLogits(logits, targets).item(),
                Losses.weightedBinaryCrossEntropyWithLogits(logits, targets, 1).item(), 1e-14);
        GradCheck.of(in -> Losses.weightedBinaryCrossEntropyWithLogits(in, targets, weights)).verify(logits);
        Tensor sure = Tensor.of(DType.F64, 1e4, Double.POSITIVE_INFINITY), ones = Tensor.ones(DType.F64, 2);
        assertEquals(0, Losses.weightedBinaryCrossEntropyWithLogits(sure, ones, 7).item());
        for (Tensor wrong : List.of(Tensor.of(DType.F64, 1, 2, 3), Tensor.of(DType.F64, 1, -1)))
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> Losses.weightedBinaryCrossEntropyWithLogits(logits, targets, wrong)), "posWeight",
                    wrong.shape().toString(), "negative", "[3, 2]");
    }

    @Test
    void noLossBroadcasts() {
        Tensor a = Tensor.ones(4, 1), b = Tensor.ones(4);
        List<BinaryOperator<Tensor>> losses = List.of(Losses::binaryCrossEntropy,
                Losses::binaryCrossEntropyWithLogits, Losses::meanSquaredError, Losses::hinge,
                Losses::meanAbsoluteError, Losses::huber, Losses::klDivergence, Losses::cosineSimilarity);
        for (var loss : losses)
            assertSays(assertThrows(IllegalArgumentException.class, () -> loss.apply(a, b)), "[4, 1]", "[4]");
    }

    /** Value, slope and second derivative of huber where it changes its formula, and an ulp beside. */
    @Test
    void seamsOfHuber() {
        for (double seam : new double[]{-2, 0, 2})
            for (double e : new double[]{Math.nextDown(seam), seam, Math.nextUp(seam)}) {
                Variable x = new Variable(Tensor.of(DType.F64, e));
                try (var outer = new GradientTape(); var tape = new GradientTape()) {
                    Tensor y = Losses.Each.huber(x, Tensor.of(DType.F64, 0), 2).sum(), slope = tape.gradient(y, x);
                    boolean near = Math.abs(e) <= 2;
                    assertEquals(near ? e * e / 2 : 2 * (Math.abs(e) - 1), y.item(), 1e-15);
                    assertEquals(Math.clamp(e, -2, 2), slope.item(), 1e-320); // half of the smallest number is rounded
                    assertEquals(near ? 1 : 0, outer.gradient(slope.sum(), x).item(), 1e-15, "at " + e);
                }
            }
    }

    /** Vectors whose norm is not a number of the dtype, among others. */
    @Test
    void cosineOfVeryLongVectors() {
        for (DType dtype : DType.values()) {
            double big = dtype == DType.F32 ? 3e38 : 1.7e308;
            Tensor a = Tensor.of(dtype, big, big, 3, 4).reshape(2, 2),
                    b = Tensor.of(dtype, big, -big, 4, 3).reshape(2, 2);
            assertArrayEquals(new double[]{0, 0.96}, Losses.cosineSimilarity(a, b).toDoubleArray(), 1e-6);
            assertArrayEquals(new double[]{1, 1}, Losses.cosineSimilarity(a, a).toDoubleArray(), 1e-6);
        }
    }
}
