package autograd;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;

import org.hipparchus.analysis.differentiation.FDSFactory;
import org.hipparchus.analysis.differentiation.FieldDerivativeStructure;
import org.hipparchus.dfp.Dfp;
import org.hipparchus.dfp.DfpField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Elementwise functions against forward-mode differentiation by another library, in 50 digits, to 8 ulps:
 * values, first and second derivatives, also where functions saturate.
 *
 * <p>
 * The 8 ulps of a derivative are scaled by the condition number of the formula that the rules use. The tape
 * gives it: rounding an intermediate value v changes the derivative d by {@code |v dd/dv|} ulps.
 */
class ForwardModeTest {
    private static final int POINTS = 200;
    private static final double ULPS = 8 * Math.ulp(1.0) / 2;
    private static final DfpField DIGITS = new DfpField(50);
    private static final MathContext MORE = new MathContext(300);
    private static final int BITS = 1400; // behind the binary point
    private static final BigDecimal FIXED = new BigDecimal(BigInteger.TWO.pow(BITS)), SCALE = BigDecimal.TWO
            .divide(new BigDecimal(new DfpField(300).getPi().toString()).sqrt(MORE), MORE);

    private static final Map<Class<? extends Op>, UnaryOperator<FieldDerivativeStructure<Dfp>>> UNARY = Map.ofEntries(
            entry(Elementwise.Neg.class, FieldDerivativeStructure::negate),
            entry(Elementwise.Reciprocal.class, FieldDerivativeStructure::reciprocal),
            entry(Elementwise.Abs.class, FieldDerivativeStructure::abs),
            entry(Elementwise.Sign.class, FieldDerivativeStructure::sign),
            entry(Elementwise.Floor.class, FieldDerivativeStructure::floor),
            entry(Elementwise.Ceil.class, FieldDerivativeStructure::ceil),
            entry(Elementwise.Round.class, FieldDerivativeStructure::rint),
            entry(Functions.Square.class, x -> x.multiply(x)), //
            entry(Functions.Sqrt.class, FieldDerivativeStructure::sqrt),
            entry(Functions.Rsqrt.class, x -> x.sqrt().reciprocal()),
            entry(Functions.Exp.class, FieldDerivativeStructure::exp),
            entry(Functions.Expm1.class, FieldDerivativeStructure::expm1),
            entry(Functions.Log.class, FieldDerivativeStructure::log),
            entry(Functions.Log1p.class, FieldDerivativeStructure::log1p),
            entry(Functions.Log2.class, x -> x.log().divide(DIGITS.getLn2())),
            entry(Functions.Log10.class, FieldDerivativeStructure::log10),
            entry(Trigonometry.Sin.class, FieldDerivativeStructure::sin),
            entry(Trigonometry.Cos.class, FieldDerivativeStructure::cos),
            entry(Trigonometry.Tan.class, FieldDerivativeStructure::tan),
            entry(Trigonometry.Asin.class, FieldDerivativeStructure::asin),
            entry(Trigonometry.Acos.class, FieldDerivativeStructure::acos),
            entry(Trigonometry.Atan.class, FieldDerivativeStructure::atan),
            entry(Trigonometry.Sinh.class, FieldDerivativeStructure::sinh),
            entry(Trigonometry.Cosh.class, FieldDerivativeStructure::cosh),
            entry(Trigonometry.Tanh.class, FieldDerivativeStructure::tanh),
            entry(Trigonometry.Asinh.class, FieldDerivativeStructure::asinh),
            entry(Trigonometry.Acosh.class, FieldDerivativeStructure::acosh),
            entry(Trigonometry.Atanh.class, FieldDerivativeStructure::atanh),
            entry(Functions.Erf.class, x -> erfc(x).negate().add(1)),
            entry(Functions.Erfc.class, ForwardModeTest::erfc),
            entry(Activations.Sigmoid.class, x -> x.negate().exp().add(1).reciprocal()),
            entry(Activations.Relu.class, x -> x.getReal() > 0 ? x : x.multiply(0)),
            entry(Activations.LogSigmoid.class, x -> x.negate().exp().log1p().negate()),
            entry(Activations.Softplus.class, x -> x.exp().log1p()),
            entry(Activations.Softsign.class, x -> x.divide(x.abs().add(1))),
            entry(Activations.Gelu.class,
                    x -> erfc(x.divide(DIGITS.getTwo().sqrt()).negate()).multiply(0.5).multiply(x)));

