package autograd.kernels.vector.gemm;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.kernels.hotspot.CompileGate;

import jdk.incubator.vector.FloatVector;

/**
 * Micro-kernels of full height for panels that are packed row by row, {@link #STRIDE} apart. To pack rows
 * that have no gaps takes a third of the time of transposing them. The sums have the same bits as those of
 * {@link FloatMicroKernel}. Compiled twice: DoubleRowMicroKernel is this file, renamed.
 */
final class FloatRowMicroKernel {
    /**
     * A constant, so that it is encoded in the instructions; no power of two, so that rows do not share cache
     * lines.
     */
    static final int STRIDE = FloatGemm.DEPTH + LANES;

    private static final CompileGate ONE = new CompileGate(() -> call(1)),
            TWO = new CompileGate(() -> call(2));

    private FloatRowMicroKernel() {}

    private static Runnable call(int vectors) {
        float[] a = new float[FloatMicroKernel.HEIGHT * STRIDE],
                b = new float[FloatMicroKernel.WIDTH * CompileGate.TERMS];
        float[] c = new float[FloatMicroKernel.HEIGHT * FloatMicroKernel.WIDTH];
        return () -> tile(vectors, CompileGate.TERMS, a, 0, b, 0, FloatMicroKernel.WIDTH, c, 0, FloatMicroKernel.WIDTH);
    }

    /**
     * Computes a tile of full height in one or two vectors per row; element (i, p) of a is at {@code ao + i
     * * STRIDE + p}.
     */
    static void multiply(int vectors, int k, float[] a, int ao, float[] b, int bo, int bs, float[] c, int co, int cs) {
        if ((vectors == 1 ? ONE : TWO).isOpen(FloatMicroKernel.HEIGHT * vectors * LANES * k))
            tile(vectors, k, a, ao, b, bo, bs, c, co, cs);
        else
            FloatPlainMicroKernel.multiply(FloatMicroKernel.HEIGHT, vectors * LANES, k, a, ao, STRIDE, 1, b, bo, bs, c,
                    co, cs);
    }

    private static void tile(int vectors, int k, float[] a, int ao, float[] b, int bo, int bs, float[] c, int co,
            int cs) {
        boolean tall = FloatMicroKernel.HEIGHT == 12;
        if (tall && vectors == 2)
            tile12x2(k, a, ao, b, bo, bs, c, co, cs);
        else if (tall)
            tile12x1(k, a, ao, b, bo, bs, c, co, cs);
        else if (vectors == 2)
            tile4x2(k, a, ao, b, bo, bs, c, co, cs);
        else
            tile4x1(k, a, ao, b, bo, bs, c, co, cs);
    }

