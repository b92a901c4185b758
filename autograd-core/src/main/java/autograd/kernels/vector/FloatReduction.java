package autograd.kernels.vector;

import autograd.array.Storage;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators.Associative;
import jdk.incubator.vector.VectorSpecies;

import java.lang.invoke.MethodHandles;

/**
 * The loops of one reduction: {@link Copy} makes such a class for each. They count in double. Which terms
 * meet first depends on the number of terms and the size of a vector alone.
 */
final class FloatReduction implements Reducer {
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final int L = D.length();
    private static final Associative OP = Copy.constant(MethodHandles.lookup(), Associative.class);

    @Override
    public void row(int n, Storage x, int xo, double start, double[] lanes) {
        int m = n / (4 * L);
        fours(m, x.floats(), xo, start, lanes);
        few(n / L - 4 * m, x.floats(), xo + m * 4 * L, lanes);
    }

    @Override
    public void columns(int m, int n, Storage x, int xo, int down, double start, double[] y, int yo) {
        float[] data = x.floats();
        int j = 0;
        for (; j + 4 * L <= n; j += 4 * L)
            four(m, data, xo + j, down, start, y, yo + j);
        for (; j < n; j += L) {
            int at = Math.min(j, n - L); // the last columns overlap those before
            one(m, data, xo + at, down, start, y, yo + at);
        }
    }

    /** Four rows at a time, to hide the latency of one. */
    @Override
    public void shortRows(int m, int n, Storage xs, int xo, double start, double[] y, int yo) {
        float[] x = xs.floats();
        int i = 0;
        for (; i + 4 <= m; i += 4)
            fourRows(n, x, xo + i * n, start, y, yo + i);
        for (; i < m; i++) {
            double a = start;
            for (int j = 0, at = xo + i * n; j < n; j++)
                a = Reductions.combine(OP, a, x[at + j]);
            y[yo + i] = a;
        }
    }

    private static void fourRows(int n, float[] x, int xo, double start, double[] y, int yo) {
        double a = start, b = start, c = start, d = start;
        for (int j = 0, p = xo, q = xo + 2 * n; j < n; j++, p++, q++) {
            a = Reductions.combine(OP, a, x[p]);
            b = Reductions.combine(OP, b, x[p + n]);
            c = Reductions.combine(OP, c, x[q]);
            d = Reductions.combine(OP, d, x[q + n]);
        }
        y[yo] = a;
        y[yo + 1] = b;
        y[yo + 2] = c;
        y[yo + 3] = d;
    }

    // HotSpot may leave vectors as objects in a method that has more than a loop of four

    /** Leaves the reduction of m times four vectors in the lanes. */
    private static void fours(int m, float[] x, int xo, double start, double[] lanes) {
        DoubleVector a = DoubleVector.broadcast(D, start), b = a, c = a, d = a;
        for (int i = 0, at = xo; i < m; i++, at += 4 * L) {
            a = a.lanewise(OP, Lanes.load(x, at));
            b = b.lanewise(OP, Lanes.load(x, at + L));
            c = c.lanewise(OP, Lanes.load(x, at + 2 * L));
            d = d.lanewise(OP, Lanes.load(x, at + 3 * L));
        }
        a.lanewise(OP, b).lanewise(OP, c.lanewise(OP, d)).intoArray(lanes, 0);
    }

    /** Adds that of a few more. */
    private static void few(int m, float[] x, int xo, double[] lanes) {
        DoubleVector a = DoubleVector.fromArray(D, lanes, 0);
        for (int i = 0, at = xo; i < m; i++, at += L)
            a = a.lanewise(OP, Lanes.load(x, at));
        a.intoArray(lanes, 0);
    }

    private static void four(int m, float[] x, int xo, int down, double start, double[] y, int yo) {
        DoubleVector a = DoubleVector.broadcast(D, start), b = a, c = a, d = a;
        for (int i = 0, at = xo; i < m; i++, at += down) {
            a = a.lanewise(OP, Lanes.load(x, at));
            b = b.lanewise(OP, Lanes.load(x, at + L));
            c = c.lanewise(OP, Lanes.load(x, at + 2 * L));
            d = d.lanewise(OP, Lanes.load(x, at + 3 * L));
        }
        a.intoArray(y, yo);
        b.intoArray(y, yo + L);
        c.intoArray(y, yo + 2 * L);
        d.intoArray(y, yo + 3 * L);
    }

    private static void one(int m, float[] x, int xo, int down, double start, double[] y, int yo) {
        DoubleVector a = DoubleVector.broadcast(D, start);
        for (int i = 0, at = xo; i < m; i++, at += down)
            a = a.lanewise(OP, Lanes.load(x, at));
        a.intoArray(y, yo);
    }
}
