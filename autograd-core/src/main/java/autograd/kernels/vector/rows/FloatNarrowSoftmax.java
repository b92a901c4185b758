package autograd.kernels.vector.rows;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.kernels.hotspot.CompileGate;
import autograd.kernels.vector.elementwise.Elementary;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Softmax of rows shorter than two vectors, or its logarithm, and its cross-entropy with labels: as many rows
 * at a time as a vector has lanes, transposed, so that each lane is a row. The scratch has n vectors of
 * elements, one of largest elements, and one of the rest: the sum of exp(x - max) without the largest, which
 * is 1. Compiled twice: DoubleNarrowSoftmax is this file, renamed.
 */
final class FloatNarrowSoftmax {
    /**
     * For the first floats, a millisecond of exponentials, plain code gives the same bits and loads no vectors.
     */
    private static final CompileGate GATE = new CompileGate(Float.BYTES == 4 ? 1 << 17 : 0);

    private FloatNarrowSoftmax() {}

    static void rows(boolean log, int m, int n, float[] x, int xo, float[] y, int yo) {
        boolean vectors = GATE.isOpen(m * n);
        float[] t = new float[(n + 2) * LANES];
        for (int i = 0; i < m; i += LANES) {
            int rows = Math.min(LANES, m - i);
            transpose(rows, n, x, xo + i * n, t);
            if (log)
                logSoftmax(vectors, n, t);
            else
                softmax(vectors, n, t);
            transposeBack(rows, n, t, y, yo + i * n);
        }
    }

    static void losses(int m, int n, float[] x, int xo, int[] labels, int first, float[] y, int yo) {
        boolean vectors = GATE.isOpen(m * n);
        float[] t = new float[(n + 2) * LANES];
        for (int i = 0; i < m; i += LANES) {
            int rows = Math.min(LANES, m - i);
            transpose(rows, n, x, xo + i * n, t);
            logs(vectors, n, t);
            for (int r = 0; r < rows; r++)
                y[yo + i + r] = t[(n + 1) * LANES + r]
                        - (x[xo + (i + r) * n + labels[first + i + r]] - t[n * LANES + r]);
        }
    }

    /** With e = exp(x - max) and s the sum of e: g (softmax - 1) = (g / s) (e - s). */
    static void vjps(int m, int n, float[] g, int go, float[] x, int xo, int[] labels, int first, float[] y, int yo) {
        boolean vectors = GATE.isOpen(m * n);
        float[] t = new float[(n + 2) * LANES];
        for (int i = 0; i < m; i += LANES) {
            int rows = Math.min(LANES, m - i);
            transpose(rows, n, x, xo + i * n, t);
            exps(vectors, n, t);
            for (int r = 0; r < rows; r++) {
                int label = labels[first + i + r] * LANES + r;
                t[label] = t[label] - 1 - t[(n + 1) * LANES + r];
            }
            System.arraycopy(g, go + i, t, n * LANES, rows);
            multiply(vectors, n, t);
            transposeBack(rows, n, t, y, yo + i * n);
        }
    }

