package autograd.plain;

import static autograd.plain.Definitions.Trait.CONSTANT;
import static autograd.plain.Given.Type.DTYPE;
import static autograd.plain.Plain.axis;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.longs;
import static autograd.plain.Plain.with;
import static autograd.plain.Plain.without;

import autograd.plain.Given.Bools;
import autograd.plain.Given.Dims;
import autograd.plain.Given.Ints;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Tensors of integers, and masks. */
final class PlainIntegers extends Definitions {
    PlainIntegers() {
        integers();
        masks();
    }

    private void method(String name, Function<Draw, Given> draw, Function<Given, Object> plain) {
        define(name, draw, plain, CONSTANT);
    }

    private static Ints ints(Draw d, int[] dims) { return d.indices(6, dims); }

    private static Plain plain(Ints x) { return Plain.of(x.dims(), x::at); }

    private static Ints ints(Plain x) {
        return new Ints(x.dims(), Arrays.stream(x.values()).mapToInt(v -> (int) v).toArray());
    }

    private static Plain plain(Bools x) { return Plain.of(x.dims(), i -> x.at(i) ? 1 : 0); }

    private static Bools mask(Plain x) { return mask(x.dims(), i -> x.values()[i] != 0); }

    private static Bools mask(int[] dims, IntPredicate of) {
        boolean[] values = new boolean[Plain.size(dims)];
        for (int i = 0; i < values.length; i++)
            values[i] = of.test(i);
        return new Bools(dims, values);
    }

    private void integers() {
        method("reshape", d -> {
            Ints x = ints(d, d.dims(0, 3));
            return Given.of(x, new int[]{d.of(x.values().length, -1), 1});
        }, g -> ints(plain(g.indices(0)).as(PlainMovement.reshaped(plain(g.indices(0)), g.integers(1)))));
        method("broadcastTo", d -> {
            int[] to = d.dims(0, 3);
            return Given.of(ints(d, d.part(to)), new Dims(to));
        }, g -> ints(plain(g.indices(0)).broadcastTo(Plain.extents(longs(g.dims(1))))));
        method("slice", d -> {
            int[] dims = d.dims(1, 3);
            int begin = d.in(0, dims[0]);
            return Given.of(ints(d, dims), begin, d.in(begin, dims[0]));
        }, g -> ints(part(plain(g.indices(0)), 0, g.integer(1), g.integer(2))));
        method("slice", d -> {
            int[] dims = d.dims(1, 3);
            int at = d.axis(dims.length), extent = dims[axis(at, dims.length)], begin = d.in(0, extent);
            return Given.of(ints(d, dims), at, begin, d.in(begin, extent));
        }, g -> ints(part(plain(g.indices(0)), g.integer(1), g.integer(2), g.integer(3))));
        method("oneHot", d -> Given.of(ints(d, d.dims(0, 3)), DTYPE, d.in(6, 8)), g -> {
            Ints x = g.indices(0);
            int classes = g.integer(2), last = x.dims().length;
            demand(classes >= 0, "classes");
            PlainIndexing.inRange(x, classes);
            return Plain.of(longs(Plain.concat(x.dims(), classes)),
                    i -> x.at(Arrays.copyOf(i, last)) == i[last] ? 1 : 0);
        });
        moved(d -> ints(d, d.dims(2, 3)), d -> ints(d, d.full(1, 3)), g -> plain(g.indices(0)), PlainIntegers::ints);
        arithmetic();
        method("mean", d -> Given.of(ints(d, d.dims(0, 3))),
                g -> single(IntStream.of(g.indices(0).values()).average().orElse(Double.NaN)));
        method("toArray", d -> Given.of(ints(d, d.dims(0, 3))),
                g -> new Ints(new int[]{g.indices(0).values().length}, g.indices(0).values()));
        method("to", d -> Given.of(ints(d, d.dims(0, 3)), DTYPE), g -> plain(g.indices(0)));
    }

