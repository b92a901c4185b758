package autograd.kernels.vector.reduction;

import autograd.kernels.vector.hotspot.DoubleLanes;
import autograd.kernels.vector.hotspot.DoubleScratch;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/**
 * Sums of the elements up to each one, counted in double in their order. Compiled twice: DoubleCumsum is this
 * file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
public final class FloatCumsum {
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final int L = D.length();
    /** Shorter pieces are not worth a vector. */
    public static final int SHORT = 2 * L;
    private static final DoubleScratch SUMS = new DoubleScratch();

    private FloatCumsum() {}

    /** Along the middle axis of a contiguous array [m, n, inner], where inner is 1 or not short. */
    public static void sums(int m, int n, int inner, boolean reverse, float[] x, int xo, float[] y, int yo) {
        int size = n * inner, first = reverse ? size - inner : 0, step = reverse ? -inner : inner, i = 0;
        if (inner == 1)
            for (; i + 4 <= m; i += 4)
                four(n, size, step, x, xo + i * size + first, y, yo + i * size + first);
        for (; i < m; i++)
            if (inner == 1)
                one(n, step, x, xo + i * size + first, y, yo + i * size + first);
            else
                pieces(n, inner, step, x, xo + i * size + first, y, yo + i * size + first);
    }

    private static void one(int n, int step, float[] x, int xo, float[] y, int yo) {
        double sum = 0;
        for (int j = 0, at = 0; j < n; j++, at += step)
            y[yo + at] = (float) (sum += x[xo + at]);
    }

    /** Four rows at a time, to hide the latency of one. */
    private static void four(int n, int down, int step, float[] x, int xo, float[] y, int yo) {
        double a = 0, b = 0, c = 0, d = 0;
        for (int j = 0, p = xo, q = yo; j < n; j++, p += step, q += step) {
            y[q] = (float) (a += x[p]);
            y[q + down] = (float) (b += x[p + down]);
            y[q + 2 * down] = (float) (c += x[p + 2 * down]);
            y[q + 3 * down] = (float) (d += x[p + 3 * down]);
        }
    }

    /** Each piece is added as a whole to the sum of those before. */
    private static void pieces(int n, int inner, int step, float[] x, int xo, float[] y, int yo) {
        double[] sums = SUMS.array(inner);
        Arrays.fill(sums, 0, inner, 0);
        for (int j = 0, p = xo, q = yo; j < n; j++, p += step, q += step)
            add(inner, x, p, sums, y, q);
    }

    private static void add(int n, float[] x, int xo, double[] sums, float[] y, int yo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            DoubleVector v = DoubleVector.fromArray(D, sums, i).add(DoubleLanes.load(x, xo + i));
            v.intoArray(sums, i);
            DoubleLanes.store(v, y, yo + i);
        }
        for (; i < n; i++)
            y[yo + i] = (float) (sums[i] += x[xo + i]);
    }
}
