package autograd.plain;

import static autograd.plain.Definitions.Trait.STATIC;
import static autograd.plain.Plain.axis;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.insert;
import static autograd.plain.Plain.longs;
import static autograd.plain.Plain.with;
import static autograd.plain.Plain.without;

import autograd.Joining.Border;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Tensors put together, taken apart, repeated and surrounded. */
final class PlainJoining extends Definitions {
    PlainJoining() {
        together();
        grids();
        apart();
        again();
        around();
    }

    private void together() {
        define("concat", d -> {
            int[] dims = d.dims(1, 3);
            int at = d.axis(dims.length);
            return Given.of(at, IntStream.range(0, d.in(1, 4))
                    .mapToObj(_ -> d.array(with(dims, axis(at, dims.length), d.extent()))).toArray(Plain[]::new));
        }, g -> joined(axis(g.integer(0), g.plains(1)[0].rank()), g.plains(1)), STATIC);
        define("stack", d -> {
            int[] dims = d.dims(0, 3);
            return Given.of(d.axis(dims.length + 1),
                    IntStream.range(0, d.in(1, 4)).mapToObj(_ -> d.array(dims)).toArray(Plain[]::new));
        }, g -> {
            int at = axis(g.integer(0), g.plains(1)[0].rank() + 1);
            return joined(at, Arrays.stream(g.plains(1)).map(x -> x.as(longs(insert(x.dims(), at, 1))))
                    .toArray(Plain[]::new));
        }, STATIC);
    }

    private void grids() {
        define("meshgrid", d -> Given.of((Object) IntStream.range(0, d.in(0, 3)).mapToObj(_ -> d.array(d.extent()))
                .toArray(Plain[]::new)), g -> {
                    Plain[] vectors = g.plains(0);
                    int[] dims = Arrays.stream(vectors).mapToInt(Plain::size).toArray();
                    return IntStream.range(0, dims.length)
                            .mapToObj(k -> Plain.of(dims, i -> vectors[k].at(i[k]))).toList();
                }, STATIC);
    }

    private static Plain joined(int at, Plain... parts) {
        for (Plain x : parts)
            demand(Arrays.equals(without(x.dims(), at), without(parts[0].dims(), at)), "the same other extents");
        long extent = Arrays.stream(parts).mapToLong(x -> x.dim(at)).sum();
        return Plain.of(with(parts[0].dims(), at, extent), i -> {
            int k = i[at];
            for (Plain x : parts) {
                if (k < x.dim(at))
                    return x.at(with(i, at, k));
                k -= x.dim(at);
            }
            throw new AssertionError();
        });
    }

    private void apart() {
        define("split", d -> {
            int[] extents = IntStream.generate(d::extent).limit(d.in(1, 3)).toArray(), dims = d.dims(1, 3);
            int at = d.axis(dims.length);
            return Given.of(d.array(with(dims, axis(at, dims.length), IntStream.of(extents).sum())), at, extents);
        }, g -> {
            int at = g.axisOf(1);
            demand(IntStream.of(g.integers(2)).allMatch(e -> e >= 0)
                    && IntStream.of(g.integers(2)).asLongStream().sum() == g.x().dim(at), "the extent in parts");
            return parts(g.x(), at, g.integers(2));
        });
        define("chunk", d -> {
            Plain x = d.array(d.dims(1, 3));
            return Given.of(x, d.axis(x), d.in(1, 5));
        }, g -> {
            int at = g.axisOf(1), n = g.x().dim(at);
            demand(g.integer(2) >= 1, "at least one part");
            int size = 1;
            while ((long) size * g.integer(2) < n)
                size++;
            List<Integer> extents = new ArrayList<>();
            for (int rest = n; rest > 0; rest -= size)
                extents.add(Math.min(size, rest));
            return parts(g.x(), at, extents.stream().mapToInt(e -> e).toArray());
        });
    }

    private static List<Plain> parts(Plain x, int at, int... extents) {
        List<Plain> parts = new ArrayList<>();
        int from = 0;
        for (int extent : extents) {
            int begin = from;
            parts.add(Plain.of(with(x.dims(), at, extent), i -> x.at(with(i, at, begin + i[at]))));
            from += extent;
        }
        return parts;
    }

