package autograd.kernels.vector.reduction;

import static autograd.kernels.vector.lanes.DoubleLanes.D;
import static autograd.kernels.vector.lanes.DoubleWidth.LANES;

import autograd.array.Storage;
import autograd.kernels.Kernels.Reduction;
import autograd.kernels.hotspot.Specialization;
import autograd.kernels.vector.lanes.DoubleLanes;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators.Associative;
import jdk.incubator.vector.VectorOperators;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;

/**
 * The loops of one reduction: a {@link Specialization} copies this class for each. They compute in double.
 * The order of the terms depends on their number and the vector length alone. Compiled twice:
 * DoubleReductionLoop is this file, renamed.
 */
final class FloatReductionLoop implements ReductionLoop {
    private static final Reduction R = Specialization.function(MethodHandles.lookup(), Reduction.class);
    private static final Associative OP = switch (R) {
        case SUM -> VectorOperators.ADD;
        case PROD -> VectorOperators.MUL;
        case MAX -> VectorOperators.MAX;
        case MIN -> VectorOperators.MIN;
    };

    @Override
    public void row(int n, Storage x, int xo, double[] lanes) {
        float[] data = x.borrowFloats();
        int m = n / (4 * LANES);
        four(m, data, xo, 4 * LANES, lanes, 0);
        fold(lanes);
        if (n / LANES > 4 * m) // a method apart: HotSpot inlines no method that returns a vector into a loop that is
                               // rarely
            // entered
            one(n / LANES - 4 * m, data, xo + m * 4 * LANES, LANES, lanes, 0);
    }

    /** Combines four vectors into the first. */
    private static void fold(double[] y) {
        DoubleVector a = DoubleVector.fromArray(D, y, 0).lanewise(OP, DoubleVector.fromArray(D, y, LANES));
        DoubleVector b = DoubleVector.fromArray(D, y, 2 * LANES).lanewise(OP, DoubleVector.fromArray(D, y, 3 * LANES));
        a.lanewise(OP, b).intoArray(y, 0);
    }

    @Override
    public void columns(int m, int n, Storage x, int xo, int down, double[] y, int yo) {
        float[] data = x.borrowFloats();
        int j = 0;
        for (; j + 4 * LANES <= n; j += 4 * LANES)
            four(m, data, xo + j, down, y, yo + j);
        for (; j < n; j += LANES) {
            int at = Math.min(j, n - LANES); // the last vector of columns overlaps the one before
            Arrays.fill(y, yo + at, yo + at + LANES, R.identity);
            one(m, data, xo + at, down, y, yo + at);
        }
    }

    /** Four rows at a time, to hide the latency of one reduction. */
    @Override
    public void shortRows(int m, int n, Storage xs, int xo, double[] y, int yo) {
        float[] x = xs.borrowFloats();
        int i = 0;
        for (; i + 4 <= m; i += 4)
            fourRows(n, x, xo + i * n, y, yo + i);
        for (; i < m; i++) {
            double a = R.identity;
            for (int j = 0, at = xo + i * n; j < n; j++)
                a = R.combine(a, x[at + j]);
            y[yo + i] = a;
        }
    }

    private static void fourRows(int n, float[] x, int xo, double[] y, int yo) {
        double a = R.identity, b = R.identity, c = R.identity, d = R.identity;
        for (int j = 0, p = xo, q = xo + 2 * n; j < n; j++, p++, q++) {
            a = R.combine(a, x[p]);
            b = R.combine(b, x[p + n]);
            c = R.combine(c, x[q]);
            d = R.combine(d, x[q + n]);
        }
        y[yo] = a;
        y[yo + 1] = b;
        y[yo + 2] = c;
        y[yo + 3] = d;
    }

    /**
     * Reduces m rows of four vectors. Each accumulator gets an initial vector of its own: of accumulators that
     * share one, HotSpot may leave some as objects in the loop.
     */
    private static void four(int m, float[] x, int xo, int down, double[] y, int yo) {
        DoubleVector a = DoubleVector.broadcast(D, R.identity), b = DoubleVector.broadcast(D, R.identity);
        DoubleVector c = DoubleVector.broadcast(D, R.identity), d = DoubleVector.broadcast(D, R.identity);
        for (int i = 0, at = xo; i < m; i++, at += down) {
            a = a.lanewise(OP, DoubleLanes.load(x, at));
            b = b.lanewise(OP, DoubleLanes.load(x, at + LANES));
            c = c.lanewise(OP, DoubleLanes.load(x, at + 2 * LANES));
            d = d.lanewise(OP, DoubleLanes.load(x, at + 3 * LANES));
        }
        a.intoArray(y, yo);
        b.intoArray(y, yo + LANES);
        c.intoArray(y, yo + 2 * LANES);
        d.intoArray(y, yo + 3 * LANES);
    }

    /** Combines m vectors with one vector of results. */
    private static void one(int m, float[] x, int xo, int down, double[] y, int yo) {
        DoubleVector a = DoubleVector.fromArray(D, y, yo);
        for (int i = 0, at = xo; i < m; i++, at += down)
            a = a.lanewise(OP, DoubleLanes.load(x, at));
        a.intoArray(y, yo);
    }
}