    private static void transpose(int rows, int n, float[] x, int xo, float[] t) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) // four rows at a time, because rows are short
            for (int j = 0, p = xo + r * n, q = p + n, to = r; j < n; j++, to += LANES) {
                t[to] = x[p + j];
                t[to + 1] = x[q + j];
                t[to + 2] = x[q + n + j];
                t[to + 3] = x[q + 2 * n + j];
            }
        for (; r < rows; r++)
            for (int j = 0, p = xo + r * n; j < n; j++)
                t[j * LANES + r] = x[p + j];
    }

    private static void transposeBack(int rows, int n, float[] t, float[] y, int yo) {
        int r = 0;
        for (; r + 4 <= rows; r += 4)
            for (int j = 0, p = yo + r * n, q = p + n, from = r; j < n; j++, from += LANES) {
                y[p + j] = t[from];
                y[q + j] = t[from + 1];
                y[q + n + j] = t[from + 2];
                y[q + 2 * n + j] = t[from + 3];
            }
        for (; r < rows; r++)
            for (int j = 0, p = yo + r * n; j < n; j++)
                y[p + j] = t[j * LANES + r];
    }

    // ---- loops over the n vectors of a lane, in place; HotSpot does not inline them all into one method

    private static void softmax(boolean vectors, int n, float[] t) {
        exps(vectors, n, t);
        if (vectors)
            divide(n, t);
        else
            for (int i = 0; i < n * LANES; i++)
                t[i] /= 1 + t[(n + 1) * LANES + i % LANES];
    }

    private static void logSoftmax(boolean vectors, int n, float[] t) {
        logs(vectors, n, t);
        if (vectors)
            subtract(n, t);
        else
            for (int i = 0; i < n * LANES; i++)
                t[i] = t[i] - t[n * LANES + i % LANES] - t[(n + 1) * LANES + i % LANES];
    }

    /** exp(x - max), and the rest. */
    private static void exps(boolean vectors, int n, float[] t) {
        if (vectors) {
            largest(n, t);
            exp(n, t);
        } else
            plainExps(n, t);
    }

    /** The logarithms of the sums of exp(x - max). */
    private static void logs(boolean vectors, int n, float[] t) {
        if (vectors) {
            largest(n, t);
            logSums(n, t);
            log(n, t);
        } else
            plainLogs(n, t);
    }

    /** Multiplies by g / sum, and by 0 where g is 0, whatever the sum is. */
    private static void multiply(boolean vectors, int n, float[] t) {
        if (vectors)
            multiply(n, t);
        else
            for (int i = 0; i < n * LANES; i++) {
                float g = t[n * LANES + i % LANES];
                t[i] = g == 0 ? 0 : t[i] * (g / (1 + t[(n + 1) * LANES + i % LANES]));
            }
    }

    private static void largest(int n, float[] t) {
        FloatVector max = FloatVector.fromArray(S, t, 0);
        for (int j = 1; j < n; j++)
            max = max.max(FloatVector.fromArray(S, t, j * LANES));
        max.intoArray(t, n * LANES);
    }

    private static void exp(int n, float[] t) {
        FloatVector max = FloatVector.fromArray(S, t, n * LANES), zero = FloatVector.zero(S), large = zero,
                small = zero;
        for (int j = 0; j < n; j++) {
            FloatVector e = Elementary.exp(FloatVector.fromArray(S, t, j * LANES).sub(max));
            VectorMask<Float> isSmall = e.lt(0.5f);
            large = large.add(e.blend(zero, isSmall));
            small = small.add(zero.blend(e, isSmall));
            e.intoArray(t, j * LANES);
        }
        large.sub(1).add(small).intoArray(t, (n + 1) * LANES);
    }

    private static void logSums(int n, float[] t) {
        FloatVector max = FloatVector.fromArray(S, t, n * LANES), zero = FloatVector.zero(S), large = zero,
                small = zero;
        for (int j = 0; j < n; j++) {
            FloatVector e = Elementary.exp(FloatVector.fromArray(S, t, j * LANES).sub(max));
            VectorMask<Float> isSmall = e.lt(0.5f);
            large = large.add(e.blend(zero, isSmall));
            small = small.add(zero.blend(e, isSmall));
        }
        large.sub(1).add(small).intoArray(t, (n + 1) * LANES);
    }

    private static void log(int n, float[] t) {
        FloatVector rest = FloatVector.fromArray(S, t, (n + 1) * LANES), sum = rest.add(1);
        FloatVector lost = rest.sub(sum.sub(1)); // by rounding the sum
        Elementary.log(sum).add(lost.div(sum)).intoArray(t, (n + 1) * LANES);
    }

    private static void subtract(int n, float[] t) {
        FloatVector max = FloatVector.fromArray(S, t, n * LANES), log = FloatVector.fromArray(S, t, (n + 1) * LANES);
        for (int j = 0; j < n; j++)
            FloatVector.fromArray(S, t, j * LANES).sub(max).sub(log).intoArray(t, j * LANES);
    }

    private static void divide(int n, float[] t) {
        FloatVector sum = FloatVector.fromArray(S, t, (n + 1) * LANES).add(1);
        for (int j = 0; j < n; j++)
            FloatVector.fromArray(S, t, j * LANES).div(sum).intoArray(t, j * LANES);
    }

    private static void multiply(int n, float[] t) {
        FloatVector g = FloatVector.fromArray(S, t, n * LANES),
                by = g.div(FloatVector.fromArray(S, t, (n + 1) * LANES).add(1));
        for (int j = 0; j < n; j++)
            FloatVector.fromArray(S, t, j * LANES).mul(by).blend(0, g.eq(0)).intoArray(t, j * LANES);
    }

    // ---- the same without vectors, to the same bits

    private static void plainExps(int n, float[] t) {
        for (int l = 0; l < LANES; l++) {
            float max = plainLargest(n, t, l);
            float large = 0, small = 0;
            for (int i = l; i < n * LANES; i += LANES) {
                t[i] = Elementary.exp(t[i] - max);
                large += t[i] < 0.5f ? 0 : t[i];
                small += t[i] < 0.5f ? t[i] : 0;
            }
            t[(n + 1) * LANES + l] = large - 1 + small;
        }
    }

    private static void plainLogs(int n, float[] t) {
        for (int l = 0; l < LANES; l++) {
            float max = plainLargest(n, t, l), large = 0, small = 0;
            for (int i = l; i < n * LANES; i += LANES) {
                float e = Elementary.exp(t[i] - max);
                large += e < 0.5f ? 0 : e;
                small += e < 0.5f ? e : 0;
            }
            float rest = large - 1 + small, sum = rest + 1, lost = rest - (sum - 1);
            t[n * LANES + l] = max;
            t[(n + 1) * LANES + l] = Elementary.log(sum) + lost / sum;
        }
    }

    private static float plainLargest(int n, float[] t, int l) {
        float max = t[l];
        for (int i = l + LANES; i < n * LANES; i += LANES)
            max = Math.max(max, t[i]);
        return max;
    }
}
