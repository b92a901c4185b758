package autograd;

import static autograd.array.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** At kinks and ties the derivative is the documented one, which lies between the slopes on both sides. */
class KinkTest {
    private static final double H = 1e-6;

    private static Tensor t(double... values) { return Tensor.of(F64, values); }

    private static double[] gradient(UnaryOperator<Tensor> f, double... x) {
        return OpCase.vjps(in -> f.apply(in[0]).sum(), Tensor.scalar(F64, 1), t(x))[0].toDoubleArray();
    }

    private static UnaryOperator<Tensor> weighted(UnaryOperator<Tensor> f, double... weights) {
        return x -> f.apply(x).mul(t(weights));
    }

    static Stream<Arguments> kinks() {
        return Stream.of(at("relu", Tensor::relu, p(0), 0), at("relu", Tensor::relu, p(-0.0), 0),
                at("abs", Tensor::abs, p(0), 0), at("abs", Tensor::abs, p(-0.0), 0), at("sign", Tensor::sign, p(2), 0),
                at("maximum(x, x)", x -> x.maximum(x), p(3), 1), at("minimum(x, x)", x -> x.minimum(x), p(3), 1),
                at("maximum(x, 0)", x -> x.maximum(0), p(0), 0.5), at("minimum(x, 0)", x -> x.minimum(0), p(0), 0.5),
                at("maximum(x, -0)", x -> x.maximum(-0.0), p(0), 0.5), at("pow 0", x -> x.pow(0), p(0), 0),
                at("pow 1", x -> x.pow(1), p(0), 1), at("x^b, b = 0", x -> x.pow(t(0)), p(0), 0),
                at("x^b, b = 1", x -> x.pow(t(1)), p(0), 1), at("0^x", x -> t(0).pow(x), p(2), 0),
                at("clamp, lower bound", x -> x.clamp(-1, 1.5), p(-1), 1),
                at("clamp, upper bound", x -> x.clamp(-1, 1.5), p(1.5), 1),
                at("hardtanh, lower bound", x -> x.hardtanh(), p(-1), 1),
                at("hardtanh, upper bound", x -> x.hardtanh(), p(1), 1),
                at("leakyRelu", x -> x.leakyRelu(0.1), p(0), 0.1), at("leakyRelu", x -> x.leakyRelu(0.1), p(-0.0), 0.1),
                at("leakyRelu, steep", x -> x.leakyRelu(3), p(0), 3), at("elu", x -> x.elu(1.3), p(0), 1.3),
                at("elu, flat", x -> x.elu(0.5), p(-0.0), 0.5),
                at("selu", x -> x.selu(), p(0), 1.6732632423543772 * 1.0507009873554805),
                at("softsign", x -> x.softsign(), p(0), 1), at("norm 1", x -> x.norm(1), p(0, 2), 0, 1),
                at("norm 2", x -> x.norm(2), p(0, 0), 0, 0), at("norm 3", x -> x.norm(3), p(0, 0, 0), 0, 0, 0),
                at("norm Inf, tied", x -> x.norm(Double.POSITIVE_INFINITY), p(2, -2, 1), 0.5, -0.5, 0),
                at("norm Inf at 0", x -> x.norm(Double.POSITIVE_INFINITY), p(0, 0), 0, 0),
                at("hypot, first", x -> x.hypot(t(0)), p(0), 0), at("hypot, second", x -> t(0).hypot(x), p(0), 0),
                at("std", x -> x.std(), p(2, 2, 2), 0, 0, 0),
                at("std of a sample", x -> x.std(1, false), p(4, 4), 0, 0),
                at("max, three tied", x -> x.max(), p(3, 3, 3, 1), 1 / 3.0, 1 / 3.0, 1 / 3.0, 0),
                at("min, two tied", x -> x.min(), p(1, 3, 1), 0.5, 0, 0.5),
                at("max along an axis", x -> x.reshape(2, 2).max(0), p(5, 1, 5, 0), 0.5, 1, 0.5, 0),
                at("sort: equal ones keep their order", weighted(x -> x.sort(0), 1, 10, 100), p(2, 2, 1), 10, 100, 1),
                at("sort, descending", weighted(x -> x.sort(0, true), 1, 10, 100), p(2, 3, 2), 10, 1, 100),
                at("topK: the first of equals", x -> x.topK(1, 0).values(), p(1, 4, 4), 0, 1, 0),
                at("topK of two", weighted(x -> x.topK(2, 0).values(), 10, 1), p(4, 4, 4), 10, 1, 0),
                at("cumMax: the last of equals", weighted(x -> x.cumMax(0), 1, 10, 100), p(4, 4, 4), 1, 10, 100),
                at("median of two equals", x -> x.median(), p(2, 1, 2, 5), 0.5, 0, 0.5, 0),
                at("scatterMax: this tensor's of equals",
                        x -> x.slice(0, 0, 1).scatterMax(0, IntTensor.of(0, 0), x.slice(0, 1, 3)), p(2, 2, 2), 1, 0, 0),
                at("scatterMax: the first of equal values",
                        x -> x.slice(0, 0, 1).scatterMax(0, IntTensor.of(0, 0), x.slice(0, 1, 3)), p(1, 2, 2), 0, 1, 0),
                at("pairwiseDistance of equals", x -> x.reshape(1, 3).pairwiseDistance(t(1, 2, 3)), p(1, 2, 3), 0, 0,
                        0),
                at("cdist of a row from itself", x -> x.reshape(2, 1).cdist(x.reshape(2, 1)), p(1, 3), -2, 2),
                at("maxPool2d: the first of equals", x -> x.reshape(1, 1, 2, 2).maxPool2d(2, 2, 0), p(1, 7, 7, 7), 0, 1,
                        0, 0),
                at("maxPool2d of equals", x -> x.reshape(1, 1, 2, 2).maxPool2d(2, 1, 0), p(7, 7, 7, 7), 1, 0, 0, 0));
    }

