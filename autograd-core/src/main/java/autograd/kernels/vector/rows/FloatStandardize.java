package autograd.kernels.vector.rows;

import static autograd.kernels.vector.lanes.DoubleLanes.D;
import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.array.Storage;
import autograd.kernels.FloatDeviation;
import autograd.kernels.Pairwise;
import autograd.kernels.vector.lanes.DoubleLanes;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** Standardizes rows. Sums are in double. Compiled twice: DoubleStandardize is this file, renamed. */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatStandardize implements Standardize {
    static final Standardize ONE = new FloatStandardize();

    private static final int LD = D.length();
    @Override
    public void standardize(int m, int n, double epsilon, Storage xs, int xo, Storage ys, int yo) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        for (int i = 0; i < m; i++) {
            int from = xo + i * n;
            float mean = (float) (FloatSoftmax.sum(n, x, from) / n);
            double squares = squares(n, x, from, mean);
            double scale = FloatDeviation.isExact(squares)
                    ? Math.sqrt(squares / n + epsilon)
                    : FloatDeviation.of(n, epsilon, x, from, mean);
            if (FloatDeviation.isModerate(n, scale))
                shift(n, x, from, mean, (float) scale, y, yo + i * n);
            else
                FloatDeviation.standardize(n, epsilon, x, from, y, yo + i * n);
        }
    }

    /** The sum of {@code (x - mean)^2}. */
    private static double squares(int n, float[] x, int xo, double mean) {
        if (n <= Pairwise.TERMS)
            return chain(n, x, xo, mean);
        int half = Pairwise.half(n);
        return squares(half, x, xo, mean) + squares(n - half, x, xo + half, mean);
    }

    private static double chain(int n, float[] x, int xo, double mean) {
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
        int last = n - LANES;
        for (int i = 0; i < last; i += LANES)
            FloatVector.fromArray(S, x, xo + i).sub(mean).div(scale).intoArray(y, yo + i);
        FloatVector.fromArray(S, x, xo + last).sub(mean).div(scale).intoArray(y, yo + last);
    }
}
