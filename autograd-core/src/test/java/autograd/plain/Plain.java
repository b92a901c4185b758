package autograd.plain;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** An array as plain as can be: extents, and elements in row-major order. */
record Plain(int[] dims, double[] values) {
    /** Larger results than this would only show how much memory there is. */
    private static final long LARGE = 1 << 16;

    /** Thrown by a definition where the method must refuse its arguments. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String why) { super(why); }
    }

    /** Thrown by a definition whose result, or the room it is computed in, is right but too large for a test. */
    static final class TooLargeToTry extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Refuses the arguments unless a condition holds. */
    static void demand(boolean holds, String what) {
        if (!holds)
            throw new Refused(what);
    }

    /** An array of given extents, which are checked, and elements that are a function of their indices. */
    static Plain of(long[] dims, ToDoubleFunction<int[]> element) {
        int[] extents = extents(dims);
        double[] values = new double[size(extents)];
        int[] next = {0};
        forEach(extents, i -> values[next[0]++] = element.applyAsDouble(i));
        return new Plain(extents, values);
    }

    static Plain of(int[] dims, ToDoubleFunction<int[]> element) { return of(longs(dims), element); }

    /** The same elements with other extents. */
    Plain as(long... dims) { return new Plain(extents(dims), values); }

    /** Zeros, to be added to. */
    static Plain zeros(long... dims) { return of(dims, _ -> 0); }

    /** Extents that an array can have. */
    static int[] extents(long... dims) {
        demand(LongStream.of(dims).allMatch(d -> 0 <= d && d <= Integer.MAX_VALUE), "extents of an array");
        long size = LongStream.of(dims).anyMatch(d -> d == 0) ? 0 : 1;
        for (long d : dims)
            size = Math.min(size * d, 1L << 31);
        demand(size <= Integer.MAX_VALUE, "fewer than 2^31 elements");
        bearable(size);
        return LongStream.of(dims).mapToInt(d -> (int) d).toArray();
    }

    /** Gives up on what needs so many elements. */
    static void bearable(long size) {
        if (size > LARGE)
            throw new TooLargeToTry();
    }

    static int size(int... dims) { return IntStream.of(dims).reduce(1, (a, b) -> a * b); }

    static long[] longs(int... dims) { return IntStream.of(dims).asLongStream().toArray(); }

    int rank() { return dims.length; }

    int dim(int axis) { return dims[axis]; }

    int size() { return values.length; }

    double at(int... index) { return values[position(dims, index)]; }

    void add(double value, int... index) { values[position(dims, index)] += value; }

    static int position(int[] dims, int... index) {
        int at = 0;
        for (int i = 0; i < dims.length; i++)
            at = at * dims[i] + index[i];
        return at;
    }

    /** Calls the body with every index of an array, in row-major order. */
    static void forEach(int[] dims, Consumer<int[]> body) {
        for (int n = 0; n < size(dims); n++) {
            int[] index = new int[dims.length];
            for (int i = dims.length - 1, rest = n; i >= 0; rest /= dims[i], i--)
                index[i] = rest % dims[i];
            body.accept(index);
        }
    }

    // ---- indices and axes

    /** An axis that may count from the last. */
    static int axis(int axis, int rank) {
        demand(-rank <= axis && axis < rank, "an axis");
        return axis < 0 ? axis + rank : axis;
    }

    /** Different axes, ascending; none given means all. */
    static int[] axes(int[] axes, int rank) {
        if (axes.length == 0)
            return IntStream.range(0, rank).toArray();
        int[] all = IntStream.of(axes).map(a -> axis(a, rank)).sorted().toArray();
        demand(IntStream.of(all).distinct().count() == all.length, "each axis once");
        return all;
    }

    /** A copy with one entry replaced. */
    static int[] with(int[] index, int at, int value) {
        int[] out = index.clone();
        out[at] = value;
        return out;
    }

    /** A copy with one extent replaced. */
    static long[] with(int[] dims, int at, long extent) {
        long[] out = longs(dims);
        out[at] = extent;
        return out;
    }

    /** A copy without some entries. */
    static int[] without(int[] index, int... at) {
        return IntStream.range(0, index.length).filter(i -> IntStream.of(at).noneMatch(a -> a == i))
                .map(i -> index[i]).toArray();
    }

    /** A copy with an entry inserted. */
    static int[] insert(int[] index, int at, int value) {
        return IntStream.rangeClosed(0, index.length).map(i -> i < at ? index[i] : i == at ? value : index[i - 1])
                .toArray();
    }

    static int[] concat(int[] a, int... b) { return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray(); }

    // ---- broadcasting

    /** The extents that all broadcast to: aligned at the last, equal or 1. */
    static int[] broadcast(int[]... shapes) {
        int rank = IntStream.range(0, shapes.length).map(i -> shapes[i].length).max().orElse(0);
        int[] out = new int[rank];
        Arrays.fill(out, 1);
        for (int[] s : shapes)
            for (int i = 0; i < s.length; i++) {
                int at = rank - s.length + i;
                demand(s[i] == out[at] || s[i] == 1 || out[at] == 1, "extents that broadcast");
                out[at] = s[i] == 1 ? out[at] : s[i];
            }
        return out;
    }

    /** This array read as one of larger extents. */
    Plain broadcastTo(int... to) {
        demand(rank() <= to.length, "no fewer axes");
        for (int i = 1; i <= rank(); i++)
            demand(dims[rank() - i] == to[to.length - i] || dims[rank() - i] == 1, "extents that broadcast");
        return of(to, i -> at(IntStream.range(0, rank())
                .map(k -> dims[k] == 1 ? 0 : i[to.length - rank() + k]).toArray()));
    }

    @Override
    public String toString() { return Arrays.toString(dims) + " " + (size() > 200 ? "many" : Arrays.toString(values)); }
}
