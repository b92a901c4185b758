package autograd.plain;

import static autograd.plain.Definitions.Trait.CONSTANT;
import static autograd.plain.Definitions.Trait.KINKS;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.with;
import static autograd.plain.Plain.without;

import autograd.plain.Given.Ints;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The elements along an axis in their order. */
final class PlainOrdering extends Definitions {
    PlainOrdering() {
        sorts();
        orders();
        quantiles();
        for (boolean choice : new boolean[]{true, false})
            define("searchSorted", d -> {
                Plain x = d.whole(d.extent());
                Arrays.sort(x.values());
                Plain values = d.whole(d.dims(0, 3));
                return choice ? Given.of(x, values, d.flag()) : Given.of(x, values);
            }, g -> {
                double[] x = g.x().values();
                boolean right = choice && g.flag(2);
                return ints(g.plain(1).dims(), i -> (int) DoubleStream.of(x)
                        .filter(v -> right ? v <= g.plain(1).at(i) : v < g.plain(1).at(i)).count());
            }, CONSTANT);
    }

    private void sorts() {
        define("sort", PlainReduction::anyAxis, g -> PlainReduction.lines(g, (v, k) -> v[order(v, false)[k]]), KINKS);
        define("sort", d -> {
            Plain x = d.array(d.dims(1, 4));
            return Given.of(x, d.axis(x), d.flag());
        }, g -> PlainReduction.lines(g, (v, k) -> v[order(v, g.flag(2))[k]]), KINKS);
        define("cumMax", PlainReduction::anyAxis,
                g -> PlainReduction.lines(g, (v, k) -> DoubleStream.of(v).limit(k + 1).max().orElseThrow()), KINKS);
        define("argSort", d -> {
            Plain x = d.whole(d.dims(1, 4));
            return Given.of(x, d.axis(x));
        }, g -> {
            int at = g.axisOf(1);
            return ints(g.x().dims(), i -> order(PlainReduction.line(g.x(), at, i), false)[i[at]]);
        }, CONSTANT);
    }

    private void quantiles() {
        define("median", d -> {
            Plain x = PlainReduction.array(d, KINKS);
            return Given.of(x, d.axes(x.rank()));
        }, g -> quantile(g, 0.5, false, g.integers(1)), KINKS);
        define("median", d -> {
            Plain x = PlainReduction.array(d, KINKS);
            return Given.of(x, d.flag(), d.axes(x.rank()));
        }, g -> quantile(g, 0.5, g.flag(1), g.integers(2)), KINKS);
        define("quantile", d -> {
            Plain x = PlainReduction.array(d, KINKS);
            return Given.of(x, d.of(0.0, 0.25, 0.3, 0.5, 0.9, 1.0), d.axes(x.rank()));
        }, g -> quantile(g, g.number(1), false, g.integers(2)), KINKS);
        define("quantile", d -> {
            Plain x = PlainReduction.array(d, KINKS);
            return Given.of(x, d.of(0.0, 0.25, 0.3, 0.5, 0.9, 1.0), d.flag(), d.axes(x.rank()));
        }, g -> quantile(g, g.number(1), g.flag(2), g.integers(3)), KINKS);
    }

    /** The line through the points (k, k-th smallest element), at q (n - 1). */
    private static Plain quantile(Given g, double q, boolean keep, int[] axes) {
        return PlainReduction.reduced(g.x(), axes, keep, v -> {
            demand(v.length > 0, "an element");
            double[] sorted = DoubleStream.of(v).sorted().toArray();
            double at = q * (v.length - 1);
            int below = (int) Math.floor(at), above = (int) Math.ceil(at);
            return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
        });
    }

    /** Positions in order of the elements, those of equal ones as they are. */
    private static int[] order(double[] v, boolean descending) {
        Comparator<Integer> order = Comparator.comparingDouble(i -> descending ? -v[i] : v[i]);
        return IntStream.range(0, v.length).boxed().sorted(order).mapToInt(i -> i).toArray();
    }

    private void orders() {
        define("argSort", d -> {
            Plain x = d.whole(d.dims(1, 4));
            return Given.of(x, d.axis(x), d.flag());
        }, g -> {
            int at = g.axisOf(1);
            return ints(g.x().dims(), i -> order(PlainReduction.line(g.x(), at, i), g.flag(2))[i[at]]);
        }, CONSTANT);
        for (boolean largest : new boolean[]{true, false})
            define(largest ? "argMax" : "argMin", d -> {
                Plain x = d.whole(d.full(1, 4));
                return Given.of(x, d.axis(x));
            }, g -> {
                int at = g.axisOf(1);
                demand(g.x().dim(at) > 0, "an element");
                return ints(without(g.x().dims(), at),
                        i -> order(PlainReduction.line(g.x(), at, Plain.insert(i, at, 0)), largest)[0]);
            }, CONSTANT);
        define("topK", d -> {
            Plain x = d.array(d.dims(1, 4));
            int at = d.axis(x);
            return Given.of(x, d.in(0, x.dim(Plain.axis(at, x.rank()))), at);
        }, g -> {
            int at = g.axisOf(2), k = g.integer(1);
            demand(0 <= k && k <= g.x().dim(at), "no more than there are");
            int[] dims = with(g.x().dims(), at, k);
            Ints indices = ints(dims, i -> order(PlainReduction.line(g.x(), at, i), true)[i[at]]);
            return List.of(Plain.of(dims, i -> g.x().at(with(i, at, indices.at(i)))), indices);
        }, KINKS);
    }

    private static Ints ints(int[] dims, java.util.function.ToIntFunction<int[]> of) {
        Plain y = Plain.of(dims, of::applyAsInt);
        return new Ints(y.dims(), DoubleStream.of(y.values()).mapToInt(v -> (int) v).toArray());
    }
}
