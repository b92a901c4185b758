package autograd.kernels.vector.gemm;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.kernels.hotspot.CompileGate;
import autograd.kernels.vector.lanes.VectorRegisters;

import jdk.incubator.vector.FloatVector;

/**
 * Micro-kernels: h rows times one or two vectors of columns, {@code c[i, j] = sum over p of a[i, p] * b[p,
 * j]}, with all sums in registers. Element (i, p) of a is at {@code ao + i + p * as}, a row of b at {@code
 * bo + p * bs}, a row of c at {@code co + i * cs}. Each sum is a chain of fused multiply-adds in the order of
 * p, so the bits depend neither on h nor on where a tile begins. The methods only store, and c is added to
 * elsewhere, so that they are small enough for C1: a method that C1 refuses can stay in its slow profiling
 * tier for ever. Compiled twice: DoubleMicroKernel is this file, renamed.
 */
final class FloatMicroKernel {
    /** The columns of the widest tile. */
    static final int WIDTH = 2 * LANES;
    /**
     * The rows of the tallest tile. 32 registers hold 24 sums. In 16 registers C2 keeps 8 sums after any history;
     * of 10 or 12 it spills some, depending on how it happens to order the instructions.
     */
    static final int HEIGHT = VectorRegisters.COUNT == 32 ? 12 : 4;
    /** By height and number of vectors, as in {@link #multiply}. */
    private static final CompileGate[] GATES = new CompileGate[2 * HEIGHT + 2];

    static {
        for (int h = 4; h <= HEIGHT; h += 4)
            for (int vectors = 1; vectors <= 2; vectors++) {
                int height = h, width = vectors;
                GATES[h * 2 + vectors - 1] = new CompileGate(() -> call(height, width));
            }
    }

    private FloatMicroKernel() {}

    private static Runnable call(int h, int vectors) {
        float[] a = new float[HEIGHT + LANES * CompileGate.TERMS], b = new float[WIDTH * CompileGate.TERMS],
                c = new float[h * WIDTH];
        return () -> tile(h, vectors, CompileGate.TERMS, a, 0, LANES, b, 0, WIDTH, c, 0, WIDTH);
    }

    /** Computes a tile of a height that has a micro-kernel, in one or two vectors per row. */
    static void multiply(int h, int vectors, int k, float[] a, int ao, int as, float[] b, int bo, int bs, float[] c,
            int co, int cs) {
        if (GATES[h * 2 + vectors - 1].isOpen(h * vectors * LANES * k))
            tile(h, vectors, k, a, ao, as, b, bo, bs, c, co, cs);
        else
            FloatPlainMicroKernel.multiply(h, vectors * LANES, k, a, ao, 1, as, b, bo, bs, c, co, cs);
    }

    private static void tile(int h, int vectors, int k, float[] a, int ao, int as, float[] b, int bo, int bs, float[] c,
            int co, int cs) {
        switch (h * 2 + vectors - 1) {
            case 24 -> tile12x1(k, a, ao, as, b, bo, bs, c, co, cs);
            case 25 -> tile12x2(k, a, ao, as, b, bo, bs, c, co, cs);
            case 16 -> tile8x1(k, a, ao, as, b, bo, bs, c, co, cs);
            case 17 -> tile8x2(k, a, ao, as, b, bo, bs, c, co, cs);
            case 8 -> tile4x1(k, a, ao, as, b, bo, bs, c, co, cs);
            case 9 -> {
                if (as == 4)
                    packed4x2(k, a, ao, b, bo, bs, c, co, cs);
                else
                    tile4x2(k, a, ao, as, b, bo, bs, c, co, cs);
            }
            default -> throw new AssertionError(h + " x " + vectors);
        }
    }