    private static double[] p(double... x) { return x; }

    private static Arguments at(String name, UnaryOperator<Tensor> f, double[] x, double... slopes) {
        return Arguments.of(name, f, x, slopes);
    }

    @ParameterizedTest(name = "{0} at {2} has derivative {3}")
    @MethodSource("kinks")
    void isAsDocumented(String name, UnaryOperator<Tensor> f, double[] x, double[] slopes) {
        assertArrayEquals(slopes, gradient(f, x), 1e-15, name);
        for (int i = 0; i < x.length; i++)
            assertBetweenSlopes(f, x, i, slopes[i], name);
    }

    private static void assertBetweenSlopes(UnaryOperator<Tensor> f, double[] x, int i, double slope, String name) {
        double here = f.apply(t(x)).sum().item(), left = (here - moved(f, x, i, -H)) / H,
                right = (moved(f, x, i, H) - here) / H;
        assertTrue(Math.min(left, right) - 1e-5 <= slope && slope <= Math.max(left, right) + 1e-5,
                () -> name + " by element " + i + ": " + slope + " between " + left + " and " + right);
    }

    private static double moved(UnaryOperator<Tensor> f, double[] x, int i, double by) {
        double[] y = x.clone();
        y[i] += by;
        return f.apply(t(y)).sum().item();
    }

    /** Slope 0 on the plateaus to either side, and 0 at the jump, where one of the slopes is infinite. */
    @Test
    void staircasesAreFlatAtTheirSteps() {
        for (double x : new double[]{-2, -0.0, 0, 1, 3}) {
            assertArrayEquals(new double[]{0}, gradient(Tensor::floor, x));
            assertArrayEquals(new double[]{0}, gradient(Tensor::ceil, x));
            assertBetweenSlopes(Tensor::floor, new double[]{x}, 0, 0, "floor");
            assertBetweenSlopes(Tensor::ceil, new double[]{x}, 0, 0, "ceil");
        }
        assertArrayEquals(new double[]{0, 0}, gradient(Tensor::sign, 0, -0.0), 0);
        for (double x : new double[]{-1.5, -0.5, 0.5, 2.5}) {
            assertArrayEquals(new double[]{0}, gradient(Tensor::round, x));
            assertBetweenSlopes(Tensor::round, new double[]{x}, 0, 0, "round");
        }
    }

    @Test
    void secondDerivativeOfSoftsignIsZeroAtZero() {
        UnaryOperator<Tensor> slope = x -> OpCase.vjps(in -> in[0].softsign(), t(1), x)[0];
        for (double x : new double[]{0, -0.0}) {
            assertEquals(0, gradient(slope, x)[0] + 0.0);
            assertBetweenSlopes(slope, new double[]{x}, 0, 0, "softsign'");
        }
    }

