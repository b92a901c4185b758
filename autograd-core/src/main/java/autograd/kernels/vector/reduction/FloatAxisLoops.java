package autograd.kernels.vector.reduction;

import static autograd.kernels.vector.lanes.DoubleLanes.D;
import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.MAX;

import autograd.array.Storage;
import autograd.kernels.vector.lanes.DoubleLanes;
import autograd.kernels.vector.lanes.DoubleScratch;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

import java.util.Arrays;

/**
 * Running sums and positions of largest elements. Sums are in double, in the order of the elements. Compiled
 * twice: DoubleAxisLoops is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
public final class FloatAxisLoops implements AxisLoops {
    static final AxisLoops ONE = new FloatAxisLoops();

    private static final int L = D.length();
    private static final DoubleScratch SUMS = new DoubleScratch();

    @Override
    public void cumsum(int m, int n, int inner, boolean reverse, Storage xs, int xo, Storage ys, int yo) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
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

    /** Four rows at a time, to hide the latency of one sum. */
    private static void four(int n, int down, int step, float[] x, int xo, float[] y, int yo) {
        double a = 0, b = 0, c = 0, d = 0;
        for (int j = 0, p = xo, q = yo; j < n; j++, p += step, q += step) {
            y[q] = (float) (a += x[p]);
            y[q + down] = (float) (b += x[p + down]);
            y[q + 2 * down] = (float) (c += x[p + 2 * down]);
            y[q + 3 * down] = (float) (d += x[p + 3 * down]);
        }
    }

    /** Adds each slice of inner elements to the sums of the slices before. */
    private static void pieces(int n, int inner, int step, float[] x, int xo, float[] y, int yo) {
        double[] sums = SUMS.take(inner);
        Arrays.fill(sums, 0, inner, 0);
        for (int j = 0, p = xo, q = yo; j < n; j++, p += step, q += step)
            add(inner, x, p, sums, y, q);
        SUMS.give(sums);
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

    @Override
    public void argMax(int m, int n, int inner, Storage x, int xo, int[] y, int yo) {
        for (int i = 0; i < m; i++)
            if (inner == 1)
                y[yo + i] = argMax(n, x.borrowFloats(), xo + i * n);
            else
                for (int j = 0; j < inner; j += LANES) {
                    int at = Math.min(j, inner - LANES); // the last vector of columns overlaps the one before
                    argMax(n, inner, x.borrowFloats(), xo + i * n * inner + at, y, yo + i * inner + at);
                }
    }

    /** For one vector of columns; as floats, positions are exact. */
    private static void argMax(int n, int down, float[] x, int xo, int[] y, int yo) {
        FloatVector max = FloatVector.fromArray(S, x, xo), best = FloatVector.zero(S);
        for (int i = 1, at = xo + down; i < n; i++, at += down) {
            FloatVector v = FloatVector.fromArray(S, x, at);
            VectorMask<Float> larger = v.compare(LE, max).not().and(max.eq(max)); // or the first NaN
            max = max.blend(v, larger);
            best = best.blend(i, larger);
        }
        float[] positions = new float[LANES];
        best.intoArray(positions, 0);
        for (int k = 0; k < LANES; k++)
            y[yo + k] = (int) positions[k];
    }

    private static int argMax(int n, float[] x, int xo) {
        float max = n < 2 * LANES ? Float.NaN : max(n, x, xo);
        return max == max ? where(max, n, x, xo) : largest(n, x, xo);
    }

    private static int largest(int n, float[] x, int xo) {
        int best = 0;
        float max = x[xo];
        for (int i = 1; i < n && max == max; i++)
            if (!(x[xo + i] <= max)) {
                max = x[xo + i];
                best = i;
            }
        return best;
    }

    /** The first position of a number that occurs. */
    private static int where(float number, int n, float[] x, int xo) {
        FloatVector v = FloatVector.broadcast(S, number);
        int i = 0, found = LANES;
        for (; found == LANES; i += LANES) {
            i = Math.min(i, n - LANES);
            found = FloatVector.fromArray(S, x, xo + i).compare(EQ, v).firstTrue();
        }
        return i - LANES + found;
    }

    /** The largest of n elements, at least two vectors; NaN if one is NaN. */
    public static float max(int n, float[] x, int xo) {
        FloatVector a = FloatVector.fromArray(S, x, xo), b = FloatVector.fromArray(S, x, xo + n - LANES);
        int i = LANES;
        for (; i + 2 * LANES <= n; i += 2 * LANES) {
            a = a.max(FloatVector.fromArray(S, x, xo + i));
            b = b.max(FloatVector.fromArray(S, x, xo + i + LANES));
        }
        if (i + LANES <= n)
            a = a.max(FloatVector.fromArray(S, x, xo + i));
        return a.max(b).reduceLanes(MAX);
    }
}
