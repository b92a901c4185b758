package autograd.kernels.vector.convolution;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.kernels.vector.lanes.VectorRegisters;

import jdk.incubator.vector.FloatVector;

/**
 * Micro-kernels of convolution: a few kernels at once over a run of positions, with all sums in registers. A
 * tap is the distance of a kernel element's operand from the position, so im2col is not needed. As in the
 * matrix product, the methods only store and are small enough for C1. Compiled twice:
 * DoubleConvolutionMicroKernel is this file, renamed.
 */
final class FloatConvolutionMicroKernel {
    /** Positions of a tile. */
    static final int WIDTH = 2 * LANES;
    /** Kernels of a tile: 16 sums in 32 registers, 8 in 16. */
    static final int HEIGHT = VectorRegisters.COUNT == 32 ? 8 : 4;

    private FloatConvolutionMicroKernel() {}

    /**
     * {@code y[i, j] = sum over p < n of w[p, i] * x[taps[p] + j]} for {@code length} positions j, a multiple of
     * the width, and the rows i of one tile; w is contiguous.
     */
    static void correlate(int height, int length, int n, int[] taps, float[] w, int wo, float[] x, int xo, float[] y,
            int yo, int ys) {
        for (int j = 0; j < length; j += WIDTH)
            if (height == 8)
                tile8x2(n, taps, w, wo, x, xo + j, y, yo + j, ys);
            else
                tile4x2(n, taps, w, wo, x, xo + j, y, yo + j, ys);
    }

    private static void tile8x2(int n, int[] taps, float[] w, int wo, float[] x, int xo, float[] y, int yo, int ys) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero;
        FloatVector c4 = zero, d4 = zero, c5 = zero, d5 = zero, c6 = zero, d6 = zero, c7 = zero, d7 = zero;
        for (int p = 0; p < n; p++) {
            int at = xo + taps[p], i = wo + p * 8;
            FloatVector v = load(x, at), u = load(x, at + LANES), r;
            r = repeat(w[i]);
            c0 = r.fma(v, c0);
            d0 = r.fma(u, d0);
            r = repeat(w[i + 1]);
            c1 = r.fma(v, c1);
            d1 = r.fma(u, d1);
            r = repeat(w[i + 2]);
            c2 = r.fma(v, c2);
            d2 = r.fma(u, d2);
            r = repeat(w[i + 3]);
            c3 = r.fma(v, c3);
            d3 = r.fma(u, d3);
            r = repeat(w[i + 4]);
            c4 = r.fma(v, c4);
            d4 = r.fma(u, d4);
            r = repeat(w[i + 5]);
            c5 = r.fma(v, c5);
            d5 = r.fma(u, d5);
            r = repeat(w[i + 6]);
            c6 = r.fma(v, c6);
            d6 = r.fma(u, d6);
            r = repeat(w[i + 7]);
            c7 = r.fma(v, c7);
            d7 = r.fma(u, d7);
        }
        store(c0, d0, y, yo);
        store(c1, d1, y, yo + ys);
        store(c2, d2, y, yo + 2 * ys);
        store(c3, d3, y, yo + 3 * ys);
        store(c4, d4, y, yo + 4 * ys);
        store(c5, d5, y, yo + 5 * ys);
        store(c6, d6, y, yo + 6 * ys);
        store(c7, d7, y, yo + 7 * ys);
    }

    private static void tile4x2(int n, int[] taps, float[] w, int wo, float[] x, int xo, float[] y, int yo, int ys) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero;
        for (int p = 0; p < n; p++) {
            int at = xo + taps[p], i = wo + p * 4;
            FloatVector v = load(x, at), u = load(x, at + LANES), r;
            r = repeat(w[i]);
            c0 = r.fma(v, c0);
            d0 = r.fma(u, d0);
            r = repeat(w[i + 1]);
            c1 = r.fma(v, c1);
            d1 = r.fma(u, d1);
            r = repeat(w[i + 2]);
            c2 = r.fma(v, c2);
            d2 = r.fma(u, d2);
            r = repeat(w[i + 3]);
            c3 = r.fma(v, c3);
            d3 = r.fma(u, d3);
        }
        store(c0, d0, y, yo);
        store(c1, d1, y, yo + ys);
        store(c2, d2, y, yo + 2 * ys);
        store(c3, d3, y, yo + 3 * ys);
    }

    /**
     * The inner products of four rows of y, at yo + i * n, with x, from xo on, shifted by four taps, summed over
     * the images. The results are 16 vectors, whose lanes the caller adds up.
     */
    static void dots(int images, int xs, int ys, int length, int n, float[] x, int xo, int[] taps, int p, float[] y,
            int yo, float[] sums) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        FloatVector c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        FloatVector c20 = zero, c21 = zero, c22 = zero, c23 = zero;
        FloatVector c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        int t0 = taps[p], t1 = taps[p + 1], t2 = taps[p + 2], t3 = taps[p + 3];
        for (int image = 0; image < images; image++)
            for (int j = 0; j < length; j += LANES) {
                int at = image * ys + yo + j, from = image * xs + xo + j;
                FloatVector a = load(x, from + t0), b = load(x, from + t1), c = load(x, from + t2),
                        d = load(x, from + t3), r;
                r = load(y, at);
                c00 = r.fma(a, c00);
                c01 = r.fma(b, c01);
                c02 = r.fma(c, c02);
                c03 = r.fma(d, c03);
                r = load(y, at + n);
                c10 = r.fma(a, c10);
                c11 = r.fma(b, c11);
                c12 = r.fma(c, c12);
                c13 = r.fma(d, c13);
                r = load(y, at + 2 * n);
                c20 = r.fma(a, c20);
                c21 = r.fma(b, c21);
                c22 = r.fma(c, c22);
                c23 = r.fma(d, c23);
                r = load(y, at + 3 * n);
                c30 = r.fma(a, c30);
                c31 = r.fma(b, c31);
                c32 = r.fma(c, c32);
                c33 = r.fma(d, c33);
            }
        c00.intoArray(sums, 0);
        c01.intoArray(sums, LANES);
        c02.intoArray(sums, 2 * LANES);
        c03.intoArray(sums, 3 * LANES);
        c10.intoArray(sums, 4 * LANES);
        c11.intoArray(sums, 5 * LANES);
        c12.intoArray(sums, 6 * LANES);
        c13.intoArray(sums, 7 * LANES);
        c20.intoArray(sums, 8 * LANES);
        c21.intoArray(sums, 9 * LANES);
        c22.intoArray(sums, 10 * LANES);
        c23.intoArray(sums, 11 * LANES);
        c30.intoArray(sums, 12 * LANES);
        c31.intoArray(sums, 13 * LANES);
        c32.intoArray(sums, 14 * LANES);
        c33.intoArray(sums, 15 * LANES);
    }

    /** {@code y[j] = sum over p of x[from[p] + j]} for {@code length} positions, a multiple of the width. */
    static void fold(int length, int[] from, float[] x, int xo, float[] y) {
        for (int j = 0; j < length; j += WIDTH) {
            FloatVector s = FloatVector.zero(S), t = s;
            for (int p : from) {
                s = s.add(load(x, xo + p + j));
                t = t.add(load(x, xo + p + j + LANES));
            }
            store(s, t, y, j);
        }
    }

    private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }

    private static FloatVector repeat(float x) { return FloatVector.broadcast(S, x); }

    private static void store(FloatVector x, FloatVector y, float[] to, int at) {
        x.intoArray(to, at);
        y.intoArray(to, at + LANES);
    }
}
