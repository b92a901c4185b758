package autograd.kernels;

import autograd.array.Shape;
import autograd.kernels.Convolution.Part;

import java.util.Arrays;

/**
 * Convolution by im2col and a matrix product: the columns matrix has a row for each kernel element and a
 * column for each window. Padding is zeros, so the result is that of {@link FloatDirectConvolution} where
 * everything is finite. Compiled twice: DoubleIm2col is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatIm2col {
    /** Elements of columns that stay in the L2 cache. */
    private static final int SIZE = 1 << 17;

    private final Convolution of;
    private final Part part;
    private final int in, out, window, terms, windows, rows;
    private final float[] x, w, y, columns, sums;
    /** Of a kernel gradient: the sums over all windows so far. */
    private final double[] totals;

    /** Arrays are contiguous and begin at 0; the part to compute holds zeros. */
    FloatIm2col(Convolution of, Part part, float[] x, float[] w, float[] y) {
        Shape kernel = of.kernel();
        this.of = of;
        this.part = part;
        this.x = x;
        this.w = w;
        this.y = y;
        this.in = kernel.dim(1);
        this.out = kernel.dim(0) / of.groups();
        this.window = kernel.dim(2) * kernel.dim(3);
        this.terms = in * window;
        this.windows = of.output().dim(2) * of.output().dim(3);
        int across = of.output().dim(3);
        this.rows = Math.clamp(SIZE / Math.max(1, terms * across), 1, Math.max(1, of.output().dim(2)));
        this.columns = new float[terms * rows * across];
        this.sums = new float[part == Part.KERNEL ? out * terms : 0];
        this.totals = new double[sums.length * of.groups()];
    }

    /** Adds all terms to the part, some rows of windows at a time. */
    void add() {
        int size = in * of.image().dim(2) * of.image().dim(3), across = of.output().dim(3);
        for (int n = 0; n < of.image().dim(0); n++)
            for (int g = 0; g < of.groups(); g++)
                for (int i = 0, at = n * of.groups() + g; i < of.output().dim(2); i += rows)
                    add(at * size, new FloatMatrix(w, g * out * terms, terms, 1),
                            new FloatMatrix(y, at * out * windows + i * across, windows, 1), i,
                            Math.min(rows, of.output().dim(2) - i));
        for (int j = 0; j < totals.length; j++)
            w[j] = (float) totals[j];
    }

    /** Adds the terms of m rows of windows, of one group of one image. */
    private void add(int xo, FloatMatrix kernel, FloatMatrix output, int first, int m) {
        int n = m * of.output().dim(3);
        FloatMatrix seen = new FloatMatrix(columns, 0, n, 1);
        if (part == Part.IMAGE)
            FloatMatmul.multiply(terms, n, out, kernel.transposed(), output, seen);
        else
            Arrays.fill(columns, 0);
        move(xo, first, m);
        if (part == Part.OUTPUT)
            FloatMatmul.multiply(out, n, terms, kernel, seen, output);
        if (part == Part.KERNEL) {
            FloatMatmul.multiply(out, terms, n, output, seen.transposed(), new FloatMatrix(sums, 0, terms, 1));
            for (int j = 0; j < sums.length; j++)
                totals[kernel.offset() + j] += sums[j];
        }
    }

    /** im2col; for the image gradient, col2im. */
    private void move(int xo, int first, int m) {
        int height = of.image().dim(2), width = of.image().dim(3), across = of.output().dim(3),
                step = of.columns().stride();
        for (int r = 0; r < terms; r++) {
            int p = r % window / of.kernel().dim(3), q = r % of.kernel().dim(3), left = of.columns().first(q);
            int end = of.rows().end(p, first + m, height), n = of.columns().end(q, across, width) - left;
            for (int i = Math.max(first, of.rows().first(p)); i < end && n > 0; i++) {
                int row = r / window * height + of.rows().position(i, p);
                int from = xo + row * width + of.columns().position(left, q),
                        to = (r * m + i - first) * across + left;
                if (part == Part.IMAGE)
                    add(n, columns, to, x, from, step);
                else
                    copy(n, x, from, step, columns, to);
            }
        }
    }

    private static void add(int n, float[] from, int at, float[] to, int start, int step) {
        for (int j = 0; j < n; j++)
            to[start + j * step] += from[at + j];
    }

    private static void copy(int n, float[] from, int start, int step, float[] to, int at) {
        for (int j = 0; j < n; j++)
            to[at + j] = from[start + j * step];
    }
}
