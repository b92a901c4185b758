package autograd;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;

import org.hipparchus.analysis.differentiation.DSFactory;
import org.hipparchus.analysis.differentiation.DerivativeStructure;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Elementwise functions against forward-mode differentiation by another library, to a few ulps: values, first
 * and second derivatives.
 */
class ForwardModeTest {
    private static final int POINTS = 200;

    private static final Map<Class<? extends Op>, UnaryOperator<DerivativeStructure>> UNARY = Map.ofEntries(
            entry(Elementwise.Neg.class, DerivativeStructure::negate),
            entry(Elementwise.Reciprocal.class, DerivativeStructure::reciprocal),
            entry(Elementwise.Abs.class, DerivativeStructure::abs),
            entry(Elementwise.Sign.class, DerivativeStructure::sign),
            entry(Elementwise.Floor.class, DerivativeStructure::floor),
            entry(Elementwise.Ceil.class, DerivativeStructure::ceil),
            entry(Elementwise.Round.class, DerivativeStructure::rint),
            entry(Functions.Square.class, x -> x.multiply(x)), //
            entry(Functions.Sqrt.class, DerivativeStructure::sqrt),
            entry(Functions.Rsqrt.class, x -> x.sqrt().reciprocal()),
            entry(Functions.Exp.class, DerivativeStructure::exp),
            entry(Functions.Expm1.class, DerivativeStructure::expm1),
            entry(Functions.Log.class, DerivativeStructure::log),
            entry(Functions.Log1p.class, DerivativeStructure::log1p),
            entry(Functions.Log2.class, x -> x.log().divide(Math.log(2))),
            entry(Functions.Log10.class, DerivativeStructure::log10),
            entry(Functions.Sin.class, DerivativeStructure::sin), entry(Functions.Cos.class, DerivativeStructure::cos),
            entry(Functions.Tan.class, DerivativeStructure::tan),
            entry(Functions.Asin.class, DerivativeStructure::asin),
            entry(Functions.Acos.class, DerivativeStructure::acos),
            entry(Functions.Atan.class, DerivativeStructure::atan),
            entry(Functions.Sinh.class, DerivativeStructure::sinh),
            entry(Functions.Cosh.class, DerivativeStructure::cosh),
            entry(Functions.Tanh.class, DerivativeStructure::tanh),
            entry(Functions.Asinh.class, DerivativeStructure::asinh),
            entry(Functions.Acosh.class, DerivativeStructure::acosh),
            entry(Functions.Atanh.class, DerivativeStructure::atanh),
            entry(Functions.Erf.class, ForwardModeTest::erf),
            entry(Functions.Erfc.class, x -> erf(x).negate().add(1)),
            entry(Activations.Sigmoid.class, x -> x.negate().exp().add(1).reciprocal()),
            entry(Activations.Relu.class, x -> x.getReal() > 0 ? x : x.multiply(0)),
            entry(Activations.LogSigmoid.class, x -> x.negate().exp().log1p().negate()),
            entry(Activations.Softplus.class, x -> x.exp().log1p()),
            entry(Activations.Softsign.class, x -> x.divide(x.abs().add(1))),
            entry(Activations.Gelu.class, x -> erf(x.multiply(Math.sqrt(0.5))).add(1).multiply(0.5).multiply(x)));

    private static final Map<Class<? extends Op>, BinaryOperator<DerivativeStructure>> BINARY = Map.ofEntries(
            entry(Elementwise.Add.class, DerivativeStructure::add),
            entry(Elementwise.Sub.class, DerivativeStructure::subtract),
            entry(Elementwise.Mul.class, DerivativeStructure::multiply),
            entry(Elementwise.Zmul.class, DerivativeStructure::multiply),
            entry(Elementwise.Div.class, DerivativeStructure::divide),
            entry(Elementwise.Maximum.class, (a, b) -> a.getReal() > b.getReal() ? a : b),
            entry(Elementwise.Minimum.class, (a, b) -> a.getReal() < b.getReal() ? a : b),
            entry(Functions.Pow.class, (a, b) -> a.pow(b)),
            entry(Functions.Hypot.class, (a, b) -> a.hypot(b)),
            entry(Functions.Atan2.class, (a, b) -> a.atan2(b)),
            entry(Functions.TanhVjp.class, (g, y) -> g.multiply(y.multiply(y).negate().add(1))),
            entry(Activations.SigmoidVjp.class, (g, y) -> g.multiply(y).multiply(y.negate().add(1))),
            entry(Activations.ReluVjp.class, (g, y) -> y.getReal() > 0 ? g : g.multiply(0)),
            entry(Normalization.BinaryCrossEntropyWithLogits.class,
                    (x, t) -> x.exp().log1p().subtract(x.multiply(t))));