    private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }

    private static FloatVector repeat(float x) { return FloatVector.broadcast(S, x); }

    private static void tile12x2(int k, float[] a, int ao, int as, float[] b, int bo, int bs, float[] c, int co,
            int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero;
        FloatVector c4 = zero, d4 = zero, c5 = zero, d5 = zero, c6 = zero, d6 = zero, c7 = zero, d7 = zero;
        FloatVector c8 = zero, d8 = zero, c9 = zero, d9 = zero, c10 = zero, d10 = zero, c11 = zero, d11 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p * as, j = bo + p * bs;
            FloatVector x = load(b, j), y = load(b, j + LANES), r;
            r = repeat(a[i]);
            c0 = r.fma(x, c0);
            d0 = r.fma(y, d0);
            r = repeat(a[i + 1]);
            c1 = r.fma(x, c1);
            d1 = r.fma(y, d1);
            r = repeat(a[i + 2]);
            c2 = r.fma(x, c2);
            d2 = r.fma(y, d2);
            r = repeat(a[i + 3]);
            c3 = r.fma(x, c3);
            d3 = r.fma(y, d3);
            r = repeat(a[i + 4]);
            c4 = r.fma(x, c4);
            d4 = r.fma(y, d4);
            r = repeat(a[i + 5]);
            c5 = r.fma(x, c5);
            d5 = r.fma(y, d5);
            r = repeat(a[i + 6]);
            c6 = r.fma(x, c6);
            d6 = r.fma(y, d6);
            r = repeat(a[i + 7]);
            c7 = r.fma(x, c7);
            d7 = r.fma(y, d7);
            r = repeat(a[i + 8]);
            c8 = r.fma(x, c8);
            d8 = r.fma(y, d8);
            r = repeat(a[i + 9]);
            c9 = r.fma(x, c9);
            d9 = r.fma(y, d9);
            r = repeat(a[i + 10]);
            c10 = r.fma(x, c10);
            d10 = r.fma(y, d10);
            r = repeat(a[i + 11]);
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

    private static void tile12x1(int k, float[] a, int ao, int as, float[] b, int bo, int bs, float[] c, int co,
            int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
        FloatVector c8 = zero, c9 = zero, c10 = zero, c11 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p * as, j = bo + p * bs;
            FloatVector x = load(b, j);
            c0 = repeat(a[i]).fma(x, c0);
            c1 = repeat(a[i + 1]).fma(x, c1);
            c2 = repeat(a[i + 2]).fma(x, c2);
            c3 = repeat(a[i + 3]).fma(x, c3);
            c4 = repeat(a[i + 4]).fma(x, c4);
            c5 = repeat(a[i + 5]).fma(x, c5);
            c6 = repeat(a[i + 6]).fma(x, c6);
            c7 = repeat(a[i + 7]).fma(x, c7);
            c8 = repeat(a[i + 8]).fma(x, c8);
            c9 = repeat(a[i + 9]).fma(x, c9);
            c10 = repeat(a[i + 10]).fma(x, c10);
            c11 = repeat(a[i + 11]).fma(x, c11);
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

    private static void tile8x2(int k, float[] a, int ao, int as, float[] b, int bo, int bs, float[] c, int co,
            int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero;
        FloatVector c4 = zero, d4 = zero, c5 = zero, d5 = zero, c6 = zero, d6 = zero, c7 = zero, d7 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p * as, j = bo + p * bs;
            FloatVector x = load(b, j), y = load(b, j + LANES), r;
            r = repeat(a[i]);
            c0 = r.fma(x, c0);
            d0 = r.fma(y, d0);
            r = repeat(a[i + 1]);
            c1 = r.fma(x, c1);
            d1 = r.fma(y, d1);
            r = repeat(a[i + 2]);
            c2 = r.fma(x, c2);
            d2 = r.fma(y, d2);
            r = repeat(a[i + 3]);
            c3 = r.fma(x, c3);
            d3 = r.fma(y, d3);
            r = repeat(a[i + 4]);
            c4 = r.fma(x, c4);
            d4 = r.fma(y, d4);
            r = repeat(a[i + 5]);
            c5 = r.fma(x, c5);
            d5 = r.fma(y, d5);
            r = repeat(a[i + 6]);
            c6 = r.fma(x, c6);
            d6 = r.fma(y, d6);
            r = repeat(a[i + 7]);
            c7 = r.fma(x, c7);
            d7 = r.fma(y, d7);
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
    }

    private static void tile8x1(int k, float[] a, int ao, int as, float[] b, int bo, int bs, float[] c, int co,
            int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p * as, j = bo + p * bs;
            FloatVector x = load(b, j);
            c0 = repeat(a[i]).fma(x, c0);
            c1 = repeat(a[i + 1]).fma(x, c1);
            c2 = repeat(a[i + 2]).fma(x, c2);
            c3 = repeat(a[i + 3]).fma(x, c3);
            c4 = repeat(a[i + 4]).fma(x, c4);
            c5 = repeat(a[i + 5]).fma(x, c5);
            c6 = repeat(a[i + 6]).fma(x, c6);
            c7 = repeat(a[i + 7]).fma(x, c7);
        }
        c0.intoArray(c, co);
        c1.intoArray(c, co + cs);
        c2.intoArray(c, co + 2 * cs);
        c3.intoArray(c, co + 3 * cs);
        c4.intoArray(c, co + 4 * cs);
        c5.intoArray(c, co + 5 * cs);
        c6.intoArray(c, co + 6 * cs);
        c7.intoArray(c, co + 7 * cs);
    }

    /**
     * {@link #tile4x2} of a packed panel: with a constant stride C2 moves the bounds checks of a out of the loop,
     * a quarter of the time.
     */
    private static void packed4x2(int k, float[] a, int ao, float[] b, int bo, int bs, float[] c, int co,
            int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p * 4, j = bo + p * bs;
            FloatVector x = load(b, j), y = load(b, j + LANES), r;
            r = repeat(a[i]);
            c0 = r.fma(x, c0);
            d0 = r.fma(y, d0);
            r = repeat(a[i + 1]);
            c1 = r.fma(x, c1);
            d1 = r.fma(y, d1);
            r = repeat(a[i + 2]);
            c2 = r.fma(x, c2);
            d2 = r.fma(y, d2);
            r = repeat(a[i + 3]);
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

    private static void tile4x2(int k, float[] a, int ao, int as, float[] b, int bo, int bs, float[] c, int co,
            int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, d0 = zero, c1 = zero, d1 = zero, c2 = zero, d2 = zero, c3 = zero, d3 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p * as, j = bo + p * bs;
            FloatVector x = load(b, j), y = load(b, j + LANES), r;
            r = repeat(a[i]);
            c0 = r.fma(x, c0);
            d0 = r.fma(y, d0);
            r = repeat(a[i + 1]);
            c1 = r.fma(x, c1);
            d1 = r.fma(y, d1);
            r = repeat(a[i + 2]);
            c2 = r.fma(x, c2);
            d2 = r.fma(y, d2);
            r = repeat(a[i + 3]);
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

    private static void tile4x1(int k, float[] a, int ao, int as, float[] b, int bo, int bs, float[] c, int co,
            int cs) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = zero, c1 = zero, c2 = zero, c3 = zero;
        for (int p = 0; p < k; p++) {
            int i = ao + p * as, j = bo + p * bs;
            FloatVector x = load(b, j);
            c0 = repeat(a[i]).fma(x, c0);
            c1 = repeat(a[i + 1]).fma(x, c1);
            c2 = repeat(a[i + 2]).fma(x, c2);
            c3 = repeat(a[i + 3]).fma(x, c3);
        }
        c0.intoArray(c, co);
        c1.intoArray(c, co + cs);
        c2.intoArray(c, co + 2 * cs);
        c3.intoArray(c, co + 3 * cs);
    }
}
