package autograd;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Values at NaN, infinities, signed zeros, and the ends of the ranges, in both dtypes, as IEEE 754 and the
 * array API standard prescribe.
 */
class SpecialValuesTest {
    private static final double INF = Double.POSITIVE_INFINITY, NAN = Double.NaN, PI = Math.PI;

    private static double[] specials(DType dtype) {
        double[] half = dtype == DType.F32
                ? new double[]{0, INF, Float.MIN_VALUE, Float.MIN_NORMAL / 2, Float.MIN_NORMAL, Float.MAX_VALUE, 1, 0.5}
                : new double[]{0, INF, Double.MIN_VALUE, Double.MIN_NORMAL / 2, Double.MIN_NORMAL, Double.MAX_VALUE, 1,
                        0.5};
        return DoubleStream.concat(DoubleStream.of(half), DoubleStream.of(half).map(x -> -x)).toArray();
    }

    private static Tensor t(DType dtype, double... values) { return Tensor.of(dtype, values); }

    // ---- NaN

    /** Exceptions from NaN propagation: (NaN in the first input, NaN in the second, the other input). */
    private static final Map<Class<? extends Op>, DoubleBinaryOperator> EXCEPTIONS = Map.of( //
            Functions.Pow.class, (a, b) -> b == 0 || a == 1 ? 1 : NAN, // x^0 = 1 whatever x is, 1^y = 1 whatever y is
            Functions.Hypot.class, (a, b) -> Double.isInfinite(a) || Double.isInfinite(b) ? INF : NAN, // any leg
            Elementwise.Zmul.class, (a, b) -> a == 0 ? 0 : NAN, // a zero cotangent stays zero
            Elementwise.Zdiv.class, (a, b) -> a == 0 ? 0 : NAN, // the same
            Trigonometry.AtanVjp.class, (a, b) -> a == 0 ? 0 : NAN, // the same
            Activations.ReluVjp.class, (g, y) -> y > 0 ? g : 0); // NaN is not above 0: nothing passes

