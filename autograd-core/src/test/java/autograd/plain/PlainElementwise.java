package autograd.plain;

import static autograd.plain.Definitions.Trait.CONSTANT;
import static autograd.plain.Definitions.Trait.KINKS;

import autograd.array.DType;
import autograd.plain.Given.Bools;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Functions of each element, comparisons and selection. Their last digits are the business of other tests.
 */
final class PlainElementwise extends Definitions {
    PlainElementwise() {
        functions();
        activations();
        functionsOfTwo();
        comparisons();
        selection();
    }

    private void function(String method, DoubleUnaryOperator f) {
        define(method, d -> Given.of(d.any()), g -> map(g.x(), f));
    }

    private void function(String method, double low, double high, DoubleUnaryOperator f) {
        define(method, d -> Given.of(d.within(low, high, d.dims(0, 4))), g -> map(g.x(), f));
    }

    private static Plain map(Plain x, DoubleUnaryOperator f) {
        return Plain.of(x.dims(), i -> f.applyAsDouble(x.at(i)));
    }

    private void functions() {
        function("abs", Math::abs);
        function("neg", x -> -x);
        function("reciprocal", x -> 1 / x);
        function("square", x -> x * x);
        function("floor", 0.1, 0.9, _ -> 0);
        function("ceil", -1.9, -1.1, _ -> -1);
        function("round", -2.4, -1.6, _ -> -2);
        function("sign", -3, -0.1, _ -> -1);
        function("sqrt", 0.1, 4, Math::sqrt);
        function("rsqrt", 0.1, 4, x -> 1 / Math.sqrt(x));
        function("exp", Math::exp);
        function("expm1", Math::expm1);
        function("log", 0.1, 4, Math::log);
        function("log1p", -0.9, 4, Math::log1p);
        function("log2", 0.1, 4, x -> Math.log(x) / Math.log(2));
        function("log10", 0.1, 4, Math::log10);
        function("sin", Math::sin);
        function("cos", Math::cos);
        function("tan", -1, 1, Math::tan);
        function("asin", -0.9, 0.9, Math::asin);
        function("acos", -0.9, 0.9, Math::acos);
        function("atan", Math::atan);
        function("sinh", Math::sinh);
        function("cosh", Math::cosh);
        function("tanh", Math::tanh);
        function("asinh", x -> Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1)));
        function("acosh", 1.1, 5, x -> Math.log(x + Math.sqrt(x * x - 1)));
        function("atanh", -0.9, 0.9, x -> Math.log((1 + x) / (1 - x)) / 2);
        function("erf", PlainElementwise::erf);
        function("erfc", x -> 1 - erf(x));
        define("pow", d -> Given.of(d.positive(d.dims(0, 4)), d.of(-1.5, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0)),
                g -> map(g.x(), x -> Math.pow(x, g.number(1))));
        define("clamp", d -> Given.of(d.any(), -0.6, 0.7),
                g -> map(g.x(), x -> Math.max(g.number(1), Math.min(g.number(2), x))));
        for (DType to : DType.values())
            define("to", d -> Given.of(d.any(), to), g -> map(g.x(), x -> to == DType.F32 ? (float) x : x), CONSTANT);
    }

    /** By its power series. */
    private static double erf(double x) {
        double sum = 0, term = x;
        for (int n = 0; n < 200; n++, term *= -x * x / n)
            sum += term / (2 * n + 1);
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    private static double sigmoid(double x) { return 1 / (1 + Math.exp(-x)); }

    private static double softplus(double x) { return Math.log(1 + Math.exp(x)); }

    private void activations() {
        function("relu", x -> x > 0 ? x : 0);
        function("sigmoid", PlainElementwise::sigmoid);
        function("logSigmoid", x -> Math.log(sigmoid(x)));
        function("softplus", PlainElementwise::softplus);
        function("softsign", x -> x / (1 + Math.abs(x)));
        function("selu", x -> 1.0507009873554804934 * (x > 0 ? x : 1.6732632423543772848 * (Math.exp(x) - 1)));
        function("gelu", x -> x * (1 + erf(x / Math.sqrt(2))) / 2);
        function("geluTanh", x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2);
        function("silu", x -> x * sigmoid(x));
        function("mish", x -> x * Math.tanh(softplus(x)));
        function("hardtanh", -0.9, 0.9, x -> x);
        function("hardtanh", 1.1, 3, _ -> 1);
        define("leakyRelu", d -> Given.of(d.any(), 0.2), g -> map(g.x(), x -> x > 0 ? x : g.number(1) * x));
        define("elu", d -> Given.of(d.any(), 1.3), g -> map(g.x(), x -> x > 0 ? x : g.number(1) * (Math.exp(x) - 1)));
    }

    private void functionOfTwo(String method, DoubleBinaryOperator f, Trait... traits) {
        define(method, d -> {
            int[] all = d.dims(0, 4);
            return d.flag()
                    ? Given.of(d.positive(all), d.positive(d.part(all)))
                    : Given.of(d.positive(d.part(all)), d.positive(all));
        }, g -> map(g.x(), g.plain(1), f), traits);
    }

    private static Plain map(Plain a, Plain b, DoubleBinaryOperator f) {
        int[] dims = Plain.broadcast(a.dims(), b.dims());
        Plain p = a.broadcastTo(dims), q = b.broadcastTo(dims);
        return Plain.of(dims, i -> f.applyAsDouble(p.at(i), q.at(i)));
    }

    private void functionsOfTwo() {
        functionOfTwo("add", Double::sum);
        functionOfTwo("sub", (a, b) -> a - b);
        functionOfTwo("mul", (a, b) -> a * b);
        functionOfTwo("zmul", (a, b) -> a * b);
        functionOfTwo("div", (a, b) -> a / b);
        functionOfTwo("zdiv", (a, b) -> a / b);
        functionOfTwo("pow", Math::pow);
        functionOfTwo("atan2", Math::atan2);
        functionOfTwo("hypot", (a, b) -> Math.sqrt(a * a + b * b));
        functionOfTwo("maximum", Math::max, KINKS);
        functionOfTwo("minimum", Math::min, KINKS);
        number("add", Double::sum);
        number("sub", (a, b) -> a - b);
        number("mul", (a, b) -> a * b);
        number("div", (a, b) -> a / b);
        number("maximum", Math::max);
        number("minimum", Math::min);
    }

    private void number(String method, DoubleBinaryOperator f) {
        define(method, d -> Given.of(d.any(), d.of(-1.25, 0.5, 3.0)),
                g -> map(g.x(), a -> f.applyAsDouble(a, g.number(1))));
    }

    private interface Relation {
        boolean holds(double a, double b);
    }

    private void comparisons() {
        comparison("eq", (a, b) -> a == b);
        comparison("ne", (a, b) -> a != b);
        comparison("lt", (a, b) -> a < b);
        comparison("le", (a, b) -> a <= b);
        comparison("gt", (a, b) -> a > b);
        comparison("ge", (a, b) -> a >= b);
        define("isNaN", d -> {
            Plain x = d.whole(d.dims(0, 4));
            return Given.of(map(x, v -> v == 0 ? Double.NaN : v));
        }, g -> bools(g.x(), Double::isNaN), CONSTANT);
    }

    private void comparison(String method, Relation of) {
        define(method, d -> {
            int[] all = d.dims(0, 4);
            return Given.of(d.whole(d.part(all)), d.whole(all));
        }, g -> bools(map(g.x(), g.plain(1), (a, b) -> of.holds(a, b) ? 1 : 0), v -> v > 0), CONSTANT);
        define(method, d -> Given.of(d.whole(d.dims(0, 4)), (double) d.in(-2, 2)),
                g -> bools(g.x(), a -> of.holds(a, g.number(1))), CONSTANT);
    }

    private static Bools bools(Plain x, java.util.function.DoublePredicate of) {
        boolean[] values = new boolean[x.size()];
        for (int i = 0; i < values.length; i++)
            values[i] = of.test(x.values()[i]);
        return new Bools(x.dims(), values);
    }

    private void selection() {
        define("where", d -> {
            int[] all = d.dims(0, 4);
            int whole = d.in(0, 2);
            return Given.of(d.array(whole == 0 ? all : d.part(all)), d.mask(whole == 1 ? all : d.part(all)),
                    d.array(whole == 2 ? all : d.part(all)));
        }, g -> where(g.x(), g.mask(1), g.plain(2)));
        define("where", d -> {
            int[] all = d.dims(0, 4);
            return Given.of(d.array(d.part(all)), d.mask(all), 1.5);
        }, g -> where(g.x(), g.mask(1), Plain.of(new int[0], _ -> g.number(2))));
        define("maskedFill", d -> {
            int[] all = d.dims(0, 4);
            return Given.of(d.array(all), d.mask(d.part(all)), 1.5);
        }, g -> where(Plain.of(new int[0], _ -> g.number(2)), g.mask(1), g.x()));
    }

    private static Plain where(Plain yes, Bools mask, Plain no) {
        int[] dims = Plain.broadcast(yes.dims(), mask.dims(), no.dims());
        Plain a = yes.broadcastTo(dims), b = no.broadcastTo(dims),
                m = Plain.of(mask.dims(), i -> mask.at(i) ? 1 : 0).broadcastTo(dims);
        return Plain.of(dims, i -> m.at(i) > 0 ? a.at(i) : b.at(i));
    }
}
