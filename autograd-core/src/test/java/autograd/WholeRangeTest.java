package autograd;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Rng;
import autograd.digits.Jet;
import autograd.digits.Real;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Functions of each element at arguments from the whole exponent range, subnormal ones among them, against
 * hundreds of digits: values, first and second derivatives. If the exact result is representable, Inf, NaN
 * and 0 are errors. {@code -Dtries=N} draws N points for each function, 12 by default.
 *
 * <p>
 * The tolerance is 8 ulps; for a derivative d at x also 8 ulps of {@code x d'}, the effect of rounding x
 * once. A function with a rule in terms of y, such as tanh, loses the digits that y loses just before it
 * saturates.
 */
class WholeRangeTest {
    private static final int POINTS = Integer.getInteger("tries", 12);
    /** A number of elements that uses the vector kernels. */
    private static final int MANY = 96;
    private static final double ULPS = 8;

    /** The accuracy that a function may lose. */
    private enum Loss {
        /** Only the last digits. */
        NONE,
        /** The value, too, may change as if x were rounded, because it contains several functions. */
        INSIDE,
        /**
         * Of a derivative, an ulp of its largest value: it is computed from a y that saturates. But it is never 0.
         */
        SATURATES,
        /** Of p x^(p - 1), the exponent and the power: either may be rounded, the power over- or underflow. */
        POWER
    }

    private record Case(String name, Function<Tensor[], Tensor> computed, Function<Jet[], Jet> exact,
            List<Op.Domain> domains, Loss loss) {
        Case with(Loss loss) { return new Case(name, computed, exact, domains, loss); }

        Case within(Op.Domain... domains) { return new Case(name, computed, exact, List.of(domains), loss); }

        Jet at(double[] point, int variable) {
            return exact.apply(IntStream.range(0, point.length)
                    .mapToObj(i -> i == variable ? Jet.variable(point[i]) : Jet.constant(point[i]))
                    .toArray(Jet[]::new));
        }

        @Override
        public String toString() { return name; }
    }

    private static Case of(Elementwise.Map1 op, UnaryOperator<Jet> f) {
        return new Case(op.toString(), in -> in[0].apply(op), in -> f.apply(in[0]), List.of(op.domain(0)), Loss.NONE);
    }

    private static Case of(Elementwise.Map2 op, BinaryOperator<Jet> f) {
        return new Case(op.toString(), in -> in[0].apply(op, in[1]), in -> f.apply(in[0], in[1]),
                List.of(Op.Domain.REALS, Op.Domain.REALS), Loss.NONE);
    }

    private static Case of(String name, UnaryOperator<Tensor> computed, UnaryOperator<Jet> f, double... kinks) {
        return new Case(name, in -> computed.apply(in[0]), in -> f.apply(in[0]), List.of(Op.Domain.kinks(kinks)),
                Loss.INSIDE);
    }

    // ---- plain definitions

    private static final Jet PI = Jet.constant(Real.PI), LN2 = Jet.constant(Real.LN2),
            ROOT2 = Jet.constant(Real.TWO.sqrt()), ZERO = Jet.constant(0), ONE = Jet.constant(1);
    /** Beyond it, e^-x does not change any digit of 1. */
    private static final double FAR = 5000;

    private static Jet asin(Jet x) { return x.over(ONE.minus(x.square()).sqrt()).atan(); }

    private static Jet tanh(Jet x) {
        if (!x.abs().isLess(FAR))
            return Jet.constant(x.signum());
        Jet up = x.exp(), down = x.negate().exp();
        return up.minus(down).over(up.plus(down));
    }

    private static Jet sigmoid(Jet x) { return x.negate().exp().plus(1).reciprocal(); }

    private static Jet softplus(Jet x) { return x.isLess(FAR) ? x.exp().plus(1).log() : x; }

    private static Jet gelu(Jet x) { return x.times(x.negate().over(ROOT2).erfc()).times(0.5); }

    private static Jet geluTanh(Jet x) {
        return x.times(sigmoid(x.plus(x.pow(3).times(0.044715)).times(2).times(Jet.constant(2).over(PI).sqrt())));
    }

    private static Jet elu(Jet x) { return x.signum() > 0 ? x : x.exp().minus(1); }

    private static Jet atan2(Jet a, Jet b) {
        Jet angle = a.over(b).atan();
        return b.signum() > 0 ? angle : angle.plus(a.signum() > 0 ? PI : PI.negate());
    }

    private static Stream<Case> functionsOfOne() {
        return Stream.of(of(new Elementwise.Neg(), Jet::negate), of(new Elementwise.Reciprocal(), Jet::reciprocal),
                of(new Elementwise.Abs(), Jet::abs), of(new Elementwise.Sign(), x -> Jet.constant(x.signum())),
                of(new Elementwise.Floor(), x -> Jet.constant(Math.floor(x.value().toDouble()))),
                of(new Elementwise.Ceil(), x -> Jet.constant(Math.ceil(x.value().toDouble()))),
                of(new Elementwise.Round(), x -> Jet.constant(Math.rint(x.value().toDouble()))),
                of(new Elementwise.Clamp(-1, 1.5), x -> x.max(Jet.constant(-1)).min(Jet.constant(1.5))),
                of(new Functions.Square(), Jet::square), of(new Functions.Sqrt(), Jet::sqrt),
                of(new Functions.Rsqrt(), x -> x.sqrt().reciprocal()),
                of(new Functions.PowScalar(3), x -> x.pow(3)), of(new Functions.PowScalar(-2), x -> x.pow(-2)),
                of(new Functions.PowScalar(2.5), x -> x.pow(Jet.constant(2.5))),
                of(new Functions.PowScalar(-1.5), x -> x.pow(Jet.constant(-1.5))),
                of(new Functions.PowScalar(0.125), x -> x.pow(Jet.constant(0.125))).with(Loss.POWER),
                of(new Functions.PowScalar(50), x -> x.pow(50)).with(Loss.POWER),
                of(new Functions.Exp(), Jet::exp), of(new Functions.Expm1(), x -> x.exp().minus(1)),
                of(new Functions.Log(), Jet::log), of(new Functions.Log1p(), x -> x.plus(1).log()),
                of(new Functions.Log2(), x -> x.log().over(LN2)),
                of(new Functions.Log10(), x -> x.log().over(Jet.constant(10).log())),
                of(new Trigonometry.Sin(), Jet::sin), of(new Trigonometry.Cos(), Jet::cos),
                of(new Trigonometry.Tan(), x -> x.sin().over(x.cos())),
                of(new Trigonometry.Asin(), WholeRangeTest::asin),
                of(new Trigonometry.Acos(), x -> PI.times(0.5).minus(asin(x))), of(new Trigonometry.Atan(), Jet::atan),
                of(new Trigonometry.Sinh(), x -> x.exp().minus(x.negate().exp()).times(0.5)),
                of(new Trigonometry.Cosh(), x -> x.exp().plus(x.negate().exp()).times(0.5)),
                of(new Trigonometry.Tanh(), WholeRangeTest::tanh).with(Loss.SATURATES),
                of(new Trigonometry.Asinh(), x -> x.plus(x.square().plus(1).sqrt()).log()),
                of(new Trigonometry.Acosh(), x -> x.plus(x.square().minus(1).sqrt()).log()),
                of(new Trigonometry.Atanh(), x -> x.plus(1).over(ONE.minus(x)).log().times(0.5)),
                of(new Functions.Erf(), x -> ONE.minus(x.erfc())), of(new Functions.Erfc(), Jet::erfc),
                of(new Activations.Sigmoid(), WholeRangeTest::sigmoid).with(Loss.SATURATES),
                of(new Activations.LogSigmoid(), x -> softplus(x.negate()).negate()),
                of(new Activations.Softplus(), WholeRangeTest::softplus),
                of(new Activations.Softsign(), x -> x.over(x.abs().plus(1))),
                of(new Activations.Relu(), x -> x.max(ZERO)),
                of(new Activations.LeakyRelu(0.1), x -> x.signum() > 0 ? x : x.times(0.1)),
                of(new Activations.Elu(0.7), x -> x.signum() > 0 ? x : elu(x).times(0.7)),
                of(new Activations.Gelu(), WholeRangeTest::gelu).with(Loss.INSIDE),
                of("geluTanh", Tensor::geluTanh, WholeRangeTest::geluTanh).with(Loss.SATURATES)
                        .within(new Op.Domain(-1e12, 1e12)),
                of("selu", Tensor::selu,
                        x -> (x.signum() > 0 ? x : elu(x).times(1.6732632423543772)).times(1.0507009873554805), 0),
                of("silu", Tensor::silu, x -> x.times(sigmoid(x))).with(Loss.SATURATES),
                of("mish", Tensor::mish, x -> x.times(tanh(softplus(x)))).with(Loss.SATURATES)
                        .within(new Op.Domain(-1e37, 1e37)),
                of("hardtanh", Tensor::hardtanh, x -> x.max(Jet.constant(-1)).min(ONE), -1, 1));
    }

    private static Stream<Case> functionsOfTwo() {
        Op.Domain reals = Op.Domain.REALS, unit = new Op.Domain(0, 1), notZero = Op.Domain.kinks(0);
        return Stream.of(of(new Elementwise.Add(), Jet::plus), of(new Elementwise.Sub(), Jet::minus),
                of(new Elementwise.Mul(), Jet::times), of(new Elementwise.Zmul(), Jet::times),
                of(new Elementwise.Div(), Jet::over).within(reals, notZero),
                of(new Elementwise.Zdiv(), Jet::over).within(reals, notZero),
                of(new Elementwise.Maximum(), Jet::max), of(new Elementwise.Minimum(), Jet::min),
                of(new Functions.Pow(), Jet::pow).within(Op.Domain.POSITIVE, reals).with(Loss.POWER),
                of(new Functions.Hypot(), (a, b) -> a.square().plus(b.square()).sqrt()).within(notZero, notZero),
                of(new Trigonometry.Atan2(), WholeRangeTest::atan2).within(notZero, notZero),
                of(new Trigonometry.AtanVjp(), (g, x) -> g.over(x.square().plus(1))),
                of(new Activations.ReluVjp(), (g, y) -> y.signum() > 0 ? g : ZERO).within(reals, notZero),
                of(new Normalization.SigmoidSub(), (x, t) -> sigmoid(x).minus(t)).within(reals, unit),
                of(new Normalization.BinaryCrossEntropyWithLogits(), (x, t) -> softplus(x).minus(x.times(t)))
                        .within(reals, unit));
    }

    private static Stream<Case> functions() { return Stream.concat(functionsOfOne(), functionsOfTwo()); }

    @Test
    void everyFunctionIsHere() {
        List<String> missing = OpCases.all().stream()
                .filter(c -> Elementwise.Map1.class.isAssignableFrom(c) || Elementwise.Map2.class.isAssignableFrom(c))
                .map(Class::getSimpleName).filter(name -> functions().noneMatch(c -> c.name.startsWith(name + "[")))
                .toList();
        assertEquals(List.of(), missing, "add a line with the definition to WholeRangeTest.java");
    }

    // ---- arguments

    /** Moderate, near an end of the domain, or of any magnitude, equally often; and sometimes 0. */
    private static double draw(Op.Domain domain, DType dtype, Rng rng) {
        int digits = dtype == DType.F32 ? 23 : 52, least = dtype == DType.F32 ? -149 : -1074,
                most = dtype == DType.F32 ? 127 : 1023;
        while (true) {
            double m = rng.nextDouble(1, 2) * (rng.nextInt(2) == 0 ? 1 : -1), end = domain.low();
            if (rng.nextInt(2) == 0)
                end = domain.high();
            double x = dtype.round(switch (rng.nextInt(13) / 4) {
                case 0 -> m * Math.scalb(1.0, rng.nextInt(-12, 12));
                case 1 -> (Double.isFinite(end) ? end : 0) + m * Math.scalb(1.0, rng.nextInt(-digits, 1));
                case 2 -> Math.scalb(m, rng.nextInt(least, most + 1));
                default -> 0;
            });
            if (Double.isFinite(x) && isInside(x, domain))
                return x;
        }
    }

    // ---- comparison

    @ParameterizedTest
    @MethodSource("functions")
    void agreesWithHundredsOfDigits(Case c) {
        List<String> wrong = new ArrayList<>();
        for (DType dtype : DType.values()) {
            Rng rng = new Rng(c.name.hashCode());
            double[][] points = IntStream.range(0, POINTS).mapToObj(_ -> c.domains.stream()
                    .mapToDouble(d -> draw(d, dtype, rng)).toArray()).toArray(double[][]::new);
            compare(c, dtype, points, POINTS, wrong);
            compare(c, dtype, points, MANY, wrong);
        }
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " of " + c + ":\n"
                + wrong.stream().limit(10).collect(Collectors.joining("\n")));
    }

    /** Beside 0, numbers where functions or their kernels change their formula. */
    private static final Map<String, double[]> SEAMS = Map.ofEntries(entry("Erf", new double[]{0.46875, 0.5, 4, 6}),
            entry("Erfc", new double[]{0.46875, 0.5, 4, 6, 9}),
            entry("Gelu", new double[]{0.6629126073623883, 5.656854249492381, 9}),
            entry("Asinh", new double[]{1, 0x1p28}), entry("Acosh", new double[]{1.5, 0x1p28}),
            entry("Atanh", new double[]{0.5, 0.75}), entry("Atan", new double[]{1, 0x1p60}),
            entry("Log1p", new double[]{0.41421356, 1}), entry("Log", new double[]{0.70710678, 1, 1.41421356, 2}),
            entry("Log2", new double[]{0.70710678, 1, 1.41421356, 2, 4}),
            entry("Expm1", new double[]{0.34657359, 0.69314718, 40, 80}),
            entry("Exp", new double[]{0.34657359, 87, 88.5}),
            entry("Tanh", new double[]{0.17328679, 9.010913, 10, 19.06154746539849, 20}),
            entry("Sigmoid", new double[]{16.635532, 17, 36.7368005696771, 87}),
            entry("silu", new double[]{1.2784645, 17}),
            entry("LogSigmoid", new double[]{0.6931472, 87}), entry("Softplus", new double[]{0.6931472, 87}),
            entry("BinaryCrossEntropyWithLogits", new double[]{1, 87}), entry("SigmoidSub", new double[]{1, 17}));

    /** At seams and at one ulp on either side. */
    @ParameterizedTest
    @MethodSource("functions")
    void agreesAtItsSeams(Case c) {
        List<String> wrong = new ArrayList<>();
        String name = c.name.replaceAll("\\[.*", "");
        double[] seams = DoubleStream
                .concat(DoubleStream.of(0), DoubleStream.of(SEAMS.getOrDefault(name, new double[0]))
                        .flatMap(s -> DoubleStream.of(s, -s)))
                .toArray();
        for (DType dtype : DType.values()) {
            List<double[]> points = new ArrayList<>();
            for (double seam : seams)
                for (double x : around(dtype.round(seam), dtype))
                    for (int i = 0; i < c.domains.size(); i++) {
                        double[] point = new double[c.domains.size()];
                        Arrays.fill(point, 0.375);
                        point[i] = x;
                        if (isInside(x, c.domains.get(i)))
                            points.add(point);
                    }
            if (!points.isEmpty()) {
                compare(c, dtype, points.toArray(double[][]::new), points.size(), wrong);
                compare(c, dtype, points.toArray(double[][]::new), MANY, wrong);
            }
        }
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " of " + c + ":\n"
                + wrong.stream().limit(10).collect(Collectors.joining("\n")));
    }

    /** The number and its neighbours; of 0 the smallest ones that are normal. */
    private static double[] around(double x, DType dtype) {
        if (x == 0)
            return dtype == DType.F32
                    ? new double[]{-Float.MIN_NORMAL, 0, Float.MIN_NORMAL}
                    : new double[]{-Double.MIN_NORMAL, 0, Double.MIN_NORMAL};
        return dtype == DType.F32
                ? new double[]{Math.nextDown((float) x), x, Math.nextUp((float) x)}
                : new double[]{Math.nextDown(x), x, Math.nextUp(x)};
    }

    private static boolean isInside(double x, Op.Domain domain) {
        return x > domain.low() && x < domain.high() && Arrays.stream(domain.kinks()).noneMatch(k -> k == x);
    }

    /** Computes all points at once, the first ones again if there are fewer than elements. */
    private static void compare(Case c, DType dtype, double[][] points, int size, List<String> wrong) {
        int inputs = c.domains.size();
        Tensor[] in = IntStream.range(0, inputs).mapToObj(i -> Tensor.of(dtype, IntStream.range(0, size)
                .mapToDouble(k -> points[k % points.length][i]).toArray())).toArray(Tensor[]::new);
        Tensor ones = Tensor.onesLike(in[0]), y = c.computed.apply(in);
        Tensor[] slopes = OpCase.vjps(c.computed, ones, in);
        for (int i = 0; i < inputs; i++) {
            int by = i;
            Tensor curves = OpCase.vjps(at -> OpCase.vjps(c.computed, ones, at)[by], ones, in)[i];
            for (int k = 0; k < points.length && k < size; k++)
                new Point(c, dtype, points[k], i, c.at(points[k], i))
                        .compare(y.get(k), slopes[i].get(k), curves.get(k), wrong);
        }
    }

    private record Point(Case of, DType dtype, double[] at, int variable, Jet exact) {
        private double tiny() { return dtype == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE; }

        private double normal() { return dtype == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL; }

        private double ends() { return of.loss == Loss.POWER ? 128 : 1; }

        private double max() { return dtype == DType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE; }

        void compare(double y, double slope, double curve, List<String> wrong) {
            Real x = Real.of(at[variable]);
            double v = exact.value().toDouble(), d = exact.slope().toDouble();
            double moved = x.times(exact.slope()).abs().toDouble(), turned = x.times(exact.curve()).abs().toDouble();
            boolean inside = of.loss != Loss.NONE;
            check("value", v, y, inside ? moved : 0, 0, wrong);
            double saturated = of.loss == Loss.SATURATES ? Math.max(1, Math.abs(at[variable])) : 0;
            if (of.loss == Loss.POWER && Math.abs(1 / at[0]) > max())
                return;
            if (of.loss == Loss.POWER)
                turned += Math.abs(d * Math.log(Math.abs(at[0])) * Math.max(1, Math.abs(at[at.length - 1])));
            if (v != 0 && Math.abs(v) < normal()) { // rounded to few digits, and so is what a rule makes of it
                if (Math.abs(d) > 8 * ends() * tiny() && saturated == 0 && Math.signum(slope) != Math.signum(d))
                    wrong.add(message("derivative", d, slope));
                return;
            }
            check("derivative", d, slope, turned, saturated, wrong);
            if (of.loss == Loss.POWER)
                return;
            if (at[variable] == 0) { // where nothing is lost to the rounding of x
                check("second derivative", exact.curve().toDouble(), curve, 0, 16 * saturated, wrong);
                return;
            }
            double scale = Math.abs(exact.slope().over(x).toDouble()), c = exact.curve().toDouble();
            double twice = exact.slope().signum() == 0
                    ? 0
                    : exact.curve().times(exact.curve()).times(x).over(exact.slope()).abs().toDouble();
            if (scale < max() / 128 && Math.abs(at[variable]) >= normal())
                check("second derivative", c, curve, 16 * (scale + twice), 16 * saturated, wrong);
        }

        private String message(String what, double expected, double actual) {
            return what + " by " + variable + " of " + of + " " + dtype + " at " + Arrays.toString(at) + ": " + actual
                    + " for " + expected;
        }

        private void check(String what, double expected, double actual, double conditioned, double lost,
                List<String> wrong) {
            double size = Math.abs(expected), ends = ends();
            if (size > max() / ends * (1 - 8 * dtype.epsilon()))
                return; // Inf is right, or nearly
            double allowed = ULPS * (dtype.epsilon() * (size + conditioned + lost) + ends * tiny());
            boolean zero = actual == 0 && size > 8 * ends * tiny()
                    && conditioned <= size / dtype.epsilon();
            if (!(Math.abs(actual - expected) <= allowed) || zero)
                wrong.add(message(what, expected, actual));
        }
    }
}
