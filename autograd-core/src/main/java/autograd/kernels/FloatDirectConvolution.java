package autograd.kernels;

import autograd.array.Shape;
import autograd.kernels.Convolution.Part;

/**
 * The definition of convolution and of its gradients, in plain loops. Compiled twice: DoubleDirectConvolution
 * is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatDirectConvolution {
    private final Convolution of;
    private final Part part;
    private final boolean zeroX, zeroW, zeroY;
    private final float[] x, w, y;

    /**
     * Arrays are contiguous and begin at 0; the part to compute holds zeros. Zeros of the operand {@code
     * zeroAbsorbing} make terms 0.
     */
    FloatDirectConvolution(Convolution of, Part part, int zeroAbsorbing, float[] x, float[] w, float[] y) {
        this.of = of;
        this.part = part;
        this.zeroX = zeroAbsorbing == 0 && part != Part.IMAGE;
        this.zeroW = zeroAbsorbing == (part == Part.IMAGE ? 0 : 1) && part != Part.KERNEL;
        this.zeroY = zeroAbsorbing == 1 && part != Part.OUTPUT;
        this.x = x;
        this.w = w;
        this.y = y;
    }

    /** Adds all terms to the part, one kernel position after another. */
    void add() {
        for (int p = 0; p < of.kernel().dim(2); p++)
            for (int q = 0; q < of.kernel().dim(3); q++) {
                int top = of.rows().first(p), left = of.columns().first(q);
                int rows = of.rows().end(p, of.output().dim(2), of.image().dim(2)) - top,
                        columns = of.columns().end(q, of.output().dim(3), of.image().dim(3)) - left;
                int row = of.rows().position(top, p), column = of.columns().position(left, q);
                if (rows > 0 && columns > 0)
                    add(p * of.kernel().dim(3) + q, rows, columns, row * of.image().dim(3) + column,
                            top * of.output().dim(3) + left);
            }
    }

    /** Adds the terms of one kernel position; image and output begin at xo and yo. */
    private void add(int at, int rows, int columns, int xo, int yo) {
        Shape k = of.kernel();
        int in = k.dim(1), out = k.dim(0) / of.groups(), window = k.dim(2) * k.dim(3);
        int image = of.image().dim(2) * of.image().dim(3), output = of.output().dim(2) * of.output().dim(3);
        for (int n = 0; n < of.image().dim(0); n++)
            for (int o = 0; o < k.dim(0); o++)
                for (int c = 0; c < in; c++)
                    plane(rows, columns, xo + (n * of.image().dim(1) + o / out * in + c) * image,
                            (o * in + c) * window + at, yo + (n * k.dim(0) + o) * output);
    }

    private void plane(int rows, int columns, int xo, int wo, int yo) {
        int down = of.rows().stride() * of.image().dim(3), across = of.output().dim(3);
        double sum = w[wo];
        for (int i = 0; i < rows; i++)
            switch (part) {
                case IMAGE -> image(columns, xo + i * down, w[wo], yo + i * across);
                case KERNEL -> sum += kernel(columns, xo + i * down, yo + i * across);
                case OUTPUT -> output(columns, xo + i * down, w[wo], yo + i * across);
            }
        if (part == Part.KERNEL)
            w[wo] = (float) sum;
    }

    private void image(int n, int xo, float v, int yo) {
        int step = of.columns().stride();
        if (zeroW && v == 0)
            return;
        if (zeroY)
            for (int j = 0; j < n; j++)
                x[xo + j * step] += y[yo + j] == 0 ? 0 : v * y[yo + j];
        else if (step == 1) // the common case, for which HotSpot makes better code
            for (int j = 0; j < n; j++)
                x[xo + j] += v * y[yo + j];
        else
            for (int j = 0; j < n; j++)
                x[xo + j * step] += v * y[yo + j];
    }

    private double kernel(int n, int xo, int yo) {
        int step = of.columns().stride();
        if (step == 1 && !zeroX && !zeroY)
            return kernel(n, x, xo, y, yo);
        double sum = 0;
        for (int j = 0; j < n; j++) {
            float a = x[xo + j * step], b = y[yo + j];
            if (!(zeroX && a == 0 || zeroY && b == 0))
                sum += (double) a * b;
        }
        return sum;
    }

    /** Four sums, to hide the latency of one. */
    private static double kernel(int n, float[] x, int xo, float[] y, int yo) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int j = 0;
        for (; j + 4 <= n; j += 4) {
            s0 += (double) x[xo + j] * y[yo + j];
            s1 += (double) x[xo + j + 1] * y[yo + j + 1];
            s2 += (double) x[xo + j + 2] * y[yo + j + 2];
            s3 += (double) x[xo + j + 3] * y[yo + j + 3];
        }
        for (; j < n; j++)
            s0 += (double) x[xo + j] * y[yo + j];
        return s0 + s1 + (s2 + s3);
    }

    private void output(int n, int xo, float v, int yo) {
        int step = of.columns().stride();
        if (zeroW && v == 0)
            return;
        if (zeroX)
            for (int j = 0; j < n; j++)
                y[yo + j] += x[xo + j * step] == 0 ? 0 : v * x[xo + j * step];
        else if (step == 1)
            for (int j = 0; j < n; j++)
                y[yo + j] += v * x[xo + j];
        else
            for (int j = 0; j < n; j++)
                y[yo + j] += v * x[xo + j * step];
    }
}
