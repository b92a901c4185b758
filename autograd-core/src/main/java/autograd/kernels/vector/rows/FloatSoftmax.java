package autograd.kernels.vector.rows;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.array.Storage;
import autograd.kernels.Pairwise;
import autograd.kernels.vector.elementwise.Elementary;
import autograd.kernels.vector.lanes.DoubleLanes;
import autograd.kernels.vector.lanes.FloatScratch;
import autograd.kernels.vector.reduction.FloatAxisLoops;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * Softmax of rows, or its logarithm, and its cross-entropy with labels. Vectors run along wide rows, with
 * sums in double; {@link FloatNarrowSoftmax} computes the others. Compiled twice: DoubleSoftmax is this file,
 * renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatSoftmax implements Softmax {
    static final Softmax ONE = new FloatSoftmax();

    private static final int WIDE = 2 * LANES;
    /** Elements that stay in the L1 and L2 caches. */
    private static final int CHUNK = 8192;
    /** Below, a sum less 1 has not all digits of a float, or a double. */
    private static final double CANCELS = Float.BYTES == 4 ? 0x1p-26 : 0.5;
    private static final FloatScratch EXPS = new FloatScratch();

    @Override
    public void rows(boolean log, int m, int n, Storage xs, int xo, Storage ys, int yo) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        if (n < WIDE)
            FloatNarrowSoftmax.rows(log, m, n, x, xo, y, yo);
        else
            for (int i = 0, rows = Math.max(1, CHUNK / n); i < m; i += rows)
                wide(log, Math.min(rows, m - i), n, x, xo + i * n, y, yo + i * n);
    }

    @Override
    public void losses(int m, int n, Storage xs, int xo, int[] labels, int first, Storage ys, int yo) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        if (n < WIDE) {
            FloatNarrowSoftmax.losses(m, n, x, xo, labels, first, y, yo);
            return;
        }
        int most = Math.max(1, CHUNK / n);
        float[] exps = EXPS.take(Math.min(m, most) * n);
        for (int i = 0; i < m; i += most)
            wideLosses(Math.min(most, m - i), n, x, xo + i * n, labels, first + i, y, yo + i, exps);
        EXPS.give(exps);
    }

    private static void wideLosses(int m, int n, float[] x, int xo, int[] labels, int first, float[] y, int yo,
            float[] exps) {
        float[] max = new float[m];
        double[] rests = new double[m];
        prepare(m, n, x, xo, exps, 0, max, rests);
        for (int r = 0; r < m; r++)
            y[yo + r] = (float) (Math.log1p(rests[r]) - ((double) x[xo + r * n + labels[first + r]] - max[r]));
    }

    @Override
    public void vjps(int m, int n, Storage gs, int go, Storage xs, int xo, int[] labels, int first, Storage ys,
            int yo) {
        float[] g = gs.borrowFloats(), x = xs.borrowFloats(), y = ys.borrowFloats();
        if (n < WIDE)
            FloatNarrowSoftmax.vjps(m, n, g, go, x, xo, labels, first, y, yo);
        else
            for (int i = 0, rows = Math.max(1, CHUNK / n); i < m; i += rows)
                wideVjps(Math.min(rows, m - i), n, g, go + i, x, xo + i * n, labels, first + i, y, yo + i * n);
    }

    private static void wideVjps(int m, int n, float[] g, int go, float[] x, int xo, int[] labels, int first,
            float[] y, int yo) {
        double[] rests = new double[m];
        prepare(m, n, x, xo, y, yo, new float[m], rests);
        for (int r = 0, at = yo; r < m; r++, at += n) {
            int label = at + labels[first + r];
            y[label] = (float) (y[label] - 1.0 - rests[r]); // less the sum, most of which may cancel
            if (g[go + r] == 0)
                Arrays.fill(y, at, at + n, 0);
            else
                scale(n, y, at, (float) (g[go + r] / (1 + rests[r])));
        }
    }

    private static void wide(boolean log, int m, int n, float[] x, int xo, float[] y, int yo) {
        float[] max = new float[m];
        double[] rests = new double[m];
        prepare(m, n, x, xo, y, yo, max, rests);
        for (int r = 0, at = 0; r < m; r++, at += n)
            if (log)
                shift(n, x, xo + at, max[r], (float) Math.log1p(rests[r]), y, yo + at);
            else
                scale(n, y, yo + at, (float) (1 / (1 + rests[r])));
    }

    // ---- exp(x - max) of rows, and their sums but for the largest, which is 1

    private interface Pass {
        void apply(int m, int n, float[] x, int xo, float[] y, int yo, float[] max, double[] rests);
    }

    /** Run one after the other, each for all rows. */
    private static final Pass[] PASSES = {FloatSoftmax::largest, FloatSoftmax::exps, FloatSoftmax::rests};

    /**
     * Writes exp(x - max) to y, and the maxima and the sums less 1. HotSpot compiles the passes one by one,
     * because there are three behind one call. It would inline direct calls until the method is full, and pass
     * vectors to the rest as objects.
     */
    private static void prepare(int m, int n, float[] x, int xo, float[] y, int yo, float[] max, double[] rests) {
        for (Pass pass : PASSES)
            pass.apply(m, n, x, xo, y, yo, max, rests);
    }

    private static void largest(int m, int n, float[] x, int xo, float[] y, int yo, float[] max, double[] rests) {
        for (int r = 0; r < m; r++)
            max[r] = FloatAxisLoops.max(n, x, xo + r * n);
    }

    /** Each row up to its last vector, then its last vector, which overlaps the one before. */
    private static void exps(int m, int n, float[] x, int xo, float[] y, int yo, float[] max, double[] rests) {
        for (int i = 0; i < 2 * m; i++) {
            int at = i / 2 * n + i % 2 * (n - LANES);
            exp(i % 2 == 0 ? n - LANES : LANES, x, xo + at, max[i / 2], y, yo + at);
        }
    }

    private static void rests(int m, int n, float[] x, int xo, float[] y, int yo, float[] max, double[] rests) {
        for (int r = 0; r < m; r++)
            rests[r] = rest(n, y, yo + r * n);
    }

    private static void exp(int n, float[] x, int xo, float max, float[] y, int yo) {
        for (int i = 0; i < n; i += LANES)
            Elementary.exp(FloatVector.fromArray(S, x, xo + i).sub(max)).intoArray(y, yo + i);
    }

    /**
     * The sum of e = exp(x - max) less 1, which is the largest of them. Where most of the sum would cancel, all
     * others are small, and are summed by themselves.
     */
    private static double rest(int n, float[] e, int eo) {
        double rest = sum(n, e, eo) - 1;
        return rest < CANCELS ? small(n, e, eo) : rest;
    }

    private static double small(int n, float[] e, int eo) {
        int l = DoubleLanes.D.length(), i = 0;
        DoubleVector zero = DoubleVector.zero(DoubleLanes.D), sum = zero;
        for (; i + l <= n; i += l) {
            DoubleVector v = DoubleLanes.load(e, eo + i);
            sum = sum.add(zero.blend(v, v.lt(0.5)));
        }
        double[] lanes = DoubleLanes.scratch();
        sum.intoArray(lanes, 0);
        double small = DoubleLanes.sum(lanes);
        for (; i < n; i++)
            if (e[eo + i] < 0.5)
                small += e[eo + i];
        return small;
    }

    static double sum(int n, float[] y, int yo) {
        if (n <= Pairwise.TERMS)
            return chain(n, y, yo);
        int half = Pairwise.half(n);
        return sum(half, y, yo) + sum(n - half, y, yo + half);
    }

    private static double chain(int n, float[] y, int yo) {
        int l = DoubleLanes.D.length(), i = 0;
        DoubleVector a = DoubleVector.zero(DoubleLanes.D), b = DoubleVector.zero(DoubleLanes.D);
        for (; i + 2 * l <= n; i += 2 * l) {
            a = a.add(DoubleLanes.load(y, yo + i));
            b = b.add(DoubleLanes.load(y, yo + i + l));
        }
        double[] lanes = DoubleLanes.scratch();
        a.add(b).intoArray(lanes, 0);
        double sum = DoubleLanes.sum(lanes);
        for (; i < n; i++)
            sum += y[yo + i];
        return sum;
    }

    private static void scale(int n, float[] y, int yo, float by) {
        int i = 0;
        for (; i + LANES <= n; i += LANES)
            FloatVector.fromArray(S, y, yo + i).mul(by).intoArray(y, yo + i);
        for (; i < n; i++)
            y[yo + i] *= by;
    }

    private static void shift(int n, float[] x, int xo, float max, float log, float[] y, int yo) {
        int last = n - LANES;
        for (int i = 0; i < last; i += LANES)
            FloatVector.fromArray(S, x, xo + i).sub(max).sub(log).intoArray(y, yo + i);
        FloatVector.fromArray(S, x, xo + last).sub(max).sub(log).intoArray(y, yo + last);
    }
}