    private static final Map<Class<? extends Op>, BinaryOperator<FieldDerivativeStructure<Dfp>>> BINARY = Map.ofEntries(
            entry(Elementwise.Add.class, FieldDerivativeStructure::add),
            entry(Elementwise.Sub.class, FieldDerivativeStructure::subtract),
            entry(Elementwise.Mul.class, FieldDerivativeStructure::multiply),
            entry(Elementwise.Zmul.class, FieldDerivativeStructure::multiply),
            entry(Elementwise.Zdiv.class, FieldDerivativeStructure::divide),
            entry(Elementwise.Div.class, FieldDerivativeStructure::divide),
            entry(Elementwise.Maximum.class, (a, b) -> a.getReal() > b.getReal() ? a : b),
            entry(Elementwise.Minimum.class, (a, b) -> a.getReal() < b.getReal() ? a : b),
            entry(Functions.Pow.class, (a, b) -> a.pow(b)),
            entry(Functions.Hypot.class, (a, b) -> a.hypot(b)),
            entry(Trigonometry.Atan2.class, (a, b) -> a.atan2(b)),
            entry(Trigonometry.AtanVjp.class, (g, x) -> g.divide(x.multiply(x).add(1))),
            entry(Activations.ReluVjp.class, (g, y) -> y.getReal() > 0 ? g : g.multiply(0)),
            entry(Normalization.SigmoidSub.class,
                    (x, t) -> x.negate().exp().add(1).reciprocal().subtract(t)),
            entry(Normalization.BinaryCrossEntropyWithLogits.class,
                    (x, t) -> x.exp().log1p().subtract(x.multiply(t))));

    /** 1 - 2/sqrt(pi) sum (-1)^n x^(2n+1) / (n! (2n+1)); the sum cancels digits, so it uses more of them. */
    private static FieldDerivativeStructure<Dfp> erfc(FieldDerivativeStructure<Dfp> x) {
        BigInteger v = new BigDecimal(x.getValue().toString()).multiply(FIXED).toBigInteger(), power = v, sum = v,
                square = v.multiply(v).shiftRight(BITS);
        for (int n = 1; power.abs().bitLength() > 1; n++) {
            power = power.multiply(square).shiftRight(BITS).divide(BigInteger.valueOf(-n));
            sum = sum.add(power.divide(BigInteger.valueOf(2 * n + 1)));
        }
        BigDecimal integral = new BigDecimal(sum).divide(FIXED, MORE).multiply(SCALE);
        Dfp at = x.getValue(), value = DIGITS.newDfp(BigDecimal.ONE.subtract(integral, MORE).toString()),
                bell = at.multiply(at).negate().exp().multiply(DIGITS.newDfp(SCALE.toString())).negate();
        return x.compose(value, bell, bell.multiply(at).multiply(-2));
    }

