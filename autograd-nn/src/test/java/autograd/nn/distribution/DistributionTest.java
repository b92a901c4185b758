package autograd.nn.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Probabilities, entropies and divergences against the sums and integrals that define them. */
class DistributionTest {
    private static final int DRAWS = 40_000;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static Tensor t(double... values) { return Tensor.of(DType.F64, values); }

    private static void assertNear(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), tolerance + Double.MIN_VALUE);
    }

    // ---- Normal: integrals by the trapezoidal rule, which is exact to rounding for such functions

    private static final Normal P = new Normal(t(0.3, -1), t(0.5, 2)), Q = new Normal(t(1, -1), t(1.5, 0.8));
    private static final double STEP = 1 / 64.0, REACH = 30;

    /** The integral over x, from -30 to 30 along a new first axis, of p(x) f(x). */
    private static Tensor integral(Normal p, UnaryOperator<Tensor> f) {
        Tensor x = Tensor.arange(DType.F64, -REACH, REACH, STEP).reshape(-1, 1);
        return p.logProb(x).exp().mul(f.apply(x)).sum(0).mul(STEP);
    }

    @Test
    void aNormalDensityIntegratesToOne() {
        assertNear(t(1, 1), integral(P, Tensor::onesLike), 1e-12);
        assertNear(P.mean(), integral(P, x -> x), 1e-12);
        assertNear(P.std().square(), integral(P, x -> x.sub(P.mean()).square()), 1e-12);
    }

    @Test
    void normalEntropyAndDivergenceAreTheirIntegrals() {
        assertNear(integral(P, x -> P.logProb(x).neg()), P.entropy(), 1e-12);
        assertNear(integral(P, x -> P.logProb(x).sub(Q.logProb(x))), P.kl(Q), 1e-12);
        assertNear(t(0, 0), P.kl(P), 0);
    }

    @Test
    void normalDrawsHaveTheDistributionFunction() {
        var wide = new Normal(t(1), t(3));
        Tensor x = new Normal(Tensor.full(DType.F64, 1, DRAWS), t(3)).sample(new Rng(1));
        Tensor u = x.sub(wide.mean()).div(wide.std()).div(-Math.sqrt(2)).erfc().mul(0.5);
        int[] counts = new int[20];
        for (double each : u.toDoubleArray())
            counts[Math.min(19, (int) (each * 20))]++;
        double[] even = new double[20];
        Arrays.fill(even, 1 / 20.0);
        assertFits(even, counts);
    }

    @Test
    void meansAndDeviationsBroadcast() {
        var p = new Normal(Tensor.zeros(3, 1), Tensor.ones(2));
        assertEquals(Shape.of(3, 2), p.shape());
        assertEquals(Shape.of(3, 2), p.sample(new Rng(1)).shape());
        assertEquals(Shape.of(3, 2), p.entropy().shape());
        assertEquals(DType.F32, p.sample(new Rng(1)).dtype());
    }

    /** Only rsample has a derivative: x = mean + std e. */
    @Test
    void aReparameterizedDrawHasADerivative() {
        Variable mean = new Variable("mean", t(0.3, -1)), std = new Variable("std", t(0.5, 2));
        try (var tape = new GradientTape()) {
            Tensor x = new Normal(mean, std).rsample(new Rng(2));
            var g = tape.gradients(x.sum());
            assertNear(t(1, 1), g.of(mean), 0);
            assertNear(x.sub(mean).div(std), g.of(std), 1e-12);
        }
        try (var tape = new GradientTape()) {
            Tensor x = new Normal(mean, std).sample(new Rng(2));
            assertThrows(IllegalStateException.class, () -> tape.gradients(x.sum()));
            assertNear(new Normal(mean, std).rsample(new Rng(2)), x, 0);
        }
    }

    // ---- Categorical and Bernoulli: sums over all values

    private static final Tensor LOGITS = t(0.5, -1, 2, 0, 3, -2).reshape(2, 3), OTHERS = t(1, 1, 0, -2, 0.3, 0)
            .reshape(2, 3);
    private static final Categorical C = new Categorical(LOGITS), D = new Categorical(OTHERS);
    private static final Bernoulli B = new Bernoulli(LOGITS), E = new Bernoulli(OTHERS);

    private static Tensor sum(Categorical p, Function<IntTensor, Tensor> f) {
        return IntStream.range(0, 3).mapToObj(k -> IntTensor.of(k, k)).map(k -> p.logProb(k).exp().mul(f.apply(k)))
                .reduce(Tensor::add).orElseThrow();
    }

    private static Tensor sum(Bernoulli p, Function<Mask, Tensor> f) {
        return IntStream.range(0, 2).mapToObj(k -> Mask.bernoulli(new Rng(0), k, 2, 3))
                .map(m -> p.logProb(m).exp().mul(f.apply(m))).reduce(Tensor::add).orElseThrow();
    }

    @Test
    void probabilitiesSumToOne() {
        assertNear(t(1, 1), sum(C, _ -> t(1, 1)), 1e-14);
        assertNear(Tensor.onesLike(LOGITS), sum(B, _ -> Tensor.onesLike(LOGITS)), 1e-14);
        assertNear(B.probabilities(), sum(B, m -> m.to(DType.F64)), 1e-14);
    }

    @Test
    void entropiesAndDivergencesAreTheirSums() {
        assertNear(sum(C, k -> C.logProb(k).neg()), C.entropy(), 1e-14);
        assertNear(sum(C, k -> C.logProb(k).sub(D.logProb(k))), C.kl(D), 1e-14);
        assertNear(sum(B, m -> B.logProb(m).neg()), B.entropy(), 1e-14);
        assertNear(sum(B, m -> B.logProb(m).sub(E.logProb(m))), B.kl(E), 1e-14);
        assertNear(t(0, 0), C.kl(C), 0);
        assertNear(Tensor.zerosLike(LOGITS), B.kl(B), 0);
    }

    @Test
    void drawsAreAsFrequentAsTheirProbabilities() {
        var rows = new Categorical(LOGITS.slice(0, 0, 1).tile(DRAWS, 1));
        int[] counts = new int[3];
        for (int k : rows.sample(new Rng(3)).toArray())
            counts[k]++;
        assertFits(Arrays.copyOf(C.probabilities().toDoubleArray(), 3), counts);

        int some = new Bernoulli(Tensor.full(DType.F64, 0.7, DRAWS)).sample(new Rng(4)).count();
        double p = 1 / (1 + Math.exp(-0.7));
        assertFits(new double[]{1 - p, p}, DRAWS - some, some);
    }

    /** Pearson's statistic, with a bound that one seed in a million exceeds. */
    private static void assertFits(double[] probabilities, int... counts) {
        int n = IntStream.of(counts).sum(), freedom = counts.length - 1;
        double statistic = IntStream.range(0, counts.length)
                .mapToDouble(i -> Math.pow(counts[i] - n * probabilities[i], 2) / (n * probabilities[i])).sum();
        assertTrue(statistic <= freedom + 5 * Math.sqrt(2.0 * freedom),
                () -> statistic + " " + Arrays.toString(counts));
    }

    @Test
    void probabilitiesGiveTheSameDistributions() {
        var c = Categorical.ofProbabilities(C.probabilities().mul(5));
        assertNear(C.probabilities(), c.probabilities(), 1e-14);
        assertNear(C.kl(D), c.kl(D), 1e-14);
        assertNear(B.logits(), Bernoulli.ofProbabilities(B.probabilities()).logits(), 1e-13);
    }

    @Test
    void probabilitiesThatAddUpToNothingAreRefused() {
        for (Tensor wrong : List.of(t(0, 0, 0), t(INFINITY, 1, 0), t(-1, 1, 1), t(Double.NaN, 1, 1)))
            assertTrue(assertThrows(IllegalArgumentException.class, () -> Categorical.ofProbabilities(wrong))
                    .getMessage().contains("probabilit"));
    }

    /** 0 log 0 is 0, also for derivatives; what the other distribution rules out is infinitely far. */
    @Test
    void impossibleValuesDoNotCount() {
        var some = Categorical.ofProbabilities(t(0.25, 0, 0.75));
        assertEquals(-0.25 * Math.log(0.25) - 0.75 * Math.log(0.75), some.entropy().item(), 1e-14);
        assertEquals(0, some.kl(some).item());
        assertEquals(INFINITY, new Categorical(t(0, 0, 0)).kl(some).item());
        assertEquals(Math.log(3) - some.entropy().item(), some.kl(new Categorical(t(0, 0, 0))).item(), 1e-14);
        assertEquals(-INFINITY, some.logProb(IntTensor.of(1).reshape()).item());
        var sure = Bernoulli.ofProbabilities(t(0, 1));
        assertNear(t(0, 0), sure.entropy(), 0);
        assertNear(t(0, 0), sure.kl(sure), 0);
        assertNear(t(Math.log(2), Math.log(2)), sure.kl(new Bernoulli(t(0, 0))), 1e-14);
        assertNear(t(INFINITY, INFINITY), new Bernoulli(t(0, 0)).kl(sure), 0);
        Variable logits = new Variable(t(1, -INFINITY, 0));
        try (var tape = new GradientTape()) {
            Tensor g = tape.gradient(new Categorical(logits).entropy(), logits);
            assertTrue(!g.isNaN().any() && g.get(1) == 0, g::toString);
        }
    }

    // ---- derivatives by the parameters, of orders 1 and 2

    @Test
    void allAreDifferentiableByTheirParameters() {
        IntTensor k = IntTensor.of(2, 0);
        Mask m = LOGITS.gt(0);
        GradCheck.of((a, b) -> new Normal(a, b).logProb(t(0.1, 0.2))).verify(P.mean(), P.std());
        GradCheck.of((a, b) -> new Normal(a, b).entropy()).verify(P.mean(), P.std());
        GradCheck.of((a, b) -> new Normal(a, b).kl(Q)).verify(P.mean(), P.std());
        GradCheck.of((a, b) -> P.kl(new Normal(a, b))).verify(Q.mean(), Q.std());
        GradCheck.of(a -> new Categorical(a).logProb(k)).verify(LOGITS);
        GradCheck.of(a -> new Categorical(a).entropy()).verify(LOGITS);
        GradCheck.of((a, b) -> new Categorical(a).kl(new Categorical(b))).verify(LOGITS, OTHERS);
        GradCheck.of(a -> new Bernoulli(a).logProb(m)).verify(LOGITS);
        GradCheck.of(a -> new Bernoulli(a).entropy()).verify(LOGITS);
        GradCheck.of((a, b) -> new Bernoulli(a).kl(new Bernoulli(b))).verify(LOGITS, OTHERS);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Map<Executable, List<String>> wrong = Map.of( //
                () -> new Normal(t(1), Tensor.of(1)), List.of("Normal", "f64", "f32"),
                () -> new Normal(t(1, 2), t(1, 2, 3)), List.of("Normal", "[2]", "[3]"),
                () -> new Normal(t(1, 2), t(1, 0)), List.of("Normal", "positive", "exp"),
                () -> new Categorical(Tensor.scalar(1)), List.of("Categorical", "[]"),
                () -> Categorical.ofProbabilities(t(0.5, -1)), List.of("Categorical", "negative"),
                () -> C.logProb(IntTensor.of(1, 2, 0)), List.of("Categorical", "[3]", "[2]"),
                () -> C.kl(new Categorical(t(1, 2))), List.of("Categorical", "[2, 3]", "[2]"),
                () -> Bernoulli.ofProbabilities(t(2)), List.of("Bernoulli", "0 to 1"),
                () -> B.logProb(Mask.of(new boolean[]{true}, 1)), List.of("Bernoulli", "[1]", "[2, 3]"));
        wrong.forEach((use, facts) -> {
            String message = assertThrows(IllegalArgumentException.class, use).getMessage();
            for (String fact : facts)
                assertTrue(message.contains(fact), message);
        });
    }
}