    @Test
    void secondDerivativesOfDistancesAreInfiniteAtZero() {
        double inf = Double.POSITIVE_INFINITY;
        UnaryOperator<Tensor> norm = x -> OpCase.vjps(in -> in[0].norm(2), Tensor.scalar(F64, 1), x)[0],
                hypot = x -> OpCase.vjps(in -> in[0].hypot(t(0)), t(1), x)[0],
                std = x -> OpCase.vjps(in -> in[0].std(), Tensor.scalar(F64, 1), x)[0].slice(0, 0, 1);
        assertArrayEquals(new double[]{inf, inf}, gradient(norm, 0, 0));
        assertArrayEquals(new double[]{inf}, gradient(hypot, 0));
        assertTrue(Arrays.stream(gradient(std, 2, 2)).noneMatch(Double::isFinite));
    }

    /** At the tip of a cone, where all differences are 0, the gradient of a distance is 0. */
    @Test
    void secondDerivativesAtTheKinksAreFinite() {
        kinks().filter(k -> !k.get()[0].toString().matches("(norm [23]|hypot|std|pairwiseDistance|cdist).*"))
                .forEach(k -> {
                    @SuppressWarnings("unchecked")
                    UnaryOperator<Tensor> f = (UnaryOperator<Tensor>) k.get()[1];
                    double[] second = gradient(
                            a -> OpCase.vjps(in -> f.apply(in[0]).sum(), Tensor.scalar(F64, 1), a)[0],
                            (double[]) k.get()[2]);
                    assertTrue(Arrays.stream(second).allMatch(Double::isFinite),
                            k.get()[0] + ": " + Arrays.toString(second));
                });
    }

    @Test
    void tiesOfTwoTensorsSplitEvenly() {
        for (boolean larger : new boolean[]{true, false}) {
            Tensor[] shares = OpCase.vjps(in -> larger ? in[0].maximum(in[1]) : in[0].minimum(in[1]), t(1, -2, 3),
                    t(1, 0, 5), t(1, -0.0, 5));
            assertArrayEquals(new double[]{0.5, -1, 1.5}, shares[0].toDoubleArray());
            assertArrayEquals(new double[]{0.5, -1, 1.5}, shares[1].toDoubleArray());
        }
    }

    @Test
    void tiesAlongAnAxisSplitEvenly() {
        assertArrayEquals(new double[]{0.5, 0.5, 0}, gradient(x -> x.max(), 2, 2, 1));
        assertArrayEquals(new double[]{0, 0, 1}, gradient(x -> x.min(), 2, 2, 1));
        assertArrayEquals(new double[]{0.25, 0.25, 0.25, 0.25}, gradient(x -> x.min(), 7, 7, 7, 7));
        assertArrayEquals(new double[]{0.5, 0.5, 1, 0}, gradient(x -> x.reshape(2, 2).max(1), 3, 3, 2, 1));
        assertArrayEquals(new double[]{0.5, 0.5}, gradient(x -> x.max(), 0, -0.0));
    }

    /** A record may reduce no axes at all: then each element is its own extremum. */
    @Test
    void extremaAlongNoAxes() {
        int[] none = {};
        assertArrayEquals(new double[]{1, 1, 1}, gradient(x -> x.apply(new Reduction.Max(none, false)), 2, 2, 1));
        assertArrayEquals(new double[]{1, 1, 1}, gradient(x -> x.apply(new Reduction.Min(none, true)), 2, 2, 1));
        assertArrayEquals(new double[]{1, 2}, new Reduction.LogSumExp(none, true).definition(t(1, 2)).toDoubleArray());
    }

    @Test
    void secondDerivativesAtKinksAreZero() {
        for (UnaryOperator<Tensor> f : Stream.<UnaryOperator<Tensor>>of(Tensor::relu, Tensor::abs, Tensor::sign,
                x -> x.maximum(x), x -> x.max()).toList())
            assertArrayEquals(new double[]{0},
                    gradient(a -> OpCase.vjps(in -> f.apply(in[0]).sum(), Tensor.scalar(F64, 1), a)[0], 0));
    }

    @Test
    void nanIsNotHidden() {
        assertEquals(Double.NaN, t(Double.NaN).relu().item());
        assertEquals(Double.NaN, t(Double.NaN, 1).max().item());
        assertEquals(Double.NaN, t(Double.NaN).maximum(0).item());
    }
}