    /** All elementwise functions of one number without parameters; each must be in the tables. */
    static Stream<Class<? extends Op>> functions() {
        return OpCases.all().stream().filter(c -> c.getRecordComponents().length == 0)
                .filter(c -> Elementwise.Map1.class.isAssignableFrom(c) || Elementwise.Map2.class.isAssignableFrom(c));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void agreesWithForwardMode(Class<? extends Op> c) throws ReflectiveOperationException {
        assertTrue(UNARY.containsKey(c) || BINARY.containsKey(c), () -> "add a line for " + c.getSimpleName()
                + " to a table in ForwardModeTest.java: the same function of derivative structures");
        Op op = c.getDeclaredConstructor().newInstance();
        int n = op instanceof Op.Unary ? 1 : 2;
        Rng rng = new Rng(c.getSimpleName().hashCode());
        for (int k = 0; k < POINTS; k++) {
            double reach = k % 2 == 0 ? 3 : 20;
            double[] at = IntStream.range(0, n).mapToDouble(i -> point(op.domain(i), reach, rng)).toArray();
            var factory = new FDSFactory<>(DIGITS, n, 2);
            compare(op, at, n == 1
                    ? UNARY.get(c).apply(factory.variable(0, at[0]))
                    : BINARY.get(c).apply(factory.variable(0, at[0]), factory.variable(1, at[1])));
        }
    }

    private static double point(Op.Domain d, double reach, Rng rng) {
        double low = Math.max(d.low(), -reach), high = Math.min(d.high(), Math.max(low, 0) + reach);
        while (true) {
            double x = rng.nextDouble(low, high), room = 1e-2 * (high - low);
            if (x - low > room && high - x > room && Arrays.stream(d.kinks()).allMatch(q -> Math.abs(q - x) > room))
                return x;
        }
    }

    private static void compare(Op op, double[] at, FieldDerivativeStructure<Dfp> exact) {
        try (var third = new GradientTape().persistent()) {
            Tensor[] x = Arrays.stream(at).mapToObj(v -> third.watch(Tensor.scalar(DType.F64, v)))
                    .toArray(Tensor[]::new);
            try (var second = new GradientTape().persistent()) {
                Tensor y;
                Gradients slopes;
                try (var first = new GradientTape()) {
                    y = x[0].apply(op, Arrays.copyOfRange(x, 1, x.length));
                    slopes = first.gradient(y, List.of(x));
                }
                assertNear(op, at, partial(exact), y, third);
                for (int i = 0; i < x.length; i++) {
                    Tensor slope = slopes.of(x[i], Unconnected.ZERO);
                    assertNear(op, at, partial(exact, i), slope, third);
                    Gradients curves = slope.node() == null ? null : second.gradient(slope, List.of(x));
                    for (int j = 0; j < x.length; j++)
                        assertNear(op, at, partial(exact, i, j), curves == null
                                ? Tensor.zerosLike(x[j])
                                : curves.of(x[j], Unconnected.ZERO), third);
                }
            }
        }
    }

    private static double partial(FieldDerivativeStructure<Dfp> exact, int... by) {
        int[] orders = new int[exact.getFreeParameters()];
        for (int i : by)
            orders[i]++;
        return Double.parseDouble(exact.getPartialDerivative(orders).toString()); // rounded once
    }

    private static void assertNear(Op op, double[] at, double expected, Tensor actual, GradientTape tape) {
        double allowed = ULPS * conditioning(actual, op instanceof Op.Fused || op instanceof Activations.Gelu, tape);
        assertEquals(expected, actual.item(), allowed, () -> op.name() + " at " + Arrays.toString(at));
    }

    /**
     * How far a result moves if all values that it is computed from are rounded. The inputs are exact, but if the
     * formula contains several functions of {@link Math} or {@link Special}, rounding the inputs stands for
     * rounding the values between the functions.
     */
    private static double conditioning(Tensor d, boolean inside, GradientTape tape) {
        if (d.node() == null)
            return 0;
        List<Tensor> from = tape.nodes().stream().filter(n -> inside || !n.isLeaf()).map(Node::output).toList();
        Gradients gradients = tape.gradient(d, from);
        return from.stream().mapToDouble(v -> Math.abs(v.item() * gradients.of(v, Unconnected.ZERO).item())).sum();
    }

    @Test
    void specialFunctionsAtSpecialValues() {
        double inf = Double.POSITIVE_INFINITY;
        check(Tensor::erf, new double[]{0, -0.0, inf, -inf, 1e-300, 0.5, 6}, 0, -0.0, 1, -1, 1.1283791670955126e-300,
                0.5204998778130465, 1);
        check(Tensor::erfc, new double[]{0, inf, -inf, 10, 27.5}, 1, 0, 2, 2.088487583762545e-45, 0);
        check(Tensor::log2, new double[]{0, 1, 8, 0x1p-1074, 0x1p1023, inf}, -inf, 0, 3, -1074, 1023, inf);
        check(Tensor::asinh, new double[]{0, -0.0, inf, -inf, 1e300}, 0, -0.0, inf, -inf, 691.4686750787736);
        check(Tensor::acosh, new double[]{1, inf, 1e300}, 0, inf, 691.4686750787736);
        check(Tensor::atanh, new double[]{0, -0.0, 1, -1}, 0, -0.0, inf, -inf);
        check(Tensor::gelu, new double[]{0, inf, -inf}, 0, inf, -0.0);
        check(Tensor::logSigmoid, new double[]{0, 800, -800}, -Math.log(2), 0, -800);
        check(Tensor::softplus, new double[]{0, 800, -800}, Math.log(2), 800, 0);
        check(Tensor::sigmoid, new double[]{0, inf, -inf, -800}, 0.5, 1, 0, 0);
        for (UnaryOperator<Tensor> f : List.<UnaryOperator<Tensor>>of(Tensor::acosh, Tensor::log2, Tensor::atanh))
            assertTrue(f.apply(Tensor.of(DType.F64, -2, Double.NaN)).isNaN().all());
    }

    private static void check(UnaryOperator<Tensor> f, double[] at, double... expected) {
        double[] actual = f.apply(Tensor.of(NdArray.of(at, Shape.of(at.length)))).toDoubleArray();
        for (int i = 0; i < at.length; i++)
            assertEquals(expected[i], actual[i], 8 * Math.ulp(expected[i]), "at " + at[i]);
    }
}
