package autograd.kernels;

import autograd.array.NdArray;
import autograd.array.Storage;

import java.util.Arrays;

/** The definition of each kernel's innermost loop. Compiled twice: DoubleLoops is this file, renamed. */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatLoops implements Loops {
    @Override
    public void copy(int n, Storage xs, int xo, int xStep, Storage ys, int yo, int yStep) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        if (xStep == 1 && yStep == 1)
            System.arraycopy(x, xo, y, yo, n);
        else if (xStep == 0 && yStep == 1)
            Arrays.fill(y, yo, yo + n, x[xo]);
        else
            for (int i = 0; i < n; i++)
                y[yo + i * yStep] = x[xo + i * xStep];
    }

    @Override
    public void accumulate(int n, Storage xs, int xo, int xStep, Storage ys, int yo, int yStep) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        for (int i = 0; i < n; i++)
            y[yo + i * yStep] += x[xo + i * xStep];
    }

    @Override
    public void choose(int n, boolean[] where, int wo, int ws, Storage xs, int xo, int xStep, Storage ys, int yo) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        for (int i = 0; i < n; i++)
            if (where[wo + i * ws])
                y[yo + i] = x[xo + i * xStep];
    }

    @Override
    public void cumsum(int n, Storage xs, int xo, int xStep, Storage ys, int yo, int yStep) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        double sum = 0;
        for (int i = 0; i < n; i++)
            y[yo + i * yStep] = (float) (sum += x[xo + i * xStep]);
    }

    @Override
    public void softmax(boolean log, int n, Storage xs, int xo, int xStep, Storage ys, int yo, int yStep) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            float v = x[xo + i * xStep];
            if (v > max) // false for NaN, which makes the sum NaN
                max = v;
        }
        double large = 0, small = 0;
        for (int i = 0; i < n; i++) {
            double e = Math.exp((double) x[xo + i * xStep] - max);
            if (e < 0.5)
                small += e;
            else
                large += e;
            if (!log)
                y[yo + i * yStep] = (float) e;
        }
        double rest = large - 1 + small, sum = 1 + rest, logSum = Math.log1p(rest); // the largest is 1
        for (int i = 0; i < n; i++) {
            int at = yo + i * yStep;
            y[at] = log ? (float) ((double) x[xo + i * xStep] - max - logSum) : (float) (y[at] / sum);
        }
    }

    @Override
    public void standardize(int n, double epsilon, Storage xs, int xo, Storage ys, int yo) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        float mean = (float) (sum(n, x, xo) / n); // so that equal elements are exactly 0
        double scale = FloatDeviation.of(n, epsilon, x, xo, mean);
        if (!FloatDeviation.isModerate(n, scale)) {
            FloatDeviation.standardize(n, epsilon, x, xo, y, yo);
            return;
        }
        for (int i = 0; i < n; i++)
            y[yo + i] = (float) (((double) x[xo + i] - mean) / scale);
    }

    private static double sum(int n, float[] x, int xo) {
        if (n > Pairwise.TERMS) {
            int half = Pairwise.half(n);
            return sum(half, x, xo) + sum(n - half, x, xo + half);
        }
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += x[xo + i];
        return sum;
    }

    @Override
    public void scatterAdd(int n, Storage xs, int xo, int xStep, int[] index, int io, int iStep, Storage ys, int yo,
            int yStep, int along) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        for (int i = 0; i < n; i++)
            y[yo + i * yStep + index[io + i * iStep] * along] += x[xo + i * xStep];
    }

    @Override
    public void gather(int n, Storage xs, int xo, int xStep, int along, int[] index, int io, int iStep, Storage ys,
            int yo, int yStep) {
        if (iStep == 0) { // a whole row
            copy(n, xs, xo + index[io] * along, xStep, ys, yo, yStep);
            return;
        }
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        for (int i = 0; i < n; i++)
            y[yo + i * yStep] = x[xo + i * xStep + index[io + i * iStep] * along];
    }

    @Override
    public boolean allFinite(int n, Storage xs, int xo, int step) {
        float[] x = xs.borrowFloats();
        float p = 0, q = 0, r = 0, s = 0; // 0 * x is NaN if x is not finite; four sums hide the latency of one
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            int at = xo + i * step;
            p += 0 * x[at];
            q += 0 * x[at + step];
            r += 0 * x[at + 2 * step];
            s += 0 * x[at + 3 * step];
        }
        for (; i < n; i++)
            p += 0 * x[xo + i * step];
        return p + q + r + s == 0;
    }

    @Override
    public void matmul(NdArray a, int ao, NdArray b, int bo, Storage c, int co) {
        int m = a.shape().dim(-2), n = b.shape().dim(-1);
        FloatMatmul.multiply(m, n, a.shape().dim(-1), matrix(a, ao), matrix(b, bo),
                new FloatMatrix(c.borrowFloats(), co, n, 1));
    }

    private static FloatMatrix matrix(NdArray x, int offset) {
        int rank = x.shape().rank();
        return new FloatMatrix(x.storage().borrowFloats(), offset, x.layout().stride(rank - 2),
                x.layout().stride(rank - 1));
    }
}
