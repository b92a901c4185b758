package autograd.plain;

import static autograd.plain.Plain.axis;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.with;

import autograd.plain.Given.Dims;
import autograd.plain.Given.Ints;

import java.util.stream.IntStream;

/** Elements picked by position, and added into positions. */
final class PlainIndexing extends Definitions {
    PlainIndexing() {
        define("gather", d -> {
            int[] dims = d.full(1, 3);
            int at = d.axis(dims.length);
            return Given.of(d.array(dims), at, index(d, dims, axis(at, dims.length)));
        }, g -> {
            int at = g.axisOf(1);
            Ints index = g.indices(2);
            check(index, g.x().dims(), at);
            return Plain.of(index.dims(), i -> g.x().at(with(i, at, index.at(i))));
        });
        define("indexSelect", d -> {
            int[] dims = d.full(1, 3);
            int at = d.axis(dims.length);
            return Given.of(d.array(dims), at, d.indices(dims[axis(at, dims.length)], d.extent()));
        }, g -> {
            int at = g.axisOf(1);
            Ints index = g.indices(2);
            demand(index.dims().length == 1, "one axis");
            inRange(index, g.x().dim(at));
            return Plain.of(with(g.x().dims(), at, (long) index.dims()[0]),
                    i -> g.x().at(with(i, at, index.at(i[at]))));
        });
        define("scatterAdd", d -> {
            int[] dims = d.full(1, 3);
            int at = d.axis(dims.length);
            Ints index = index(d, dims, axis(at, dims.length));
            return Given.of(d.array(index.dims()), at, index, new Dims(dims));
        }, g -> {
            Plain y = Plain.zeros(Plain.longs(g.dims(3)));
            int at = axis(g.integer(1), y.rank());
            Ints index = g.indices(2);
            check(index, y.dims(), at);
            demand(java.util.Arrays.equals(index.dims(), g.x().dims()), "an index for each element");
            Plain.forEach(index.dims(), i -> y.add(g.x().at(i), with(i, at, index.at(i))));
            return y;
        });
        scatter("scatter", (_, put) -> put);
        scatter("scatterMax", Math::max, Trait.KINKS);
    }

    private interface Kept {
        double of(double old, double put);
    }

    private void scatter(String method, Kept kept, Trait... traits) {
        define(method, d -> {
            int[] dims = d.full(1, 3);
            int at = d.axis(dims.length);
            Ints index = index(d, dims, axis(at, dims.length));
            return Given.of(d.array(dims), at, index, d.array(index.dims()));
        }, g -> {
            int at = g.axisOf(1);
            Ints index = g.indices(2);
            check(index, g.x().dims(), at);
            demand(java.util.Arrays.equals(index.dims(), g.plain(3).dims()), "an index for each value");
            Plain y = Plain.of(g.x().dims(), g.x()::at);
            Plain.forEach(index.dims(), i -> {
                int[] to = with(i, at, index.at(i));
                y.add(kept.of(y.at(to), g.plain(3).at(i)) - y.at(to), to);
            });
            return y;
        }, traits);
    }

    /** Positions along an axis, as many as wanted there, and elsewhere for the first of an array's. */
    private static Ints index(Draw d, int[] dims, int at) {
        int[] shape = IntStream.range(0, dims.length).map(i -> i == at ? d.extent() : d.in(d.of(0, 1, 1), dims[i]))
                .toArray();
        return d.indices(dims[at], shape);
    }

    private static void check(Ints index, int[] dims, int at) {
        demand(index.dims().length == dims.length, "the same rank");
        for (int i = 0; i < dims.length; i++)
            demand(i == at || index.dims()[i] <= dims[i], "extents no larger");
        inRange(index, dims[at]);
    }

    static void inRange(Ints index, int extent) {
        demand(IntStream.of(index.values()).allMatch(v -> 0 <= v && v < extent), "positions that are there");
    }
}