    /** The transposes, and a part at one position, of arrays that are drawn in two ways. */
    private void moved(Function<Draw, Object> of, Function<Draw, Object> full, Function<Given, Plain> plain,
            Function<Plain, Object> result) {
        method("transpose", d -> Given.of(of.apply(d)), g -> result.apply(swapped(plain.apply(g), -2, -1)));
        method("transpose", d -> Given.of(of.apply(d), d.axis(2), d.axis(2)),
                g -> result.apply(swapped(plain.apply(g), g.integer(1), g.integer(2))));
        method("select", d -> Given.of(full.apply(d), d.of(0, -1), d.of(0, -1)),
                g -> result.apply(PlainMovement.selected(plain.apply(g), g.integer(1), g.integer(2))));
    }

    private static Plain swapped(Plain x, int a, int b) {
        int p = axis(a, x.rank()), q = axis(b, x.rank());
        return Plain.of(swapped(x.dims(), p, q), i -> x.at(swapped(i, p, q)));
    }

    private static int[] swapped(int[] x, int p, int q) { return with(with(x, p, x[q]), q, x[p]); }

    private interface Arithmetic {
        long of(long a, long b);
    }

    private void arithmetic() {
        arithmetic("add", (a, b) -> a + b);
        arithmetic("sub", (a, b) -> a - b);
        arithmetic("mul", (a, b) -> a * b);
        arithmetic("floorDiv", (a, b) -> {
            demand(b != 0, "a divisor");
            return (long) Math.floor((double) a / b);
        });
        arithmetic("mod", (a, b) -> {
            demand(b != 0, "a divisor");
            return a - b * (long) Math.floor((double) a / b);
        });
        comparison("eq", (a, b) -> a == b);
        comparison("ne", (a, b) -> a != b);
        comparison("lt", (a, b) -> a < b);
        comparison("le", (a, b) -> a <= b);
        comparison("gt", (a, b) -> a > b);
        comparison("ge", (a, b) -> a >= b);
    }

    private void arithmetic(String name, Arithmetic f) {
        binary(name, (a, b) -> {
            long y = f.of((long) a, (long) b);
            demand((int) y == y, "an int");
            return y;
        }, PlainIntegers::ints);
    }

    private interface Comparison {
        boolean of(double a, double b);
    }

    private void comparison(String name, Comparison f) {
        binary(name, (a, b) -> f.of(a, b) ? 1 : 0, PlainIntegers::mask);
    }

    /** Of two arrays that broadcast, or of an array and a number. */
    private void binary(String name, DoubleBinaryOperator f, Function<Plain, Object> result) {
        method(name, d -> {
            int[] dims = d.dims(0, 3);
            return d.flag()
                    ? Given.of(ints(d, dims), signed(d, d.part(dims)))
                    : Given.of(ints(d, d.part(dims)),
                            signed(d, dims));
        }, g -> result.apply(broadcast(plain(g.indices(0)), plain(g.indices(1)), f)));
        method(name, d -> Given.of(ints(d, d.dims(0, 3)), d.of(-3, 1, 2, 5)), g -> result
                .apply(broadcast(plain(g.indices(0)), single(g.integer(1)), f)));
    }

    /** Integers on both sides of 0, which is seldom one of them. */
    private static Ints signed(Draw d, int[] dims) {
        return new Ints(dims, IntStream.of(ints(d, dims).values()).map(v -> v < 3 ? v - 3 : v - 2).toArray());
    }

    private static Plain broadcast(Plain a, Plain b, DoubleBinaryOperator f) {
        int[] dims = Plain.broadcast(a.dims(), b.dims());
        Plain p = a.broadcastTo(dims), q = b.broadcastTo(dims);
        return Plain.of(dims, i -> f.applyAsDouble(p.at(i), q.at(i)));
    }

    private static Plain single(double value) { return Plain.of(new int[0], _ -> value); }

    private static Plain part(Plain x, int axis, int begin, int end) {
        int at = axis(axis, x.rank());
        demand(0 <= begin && begin <= end && end <= x.dim(at), "a part");
        return Plain.of(with(x.dims(), at, end - begin), i -> x.at(with(i, at, begin + i[at])));
    }

