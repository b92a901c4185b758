package autograd.kernels.vector;

import static jdk.incubator.vector.VectorOperators.MAX;

import autograd.array.Storage;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import java.util.Arrays;

/**
 * Softmax of rows, or its logarithm, and its cross-entropy with labels. Wide rows go along vectors. Narrow
 * ones go a vector of rows at a time, turned so that each lane is a row. Sums are double.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatSoftmax implements Softmax {
    static final Softmax ONE = new FloatSoftmax();

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length(), WIDE = 2 * L;
    /** So many elements stay in the first caches. */
    private static final int CHUNK = 8192;

    @Override
    public void rows(boolean log, int m, int n, Storage xs, int xo, Storage ys, int yo) {
        float[] x = xs.floats(), y = ys.floats();
        if (n >= WIDE) {
            for (int i = 0, rows = Math.max(1, CHUNK / n); i < m; i += rows)
                wide(log, Math.min(rows, m - i), n, x, xo + i * n, y, yo + i * n);
            return;
        }
        float[] turned = new float[(n + 2) * L];
        for (int i = 0; i < m; i += L) {
            int rows = Math.min(L, m - i);
            turn(rows, n, x, xo + i * n, turned);
            narrow(log, n, turned);
            turnBack(rows, n, turned, y, yo + i * n);
        }
    }

    @Override
    public void losses(int m, int n, Storage xs, int xo, int[] labels, int first, Storage ys, int yo) {
        float[] x = xs.floats(), y = ys.floats();
        int most = n < WIDE ? L : Math.max(1, CHUNK / n);
        float[] scratch = new float[n < WIDE ? (n + 2) * L : Math.min(m, most) * n];
        for (int i = 0; i < m; i += most) {
            int rows = Math.min(most, m - i);
            if (n < WIDE)
                narrowLosses(rows, n, x, xo + i * n, labels, first + i, y, yo + i, scratch);
            else
                wideLosses(rows, n, x, xo + i * n, labels, first + i, y, yo + i, scratch);
        }
    }

    private static void narrowLosses(int m, int n, float[] x, int xo, int[] labels, int first, float[] y, int yo,
            float[] t) {
        turn(m, n, x, xo, t);
        largest(n, t);
        logSums(n, t);
        log(t, (n + 1) * L);
        for (int r = 0; r < m; r++)
            y[yo + r] = t[(n + 1) * L + r] - (x[xo + r * n + labels[first + r]] - t[n * L + r]);
    }

    private static void log(float[] t, int at) { Elementary.log(FloatVector.fromArray(S, t, at)).intoArray(t, at); }

    private static void wideLosses(int m, int n, float[] x, int xo, int[] labels, int first, float[] y, int yo,
            float[] exps) {
        float[] max = largest(m, n, x, xo);
        exps(m, n, x, xo, max, exps, 0);
        for (int r = 0; r < m; r++)
            y[yo + r] = (float) (Math.log(sum(n, exps, r * n)) - ((double) x[xo + r * n + labels[first + r]] - max[r]));
    }

    @Override
    public void vjps(int m, int n, Storage gs, int go, Storage xs, int xo, int[] labels, int first, Storage ys,
            int yo) {
        float[] g = gs.floats(), x = xs.floats(), y = ys.floats();
        int most = n < WIDE ? L : Math.max(1, CHUNK / n);
        float[] scratch = new float[n < WIDE ? (n + 2) * L : 0];
        for (int i = 0; i < m; i += most) {
            int rows = Math.min(most, m - i);
            if (n < WIDE)
                narrowVjps(rows, n, g, go + i, x, xo + i * n, labels, first + i, y, yo + i * n, scratch);
            else
                wideVjps(rows, n, g, go + i, x, xo + i * n, labels, first + i, y, yo + i * n);
        }
    }

    /** With e = exp(x - max), g (softmax - 1) is g / sum times (e - sum). */
    private static void narrowVjps(int m, int n, float[] g, int go, float[] x, int xo, int[] labels, int first,
            float[] y, int yo, float[] t) {
        turn(m, n, x, xo, t);
        largest(n, t);
        exp(n, t);
        for (int r = 0; r < m; r++)
            t[labels[first + r] * L + r] -= t[(n + 1) * L + r];
        System.arraycopy(g, go, t, n * L, m);
        multiply(n, t);
        turnBack(m, n, t, y, yo);
    }

    private static void multiply(int n, float[] t) {
        FloatVector g = FloatVector.fromArray(S, t, n * L), by = g.div(FloatVector.fromArray(S, t, (n + 1) * L));
        for (int j = 0; j < n; j++)
            FloatVector.fromArray(S, t, j * L).mul(by).blend(0, g.eq(0)).intoArray(t, j * L);
    }

    private static void wideVjps(int m, int n, float[] g, int go, float[] x, int xo, int[] labels, int first,
            float[] y, int yo) {
        exps(m, n, x, xo, largest(m, n, x, xo), y, yo);
        for (int r = 0, at = yo; r < m; r++, at += n) {
            double sum = sum(n, y, at);
            y[at + labels[first + r]] -= (float) sum;
            if (g[go + r] == 0)
                Arrays.fill(y, at, at + n, 0);
            else
                scale(n, y, at, (float) (g[go + r] / sum));
        }
    }

    private static void turn(int rows, int n, float[] x, int xo, float[] t) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) // four at a time, because rows are short
            for (int j = 0, p = xo + r * n, q = p + n, to = r; j < n; j++, to += L) {
                t[to] = x[p + j];
                t[to + 1] = x[q + j];
                t[to + 2] = x[q + n + j];
                t[to + 3] = x[q + 2 * n + j];
            }
        for (; r < rows; r++)
            for (int j = 0, p = xo + r * n; j < n; j++)
                t[j * L + r] = x[p + j];
    }

    private static void turnBack(int rows, int n, float[] t, float[] y, int yo) {
        int r = 0;
        for (; r + 4 <= rows; r += 4)
            for (int j = 0, p = yo + r * n, q = p + n, from = r; j < n; j++, from += L) {
                y[p + j] = t[from];
                y[q + j] = t[from + 1];
                y[q + n + j] = t[from + 2];
                y[q + 2 * n + j] = t[from + 3];
            }
        for (; r < rows; r++)
            for (int j = 0, p = yo + r * n; j < n; j++)
                y[p + j] = t[j * L + r];
    }

    /** Softmax of each lane over n vectors, in place; after them is room for two more. */
    private static void narrow(boolean log, int n, float[] t) {
        largest(n, t);
        if (log) {
            logSums(n, t);
            subtract(n, t);
        } else {
            exp(n, t);
            divide(n, t);
        }
    }

    private static void largest(int n, float[] t) {
        FloatVector max = FloatVector.fromArray(S, t, 0);
        for (int j = 1; j < n; j++)
            max = max.max(FloatVector.fromArray(S, t, j * L));
        max.intoArray(t, n * L);
    }

    private static void exp(int n, float[] t) {
        FloatVector max = FloatVector.fromArray(S, t, n * L), sum = FloatVector.zero(S);
        for (int j = 0; j < n; j++) {
            FloatVector e = Elementary.exp(FloatVector.fromArray(S, t, j * L).sub(max));
            sum = sum.add(e);
            e.intoArray(t, j * L);
        }
        sum.intoArray(t, (n + 1) * L);
    }

    private static void logSums(int n, float[] t) {
        FloatVector max = FloatVector.fromArray(S, t, n * L), sum = FloatVector.zero(S);
        for (int j = 0; j < n; j++)
            sum = sum.add(Elementary.exp(FloatVector.fromArray(S, t, j * L).sub(max)));
        sum.intoArray(t, (n + 1) * L);
    }

    private static void subtract(int n, float[] t) {
        FloatVector max = FloatVector.fromArray(S, t, n * L);
        FloatVector log = Elementary.log(FloatVector.fromArray(S, t, (n + 1) * L));
        for (int j = 0; j < n; j++)
            FloatVector.fromArray(S, t, j * L).sub(max).sub(log).intoArray(t, j * L);
    }

    private static void divide(int n, float[] t) {
        FloatVector sum = FloatVector.fromArray(S, t, (n + 1) * L);
        for (int j = 0; j < n; j++)
            FloatVector.fromArray(S, t, j * L).div(sum).intoArray(t, j * L);
    }

    /** One thing after the other for all rows, because HotSpot does not inline all of them into one method. */
    private static void wide(boolean log, int m, int n, float[] x, int xo, float[] y, int yo) {
        float[] max = largest(m, n, x, xo);
        exps(m, n, x, xo, max, y, yo);
        for (int i = 0; i < m; i++) {
            double sum = sum(n, y, yo + i * n);
            if (log)
                shift(n, x, xo + i * n, max[i], (float) Math.log(sum), y, yo + i * n);
            else
                scale(n, y, yo + i * n, (float) (1 / sum));
        }
    }

    private static float[] largest(int m, int n, float[] x, int xo) {
        float[] max = new float[m];
        for (int i = 0; i < m; i++)
            max[i] = max(n, x, xo + i * n);
        return max;
    }

    /** Each row but its last vector, then that, which overlaps the one before. */
    private static void exps(int m, int n, float[] x, int xo, float[] max, float[] y, int yo) {
        for (int i = 0; i < 2 * m; i++) {
            int at = i / 2 * n + i % 2 * (n - L);
            exp(i % 2 == 0 ? n - L : L, x, xo + at, max[i / 2], y, yo + at);
        }
    }

    static float max(int n, float[] x, int xo) {
        FloatVector a = FloatVector.fromArray(S, x, xo), b = FloatVector.fromArray(S, x, xo + n - L);
        int i = L;
        for (; i + 2 * L <= n; i += 2 * L) {
            a = a.max(FloatVector.fromArray(S, x, xo + i));
            b = b.max(FloatVector.fromArray(S, x, xo + i + L));
        }
        if (i + L <= n)
            a = a.max(FloatVector.fromArray(S, x, xo + i));
        return a.max(b).reduceLanes(MAX);
    }

    private static void exp(int n, float[] x, int xo, float max, float[] y, int yo) {
        for (int i = 0; i < n; i += L)
            Elementary.exp(FloatVector.fromArray(S, x, xo + i).sub(max)).intoArray(y, yo + i);
    }

    static double sum(int n, float[] y, int yo) {
        int l = D.length(), i = 0;
        DoubleVector a = DoubleVector.zero(D), b = a;
        for (; i + 2 * l <= n; i += 2 * l) {
            a = a.add(Lanes.load(y, yo + i));
            b = b.add(Lanes.load(y, yo + i + l));
        }
        double[] lanes = new double[l];
        a.add(b).intoArray(lanes, 0);
        double sum = sum(lanes);
        for (; i < n; i++)
            sum += y[yo + i];
        return sum;
    }

    static double sum(double[] lanes) {
        for (int half = lanes.length / 2; half > 0; half /= 2)
            for (int k = 0; k < half; k++)
                lanes[k] += lanes[k + half];
        return lanes[0];
    }

    private static void scale(int n, float[] y, int yo, float by) {
        int i = 0;
        for (; i + L <= n; i += L)
            FloatVector.fromArray(S, y, yo + i).mul(by).intoArray(y, yo + i);
        for (; i < n; i++)
            y[yo + i] *= by;
    }

    private static void shift(int n, float[] x, int xo, float max, float log, float[] y, int yo) {
        int last = n - L;
        for (int i = 0; i < last; i += L)
            FloatVector.fromArray(S, x, xo + i).sub(max).sub(log).intoArray(y, yo + i);
        FloatVector.fromArray(S, x, xo + last).sub(max).sub(log).intoArray(y, yo + last);
    }
}
