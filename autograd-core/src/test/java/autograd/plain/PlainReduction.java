package autograd.plain;

import static autograd.plain.Definitions.Trait.KINKS;
import static autograd.plain.Definitions.Trait.ROUGH;
import static autograd.plain.Plain.axes;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.with;
import static autograd.plain.Plain.without;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The elements along some axes combined, or up to each of them. */
final class PlainReduction extends Definitions {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    PlainReduction() {
        reduction("sum", PlainReduction::sum);
        reduction("mean", PlainReduction::mean);
        reduction("prod", v -> DoubleStream.of(v).reduce(1, (a, b) -> a * b));
        reduction("logSumExp", v -> Math.log(sum(DoubleStream.of(v).map(Math::exp).toArray())));
        reduction("max", PlainReduction::max, KINKS);
        reduction("min", v -> -max(DoubleStream.of(v).map(a -> -a).toArray()), KINKS);
        spread("variance", PlainReduction::variance);
        spread("std", (v, correction) -> Math.sqrt(variance(v, correction)), KINKS);
        norms();
        lines();
    }

    private static double sum(double[] v) { return DoubleStream.of(v).reduce(0, Double::sum); }

    private static double mean(double[] v) { return sum(v) / v.length; }

    private static double max(double[] v) {
        demand(v.length > 0, "an element");
        return DoubleStream.of(v).max().orElseThrow();
    }

    private static double variance(double[] v, int correction) {
        double mean = mean(v);
        return sum(DoubleStream.of(v).map(a -> (a - mean) * (a - mean)).toArray()) / Math.max(0, v.length - correction);
    }

    /** In two forms: of axes, and with a choice to keep them. */
    private void reduction(String method, ToDoubleFunction<double[]> of, Trait... traits) {
        ofAxes(method, of, traits);
        define(method, d -> {
            Plain x = array(d, traits);
            return Given.of(x, d.flag(), d.axes(x.rank()));
        }, g -> reduced(g.x(), g.integers(2), g.flag(1), of), traits);
    }

    private void ofAxes(String method, ToDoubleFunction<double[]> of, Trait... traits) {
        define(method, d -> {
            Plain x = array(d, traits);
            return Given.of(x, d.axes(x.rank()));
        }, g -> reduced(g.x(), g.integers(1), false, of), traits);
    }

    /** In two forms: of axes, and with a correction of the count and a choice to keep axes. */
    private void spread(String method, ToDoubleBiFunction<double[], Integer> of, Trait... traits) {
        ofAxes(method, v -> of.applyAsDouble(v, 0), traits);
        define(method, d -> {
            Plain x = array(d, traits);
            return Given.of(x, d.in(0, 3), d.flag(), d.axes(x.rank()));
        }, g -> {
            demand(g.integer(1) >= 0, "no negative correction");
            return reduced(g.x(), g.integers(3), g.flag(2), v -> of.applyAsDouble(v, g.integer(1)));
        }, traits);
    }

    /** With elements, if some methods refuse to go without. */
    static Plain array(Draw d, Trait... traits) {
        return d.array(d.in(0, 5) > 0 || List.of(traits).contains(KINKS) ? d.full(0, 4) : d.dims(0, 4));
    }

    static Plain reduced(Plain x, int[] given, boolean keep, ToDoubleFunction<double[]> of) {
        int[] axes = axes(given, x.rank()), over = IntStream.of(axes).map(x::dim).toArray();
        int[] ones = x.dims();
        for (int a : axes)
            ones = with(ones, a, 1);
        if (Plain.size(over) == 0)
            of.applyAsDouble(new double[0]); // may refuse, even if nothing is asked for
        return Plain.of(ones, i -> {
            double[] all = new double[Plain.size(over)];
            int[] n = {0};
            Plain.forEach(over, k -> {
                int[] from = i.clone();
                for (int a = 0; a < axes.length; a++)
                    from[axes[a]] = k[a];
                all[n[0]++] = x.at(from);
            });
            return of.applyAsDouble(all);
        }).as(Plain.longs(keep ? ones : without(x.dims(), axes)));
    }

    private void norms() {
        define("norm", d -> {
            Plain x = array(d, KINKS);
            return Given.of(x, d.of(1.0, 1.5, 2.0, 3.0, INFINITY), d.axes(x.rank()));
        }, g -> norm(g, false, g.integers(2)), KINKS);
        define("norm", d -> {
            Plain x = array(d, KINKS);
            return Given.of(x, d.of(1.0, 1.5, 2.0, 3.0, INFINITY), d.flag(), d.axes(x.rank()));
        }, g -> norm(g, g.flag(2), g.integers(3)), KINKS);
    }

    private static Plain norm(Given g, boolean keep, int[] axes) {
        double p = g.number(1);
        demand(p >= 1, "a norm");
        return reduced(g.x(), axes, keep, v -> {
            double[] sizes = DoubleStream.of(v).map(Math::abs).toArray();
            return p == INFINITY
                    ? max(sizes)
                    : Math.pow(sum(DoubleStream.of(sizes).map(a -> Math.pow(a, p)).toArray()), 1 / p);
        });
    }

    // ---- along one axis

    /** A method of an axis that turns every line of elements into another. */
    private void along(String method, Function<Draw, Given> draw, Function<Given, Line> line, Trait... traits) {
        define(method, draw, g -> lines(g, line.apply(g)), traits);
    }

    interface Line {
        double of(double[] line, int at);
    }

    static Plain lines(Given g, Line of) {
        int at = g.axisOf(1);
        return Plain.of(g.x().dims(), i -> of.of(line(g.x(), at, i), i[at]));
    }

    static double[] line(Plain x, int at, int[] index) {
        return IntStream.range(0, x.dim(at)).mapToDouble(k -> x.at(with(index, at, k))).toArray();
    }

    static Given anyAxis(Draw d) {
        Plain x = d.array(d.dims(1, 4));
        return Given.of(x, d.axis(x));
    }

    private void lines() {
        along("cumsum", PlainReduction::anyAxis, _ -> (v, k) -> sum(Arrays.copyOf(v, k + 1)));
        along("cumprod", PlainReduction::anyAxis,
                _ -> (v, k) -> DoubleStream.of(v).limit(k + 1).reduce(1, (a, b) -> a * b), ROUGH);
        along("logCumSumExp", PlainReduction::anyAxis,
                _ -> (v, k) -> Math.log(sum(DoubleStream.of(v).limit(k + 1).map(Math::exp).toArray())), ROUGH);
    }
}
