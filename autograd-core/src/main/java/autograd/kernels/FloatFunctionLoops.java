package autograd.kernels;

import autograd.array.Storage;
import autograd.kernels.hotspot.Specialization;

/**
 * In a copy of this class (see {@link Specialization}) each loop calls one function. HotSpot inlines it and,
 * where operands are not offset, makes vector code. So there is a loop for each common combination of steps.
 * Compiled twice: DoubleFunctionLoops is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatFunctionLoops implements FunctionLoops {
    @Override
    public void map(Kernels.Fn1 f, int n, Storage xs, int xo, int step, Storage ys, int yo) {
        float[] x = xs.borrowFloats(), y = ys.borrowFloats();
        if (step == 1 && xo == 0 && yo == 0)
            for (int i = 0; i < n; i++)
                y[i] = (float) f.f(x[i]);
        else if (step == 1)
            for (int i = 0; i < n; i++)
                y[yo + i] = (float) f.f(x[xo + i]);
        else
            for (int i = 0; i < n; i++)
                y[yo + i] = (float) f.f(x[xo + i * step]);
    }

    @Override
    public void map(Kernels.Fn2 f, int n, Storage as, int ao, int aStep, Storage bs, int bo, int bStep, Storage ys,
            int yo) {
        float[] a = as.borrowFloats(), b = bs.borrowFloats(), y = ys.borrowFloats();
        if (aStep == 1 && bStep == 1 && ao == 0 && bo == 0 && yo == 0)
            for (int i = 0; i < n; i++)
                y[i] = (float) f.f(a[i], b[i]);
        else if (aStep == 1 && bStep == 1)
            for (int i = 0; i < n; i++)
                y[yo + i] = (float) f.f(a[ao + i], b[bo + i]);
        else if (aStep == 1 && bStep == 0)
            right(f, n, a, ao, b[bo], y, yo);
        else if (aStep == 0 && bStep == 1)
            left(f, n, a[ao], b, bo, y, yo);
        else
            for (int i = 0; i < n; i++)
                y[yo + i] = (float) f.f(a[ao + i * aStep], b[bo + i * bStep]);
    }

    private static void right(Kernels.Fn2 f, int n, float[] a, int ao, double b, float[] y, int yo) {
        if (ao == 0 && yo == 0)
            for (int i = 0; i < n; i++)
                y[i] = (float) f.f(a[i], b);
        else
            for (int i = 0; i < n; i++)
                y[yo + i] = (float) f.f(a[ao + i], b);
    }

    private static void left(Kernels.Fn2 f, int n, double a, float[] b, int bo, float[] y, int yo) {
        if (bo == 0 && yo == 0)
            for (int i = 0; i < n; i++)
                y[i] = (float) f.f(a, b[i]);
        else
            for (int i = 0; i < n; i++)
                y[yo + i] = (float) f.f(a, b[bo + i]);
    }

    @Override
    public void test(Relation r, int n, Storage as, int ao, int aStep, Storage bs, int bo, int bStep,
            boolean[] y, int yo) {
        float[] a = as.borrowFloats(), b = bs.borrowFloats();
        if (aStep == 1 && bStep == 1)
            for (int i = 0; i < n; i++)
                y[yo + i] = r.holds(a[ao + i], b[bo + i]);
        else
            for (int i = 0; i < n; i++)
                y[yo + i] = r.holds(a[ao + i * aStep], b[bo + i * bStep]);
    }

    @Override
    public void reduce(Kernels.Reduction r, int n, Storage xs, int xo, int xStep, Storage ys, int yo, int yStep) {
        float[] x = xs.borrowFloats();
        double[] y = ys.borrowDoubles(); // in the twin, too
        if (yStep == 0)
            y[yo] = r.combine(y[yo], row(r, n, x, xo, xStep));
        else if (xStep == 1 && yStep == 1)
            for (int i = 0; i < n; i++)
                y[yo + i] = r.combine(y[yo + i], x[xo + i]);
        else
            for (int i = 0; i < n; i++)
                y[yo + i * yStep] = r.combine(y[yo + i * yStep], x[xo + i * xStep]);
    }

    /** Four accumulators, to hide the latency of one. */
    private static double row(Kernels.Reduction r, int n, float[] x, int xo, int step) {
        double s0 = r.identity;
        int i = 0;
        if (n >= 16) {
            double s1 = s0, s2 = s0, s3 = s0;
            for (; i + 4 <= n; i += 4) {
                int at = xo + i * step;
                s0 = r.combine(s0, x[at]);
                s1 = r.combine(s1, x[at + step]);
                s2 = r.combine(s2, x[at + 2 * step]);
                s3 = r.combine(s3, x[at + 3 * step]);
            }
            s0 = r.combine(r.combine(s0, s1), r.combine(s2, s3));
        }
        for (; i < n; i++)
            s0 = r.combine(s0, x[xo + i * step]);
        return s0;
    }

    @Override
    public void update(Kernels.Step step, int n, Storage gradient, Storage... slots) {
        float[] g = gradient.borrowFloats(), x = slots[0].borrowFloats();
        switch (slots.length) { // of constant length, the array s is kept in registers
            case 1 -> one(step, n, g, x);
            case 2 -> two(step, n, g, x, slots[1].borrowFloats());
            case 3 -> three(step, n, g, x, slots[1].borrowFloats(), slots[2].borrowFloats());
            default -> any(step, n, g, slots);
        }
    }

    private static void one(Kernels.Step step, int n, float[] g, float[] x) {
        for (int i = 0; i < n; i++) {
            double[] s = {x[i]};
            step.step(s, g[i]);
            x[i] = (float) s[0];
        }
    }

    private static void two(Kernels.Step step, int n, float[] g, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            double[] s = {x[i], y[i]};
            step.step(s, g[i]);
            x[i] = (float) s[0];
            y[i] = (float) s[1];
        }
    }

    private static void three(Kernels.Step step, int n, float[] g, float[] x, float[] y, float[] z) {
        for (int i = 0; i < n; i++) {
            double[] s = {x[i], y[i], z[i]};
            step.step(s, g[i]);
            x[i] = (float) s[0];
            y[i] = (float) s[1];
            z[i] = (float) s[2];
        }
    }

    private static void any(Kernels.Step step, int n, float[] g, Storage... slots) {
        float[][] data = new float[slots.length][];
        for (int k = 0; k < slots.length; k++)
            data[k] = slots[k].borrowFloats();
        double[] s = new double[slots.length];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < s.length; k++)
                s[k] = data[k][i];
            step.step(s, g[i]);
            for (int k = 0; k < s.length; k++)
                data[k][i] = (float) s[k];
        }
    }
}
