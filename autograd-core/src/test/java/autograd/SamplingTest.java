package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** How often each value is drawn, with a fixed seed, against the probabilities. */
class SamplingTest {
    private static final int DRAWS = 40_000, BINS = 20;

    /**
     * Pearson's statistic of counts; it exceeds its mean by five standard deviations about once in a million
     * seeds.
     */
    static void assertFits(double[] probabilities, int... counts) {
        int n = IntStream.of(counts).sum(), freedom = -1;
        double statistic = 0;
        for (int i = 0; i < counts.length; i++)
            if (probabilities[i] == 0) {
                assertEquals(0, counts[i], "value " + i + " has probability 0");
            } else {
                double expected = n * probabilities[i];
                statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
                freedom++;
            }
        assertTrue(statistic <= freedom + 5 * Math.sqrt(2.0 * freedom),
                "statistic " + statistic + " of " + freedom + " degrees: " + Arrays.toString(counts));
    }

    /** Into bins that the distribution function makes equally likely. */
    static void assertFits(DoubleUnaryOperator distribution, double... draws) {
        int[] counts = new int[BINS];
        for (double x : draws)
            counts[Math.clamp((int) (BINS * distribution.applyAsDouble(x)), 0, BINS - 1)]++;
        double[] even = new double[BINS];
        Arrays.fill(even, 1.0 / BINS);
        assertFits(even, counts);
    }

    @ParameterizedTest
    @EnumSource
    void categoricalDrawsEachClassAsOftenAsItsProbability(DType dtype) {
        double[] p = {0.1, 0, 0.25, 0.6, 0.05, 0};
        Tensor rows = Tensor.of(dtype, p).reshape(1, 6).tile(DRAWS, 1);
        IntTensor drawn = IntTensor.categorical(new Rng(1), rows);
        assertEquals(Shape.of(DRAWS), drawn.shape());
        int[] counts = new int[p.length];
        for (int k : drawn.toArray())
            counts[k]++;
        assertFits(p, counts);
    }

    @Test
    void eachRowHasItsOwnProbabilitiesAndTakesOneNumber() {
        Tensor eye = Tensor.eye(4).reshape(2, 2, 4);
        Rng rng = new Rng(2);
        assertEquals(IntTensor.of(new int[]{0, 1, 2, 3}, 2, 2), IntTensor.categorical(rng, eye));
        assertEquals(4, rng.position());
        assertEquals(Shape.SCALAR, IntTensor.categorical(rng, Tensor.of(1)).shape());
        assertEquals(Shape.of(0), IntTensor.categorical(rng, Tensor.zeros(0, 3)).shape());
    }

    @Test
    void bernoulliIsTrueAsOftenAsItsProbability() {
        Mask drawn = Mask.bernoulli(new Rng(3), 0.3, DRAWS);
        assertFits(new double[]{0.7, 0.3}, DRAWS - drawn.count(), drawn.count());
        Tensor p = Tensor.of(0, 1, 0.8).reshape(3, 1).tile(1, DRAWS);
        Mask rows = Mask.bernoulli(new Rng(4), p);
        assertEquals(p.shape(), rows.shape());
        assertEquals(0, rows.slice(0, 1).count());
        assertEquals(DRAWS, rows.slice(1, 2).count());
        int some = rows.slice(2, 3).count();
        assertFits(new double[]{0.2, 0.8}, DRAWS - some, some);
    }

    @ParameterizedTest
    @EnumSource
    void gumbelHasItsDistributionFunction(DType dtype) {
        Tensor x = Tensor.gumbel(dtype, new Rng(5), 2, DRAWS / 2);
        assertEquals(dtype, x.dtype());
        assertFits(v -> Math.exp(-Math.exp(-v)), x.toDoubleArray());
    }

    /** The largest of logits with Gumbel noise is a draw from their softmax. */
    @Test
    void gumbelMakesSoftmaxSamples() {
        Tensor logits = Tensor.of(DType.F64, 1, -1, 0.5);
        int[] counts = new int[3];
        for (int k : logits.add(Tensor.gumbel(DType.F64, new Rng(6), DRAWS, 3)).argMax(1).toArray())
            counts[k]++;
        assertFits(logits.softmax(0).toDoubleArray(), counts);
    }

