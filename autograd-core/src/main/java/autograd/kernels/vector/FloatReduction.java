package autograd.kernels.vector;

import autograd.array.Storage;
import autograd.kernels.Kernels.Reduction;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorOperators.Associative;
import jdk.incubator.vector.VectorSpecies;

import java.lang.invoke.MethodHandles;

/**
 * The loops of one reduction: {@link Copy} makes such a class for each. They count in double. Which terms
 * meet first depends on the number of terms and the size of a vector alone. Compiled twice: DoubleReduction
 * is this file, renamed.
 */
final class FloatReduction implements Reducer {
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final int L = D.length();
    private static final Reduction REDUCTION = Copy.constant(MethodHandles.lookup(), Reduction.class);
    private static final Associative OP = switch (REDUCTION) {
        case SUM -> VectorOperators.ADD;
        case PROD -> VectorOperators.MUL;
        case MAX -> VectorOperators.MAX;
        case MIN -> VectorOperators.MIN;
    };
    private static final Reducer PLAIN = new FloatPlainReduction(REDUCTION);

    @Override
    public void row(int n, Storage x, int xo, double[] lanes) { row(n, x.floats(), xo, lanes); }

    @Override
    public void columns(int m, int n, Storage x, int xo, int down, double start, double[] y, int yo) {
        columns(m, n, x.floats(), xo, down, start, y, yo);
    }

    private static void columns(int m, int n, float[] data, int xo, int down, double start, double[] y, int yo) {
        int j = 0;
        for (; j + 4 * L <= n; j += 4 * L)
            four(m, data, xo + j, down, start, y, yo + j);
        for (; j < n; j += L) {
            int at = Math.min(j, n - L); // the last columns overlap those before
            one(m, data, xo + at, down, start, y, yo + at);
        }
    }

    @Override
    public void shortRows(int m, int n, Storage x, int xo, double start, double[] y, int yo) {
        PLAIN.shortRows(m, n, x, xo, start, y, yo);
    }

    /** Leaves the reduction of a row's whole vectors in the lanes. */
    private static void row(int n, float[] x, int xo, double[] lanes) {
        DoubleVector a = Lanes.load(x, xo), b = Lanes.load(x, xo + L), c = Lanes.load(x, xo + 2 * L),
                d = Lanes.load(x, xo + 3 * L);
        int i = 4 * L;
        for (; i + 4 * L <= n; i += 4 * L) {
            int at = xo + i;
            a = a.lanewise(OP, Lanes.load(x, at));
            b = b.lanewise(OP, Lanes.load(x, at + L));
            c = c.lanewise(OP, Lanes.load(x, at + 2 * L));
            d = d.lanewise(OP, Lanes.load(x, at + 3 * L));
        }
        for (; i + L <= n; i += L)
            a = a.lanewise(OP, Lanes.load(x, xo + i));
        a.lanewise(OP, b).lanewise(OP, c.lanewise(OP, d)).intoArray(lanes, 0);
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
