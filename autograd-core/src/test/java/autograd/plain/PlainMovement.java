package autograd.plain;

import static autograd.plain.Definitions.Trait.KINKS;
import static autograd.plain.Plain.axes;
import static autograd.plain.Plain.axis;
import static autograd.plain.Plain.concat;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.insert;
import static autograd.plain.Plain.longs;
import static autograd.plain.Plain.with;
import static autograd.plain.Plain.without;

import autograd.plain.Given.Dims;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Another shape, another order, a part. */
final class PlainMovement extends Definitions {
    PlainMovement() {
        shapes();
        orders();
        parts();
        diagonals();
    }

    private void shapes() {
        define("reshape", d -> {
            Plain x = d.any();
            int[] to = d.flag() || x.rank() == 0
                    ? new int[]{x.size(), 1}
                    : IntStream.of(d.permutation(x.rank())).map(i -> x.dims()[i]).toArray();
            return Given.of(x, d.flag() && x.size() > 0 ? with(to, d.in(0, to.length - 1), -1) : to);
        }, g -> g.x().as(reshaped(g.x(), g.integers(1))));
        define("reshape", d -> {
            Plain x = d.any();
            return Given.of(x, new Dims(x.size(), 1));
        }, g -> {
            demand(product(g.dims(1)).equals(BigInteger.valueOf(g.x().size())), "as many elements");
            return g.x().as(longs(g.dims(1)));
        });
        define("flatten", d -> Given.of(d.any()), g -> g.x().as(g.x().size()));
        define("flatten", d -> {
            Plain x = d.array(d.dims(1, 4));
            return Given.of(x, d.axis(x));
        }, g -> {
            int at = g.axisOf(1);
            int[] kept = Arrays.copyOf(g.x().dims(), at);
            return g.x().as(longs(concat(kept, Plain.size(Arrays.copyOfRange(g.x().dims(), at, g.x().rank())))));
        });
        define("squeeze", d -> Given.of(d.any()),
                g -> g.x().as(IntStream.of(g.x().dims()).filter(e -> e != 1).asLongStream().toArray()));
        define("squeeze", d -> {
            int[] dims = d.dims(1, 4);
            int at = d.axis(dims.length);
            return Given.of(d.array(with(dims, axis(at, dims.length), 1)), at);
        }, g -> {
            int at = g.axisOf(1);
            demand(g.x().dim(at) == 1, "an extent of 1");
            return g.x().as(longs(without(g.x().dims(), at)));
        });
        define("unsqueeze", d -> {
            Plain x = d.any();
            return Given.of(x, d.axis(x.rank() + 1));
        }, g -> g.x().as(longs(insert(g.x().dims(), axis(g.integer(1), g.x().rank() + 1), 1))));
        define("broadcastTo", d -> {
            int[] to = d.dims(0, 4);
            return Given.of(d.array(d.part(to)), to);
        }, g -> g.x().broadcastTo(checked(g.integers(1))));
        define("broadcastTo", d -> {
            int[] to = d.dims(0, 4);
            return Given.of(d.array(d.part(to)), new Dims(to));
        }, g -> g.x().broadcastTo(checked(g.dims(1))));
        define("sumTo", d -> {
            int[] from = d.dims(0, 4);
            return Given.of(d.array(from), new Dims(d.part(from)));
        }, g -> sumTo(g.x(), checked(g.dims(1))));
    }

    private static int[] checked(int[] dims) { return Plain.extents(longs(dims)); }