    private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }

    private static FloatVector repeat(float x) { return FloatVector.broadcast(S, x); }

    private static void tile12x2(int k, float[] a, int ao, float[] b, int bo, int bs, float[] c, int co, int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero;
        FloatVector c4 = zero, d4 = zero, c5 = zero, d5 = zero, c6 = zero, d6 = zero, c7 = zero, d7 = zero;
        FloatVector c8 = zero, d8 = zero, c9 = zero, d9 = zero, c10 = zero, d10 = zero, c11 = zero, d11 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p, j = bo + p * bs;
            FloatVector x = load(b, j), y = load(b, j + LANES), r;
            r = repeat(a[i]);
            c0 = r.fma(x, c0);
            d0 = r.fma(y, d0);
            r = repeat(a[i + STRIDE]);
            c1 = r.fma(x, c1);
            d1 = r.fma(y, d1);
            r = repeat(a[i + 2 * STRIDE]);
            c2 = r.fma(x, c2);
            d2 = r.fma(y, d2);
            r = repeat(a[i + 3 * STRIDE]);
            c3 = r.fma(x, c3);
            d3 = r.fma(y, d3);
            r = repeat(a[i + 4 * STRIDE]);
            c4 = r.fma(x, c4);
            d4 = r.fma(y, d4);
            r = repeat(a[i + 5 * STRIDE]);
            c5 = r.fma(x, c5);
            d5 = r.fma(y, d5);
            r = repeat(a[i + 6 * STRIDE]);
            c6 = r.fma(x, c6);
            d6 = r.fma(y, d6);
            r = repeat(a[i + 7 * STRIDE]);
            c7 = r.fma(x, c7);
            d7 = r.fma(y, d7);
            r = repeat(a[i + 8 * STRIDE]);
            c8 = r.fma(x, c8);
            d8 = r.fma(y, d8);
            r = repeat(a[i + 9 * STRIDE]);
            c9 = r.fma(x, c9);
            d9 = r.fma(y, d9);
            r = repeat(a[i + 10 * STRIDE]);
            c10 = r.fma(x, c10);
            d10 = r.fma(y, d10);
            r = repeat(a[i + 11 * STRIDE]);
            c11 = r.fma(x, c11);
            d11 = r.fma(y, d11);
        }
        c0.intoArray(c, co);
        d0.intoArray(c, co + LANES);
        c1.intoArray(c, co + cs);
        d1.intoArray(c, co + cs + LANES);
        c2.intoArray(c, co + 2 * cs);
        d2.intoArray(c, co + 2 * cs + LANES);
        c3.intoArray(c, co + 3 * cs);
        d3.intoArray(c, co + 3 * cs + LANES);
        c4.intoArray(c, co + 4 * cs);
        d4.intoArray(c, co + 4 * cs + LANES);
        c5.intoArray(c, co + 5 * cs);
        d5.intoArray(c, co + 5 * cs + LANES);
        c6.intoArray(c, co + 6 * cs);
        d6.intoArray(c, co + 6 * cs + LANES);
        c7.intoArray(c, co + 7 * cs);
        d7.intoArray(c, co + 7 * cs + LANES);
        c8.intoArray(c, co + 8 * cs);
        d8.intoArray(c, co + 8 * cs + LANES);
        c9.intoArray(c, co + 9 * cs);
        d9.intoArray(c, co + 9 * cs + LANES);
        c10.intoArray(c, co + 10 * cs);
        d10.intoArray(c, co + 10 * cs + LANES);
        c11.intoArray(c, co + 11 * cs);
        d11.intoArray(c, co + 11 * cs + LANES);
    }

    private static void tile12x1(int k, float[] a, int ao, float[] b, int bo, int bs, float[] c, int co, int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
        FloatVector c8 = zero, c9 = zero, c10 = zero, c11 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p;
            FloatVector x = load(b, bo + p * bs);
            c0 = repeat(a[i]).fma(x, c0);
            c1 = repeat(a[i + STRIDE]).fma(x, c1);
            c2 = repeat(a[i + 2 * STRIDE]).fma(x, c2);
            c3 = repeat(a[i + 3 * STRIDE]).fma(x, c3);
            c4 = repeat(a[i + 4 * STRIDE]).fma(x, c4);
            c5 = repeat(a[i + 5 * STRIDE]).fma(x, c5);
            c6 = repeat(a[i + 6 * STRIDE]).fma(x, c6);
            c7 = repeat(a[i + 7 * STRIDE]).fma(x, c7);
            c8 = repeat(a[i + 8 * STRIDE]).fma(x, c8);
            c9 = repeat(a[i + 9 * STRIDE]).fma(x, c9);
            c10 = repeat(a[i + 10 * STRIDE]).fma(x, c10);
            c11 = repeat(a[i + 11 * STRIDE]).fma(x, c11);
        }
        c0.intoArray(c, co);
        c1.intoArray(c, co + cs);
        c2.intoArray(c, co + 2 * cs);
        c3.intoArray(c, co + 3 * cs);
        c4.intoArray(c, co + 4 * cs);
        c5.intoArray(c, co + 5 * cs);
        c6.intoArray(c, co + 6 * cs);
        c7.intoArray(c, co + 7 * cs);
        c8.intoArray(c, co + 8 * cs);
        c9.intoArray(c, co + 9 * cs);
        c10.intoArray(c, co + 10 * cs);
        c11.intoArray(c, co + 11 * cs);
    }

    private static void tile4x2(int k, float[] a, int ao, float[] b, int bo, int bs, float[] c, int co, int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p, j = bo + p * bs;
            FloatVector x = load(b, j), y = load(b, j + LANES), r;
            r = repeat(a[i]);
            c0 = r.fma(x, c0);
            d0 = r.fma(y, d0);
            r = repeat(a[i + STRIDE]);
            c1 = r.fma(x, c1);
            d1 = r.fma(y, d1);
            r = repeat(a[i + 2 * STRIDE]);
            c2 = r.fma(x, c2);
            d2 = r.fma(y, d2);
            r = repeat(a[i + 3 * STRIDE]);
            c3 = r.fma(x, c3);
            d3 = r.fma(y, d3);
        }
        c0.intoArray(c, co);
        d0.intoArray(c, co + LANES);
        c1.intoArray(c, co + cs);
        d1.intoArray(c, co + cs + LANES);
        c2.intoArray(c, co + 2 * cs);
        d2.intoArray(c, co + 2 * cs + LANES);
        c3.intoArray(c, co + 3 * cs);
        d3.intoArray(c, co + 3 * cs + LANES);
    }

    private static void tile4x1(int k, float[] a, int ao, float[] b, int bo, int bs, float[] c, int co, int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p;
            FloatVector x = load(b, bo + p * bs);
            c0 = repeat(a[i]).fma(x, c0);
            c1 = repeat(a[i + STRIDE]).fma(x, c1);
            c2 = repeat(a[i + 2 * STRIDE]).fma(x, c2);
            c3 = repeat(a[i + 3 * STRIDE]).fma(x, c3);
        }
        c0.intoArray(c, co);
        c1.intoArray(c, co + cs);
        c2.intoArray(c, co + 2 * cs);
        c3.intoArray(c, co + 3 * cs);
    }
}