    static Stream<Arguments> functions() {
        return ForwardModeTest.functions().flatMap(c -> Stream.of(DType.values()).map(d -> Arguments.of(c, d)));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void nanComesThrough(Class<? extends Op> c, DType dtype) throws ReflectiveOperationException {
        Op op = c.getDeclaredConstructor().newInstance();
        if (op instanceof Op.Unary) {
            assertEquals(NAN, t(dtype, NAN).apply(op).get(0));
            return;
        }
        DoubleBinaryOperator expected = EXCEPTIONS.getOrDefault(c, (a, b) -> NAN);
        double[] all = DoubleStream.concat(DoubleStream.of(NAN), DoubleStream.of(specials(dtype))).toArray();
        for (double x : all) {
            assertEquals(expected.applyAsDouble(NAN, x), t(dtype, NAN).apply(op, t(dtype, x)).get(0) + 0.0,
                    () -> op.name() + "(NaN, " + x + ")");
            assertEquals(expected.applyAsDouble(x, NAN) + 0.0, t(dtype, x).apply(op, t(dtype, NAN)).get(0) + 0.0,
                    () -> op.name() + "(" + x + ", NaN)");
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void nanComesThroughFunctionsWithParameters(DType dtype) {
        Map<String, UnaryOperator<Tensor>> functions = Map.ofEntries(entry("clamp", x -> x.clamp(-1, 1)),
                entry("leakyRelu", x -> x.leakyRelu(0.1)), entry("elu", x -> x.elu(1)), entry("pow", x -> x.pow(0.5)),
                entry("pow 1", x -> x.pow(1)), entry("selu", Tensor::selu), entry("silu", Tensor::silu),
                entry("mish", Tensor::mish), entry("geluTanh", Tensor::geluTanh), entry("hardtanh", Tensor::hardtanh),
                entry("to", x -> x.to(DType.F32).to(DType.F64)));
        functions.forEach((name, f) -> assertEquals(NAN, f.apply(t(dtype, NAN)).get(0), name));
        assertEquals(1, t(dtype, NAN).pow(0).get(0));
    }

    /** A function of a tensor is the rounded function of its elements, also at the ends of the range. */
    @ParameterizedTest
    @MethodSource("functions")
    void f32RoundsTheSameFunction(Class<? extends Op> c, DType dtype) throws ReflectiveOperationException {
        Op op = c.getDeclaredConstructor().newInstance();
        for (double x : specials(dtype))
            for (double z : op instanceof Op.Unary ? new double[]{0} : specials(dtype)) {
                Tensor[] others = op instanceof Op.Unary ? new Tensor[0] : new Tensor[]{t(dtype, z)};
                double exact = op instanceof Elementwise.Map1 f ? f.f(x) : ((Elementwise.Map2) op).f(x, z);
                double y = t(dtype, x).apply(op, others).get(0);
                double rounded = dtype == DType.F32 ? (float) exact : exact, ulp = dtype == DType.F32
                        ? Math.ulp((float) exact)
                        : Math.ulp(exact);
                if (Double.isFinite(rounded))
                    assertEquals(rounded, y, 2 * ulp, () -> op.name() + "(" + x + ", " + z + ")");
                else
                    assertEquals(rounded, y, () -> op.name() + "(" + x + ", " + z + ")");
            }
    }

    // ---- by value

    private static Arguments one(String name, UnaryOperator<Tensor> f, double... pairs) {
        return Arguments.of(name, f, pairs);
    }

    static Stream<Arguments> ofOne() {
        return Stream.of(one("exp", Tensor::exp, -INF, 0, INF, INF, 0, 1, -0.0, 1, 1000, INF, -1000, 0),
                one("expm1", Tensor::expm1, -INF, -1, INF, INF, -0.0, -0.0, 0, 0),
                one("log", Tensor::log, 0, -INF, -0.0, -INF, -1, NAN, INF, INF, 1, 0, -INF, NAN),
                one("log1p", Tensor::log1p, -1, -INF, -2, NAN, -0.0, -0.0, INF, INF),
                one("log2", Tensor::log2, 0, -INF, -1, NAN, INF, INF, 8, 3, 1, 0),
                one("log10", Tensor::log10, 0, -INF, -1, NAN, INF, INF, 100, 2),
                one("sqrt", Tensor::sqrt, -0.0, -0.0, 0, 0, -1, NAN, INF, INF, -INF, NAN),
                one("rsqrt", Tensor::rsqrt, 0, INF, -0.0, -INF, INF, 0, -1, NAN),
                one("square", Tensor::square, -0.0, 0, -INF, INF),
                one("reciprocal", Tensor::reciprocal, 0, INF, -0.0, -INF, INF, 0, -INF, -0.0),
                one("neg", Tensor::neg, 0, -0.0, -0.0, 0, INF, -INF), one("abs", Tensor::abs, -0.0, 0, -INF, INF),
                one("sign", Tensor::sign, 0, 0, -0.0, -0.0, INF, 1, -INF, -1, 1e-40, 1),
                one("floor", Tensor::floor, INF, INF, -INF, -INF, -0.0, -0.0, -0.5, -1, 0.5, 0),
                one("ceil", Tensor::ceil, INF, INF, -INF, -INF, -0.0, -0.0, -0.5, -0.0, 0.5, 1),
                one("round", Tensor::round, 0.5, 0, 1.5, 2, 2.5, 2, -0.5, -0.0, -1.5, -2, -2.5, -2, INF, INF, -INF,
                        -INF, -0.0, -0.0),
                one("sin", Tensor::sin, INF, NAN, -INF, NAN, -0.0, -0.0),
                one("cos", Tensor::cos, INF, NAN, -INF, NAN, -0.0, 1),
                one("tan", Tensor::tan, INF, NAN, -INF, NAN, -0.0, -0.0),
                one("asin", Tensor::asin, 2, NAN, -2, NAN, -0.0, -0.0, 1, PI / 2),
                one("acos", Tensor::acos, 2, NAN, -2, NAN, 1, 0, -1, PI),
                one("atan", Tensor::atan, INF, PI / 2, -INF, -PI / 2, -0.0, -0.0),
                one("sinh", Tensor::sinh, INF, INF, -INF, -INF, -0.0, -0.0),
                one("cosh", Tensor::cosh, INF, INF, -INF, INF, 0, 1),
                one("tanh", Tensor::tanh, INF, 1, -INF, -1, -0.0, -0.0, 0, 0),
                one("asinh", Tensor::asinh, INF, INF, -INF, -INF, -0.0, -0.0),
                one("acosh", Tensor::acosh, INF, INF, 1, 0, 0.5, NAN, -INF, NAN),
                one("atanh", Tensor::atanh, 1, INF, -1, -INF, 2, NAN, -2, NAN, -0.0, -0.0),
                one("erf", Tensor::erf, INF, 1, -INF, -1, 0, 0, -0.0, -0.0),
                one("erfc", Tensor::erfc, INF, 0, -INF, 2, 0, 1),
                one("sigmoid", Tensor::sigmoid, INF, 1, -INF, 0, 0, 0.5),
                one("relu", Tensor::relu, INF, INF, -INF, 0, NAN, NAN, -1, 0),
                one("logSigmoid", Tensor::logSigmoid, INF, 0, -INF, -INF, -1000, -1000),
                one("softplus", Tensor::softplus, INF, INF, -INF, 0, 1000, 1000),
                one("gelu", Tensor::gelu, INF, INF, -INF, -0.0),
                one("geluTanh", Tensor::geluTanh, INF, INF, -INF, 0), one("silu", Tensor::silu, INF, INF, -INF, 0),
                one("mish", Tensor::mish, INF, INF, -INF, 0), one("elu", x -> x.elu(1), INF, INF, -INF, -1),
                one("leakyRelu", x -> x.leakyRelu(0.5), INF, INF, -INF, -INF),
                one("clamp", x -> x.clamp(-1, 2), INF, 2, -INF, -1),
                one("pow 0.5", x -> x.pow(0.5), -INF, INF, -0.0, 0, -1, NAN),
                one("pow -1", x -> x.pow(-1), 0, INF, -0.0, -INF, INF, 0),
                one("pow 0", x -> x.pow(0), NAN, 1, INF, 1, 0, 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofOne")
    void functionsOfOne(String name, UnaryOperator<Tensor> f, double[] pairs) {
        for (DType dtype : DType.values())
            for (int i = 0; i < pairs.length; i += 2)
                assertIs(dtype, pairs[i + 1], f.apply(t(dtype, pairs[i])), name + "(" + pairs[i] + ")");
    }

    /** Equal to the number rounded to the dtype, including the sign of zero. */
    private static void assertIs(DType dtype, double expected, Tensor actual, String what) {
        double rounded = t(dtype, expected).get(0), y = actual.toDoubleArray()[0];
        if (Double.isFinite(rounded) && rounded != 0)
            assertEquals(rounded, y, 2 * dtype.epsilon() * Math.abs(rounded), what);
        else
            assertEquals(rounded, y, what);
    }

    private static Arguments two(String name, BinaryOperator<Tensor> f, double... triples) {
        return Arguments.of(name, f, triples);
    }

    static Stream<Arguments> ofTwo() {
        return Stream.of(two("add", Tensor::add, INF, -INF, NAN, INF, INF, INF, -0.0, -0.0, -0.0, 0, -0.0, 0),
                two("sub", Tensor::sub, INF, INF, NAN, 0, 0, 0, -0.0, 0, -0.0),
                two("mul", Tensor::mul, 0, INF, NAN, -INF, 0, NAN, -1, 0, -0.0, INF, -1, -INF),
                two("div", Tensor::div, 1, 0, INF, -1, 0, -INF, 1, -0.0, -INF, 0, 0, NAN, INF, INF, NAN, 1, -INF, -0.0),
                two("zmul", Tensor::zmul, 0, INF, 0, 0, NAN, 0, INF, 0, NAN),
                two("maximum", Tensor::maximum, 0, -0.0, 0, -0.0, 0, 0, NAN, 1, NAN, 1, NAN, NAN, INF, -INF, INF),
                two("binaryCrossEntropyWithLogits", Tensor::binaryCrossEntropyWithLogits, INF, 1, 0, -INF, 0, 0, INF, 0,
                        INF, -INF, 1, INF, 0, 1, Math.log(2)),
                two("minimum", Tensor::minimum, 0, -0.0, -0.0, -0.0, 0, -0.0, NAN, 1, NAN, 1, NAN, NAN, INF, -INF,
                        -INF),
                two("hypot", Tensor::hypot, INF, NAN, INF, NAN, -INF, INF, 0, -0.0, 0, 3, 4, 5, 1, NAN, NAN),
                two("atan2", Tensor::atan2, 0, 0, 0, 0, -0.0, PI, -0.0, 0, -0.0, -0.0, -0.0, -PI, 0, -1, PI, -0.0, -1,
                        -PI, 0, 1, 0, -0.0, 1, -0.0, 1, 0, PI / 2, -1, -0.0, -PI / 2, INF, INF, PI / 4, INF, -INF,
                        3 * PI / 4, -INF, INF, -PI / 4, -INF, -INF, -3 * PI / 4, 1, INF, 0, 1, -INF, PI, -1, -INF, -PI),
                two("pow", Tensor::pow, NAN, 0, 1, NAN, -0.0, 1, 0, 0, 1, INF, 0, 1, 0, -1, INF, -0.0, -1, -INF, -0.0,
                        -2, INF, -0.0, 3, -0.0, -0.0, 2, 0, -8, 1 / 3.0, NAN, -2, 3, -8, 2, INF, INF, 2, -INF, 0, 0.5,
                        INF, 0, 0.5, -INF, INF, INF, -1, 0, -INF, 3, -INF, -INF, 2, INF, -INF, -1, -0.0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofTwo")
    void functionsOfTwo(String name, BinaryOperator<Tensor> f, double[] triples) {
        for (DType dtype : DType.values())
            for (int i = 0; i < triples.length; i += 3)
                assertIs(dtype, triples[i + 2], f.apply(t(dtype, triples[i]), t(dtype, triples[i + 1])),
                        name + "(" + triples[i] + ", " + triples[i + 1] + ")");
    }

    /** The values of IEEE 754 and the array API; {@link Math#pow} returns NaN. */
    @Test
    void powersOfOneAreOne() {
        for (DType dtype : DType.values()) {
            assertEquals(1, t(dtype, 1).pow(t(dtype, NAN)).get(0));
            assertEquals(1, t(dtype, 1).pow(NAN).get(0));
            assertEquals(1, t(dtype, -1).pow(t(dtype, INF)).get(0));
            assertEquals(1, t(dtype, 1).pow(t(dtype, -INF)).get(0));
        }
    }

    @Test
    void softsignReachesItsLimits() {
        for (DType dtype : DType.values())
            assertArrayEquals(new double[]{1, -1}, t(dtype, INF, -INF).softsign().toDoubleArray());
    }

    // ---- along axes

    @ParameterizedTest
    @EnumSource(DType.class)
    void reductions(DType dtype) {
        Tensor nan = t(dtype, 1, NAN, INF), both = t(dtype, INF, -INF), up = t(dtype, 1, INF), down = t(dtype, 1, -INF);
        Map<String, UnaryOperator<Tensor>> reductions = Map.ofEntries(entry("sum", x -> x.sum()),
                entry("mean", x -> x.mean()), entry("max", x -> x.max()), entry("min", x -> x.min()),
                entry("prod", x -> x.prod()), entry("logSumExp", x -> x.logSumExp()), entry("norm 2", x -> x.norm(2)),
                entry("norm 1", x -> x.norm(1)), entry("norm 3", x -> x.norm(3)),
                entry("norm Inf", x -> x.norm(INF)), entry("std", x -> x.std()));
        reductions.forEach((name, f) -> assertEquals(NAN, f.apply(nan).item(), name));
        assertEquals(NAN, both.sum().item());
        assertEquals(INF, up.sum().item());
        assertEquals(INF, both.max().item());
        assertEquals(-INF, both.min().item());
        assertEquals(-INF, both.prod().item());
        assertEquals(NAN, t(dtype, 0, INF).prod().item());
        assertEquals(INF, up.logSumExp().item());
        assertEquals(INF, both.logSumExp().item());
        assertEquals(1, down.logSumExp().item());
        assertEquals(-INF, t(dtype, -INF, -INF).logSumExp().item());
        for (double p : new double[]{1, 2, 3, INF})
            assertEquals(INF, both.norm(p).item(), "norm " + p);
        double huge = dtype == DType.F32 ? 3e37f : 3e307, tiny = dtype == DType.F32 ? 0x1p-140 : 0x1p-1060;
        assertEquals(Math.sqrt(2), t(dtype, huge, huge).norm(2).item() / huge, 4 * dtype.epsilon());
        assertEquals(5 * tiny, t(dtype, 3 * tiny, 4 * tiny).norm(2).item(), tiny / 8);
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void softmaxes(DType dtype) {
        assertArrayEquals(new double[]{1, 0}, t(dtype, 1, -INF).softmax(0).toDoubleArray());
        assertArrayEquals(new double[]{0, -INF}, t(dtype, 1, -INF).logSoftmax(0).toDoubleArray());
        assertArrayEquals(new double[]{0.5, 0.5}, t(dtype, 1e30, 1e30).softmax(0).toDoubleArray());
        for (Tensor y : new Tensor[]{t(dtype, 1, NAN).softmax(0), t(dtype, 1, NAN).logSoftmax(0),
                t(dtype, -INF, -INF).softmax(0)})
            assertTrue(y.isNaN().all(), y::toString);
        assertFalse(Double.isFinite(t(dtype, 1, INF).softmax(0).get(1))); // Inf - Inf
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void order(DType dtype) {
        Tensor x = t(dtype, INF, NAN, -1, -INF, NAN);
        assertArrayEquals(new double[]{-INF, -1, INF, NAN, NAN}, x.sort(0).toDoubleArray());
        assertArrayEquals(new int[]{3, 2, 0, 1, 4}, x.argSort(0, false).toArray());
        assertEquals(1, x.argMax(0).toArray()[0]); // the first NaN
        assertEquals(1, x.argMin(0).toArray()[0]);
        assertEquals(0, t(dtype, INF, 1, INF).argMax(0).toArray()[0]);
        assertArrayEquals(new int[]{0, 1}, t(dtype, 0, -0.0).argSort(0, false).toArray()); // equal: order kept
    }
}
