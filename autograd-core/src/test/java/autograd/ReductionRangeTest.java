package autograd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Rng;
import autograd.digits.Real;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reductions and normalizations of lines of numbers from the whole exponent range, along the first, a middle
 * and the last axis, against hundreds of digits: where the true result is representable, nothing overflows on
 * the way. {@code -Dtries=N} draws N lines of each kind, 1 unless given.
 */
class ReductionRangeTest {
    private static final int TRIES = Integer.getInteger("tries", 1);
    /** e^x of less is 0. */
    private static final double FAR = -800;

    /** Which numbers a line has. */
    private enum Kind {
        LARGEST, LARGEST_OF_ONE_SIGN, LARGE, ANY_OF_ONE_SIZE, ANY, MODERATE, SUBNORMAL
    }

    private static double[] line(Kind kind, int n, DType dtype, Rng rng) {
        int most = dtype == DType.F32 ? 127 : 1023, least = dtype == DType.F32 ? -149 : -1074;
        int one = rng.nextInt(least + 20, most);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            double m = rng.nextDouble(1, 2) * (rng.nextInt(2) == 0 || kind == Kind.LARGEST_OF_ONE_SIGN ? 1 : -1);
            x[i] = dtype.round(Math.scalb(m, switch (kind) {
                case LARGEST, LARGEST_OF_ONE_SIGN -> most;
                case LARGE -> most - rng.nextInt(8);
                case ANY_OF_ONE_SIZE -> one;
                case ANY -> rng.nextInt(least, most + 1);
                case MODERATE -> rng.nextInt(-8, 7);
                case SUBNORMAL -> least + rng.nextInt(12);
            }));
            x[i] = Math.clamp(x[i], -max(dtype), max(dtype));
        }
        return x;
    }

    private static double max(DType dtype) { return dtype == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE; }

    /** A right value, and how far from it a result may be. */
    private record Right(double value, double allowed) {}

    @ParameterizedTest
    @EnumSource(DType.class)
    void agreesWithHundredsOfDigits(DType dtype) {
        List<String> wrong = new ArrayList<>();
        for (int n : new int[]{2, 5, 140})
            for (Kind kind : Kind.values()) {
                Rng rng = new Rng(31 * n + kind.ordinal());
                double[][] lines = IntStream.range(0, TRIES).mapToObj(_ -> line(kind, n, dtype, rng))
                        .toArray(double[][]::new);
                Map<String, Right[]> known = new HashMap<>();
                for (int count : new int[]{TRIES, 130})
                    for (int axis = 0; axis < 3; axis++)
                        new Lines(dtype, kind, lines, count, axis, known, wrong).check();
            }
        assertTrue(wrong.isEmpty(),
                () -> wrong.size() + ":\n" + wrong.stream().limit(12).collect(Collectors.joining("\n")));
    }

    /** Some lines, each several times, along an axis of a tensor of rank 3. */
    private record Lines(DType dtype, Kind kind, double[][] lines, int count, int axis, Map<String, Right[]> known,
            List<String> wrong) {
        private Tensor tensor() {
            int n = lines[0].length;
            double[] all = IntStream.range(0, count).boxed()
                    .flatMapToDouble(i -> Arrays.stream(lines[i % lines.length]))
                    .toArray();
            Tensor rows = Tensor.of(dtype, all).reshape(count, n);
            return axis == 2
                    ? rows.reshape(1, count, n)
                    : axis == 0 ? rows.transpose().reshape(n, 1, count) : rows.transpose().reshape(1, n, count);
        }

        /** The lines of a result, reduced or not, as rows. */
        private double[][] rows(Tensor y) {
            Tensor rows = axis == 2
                    ? y.reshape(count, y.size() / count)
                    : y.reshape(y.size() / count, count).transpose();
            return IntStream.range(0, lines.length).mapToObj(i -> rows.slice(0, i, i + 1).toDoubleArray())
                    .toArray(double[][]::new);
        }

        void check() {
            Tensor x = tensor();
            compare("mean", x.mean(axis), Line::mean);
            compare("variance", x.variance(axis), Line::variance);
            compare("std", x.std(axis), Line::deviation);
            compare("norm", x.norm(2, axis), Line::norm);
            compare("logSumExp", x.logSumExp(axis), Line::logSumExp);
            compare("softmax", x.softmax(axis), Line::softmax);
            compare("logSoftmax", x.logSoftmax(axis), Line::logSoftmax);
            compare("standardize", x.standardize(1e-5, axis), Line::standardized);
            compare("mean'", slope(a -> a.mean(axis)), Line::slopeOfMean);
            compare("norm'", slope(a -> a.norm(2, axis)), Line::slopeOfNorm);
            compare("std'", slope(a -> a.std(axis)), Line::slopeOfDeviation);
            compare("logSumExp'", slope(a -> a.logSumExp(axis)), Line::slopeOfLogSumExp);
            if (axis == 2)
                compare("layerNorm",
                        x.layerNorm(Tensor.ones(dtype, lines[0].length), Tensor.zeros(dtype, lines[0].length), 1e-5),
                        Line::standardized);
            if (axis == 2)
                compare("cross-entropy", x.sparseSoftmaxCrossEntropy(IntTensor.of(new int[count], 1, count)),
                        Line::firstLoss);
            if (axis == 0)
                compare("batchNorm", x.reshape(lines[0].length, count).batchNorm(Tensor.ones(dtype, count),
                        Tensor.zeros(dtype, count), 1e-5), Line::standardized);
        }

        private Tensor slope(UnaryOperator<Tensor> f) {
            return OpCase.vjps(in -> f.apply(in[0]).sum(), Tensor.scalar(dtype, 1), tensor())[0];
        }

        private void compare(String what, Tensor y, Function<Line, Right[]> right) {
            double[][] actual = rows(y);
            for (int i = 0; i < actual.length; i++) {
                int line = i;
                Right[] expected = known.computeIfAbsent(what + i, _ -> right.apply(new Line(dtype, lines[line])));
                for (int k = 0; k < expected.length; k++) {
                    double value = expected[k].value, tiny = dtype == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE,
                            allowed = expected[k].allowed + 4 * tiny;
                    boolean isLost = actual[i][k] == 0 && Math.abs(value) > allowed;
                    if (Math.abs(value) < max(dtype) * (1 - 64 * dtype.epsilon())
                            && (isLost || !(Math.abs(actual[i][k] - value) <= allowed)))
                        wrong.add(what + " along axis " + axis + " of " + count + " lines of " + kind + " " + dtype
                                + ", element "
                                + k + " of " + lines[i].length + ": " + actual[i][k] + " for " + value);
                }
            }
        }
    }

    /** The right values of one line. */
    private record Line(DType dtype, double[] x) {
        private double eps() { return 16 * dtype.epsilon(); }

        private double tiny() { return dtype == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE; }

        private Real sum(IntFunction<Real> term) {
            Real sum = Real.ZERO;
            for (int i = 0; i < x.length; i++)
                sum = sum.plus(term.apply(i));
            return sum;
        }

        private double largest() { return Arrays.stream(x).map(Math::abs).max().orElseThrow(); }

        private Right relative(Real value) { return new Right(value.toDouble(), eps() * Math.abs(value.toDouble())); }

        private Right[] each(IntFunction<Right> f) {
            return IntStream.range(0, x.length).mapToObj(f).toArray(Right[]::new);
        }

        private Real average() { return sum(i -> Real.of(x[i])).over(x.length); }

        private Real spread() {
            Real mean = average();
            return sum(i -> Real.of(x[i]).minus(mean).times(Real.of(x[i]).minus(mean))).over(x.length);
        }

        Right[] mean() { return new Right[]{new Right(average().toDouble(), eps() * largest())}; }

        Right[] variance() {
            double v = spread().toDouble(), lost = eps() * largest() + 4 * tiny();
            return new Right[]{new Right(v, eps() * v + lost * lost + tiny() * x.length)};
        }

        Right[] deviation() {
            double s = spread().sqrt().toDouble();
            return new Right[]{new Right(s, eps() * s + eps() * largest() + 4 * tiny())};
        }

        private Real length() { return sum(i -> Real.of(x[i]).times(Real.of(x[i]))).sqrt(); }

        Right[] norm() { return new Right[]{relative(length())}; }

        Right[] slopeOfMean() { return each(_ -> relative(Real.ONE.over(x.length))); }

        Right[] slopeOfNorm() {
            Real length = length();
            boolean isFar = length.toDouble() > max(dtype); // the norm is Inf
            double lost = isFar ? Double.POSITIVE_INFINITY : tiny() / length.toDouble();
            return each(i -> {
                Right r = relative(Real.of(x[i]).over(length));
                return new Right(r.value, r.allowed + (Math.abs(r.value) + 1e-3) * lost);
            });
        }

        Right[] slopeOfDeviation() {
            Real mean = average(), s = spread().sqrt();
            double lost = (eps() * largest() + 16 * tiny()) / s.toDouble();
            return each(i -> {
                double d = Real.of(x[i]).minus(mean).over(s).over(x.length).toDouble();
                return new Right(d, eps() * Math.abs(d) + lost);
            });
        }

        Right[] standardized() {
            Real mean = average(), s = spread().plus(Real.of(1e-5)).sqrt();
            double lost = (eps() * largest() + 16 * tiny()) / s.toDouble();
            return each(i -> {
                double d = Real.of(x[i]).minus(mean).over(s).toDouble();
                return new Right(d, eps() * Math.abs(d) + lost * (1 + Math.abs(d)));
            });
        }

        // ---- with exponentials

        private double top() { return Arrays.stream(x).max().orElseThrow(); }

        /** e^(x - top) to about two ulps, which is enough here and takes less time. */
        private double power(int i) {
            Real d = Real.of(x[i]).minus(Real.of(top()));
            double near = d.toDouble();
            return near < FAR ? 0 : Math.exp(near) * (1 + d.minus(Real.of(near)).toDouble());
        }

        /** The sum of e^(x - top) without the first of the largest, which is 1. */
        private double rest() {
            int first = IntStream.range(0, x.length).filter(i -> x[i] == top()).findFirst().orElseThrow();
            return IntStream.range(0, x.length).filter(i -> i != first).mapToDouble(this::power).sum();
        }

        /** What rounding x - top changes in the logarithm of their sum. */
        private double moved() {
            return eps() * IntStream.range(0, x.length)
                    .mapToDouble(i -> power(i) == 0 ? 0 : power(i) * (1 + top() - x[i])).filter(d -> d != 1).sum();
        }

        Right[] logSumExp() {
            double y = Math.log1p(rest()) + top();
            return new Right[]{new Right(y, eps() * (Math.abs(y) + Math.abs(top())) + moved())};
        }

        Right[] softmax() {
            double sum = 1 + rest(), moved = moved() + eps() * Math.min(1, Math.abs(top()));
            return each(i -> {
                double p = power(i) / sum;
                return new Right(p, p == 0 ? 0 : p * (eps() * (1 + top() - x[i]) + moved));
            });
        }

        /** The derivative of logSumExp: e^(x - y) with y rounded. */
        Right[] slopeOfLogSumExp() {
            Right[] p = softmax();
            return each(i -> new Right(p[i].value, p[i].allowed + p[i].value * eps() * Math.abs(top())));
        }

        Right[] logSoftmax() {
            double log = Math.log1p(rest()), moved = moved();
            return each(i -> {
                double y = Real.of(x[i]).minus(Real.of(top())).toDouble() - log;
                return new Right(y, eps() * Math.abs(y) + moved);
            });
        }

        Right[] firstLoss() {
            Right first = logSoftmax()[0];
            return new Right[]{new Right(-first.value, first.allowed)};
        }
    }
}