    private static BigInteger product(int... dims) {
        return IntStream.of(dims).mapToObj(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    }

    static long[] reshaped(Plain x, int[] dims) {
        demand(IntStream.of(dims).allMatch(e -> e >= -1), "no other negative extent");
        BigInteger size = BigInteger.valueOf(x.size());
        int[] unknown = IntStream.range(0, dims.length).filter(i -> dims[i] == -1).toArray();
        BigInteger rest = product(IntStream.of(dims).filter(e -> e != -1).toArray());
        if (unknown.length == 0) {
            demand(rest.equals(size), "as many elements");
            return longs(dims);
        }
        demand(unknown.length == 1 && rest.signum() > 0 && size.mod(rest).signum() == 0, "an extent for -1");
        return with(dims, unknown[0], size.divide(rest).longValueExact());
    }

    private static Plain sumTo(Plain x, int[] to) {
        Plain y = Plain.zeros(longs(to));
        demand(to.length <= x.rank(), "no more axes");
        for (int i = 1; i <= to.length; i++)
            demand(to[to.length - i] == x.dim(x.rank() - i) || to[to.length - i] == 1, "extents that broadcast");
        Plain.forEach(x.dims(), i -> y.add(x.at(i), IntStream.range(0, to.length)
                .map(k -> to[k] == 1 ? 0 : i[x.rank() - to.length + k]).toArray()));
        return y;
    }

    private void orders() {
        define("transpose", d -> Given.of(d.array(d.dims(2, 4))), g -> {
            demand(g.x().rank() >= 2, "two axes");
            return exchanged(g.x(), g.x().rank() - 2, g.x().rank() - 1);
        });
        define("transpose", d -> {
            Plain x = d.array(d.dims(1, 4));
            return Given.of(x, d.axis(x), d.axis(x));
        }, g -> exchanged(g.x(), g.axisOf(1), g.axisOf(2)));
        define("permute", d -> {
            Plain x = d.any();
            return Given.of(x, IntStream.of(d.permutation(x.rank())).map(a -> d.flag() ? a : a - x.rank()).toArray());
        }, g -> {
            demand(g.integers(1).length == g.x().rank(), "every axis");
            int[] order = IntStream.of(g.integers(1)).map(a -> axis(a, g.x().rank())).toArray();
            demand(IntStream.of(order).distinct().count() == order.length, "every axis once");
            return permuted(g.x(), order);
        });
        define("flip", d -> {
            Plain x = d.any();
            return Given.of(x, d.axes(x.rank()));
        }, g -> {
            int[] axes = axes(g.integers(1), g.x().rank());
            return Plain.of(g.x().dims(), i -> {
                int[] from = i.clone();
                for (int a : axes)
                    from[a] = g.x().dim(a) - 1 - i[a];
                return g.x().at(from);
            });
        });
    }

    private static Plain exchanged(Plain x, int a, int b) {
        int[] order = IntStream.range(0, x.rank()).map(i -> i == a ? b : i == b ? a : i).toArray();
        return permuted(x, order);
    }

    static Plain permuted(Plain x, int... order) {
        return Plain.of(IntStream.of(order).map(x::dim).toArray(), i -> {
            int[] from = new int[order.length];
            for (int k = 0; k < order.length; k++)
                from[order[k]] = i[k];
            return x.at(from);
        });
    }

    private void parts() {
        define("slice", d -> {
            Plain x = d.any();
            int[] begin = new int[x.rank()], end = begin.clone(), step = begin.clone();
            for (int i = 0; i < begin.length; i++) {
                begin[i] = d.in(-7, 7);
                end[i] = d.in(-7, 7);
                step[i] = d.of(1, 1, 2, 3, -1, -2, -3);
            }
            return Given.of(x, begin, end, step);
        }, g -> sliced(g.x(), g.integers(1), g.integers(2), g.integers(3)));
        define("slice", d -> {
            Plain x = d.array(d.dims(1, 4));
            return Given.of(x, d.axis(x), d.in(-6, 6), d.in(-6, 6));
        }, g -> {
            int[] begin = new int[g.x().rank()], step = begin.clone();
            Arrays.fill(step, 1);
            return sliced(g.x(), with(begin, g.axisOf(1), g.integer(2)), with(g.x().dims(), g.axisOf(1), g.integer(3)),
                    step);
        });
        define("select", d -> {
            Plain x = d.array(d.full(1, 4));
            int at = d.axis(x), extent = x.dim(axis(at, x.rank()));
            return Given.of(x, at, d.in(-extent, extent - 1));
        }, g -> selected(g.x(), g.integer(1), g.integer(2)));
    }

    static Plain selected(Plain x, int axis, int index) {
        int at = axis(axis, x.rank()), n = x.dim(at);
        demand(-n <= index && index < n, "a position");
        return Plain.of(Plain.without(x.dims(), at), i -> x.at(Plain.insert(i, at, index < 0 ? index + n : index)));
    }

    private static Plain sliced(Plain x, int[] begin, int[] end, int[] step) {
        int rank = x.rank();
        demand(begin.length == rank && end.length == rank && step.length == rank, "an entry for each axis");
        int[][] taken = new int[rank][];
        for (int i = 0; i < rank; i++)
            taken[i] = range(x.dim(i), begin[i], end[i], step[i]);
        return Plain.of(Arrays.stream(taken).mapToInt(t -> t.length).toArray(),
                i -> x.at(IntStream.range(0, rank).map(k -> taken[k][i[k]]).toArray()));
    }

    /** The positions that {@code begin:end:step} takes of n in Python. */
    private static int[] range(int n, long begin, long end, long step) {
        demand(step != 0, "a step");
        long from = begin < 0 ? begin + n : begin, to = end < 0 ? end + n : end;
        IntStream.Builder taken = IntStream.builder();
        if (step > 0)
            for (long k = Math.max(from, 0); k < Math.min(to, n); k += step)
                taken.add((int) k);
        else
            for (long k = Math.min(from, n - 1); k > Math.max(to, -1); k += step)
                taken.add((int) k);
        return taken.build().toArray();
    }

    private void diagonals() {
        define("diagonal", d -> Given.of(d.array(d.dims(2, 4))), g -> diagonal(g.x(), 0, 0, 1));
        define("diagonal", d -> Given.of(d.array(d.dims(2, 4)), d.in(-3, 3)),
                g -> diagonal(g.x(), g.integer(1), 0, 1));
        define("diagonal", d -> {
            Plain x = d.array(d.dims(2, 4));
            int[] axes = d.permutation(x.rank());
            return Given.of(x, d.in(-3, 3), axes[0] - (d.flag() ? x.rank() : 0), axes[1] - (d.flag() ? x.rank() : 0));
        }, g -> diagonal(g.x(), g.integer(1), g.integer(2), g.integer(3)));
        define("trace", d -> Given.of(d.array(d.dims(2, 4))), g -> {
            Plain of = diagonal(g.x(), 0, 0, 1);
            return Plain.of(Arrays.copyOf(of.dims(), of.rank() - 1), i -> IntStream.range(0, of.dim(of.rank() - 1))
                    .mapToDouble(k -> of.at(concat(i, k))).sum());
        });
        define("tril", d -> Given.of(d.array(d.dims(2, 4)), d.in(-4, 4)),
                g -> triangle(g.x(), (long) g.integer(1), true), KINKS);
        define("triu", d -> Given.of(d.array(d.dims(2, 4)), d.in(-4, 4)),
                g -> triangle(g.x(), (long) g.integer(1), false), KINKS);
    }

    private static Plain diagonal(Plain x, long offset, int axis1, int axis2) {
        int p = axis(axis1, x.rank()), q = axis(axis2, x.rank());
        demand(p != q, "two axes");
        long[][] on = java.util.stream.LongStream.range(0, x.dim(p))
                .filter(i -> 0 <= i + offset && i + offset < x.dim(q))
                .mapToObj(i -> new long[]{i, i + offset}).toArray(long[][]::new);
        int[] others = without(IntStream.range(0, x.rank()).toArray(), p, q);
        return Plain.of(concat(without(x.dims(), p, q), on.length), i -> {
            int[] from = new int[x.rank()];
            for (int k = 0; k < others.length; k++)
                from[others[k]] = i[k];
            from[p] = (int) on[i[others.length]][0];
            from[q] = (int) on[i[others.length]][1];
            return x.at(from);
        });
    }

    private static Plain triangle(Plain x, long diagonal, boolean lower) {
        int n = x.rank();
        demand(n >= 2, "two axes");
        return Plain.of(x.dims(), i -> {
            long off = (long) i[n - 1] - i[n - 2];
            return lower && off <= diagonal || !lower && off >= diagonal ? x.at(i) : 0;
        });
    }
}