    /** The error function has no derivatives of its own there: it is composed from value and bell curve. */
    private static DerivativeStructure erf(DerivativeStructure x) {
        double v = x.getReal(), bell = 2 / Math.sqrt(Math.PI) * Math.exp(-v * v);
        return x.compose(Erf.erf(v), bell, -2 * v * bell);
    }

    /** Functions of one number, element by element, that have no parameters: all of them are in the tables. */
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
            double[] at = IntStream.range(0, n).mapToDouble(i -> point(op.domain(i), rng)).toArray();
            DSFactory factory = new DSFactory(n, 2);
            DerivativeStructure exact = n == 1
                    ? UNARY.get(c).apply(factory.variable(0, at[0]))
                    : BINARY.get(c).apply(factory.variable(0, at[0]), factory.variable(1, at[1]));
            compare(op, at, exact);
        }
    }

    private static double point(Op.Domain d, Rng rng) {
        double low = Math.max(d.low(), -3), high = Math.min(d.high(), Math.max(low, 0) + 3);
        while (true) {
            double x = rng.nextDouble(low, high), room = 1e-2 * (high - low);
            if (x - low > room && high - x > room && Arrays.stream(d.kinks()).allMatch(q -> Math.abs(q - x) > room))
                return x;
        }
    }

    /**
     * Errors may grow with the terms a derivative is made of, which are of the size of the largest derivative.
     */
    private static void compare(Op op, double[] at, DerivativeStructure exact) {
        double scale = Arrays.stream(exact.getAllDerivatives()).map(Math::abs).max().orElse(0);
        for (double x : at)
            scale = Math.max(scale, Math.abs(x)); // an error of x itself
        double allowed = 16 * Math.ulp(1.0) * (1 + scale);
        try (var outer = new GradientTape()) {
            Tensor[] x = Arrays.stream(at).mapToObj(v -> outer.watch(Tensor.scalar(DType.F64, v)))
                    .toArray(Tensor[]::new);
            Tensor y;
            Gradients first;
            try (var tape = new GradientTape()) {
                y = x[0].apply(op, Arrays.copyOfRange(x, 1, x.length));
                first = tape.gradient(y, List.of(x));
            }
            assertEquals(exact.getValue(), y.item(), allowed, () -> op.name() + " at " + Arrays.toString(at));
            for (int i = 0; i < x.length; i++) {
                int[] orders = new int[x.length];
                orders[i] = 1;
                double slope = exact.getPartialDerivative(orders);
                assertEquals(slope, first.of(x[i], Unconnected.ZERO).item(), allowed,
                        () -> "slope of " + op.name() + " at " + Arrays.toString(at));
            }
            second(op, at, exact, x, first, allowed, outer);
        }
    }

    private static void second(Op op, double[] at, DerivativeStructure exact, Tensor[] x, Gradients first,
            double allowed, GradientTape outer) {
        Tensor sum = Tensor.scalar(DType.F64, 0); // of slopes weighted 1, 2, so that one playback tells them all
        for (int i = 0; i < x.length; i++)
            sum = sum.add(first.of(x[i], Unconnected.ZERO).mul(i + 1));
        Gradients gradients = outer.gradient(sum, List.of(x));
        for (int j = 0; j < x.length; j++) {
            double expected = 0;
            for (int i = 0; i < x.length; i++) {
                int[] orders = new int[x.length];
                orders[i]++;
                orders[j]++;
                expected += (i + 1) * exact.getPartialDerivative(orders);
            }
            assertEquals(expected, gradients.of(x[j], Unconnected.ZERO).item(), 4 * allowed,
                    () -> "second derivative of " + op.name() + " at " + Arrays.toString(at));
        }
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
