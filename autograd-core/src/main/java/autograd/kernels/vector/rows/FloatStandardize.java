package autograd.kernels.vector.rows;

import autograd.kernels.vector.hotspot.DoubleLanes;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows brought to a common scale. Sums are double. Compiled twice: DoubleStandardize is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
public final class FloatStandardize {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length(), LD = D.length();
    /** Shorter rows are not worth a vector. */
    public static final int SHORT = 2 * L;

    private FloatStandardize() {}

    /** Mean 0 and variance 1 in each of m contiguous rows of n elements, which are not short. */
    public static void standardize(int m, int n, double epsilon, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < m; i++) {
            int from = xo + i * n;
            float mean = (float) (FloatSoftmax.sum(n, x, from) / n);
            double variance = squares(n, x, from, mean) / n;
            shift(n, x, from, mean, (float) Math.sqrt(variance + epsilon), y, yo + i * n);
        }
    }

    /** The sum of {@code (x - mean)^2}. */
    private static double squares(int n, float[] x, int xo, double mean) {
        DoubleVector a = DoubleVector.zero(D), b = DoubleVector.zero(D);
        int i = 0;
        for (; i + 2 * LD <= n; i += 2 * LD) {
            DoubleVector p = DoubleLanes.load(x, xo + i).sub(mean), q = DoubleLanes.load(x, xo + i + LD).sub(mean);
            a = p.fma(p, a);
            b = q.fma(q, b);
        }
        double[] lanes = DoubleLanes.scratch();
        a.add(b).intoArray(lanes, 0);
        double sum = DoubleLanes.sum(lanes);
        for (; i < n; i++)
            sum += (x[xo + i] - mean) * (x[xo + i] - mean);
        return sum;
    }

    private static void shift(int n, float[] x, int xo, float mean, float scale, float[] y, int yo) {
        int last = n - L;
        for (int i = 0; i < last; i += L)
            FloatVector.fromArray(S, x, xo + i).sub(mean).div(scale).intoArray(y, yo + i);
        FloatVector.fromArray(S, x, xo + last).sub(mean).div(scale).intoArray(y, yo + last);
    }
}