    private void masks() {
        method("reshape", d -> {
            Bools x = d.mask(d.dims(0, 3));
            return Given.of(x, new int[]{d.of(x.values().length, -1), 1});
        }, g -> mask(plain(g.mask(0)).as(PlainMovement.reshaped(plain(g.mask(0)), g.integers(1)))));
        method("slice", d -> {
            int[] dims = d.dims(1, 3);
            int begin = d.in(0, dims[0]);
            return Given.of(d.mask(dims), begin, d.in(begin, dims[0]));
        }, g -> mask(part(plain(g.mask(0)), 0, g.integer(1), g.integer(2))));
        method("slice", d -> {
            int[] dims = d.dims(1, 3);
            int at = d.axis(dims.length), extent = dims[axis(at, dims.length)], begin = d.in(0, extent);
            return Given.of(d.mask(dims), at, begin, d.in(begin, extent));
        }, g -> mask(part(plain(g.mask(0)), g.integer(1), g.integer(2), g.integer(3))));
        method("broadcastTo", d -> {
            int[] to = d.dims(0, 3);
            return Given.of(d.mask(d.part(to)), new Dims(to));
        }, g -> mask(plain(g.mask(0)).broadcastTo(Plain.extents(longs(g.dims(1))))));
        moved(d -> d.mask(d.dims(2, 3)), d -> d.mask(d.full(1, 3)), g -> plain(g.mask(0)), PlainIntegers::mask);
        method("flip", d -> {
            int[] dims = d.dims(0, 3);
            return Given.of(d.mask(dims), d.axes(dims.length));
        }, g -> {
            Plain x = plain(g.mask(0));
            int[] axes = Plain.axes(g.integers(1), x.rank());
            return mask(Plain.of(x.dims(), i -> {
                int[] from = i.clone();
                for (int a : axes)
                    from[a] = x.dim(a) - 1 - i[a];
                return x.at(from);
            }));
        });
        method("toIntTensor", d -> Given.of(d.mask(d.dims(0, 3))), g -> ints(plain(g.mask(0))));
        method("not", d -> Given.of(d.mask(d.dims(0, 3))), g -> mask(g.mask(0).dims(), i -> !g.mask(0).values()[i]));
        pair("and", (a, b) -> a & b);
        pair("or", (a, b) -> a | b);
        pair("xor", (a, b) -> a ^ b);
        pair("eq", (a, b) -> a == b);
        method("count", d -> Given.of(d.mask(d.dims(0, 3))), g -> single(count(g)));
        method("mean", d -> Given.of(d.mask(d.dims(0, 3))), g -> single((double) count(g) / g.mask(0).values().length));
        method("all", d -> Given.of(d.mask(d.dims(0, 2))), g -> single(count(g) == g.mask(0).values().length ? 1 : 0));
        method("any", d -> Given.of(d.mask(d.dims(0, 2))), g -> single(count(g) > 0 ? 1 : 0));
        for (boolean all : new boolean[]{true, false})
            method(all ? "all" : "any", d -> {
                int[] dims = d.dims(1, 3);
                return Given.of(d.mask(dims), d.axis(dims.length));
            }, g -> {
                Plain x = plain(g.mask(0));
                int at = axis(g.integer(1), x.rank());
                return mask(Plain.of(without(x.dims(), at), i -> {
                    double sum = 0;
                    for (double v : PlainReduction.line(x, at, Plain.insert(i, at, 0)))
                        sum += v;
                    return sum == (all ? x.dim(at) : 0) == all ? 1 : 0;
                }));
            });
        method("to", d -> Given.of(d.mask(d.dims(0, 3)), DTYPE), g -> plain(g.mask(0)));
    }

    private static int count(Given g) {
        return (int) IntStream.range(0, g.mask(0).values().length).filter(i -> g.mask(0).values()[i]).count();
    }

    private interface Pair {
        boolean of(boolean a, boolean b);
    }

    private void pair(String name, Pair of) {
        method(name, d -> {
            int[] dims = d.dims(0, 3);
            return d.flag()
                    ? Given.of(d.mask(dims), d.mask(d.part(dims)))
                    : Given.of(d.mask(d.part(dims)), d.mask(dims));
        }, g -> mask(broadcast(plain(g.mask(0)), plain(g.mask(1)), (a, b) -> of.of(a != 0, b != 0) ? 1 : 0)));
    }
}
