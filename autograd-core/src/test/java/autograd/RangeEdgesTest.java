package autograd;

import static autograd.array.DType.F32;
import static autograd.array.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Values and derivatives where a square, a reciprocal or a power would over- or underflow, or is infinite.
 */
class RangeEdgesTest {
    private static final double INF = Double.POSITIVE_INFINITY, ROOT = Math.sqrt(0.5);

    private static Tensor t(DType dtype, double... x) { return Tensor.of(dtype, x); }

    private static double[] gradient(UnaryOperator<Tensor> f, Tensor x) {
        return OpCase.vjps(in -> f.apply(in[0]).sum(), Tensor.scalar(x.dtype(), 1), x)[0].toDoubleArray();
    }

    /** The gradient of the first element of f. */
    private static double[] first(UnaryOperator<Tensor> f, Tensor x) {
        return gradient(a -> f.apply(a).flatten().slice(0, 0, 1), x);
    }

    /** Compares to a few ulp, subnormal numbers to their few digits. */
    private static void assertNear(DType dtype, double[] expected, double... actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++)
            if (expected[i] != actual[i])
                assertEquals(expected[i], actual[i], Math.max(16 * dtype.epsilon() * Math.abs(expected[i]),
                        dtype == F32 ? 4 * Float.MIN_VALUE : 4 * Double.MIN_VALUE), "element " + i);
    }

    static Stream<Arguments> sizes() {
        return Stream.of(Arguments.of(F32, 1e-40), Arguments.of(F32, 1e-25), Arguments.of(F32, 1e25),
                Arguments.of(F32, 3e37), Arguments.of(F64, 1e-310), Arguments.of(F64, 1e-200),
                Arguments.of(F64, 1e200), Arguments.of(F64, 3e307));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void distances(DType dtype, double size) {
        double s = dtype.round(size), loss = Math.max(1, dtype == F32 ? 4e-41 / s : 4e-311 / s);
        Tensor x = t(dtype, s, 0), pair = t(dtype, 3 * s, 4 * s);
        assertNear(dtype, new double[]{s}, x.norm(2).item());
        assertNear(dtype, new double[]{1, 0}, gradient(a -> a.norm(2), x));
        assertEquals(1, pair.norm(2).item() / (5 * s), 1e-4 * loss);
        assertArrayEquals(new double[]{0.6, 0.8}, gradient(a -> a.norm(2), pair), 1e-4 * loss);
        assertArrayEquals(new double[]{0.6}, gradient(a -> a.hypot(t(dtype, 4 * s)), t(dtype, 3 * s)), 1e-4 * loss);
        assertArrayEquals(new double[]{0.8}, gradient(a -> t(dtype, 3 * s).hypot(a), t(dtype, 4 * s)), 1e-4 * loss);
        assertArrayEquals(new double[]{ROOT, -ROOT}, gradient(a -> a.std(1, false), t(dtype, s, -s)), 1e-4 * loss);
        assertArrayEquals(new double[]{0.5, -0.5}, gradient(a -> a.std(), t(dtype, s, -s)), 1e-4 * loss);
    }

    @Test
    void angles() {
        for (double s : new double[]{1e-25, 1e25, 1e-20, 1e20}) {
            float a = (float) s;
            assertNear(F32, new double[]{0.5 / a}, gradient(x -> x.atan2(t(F32, s)), t(F32, s)));
            assertNear(F32, new double[]{-0.5 / a}, gradient(x -> t(F32, s).atan2(x), t(F32, s)));
        }
        for (double s : new double[]{1e-200, 1e200}) {
            assertNear(F64, new double[]{0.5 / s}, gradient(x -> x.atan2(t(F64, s)), t(F64, s)));
            assertNear(F64, new double[]{-0.5 / s}, gradient(x -> t(F64, s).atan2(x), t(F64, s)));
        }
        assertNear(F32, new double[]{1 / 1e-30f}, gradient(x -> x.atan2(t(F32, 1e-30)), t(F32, 0)));
        assertNear(F32, new double[]{0}, gradient(x -> t(F32, 0).atan2(x), t(F32, 1e-30)));
        for (DType dtype : DType.values()) { // no direction at all
            assertArrayEquals(new double[]{0}, gradient(x -> x.atan2(t(dtype, 0)), t(dtype, 0)));
            assertArrayEquals(new double[]{0}, gradient(x -> t(dtype, 0).atan2(x), t(dtype, 0)));
        }
    }

    @Test
    void slopesThatASquareWouldSpoil() {
        assertNear(F64, new double[]{1e-200}, gradient(Tensor::acosh, t(F64, 1e200)));
        assertNear(F32, new double[]{1e-30f}, gradient(Tensor::acosh, t(F32, 1e30)));
        assertNear(F64, new double[]{1e-320}, gradient(Tensor::atan, t(F64, 1e160)));
        assertNear(F32, new double[]{1e-40f}, gradient(Tensor::atan, t(F32, 1e20)));
        assertNear(F64, new double[]{1e-320}, gradient(Tensor::softsign, t(F64, -1e160)));
        assertNear(F32, new double[]{1e-40f}, gradient(Tensor::softsign, t(F32, 1e20)));
        assertNear(F32, new double[]{0.4342944819 / 3e38f}, gradient(Tensor::log10, t(F32, 3e38)));
        assertNear(F32, new double[]{1e-25f / 1e-40f},
                Tensor.scalar(F32, 1e-25).zdiv(Tensor.scalar(F32, 1e-40)).item());
    }

    /** Losses of nearly certain decisions keep their digits, as the losses of labels do. */
    @Test
    void certainDecisions() {
        double less = Math.exp(-20) / (1 + Math.exp(-20));
        assertNear(F32, new double[]{-less}, gradient(x -> x.binaryCrossEntropyWithLogits(t(F32, 1)), t(F32, 20)));
        assertNear(F32, new double[]{less}, gradient(x -> x.binaryCrossEntropyWithLogits(t(F32, 0)), t(F32, -20)));
        assertNear(F64, new double[]{-Math.exp(-40)},
                gradient(x -> x.binaryCrossEntropyWithLogits(t(F64, 1)), t(F64, 40)));
    }

    /** Where tanh or sigmoid rounds to 1, alone and among many. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void saturatedSlopes(DType dtype) {
        double x = dtype == F32 ? 10 : 20, e = Math.exp(-2 * x),
                s = Math.exp(-2 * x) / Math.pow(1 + Math.exp(-2 * x), 2);
        for (int n : new int[]{1, 100}) {
            Tensor one = Tensor.ones(dtype, n), far = one.mul(x), near = one.mul(0.5);
            double[] slopes = new double[n], curves = new double[n];
            Arrays.fill(slopes, 4 * e / ((1 + e) * (1 + e)));
            Arrays.fill(curves, -8 * e / ((1 + e) * (1 + e)));
            assertNear(dtype, slopes, gradient(Tensor::tanh, far));
            assertNear(dtype, slopes, gradient(Tensor::tanh, far.neg()));
            assertNear(dtype, curves, gradient(a -> OpCase.vjps(in -> in[0].tanh(), one, a)[0], far));
            Arrays.fill(slopes, s);
            assertNear(dtype, slopes, gradient(Tensor::sigmoid, far.mul(2)));
            assertNear(dtype, slopes, gradient(Tensor::sigmoid, far.mul(-2)));
            Arrays.fill(curves, -s);
            assertNear(dtype, curves, gradient(a -> OpCase.vjps(in -> in[0].sigmoid(), one, a)[0], far.mul(2)));
            assertNear(dtype, slopes,
                    gradient(a -> OpCase.vjps(in -> in[0].binaryCrossEntropyWithLogits(one), one, a)[0],
                            far.mul(2)));
        }
    }

    /** If one class is nearly certain, the others keep their digits, along wide, narrow and inner axes. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void certainClasses(DType dtype) {
        double far = dtype == F32 ? 30 : 60, e = Math.exp(-far);
        for (int rows : new int[]{1, 40})
            for (int n : new int[]{2, 5, 70})
                for (int axis : new int[]{0, 1}) {
                    Tensor one = Tensor.ones(dtype, 1),
                            line = Tensor.concat(0, one, Tensor.zeros(dtype, n - 2), one.mul(far));
                    Tensor x = Tensor.stack(1 - axis, Collections.nCopies(rows, line).toArray(Tensor[]::new));
                    Tensor own = Tensor.concat(0, Tensor.zeros(dtype, n - 1), one)
                            .reshape(axis == 0 ? new int[]{n, 1} : new int[]{1, n});
                    double rest = e * (n - 2 + Math.E);
                    Map<String, UnaryOperator<Tensor>> losses = Map.of("softmax", a -> a.softmax(axis).mul(own).sum(),
                            "logSoftmax", a -> a.logSoftmax(axis).mul(own).sum(), "values",
                            a -> a.logSoftmax(axis).neg());
                    losses.forEach((name, loss) -> {
                        Tensor g = Tensor.of(dtype, gradient(loss, x)).reshape(x.shape());
                        if (!name.equals("values")) {
                            assertNear(dtype, new double[]{rest, -e * Math.E},
                                    g.slice(1 - axis, 0, 1).flatten().get(n - 1),
                                    g.slice(1 - axis, 0, 1).flatten().get(0));
                        } else
                            assertNear(dtype, new double[]{rest},
                                    loss.apply(x).slice(1 - axis, rows - 1, rows).flatten().get(n - 1));
                    });
                    if (axis == 1) {
                        IntTensor labels = IntTensor
                                .of(Collections.nCopies(rows, n - 1).stream().mapToInt(i -> i).toArray());
                        Tensor t = labels.oneHot(dtype, n);
                        for (UnaryOperator<Tensor> loss : List.<UnaryOperator<Tensor>>of(a -> a.softmaxCrossEntropy(t),
                                a -> a.sparseSoftmaxCrossEntropy(labels))) {
                            assertNear(dtype, new double[]{rest}, loss.apply(x).get(0));
                            assertNear(dtype, new double[]{-rest}, gradient(loss, x)[n - 1]);
                            UnaryOperator<Tensor> slope = a -> OpCase.vjps(in -> loss.apply(in[0]),
                                    Tensor.ones(dtype, rows), a)[0];
                            assertNear(dtype, new double[]{rest}, gradient(a -> slope.apply(a).mul(own), x)[n - 1]);
                        }
                        Tensor v = Tensor.concat(0, one, Tensor.zeros(dtype, n - 2), one.mul(2));
                        for (UnaryOperator<Tensor> loss : List.<UnaryOperator<Tensor>>of(a -> a.softmaxCrossEntropy(t),
                                a -> a.sparseSoftmaxCrossEntropy(labels),
                                a -> a.logSoftmax(1).mul(own).sum(1).neg())) {
                            UnaryOperator<Tensor> slope = a -> OpCase.vjps(in -> loss.apply(in[0]),
                                    Tensor.ones(dtype, rows), a)[0];
                            double[] hv = gradient(a -> slope.apply(a).mul(v), x); // p (v - sum of p v)
                            assertNear(dtype, new double[]{-e * Math.E, 2 * rest - e * Math.E}, hv[0], hv[n - 1]);
                        }
                    }
                    assertNear(dtype, new double[]{rest}, x.sub(far).logSumExp(axis).get(0));
                }
    }

    /** (1 + tanh(u)) / 2 for u far below 0. */
    @Test
    void geluByTanhKeepsItsDigits() {
        double u = -Math.sqrt(2 / Math.PI) * (5 + 0.044715 * 125), expected = -5 / (1 + Math.exp(-2 * u));
        assertEquals(expected, t(F32, -5).geluTanh().item(), 1e-5 * Math.abs(expected));
    }

    /** Powers of 0: 0^b is 0 to the right of b = 0, and 1 at it. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void powersOfZero(DType dtype) {
        for (double zero : new double[]{0, -0.0})
            for (double b : new double[]{0, 0.5, 1, 2, 7}) {
                UnaryOperator<Tensor> f = x -> t(dtype, zero).pow(x);
                assertArrayEquals(new double[]{0}, gradient(f, t(dtype, b)), "d/db at " + b);
                UnaryOperator<Tensor> slope = x -> OpCase.vjps(in -> f.apply(in[0]), t(dtype, 1), x)[0];
                assertArrayEquals(new double[]{0}, gradient(slope, t(dtype, b)), "d2/db2 at " + b);
                assertArrayEquals(new double[]{0}, gradient(
                        x -> OpCase.vjps(in -> slope.apply(in[0]), t(dtype, 1), x)[0], t(dtype, b)), "d3/db3 at " + b);
            }
        assertArrayEquals(new double[]{-INF}, gradient(x -> t(dtype, 0).pow(x), t(dtype, -1)));
        assertArrayEquals(new double[]{0, 1, 0}, gradient(x -> x.pow(t(dtype, 0, 1, 2)), t(dtype, 0, 0, 0)));
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void logSumExpOfInfinities(DType dtype) {
        UnaryOperator<Tensor> f = x -> x.logSumExp(-1);
        assertArrayEquals(new double[]{0, 0}, gradient(f, t(dtype, -INF, -INF)));
        assertArrayEquals(new double[]{0, 1, 0}, gradient(f, t(dtype, 3, INF, -INF)));
        assertArrayEquals(new double[]{0.5, 0, 0.5}, gradient(f, t(dtype, INF, 1, INF)));
        assertArrayEquals(new double[]{0, 1}, gradient(f, t(dtype, -INF, 5)));
        Tensor rows = t(dtype, -INF, -INF, 0, 0).reshape(2, 2);
        assertArrayEquals(new double[]{0, 0, 0.5, 0.5}, gradient(f, rows), 1e-7);
        assertArrayEquals(new double[]{0, 0, 0.25, -0.25}, gradient(
                x -> OpCase.vjps(in -> f.apply(in[0]), t(dtype, 1, 1), x)[0].slice(1, 0, 1), rows), 1e-7);
    }

    // ---- normalization

    static Stream<Arguments> scales() {
        return Stream.of(Arguments.of(F32, 1e20), Arguments.of(F32, 1e-20), Arguments.of(F64, 1e20),
                Arguments.of(F64, 1e200), Arguments.of(F64, 1e-200));
    }

    /** Standardized rows, columns and channels, few and many, are +-1. */
    @ParameterizedTest
    @MethodSource("scales")
    void standardized(DType dtype, double scale) {
        for (int n : new int[]{2, 100}) {
            Tensor line = Tensor.arange(n).to(dtype), sign = line.sub(line.div(2).floor().mul(2)).mul(2).sub(1);
            Tensor big = sign.mul(scale);
            double epsilon = scale > 1 ? 1e-5 : 0;
            for (int axis : new int[]{0, 1}) {
                Tensor x = Tensor.stack(1 - axis, big, big, big);
                Tensor y = x.standardize(epsilon, axis), expected = Tensor.stack(1 - axis, sign, sign, sign);
                assertNear(dtype, expected.toDoubleArray(), y.toDoubleArray());
                // the slope of the first element of n: (1 - 1/n - y^2/n) / scale
                double own = (1 - 2.0 / n) / scale;
                assertEquals(own, first(a -> a.standardize(epsilon, axis), x)[0], 1e-5 / scale);
            }
            Tensor batch = big.reshape(n, 1, 1), one = Tensor.ones(dtype, 1), zero = Tensor.zeros(dtype, 1);
            assertNear(dtype, sign.toDoubleArray(), batch.batchNorm(one, zero, epsilon).toDoubleArray());
            assertNear(dtype, sign.toDoubleArray(), big.rmsNorm(Tensor.ones(dtype, n), epsilon).toDoubleArray());
            assertNear(dtype, sign.toDoubleArray(),
                    big.layerNorm(Tensor.ones(dtype, n), Tensor.zeros(dtype, n), epsilon).toDoubleArray());
        }
    }

    @Test
    void rootMeanSquares() {
        Tensor one = Tensor.ones(F32, 2);
        assertNear(F32, new double[]{0.6 * Math.sqrt(2), 0.8 * Math.sqrt(2)},
                t(F32, 3e19, 4e19).rmsNorm(one, 1e-6).toDoubleArray());
        assertNear(F32, new double[]{1, 1}, t(F32, 1e-25, 1e-25).rmsNorm(one, 1e-60).toDoubleArray());
        assertNear(F32, new double[]{1}, t(F32, 1e-25).rmsNorm(Tensor.ones(F32, 1), 1e-60).toDoubleArray());
    }

    /**
     * The divisor is smooth at a row of zeros: the third derivative of x / sqrt(x^2 + e) at 0 is -3 e^(-3/2).
     */
    @Test
    void normalizationsAreSmoothAtZero() {
        for (UnaryOperator<Tensor> f : List.<UnaryOperator<Tensor>>of(x -> x.rmsNorm(Tensor.ones(F64, 1), 0.25),
                x -> Tensor.concat(0, x, x.neg()).standardize(0.25, 0).slice(0, 0, 1))) {
            Tensor zero = t(F64, 0);
            UnaryOperator<Tensor> first = x -> OpCase.vjps(in -> f.apply(in[0]), t(F64, 1), x)[0],
                    second = x -> OpCase.vjps(in -> first.apply(in[0]), t(F64, 1), x)[0];
            assertArrayEquals(new double[]{2}, gradient(f, zero), 1e-12);
            assertArrayEquals(new double[]{0}, gradient(first, zero), 1e-12);
            assertArrayEquals(new double[]{-24}, gradient(second, zero), 1e-12);
        }
    }
}