    private void again() {
        define("roll", d -> {
            Plain x = d.array(d.dims(1, 4));
            return Given.of(x, d.in(-9, 9), d.axis(x));
        }, g -> {
            int at = g.axisOf(2);
            return Plain.of(g.x().dims(),
                    i -> g.x().at(with(i, at, Math.floorMod(i[at] - (long) g.integer(1), g.x().dim(at)))));
        });
        define("tile", d -> {
            Plain x = d.array(d.dims(0, 3));
            return Given.of(x, IntStream.generate(() -> d.in(0, 3)).limit(d.in(0, 4)).toArray());
        }, g -> {
            int[] repeats = g.integers(1);
            demand(IntStream.of(repeats).allMatch(r -> r >= 0), "repeats");
            int rank = Math.max(repeats.length, g.x().rank());
            long[] dims = new long[rank];
            for (int i = 1; i <= rank; i++)
                dims[rank - i] = (i > repeats.length ? 1L : repeats[repeats.length - i])
                        * (i > g.x().rank() ? 1 : g.x().dim(g.x().rank() - i));
            return Plain.of(dims, i -> g.x().at(IntStream.range(0, g.x().rank())
                    .map(k -> i[rank - g.x().rank() + k] % g.x().dim(k)).toArray()));
        });
        define("repeat", d -> {
            Plain x = d.array(d.dims(1, 3));
            return Given.of(x, d.in(0, 3), d.axis(x));
        }, g -> {
            int at = g.axisOf(2), times = g.integer(1);
            demand(times >= 0, "times");
            return Plain.of(with(g.x().dims(), at, (long) times * g.x().dim(at)),
                    i -> g.x().at(with(i, at, i[at] / times)));
        });
    }

    private void around() {
        define("pad", d -> {
            Plain x = d.any();
            int[] before = IntStream.generate(() -> d.in(0, 2)).limit(x.rank()).toArray();
            return Given.of(x, before, IntStream.of(before).map(_ -> d.in(0, 2)).toArray(), d.of(0.0, -1.5));
        }, g -> padded(g, (i, n) -> 0 <= i && i < n ? i : -1));
        for (Border border : Border.values())
            define("pad", d -> {
                Plain x = d.array(d.full(0, 3));
                int[] before = IntStream.of(x.dims()).map(n -> d.in(0, border == Border.EDGE ? 4 : n - 1)).toArray();
                return Given.of(x, before, IntStream.of(x.dims()).map(n -> d.in(0, n - 1)).toArray(), border);
            }, g -> {
                for (int a = 0; a < g.x().rank(); a++) {
                    int room = Math.max(g.integers(1)[a], g.integers(2)[a]);
                    demand(room <= 0 || g.x().dim(a) > (border == Border.EDGE ? 0 : room), "something to continue");
                }
                return padded(g, (i, n) -> border == Border.EDGE
                        ? Math.clamp(i, 0, n - 1)
                        : (n - 1) - Math.abs((n - 1) - Math.abs(i)));
            });
    }

    /** Where an element comes from, given how far it is from the first and how many there are; -1 for none. */
    private interface Source {
        int of(int i, int n);
    }

    private static Plain padded(Given g, Source source) {
        Plain x = g.x();
        int[] before = g.integers(1), after = g.integers(2);
        demand(before.length == x.rank() && after.length == x.rank()
                && IntStream.concat(IntStream.of(before), IntStream.of(after)).allMatch(p -> p >= 0), "paddings");
        long[] dims = IntStream.range(0, x.rank()).mapToLong(a -> (long) before[a] + x.dim(a) + after[a]).toArray();
        return Plain.of(dims, i -> {
            int[] from = IntStream.range(0, x.rank()).map(a -> source.of(i[a] - before[a], x.dim(a))).toArray();
            return IntStream.of(from).anyMatch(f -> f < 0) ? g.number(3) : x.at(from);
        });
    }
}
