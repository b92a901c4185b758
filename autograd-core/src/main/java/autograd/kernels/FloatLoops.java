package autograd.kernels;

import autograd.array.NdArray;
import autograd.array.Storage;

/** The definition of every kernel's innermost loop. Compiled twice: DoubleLoops is this file, renamed. */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatLoops implements Loops {
    @Override
    public void map(Kernels.Fn1 f, int n, Storage xs, int xo, int step, Storage ys, int yo) {
        float[] x = xs.floats(), y = ys.floats();
        for (int i = 0; i < n; i++)
            y[yo + i] = (float) f.f(x[xo + i * step]);
    }

    @Override
    public void map(Kernels.Fn2 f, int n, Storage as, int ao, int aStep, Storage bs, int bo, int bStep, Storage ys,
            int yo) {
        float[] a = as.floats(), b = bs.floats(), y = ys.floats();
        for (int i = 0; i < n; i++)
            y[yo + i] = (float) f.f(a[ao + i * aStep], b[bo + i * bStep]);
    }

    @Override
    public void test(Kernels.Relation r, int n, Storage as, int ao, int aStep, Storage bs, int bo, int bStep,
            boolean[] y, int yo) {
        float[] a = as.floats(), b = bs.floats();
        for (int i = 0; i < n; i++)
            y[yo + i] = r.holds(a[ao + i * aStep], b[bo + i * bStep]);
    }

    @Override
    public void copy(int n, Storage xs, int xo, int xStep, Storage ys, int yo, int yStep) {
        float[] x = xs.floats(), y = ys.floats();
        if (xStep == 1 && yStep == 1)
            System.arraycopy(x, xo, y, yo, n);
        else
            for (int i = 0; i < n; i++)
                y[yo + i * yStep] = x[xo + i * xStep];
    }

    @Override
    public void reduce(Kernels.Reduction r, int n, Storage xs, int xo, int xStep, Storage ys, int yo, int yStep) {
        float[] x = xs.floats(), y = ys.floats();
        if (yStep == 0) {
            double acc = y[yo]; // a row is combined in double, whatever the dtype
            for (int i = 0; i < n; i++)
                acc = r.combine(acc, x[xo + i * xStep]);
            y[yo] = (float) acc;
        } else {
            for (int i = 0; i < n; i++)
                y[yo + i * yStep] = (float) r.combine(y[yo + i * yStep], x[xo + i * xStep]);
        }
    }

    @Override
    public void softmax(boolean log, int n, Storage xs, int xo, int xStep, Storage ys, int yo, int yStep) {
        float[] x = xs.floats(), y = ys.floats();
        double max = Double.NEGATIVE_INFINITY, sum = 0;
        for (int i = 0; i < n; i++)
            max = Math.max(max, x[xo + i * xStep]);
        for (int i = 0; i < n; i++) {
            double e = Math.exp(x[xo + i * xStep] - max);
            sum += e;
            if (!log)
                y[yo + i * yStep] = (float) e;
        }
        double logSum = Math.log(sum);
        for (int i = 0; i < n; i++) {
            int at = yo + i * yStep;
            y[at] = log ? (float) (x[xo + i * xStep] - max - logSum) : (float) (y[at] / sum);
        }
    }

    @Override
    public void scatterAdd(int n, Storage xs, int xo, int xStep, int[] index, int io, int iStep, Storage ys, int yo,
            int yStep, int along) {
        float[] x = xs.floats(), y = ys.floats();
        for (int i = 0; i < n; i++)
            y[yo + i * yStep + index[io + i * iStep] * along] += x[xo + i * xStep];
    }

    @Override
    public void gather(int n, Storage xs, int xo, int xStep, int along, int[] index, int io, int iStep, Storage ys,
            int yo, int yStep) {
        float[] x = xs.floats(), y = ys.floats();
        for (int i = 0; i < n; i++)
            y[yo + i * yStep] = x[xo + i * xStep + index[io + i * iStep] * along];
    }

    @Override
    public boolean allFinite(int n, Storage xs, int xo, int step) {
        float[] x = xs.floats();
        float p = 0, q = 0, r = 0, s = 0; // 0 * x is NaN for just those; four sums hide the latency of one
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
    public void update(Kernels.Step step, int n, NdArray gradient, NdArray... slots) {
        float[] g = gradient.storage().floats();
        int go = gradient.layout().offset();
        float[][] data = new float[slots.length][];
        for (int k = 0; k < slots.length; k++)
            data[k] = slots[k].storage().floats();
        double[] s = new double[slots.length];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < s.length; k++)
                s[k] = data[k][i];
            step.step(s, g[go + i]);
            for (int k = 0; k < s.length; k++)
                data[k][i] = (float) s[k];
        }
    }

    @Override
    public void matmul(NdArray a, int ao, NdArray b, int bo, Storage c, int co) {
        int rank = a.shape().rank();
        FloatMatmul.multiply(a.shape().dim(-2), b.shape().dim(-1), a.shape().dim(-1), //
                a.storage().floats(), ao, a.layout().stride(rank - 2), a.layout().stride(rank - 1), //
                b.storage().floats(), bo, b.layout().stride(b.shape().rank() - 2),
                b.layout().stride(b.shape().rank() - 1), c.floats(), co);
    }
}
