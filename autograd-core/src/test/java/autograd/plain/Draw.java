package autograd.plain;

import autograd.array.Rng;
import autograd.plain.Given.Bools;
import autograd.plain.Given.Ints;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Draws arguments at random. */
final class Draw {
    private final Rng rng;
    private final boolean large;
    private int arrays;

    Draw(long seed) { this(seed, false); }

    /** Small arrays, or such as vector kernels and several threads compute. */
    Draw(long seed, boolean large) {
        this.rng = new Rng(seed);
        this.large = large;
    }

    /** A whole number, both ends included. */
    int in(int least, int most) {
        return least + rng.nextInt(most - least + 1);
    }

    boolean flag() { return rng.nextBoolean(); }

    @SafeVarargs
    final <T> T of(T... some) { return some[in(0, some.length - 1)]; }

    /** An extent: often 1, sometimes 0. */
    int extent() {
        return large ? of(1, 2, 3, 5, 17, 33, 64, 131) : of(0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 2, 3);
    }

    /** Channels or groups: a few, or so many that there is work for vectors. */
    int channels() {
        return large ? in(5, 17) : in(1, 2);
    }

    /** Extents of a small array. */
    int[] dims(int leastRank, int mostRank) {
        for (;;) {
            int[] dims = IntStream.generate(this::extent).limit(in(leastRank, mostRank)).toArray();
            int size = Plain.size(dims);
            if (large ? mostRank < 2 || 2000 < size && size < 9000 : size <= 48)
                return dims;
        }
    }

    /** Extents of a small array that has elements. */
    int[] full(int leastRank, int mostRank) {
        return Arrays.stream(dims(leastRank, mostRank)).map(d -> Math.max(1, d)).toArray();
    }

    /** Extents of few elements, even if arrays are large. */
    int[] few(int leastRank, int mostRank) {
        return IntStream.generate(() -> in(1, 3)).limit(in(leastRank, mostRank)).toArray();
    }

    /** By how many pixels an image is larger than a window. */
    int pixels() {
        return large ? in(9, 20) : of(0, 0, 1, 2, 3);
    }

    /** The same extents, but some of them 1, and some leading ones left out. */
    int[] part(int[] dims) {
        int[] part = flag() ? dims.clone() : Arrays.copyOfRange(dims, in(0, dims.length), dims.length);
        return IntStream.of(part).map(d -> in(0, 3) == 0 ? 1 : d).toArray();
    }

    /** An axis, as often counted from the last. */
    int axis(int rank) { return rank == 0 ? 0 : in(-rank, rank - 1); }

    int axis(Plain x) { return axis(x.rank()); }

    /** Some axes in any order, none for all. */
    int[] axes(int rank) {
        int[] order = permutation(rank);
        return Arrays.stream(order).limit(in(0, rank)).map(a -> flag() ? a : a - rank).toArray();
    }

    int[] permutation(int n) {
        int[] order = IntStream.range(0, n).toArray();
        for (int i = n - 1; i > 0; i--) {
            int j = in(0, i), t = order[i];
            order[i] = order[j];
            order[j] = t;
        }
        return order;
    }

    /** Numbers of both signs, all different, none near 0, none in two arrays. */
    Plain array(int... dims) {
        return array(-1, dims);
    }

    /** Numbers above 0, all different. */
    Plain positive(int... dims) { return array(1, dims); }

    private Plain array(int least, int[] dims) {
        int[] order = permutation(Plain.size(dims));
        double apart = 0.013 * ++arrays, wide = Math.min(0.11, 3.0 / Math.max(1, order.length));
        int[] next = {0};
        return Plain.of(dims, _ -> (least < 0 && flag() ? -1 : 1) * (0.05 + apart + wide * order[next[0]++]));
    }

    /** Numbers inside an interval. */
    Plain within(double low, double high, int... dims) {
        return Plain.of(dims, _ -> low + (high - low) * (0.02 + 0.96 * rng.nextDouble()));
    }

    /** Small whole numbers, so that some are equal. */
    Plain whole(int... dims) {
        return Plain.of(dims, _ -> in(-2, 2));
    }

    /** A small array of any rank. */
    Plain any() { return array(dims(0, 4)); }

    /** Matrices that are far from singular. */
    Plain regular(int... dims) {
        int rank = dims.length;
        return Plain.of(dims, i -> i[rank - 1] == i[rank - 2] ? in(4, 6) * (flag() ? 1 : -1) : rng.nextDouble() - 0.5);
    }

    /** Integers from 0 to below a bound. */
    Ints indices(int bound, int... dims) {
        return new Ints(dims, IntStream.generate(() -> in(0, bound - 1)).limit(Plain.size(dims)).toArray());
    }

    Bools mask(int... dims) {
        boolean[] values = new boolean[Plain.size(dims)];
        for (int i = 0; i < values.length; i++)
            values[i] = flag();
        return new Bools(dims, values);
    }

    int from(int[] some) { return some[in(0, some.length - 1)]; }
}