    /** For whole and half alpha the distribution function is elementary. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 1.5, 2, 5})
    void gammaHasItsDistributionFunction(double alpha) {
        Tensor x = Tensor.gamma(new Rng(7), Tensor.full(DType.F64, alpha, DRAWS));
        assertEquals(DType.F64, x.dtype());
        assertFits(v -> {
            boolean whole = alpha == Math.rint(alpha);
            double sum = whole ? 1 - Math.exp(-v) : Special.erf(Math.sqrt(v)),
                    term = whole ? Math.exp(-v) * v : Math.sqrt(v) * Math.exp(-v) / (Math.sqrt(Math.PI) / 2);
            for (double a = whole ? 1 : 0.5; a < alpha; a++) { // P(a + 1, v) = P(a, v) - v^a e^-v / Gamma(a + 1)
                sum -= term;
                term *= v / (a + 1);
            }
            return sum;
        }, x.toDoubleArray());
    }

    @Test
    void gammaOfSmallAndLargeAlphaHasItsMean() {
        for (double alpha : new double[]{0.01, 0.1, 100, 1e6}) {
            Tensor x = Tensor.gamma(new Rng(8), Tensor.full(DType.F64, alpha, DRAWS));
            assertEquals(alpha, x.mean().item(), 5 * Math.sqrt(alpha / DRAWS), "alpha " + alpha);
            assertTrue(x.ge(0).all());
        }
    }

    @Test
    void theSameSeedDrawsTheSame() {
        Tensor p = Tensor.rand(new Rng(0), 5, 4).softmax(1);
        assertEquals(IntTensor.categorical(new Rng(9), p), IntTensor.categorical(new Rng(9), p));
        assertEquals(Mask.bernoulli(new Rng(9), p), Mask.bernoulli(new Rng(9), p));
        assertArrayEquals(Tensor.gamma(new Rng(9), p).toDoubleArray(), Tensor.gamma(new Rng(9), p).toDoubleArray());
    }

    /** A gradient through a draw is refused, with the reason. */
    @Test
    void aDrawHasNoDerivative() {
        Variable alpha = new Variable("alpha", Tensor.of(1, 2));
        try (var tape = new GradientTape()) {
            Tensor y = Tensor.gamma(new Rng(1), alpha).sum();
            String message = assertThrows(IllegalStateException.class, () -> tape.gradient(y, alpha)).getMessage();
            assertTrue(message.contains("drawn at random"), message);
        }
    }

    @Test
    void whatIsNotAProbabilityIsRefused() {
        Rng rng = new Rng(1);
        Map<Executable, List<String>> wrong = Map.of( //
                () -> IntTensor.categorical(rng, Tensor.of(2, -1)), List.of("categorical", "-1", "softmax"),
                () -> IntTensor.categorical(rng, Tensor.of(0.5, 0.6)), List.of("categorical", "1.1", "softmax"),
                () -> IntTensor.categorical(rng, Tensor.of(Double.NaN, 1)), List.of("categorical", "NaN"),
                () -> IntTensor.categorical(rng, Tensor.scalar(1)), List.of("categorical", "[]"),
                () -> IntTensor.categorical(rng, Tensor.zeros(2, 0)), List.of("categorical", "[2, 0]"),
                () -> Mask.bernoulli(rng, 1.5, 3), List.of("bernoulli", "1.5", "sigmoid"),
                () -> Mask.bernoulli(rng, Tensor.of(0.5, -2)), List.of("bernoulli", "-2", "sigmoid"),
                () -> Tensor.gamma(rng, Tensor.of(1, 0)), List.of("gamma", "alpha", "0.0"),
                () -> Tensor.gamma(rng, Tensor.of(Double.POSITIVE_INFINITY)), List.of("gamma", "Infinity"));
        wrong.forEach((use, facts) -> {
            String message = assertThrows(IllegalArgumentException.class, use).getMessage();
            for (String fact : facts)
                assertTrue(message.contains(fact), message);
        });
        assertEquals(0, rng.position());
    }
}
