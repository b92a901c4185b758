package autograd.kernels.vector;

import autograd.array.Storage;
import autograd.kernels.Kernels.Reduction;

import java.util.Arrays;

/**
 * {@link FloatReduction} without vectors, bit by bit the same: for few elements, and for as long as its loops
 * are not compiled. Compiled twice: DoublePlainReduction is this file, renamed.
 */
record FloatPlainReduction(Reduction r) implements Reducer {
    private static final int L = Reductions.LANES;

    @Override
    public void row(int n, Storage xs, int xo, double[] lanes) {
        float[] x = xs.floats();
        for (int l = 0; l < L; l++) {
            int i = 4 * L, at = xo + l;
            double a = x[at], b = x[at + L], c = x[at + 2 * L], d = x[at + 3 * L];
            for (; i + 4 * L <= n; i += 4 * L) {
                a = r.combine(a, x[at + i]);
                b = r.combine(b, x[at + i + L]);
                c = r.combine(c, x[at + i + 2 * L]);
                d = r.combine(d, x[at + i + 3 * L]);
            }
            for (; i + L <= n; i += L)
                a = r.combine(a, x[at + i]);
            lanes[l] = r.combine(r.combine(a, b), r.combine(c, d));
        }
    }

    @Override
    public void columns(int m, int n, Storage xs, int xo, int down, double start, double[] y, int yo) {
        float[] x = xs.floats();
        Arrays.fill(y, yo, yo + n, start);
        for (int i = 0; i < m; i++)
            for (int j = 0, at = xo + i * down; j < n; j++)
                y[yo + j] = r.combine(y[yo + j], x[at + j]);
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
                a = r.combine(a, x[at + j]);
            y[yo + i] = a;
        }
    }

    private void fourRows(int n, float[] x, int xo, double start, double[] y, int yo) {
        double a = start, b = start, c = start, d = start;
        for (int j = 0, p = xo, q = xo + 2 * n; j < n; j++, p++, q++) {
            a = r.combine(a, x[p]);
            b = r.combine(b, x[p + n]);
            c = r.combine(c, x[q]);
            d = r.combine(d, x[q + n]);
        }
        y[yo] = a;
        y[yo + 1] = b;
        y[yo + 2] = c;
        y[yo + 3] = d;
    }
}
