package autograd.kernels.vector.gemm;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.kernels.hotspot.CompileGate;
import autograd.kernels.vector.lanes.FloatScratch;

import jdk.incubator.vector.FloatVector;

/**
 * Copies a panel of a matrix into the order in which {@link FloatMicroKernel} reads it: element (p, j), at
 * {@code from + p * down + j * right}, goes to {@code to + p * width + j}. It writes whole vectors, so
 * anything may follow the w elements of a row. Compiled twice: DoublePacking is this file, renamed.
 */
final class FloatPacking {
    /** For each stage of a transposition, the lanes of two vectors that make its first result, and its second. */
    private static final float[] FIRST = lanes(0), SECOND = lanes(1);
    private static final CompileGate ONE = new CompileGate(() -> call(1)),
            TWO = new CompileGate(() -> call(2)),
            SQUARES = new CompileGate(FloatPacking::squares);
    /** The first stages of a transposition. */
    private static final FloatScratch SCRATCH = new FloatScratch();

    private FloatPacking() {}

    private static float[] lanes(int which) {
        float[] x = new float[LANES * 5];
        for (int s = 0, d = 1; d < LANES; s++, d *= 2)
            for (int l = 0; l < LANES; l++)
                x[s * LANES + l] = which == 0 ? (l & d) == 0 ? l : LANES + l - d : (l & d) == 0 ? l + d : LANES + l;
        return x;
    }

    /** Has many rows, because a few are copied fast even while vectors are objects. */
    private static Runnable call(int vectors) {
        int rows = 8 * CompileGate.TERMS;
        float[] x = new float[vectors * LANES * rows], y = x.clone();
        return () -> vectors(vectors, rows, x, 0, vectors * LANES, y, 0, vectors * LANES);
    }

    private static Runnable squares() {
        int count = CompileGate.TERMS / 4 * LANES;
        float[] x = new float[LANES * count], y = x.clone(), scratch = x.clone();
        return () -> transpose(LANES, count, x, 0, count, scratch, y, 0, LANES);
    }

    /**
     * Copies k rows of w elements. Only with one vector per row, and rows without gaps, may the width be no
     * multiple of a vector: then the next row overwrites the surplus, and there must be room for it behind the
     * last.
     */
    static void pack(int w, int k, float[] x, int from, int down, int right, float[] panel, int to, int width) {
        int p = 0;
        if (right == 1)
            p = rows(w, k, x, from, down, panel, to, width);
        else if (down == 1 && w > 1 && LANES > 1 && LANES <= 16 && SQUARES.isOpen(w * k)) {
            p = k / LANES * LANES;
            float[] scratch = SCRATCH.take(LANES * FloatGemm.DEPTH);
            for (int j = 0; j < w && p > 0; j += LANES)
                transpose(Math.min(LANES, w - j), p, x, from + j * right, right, scratch, panel, to + j, width);
            SCRATCH.give(scratch);
        }
        for (; p < k; p++)
            for (int j = 0; j < w; j++)
                panel[to + p * width + j] = x[from + p * down + j * right];
    }

    /** Returns the number of rows copied: no whole vector may be read beyond the end of the array. */
    private static int rows(int w, int k, float[] x, int from, int down, float[] panel, int to, int width) {
        int vectors = (w + LANES - 1) / LANES, last = x.length - vectors * LANES;
        if (vectors > 2 || !(vectors == 1 ? ONE : TWO).isOpen(w * k)) {
            for (int p = 0; p < k; p++)
                System.arraycopy(x, from + p * down, panel, to + p * width, w);
            return k;
        }
        int safe = down < 0 || from > last ? 0 : down == 0 ? k : Math.min(k, (last - from) / down + 1);
        vectors(vectors, safe, x, from, down, panel, to, width);
        return safe;
    }

    private static void vectors(int vectors, int k, float[] x, int from, int down, float[] y, int to, int width) {
        if (vectors == 1)
            one(k, x, from, down, y, to, width);
        else
            two(k, x, from, down, y, to, width);
    }

    private static void one(int k, float[] x, int from, int down, float[] y, int to, int width) {
        for (int p = 0; p < k; p++)
            load(x, from + p * down).intoArray(y, to + p * width);
    }

    private static void two(int k, float[] x, int from, int down, float[] y, int to, int width) {
        for (int p = 0; p < k; p++) {
            FloatVector u = load(x, from + p * down), v = load(x, from + p * down + LANES);
            u.intoArray(y, to + p * width);
            v.intoArray(y, to + p * width + LANES);
        }
    }

    /**
     * Transposes squares of h by LANES, two stages at a time; a stage swaps lanes of vectors that are d apart.
     * The last stages swap neighbours, so that the rows of the panel are written in order.
     */
    private static void transpose(int h, int k, float[] x, int from, int stride, float[] scratch, float[] panel, int to,
            int width) {
        int count = k / LANES, square = LANES * LANES;
        switch (LANES) {
            case 2 -> two(count, h, 1, 0, x, from, LANES, stride, panel, to, LANES * width, width);
            case 4 -> four(count, h, 1, 0, x, from, LANES, stride, panel, to, LANES * width, width);
            case 8 -> {
                two(count, h, 4, 2, x, from, LANES, stride, scratch, 0, square, LANES);
                four(count, LANES, 1, 0, scratch, 0, square, LANES, panel, to, LANES * width, width);
            }
            default -> {
                four(count, h, 4, 2, x, from, LANES, stride, scratch, 0, square, LANES);
                four(count, LANES, 1, 0, scratch, 0, square, LANES, panel, to, LANES * width, width);
            }
        }
    }

    private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }

    /** Two stages, for vectors i, i + d, i + 2d, i + 3d; beyond h rows the last one is repeated. */
    private static void four(int count, int h, int d, int stage, float[] x, int from, int next, int xs, float[] y,
            int to, int nextY, int ys) {
        FloatVector f = load(FIRST, stage * LANES), g = load(SECOND, stage * LANES);
        FloatVector m = load(FIRST, (stage + 1) * LANES), n = load(SECOND, (stage + 1) * LANES);
        int groups = (h + 3) / 4;
        if (d > 1)
            groups = Math.min(h, LANES / 4);
        for (int t = 0; t < count; t++, from += next, to += nextY)
            for (int q = 0; q < groups; q++) {
                int i = d == 1 ? 4 * q : q, o = to + i * ys, step = d * ys;
                FloatVector a = load(x, from + i * xs), b = load(x, from + Math.min(i + d, h - 1) * xs);
                FloatVector c = load(x, from + Math.min(i + 2 * d, h - 1) * xs);
                FloatVector e = load(x, from + Math.min(i + 3 * d, h - 1) * xs);
                FloatVector r = f.selectFrom(a, b), s = g.selectFrom(a, b);
                FloatVector u = f.selectFrom(c, e), v = g.selectFrom(c, e);
                m.selectFrom(r, u).intoArray(y, o);
                m.selectFrom(s, v).intoArray(y, o + step);
                n.selectFrom(r, u).intoArray(y, o + 2 * step);
                n.selectFrom(s, v).intoArray(y, o + 3 * step);
            }
    }

    /** One stage, for vectors i and i + d. */
    private static void two(int count, int h, int d, int stage, float[] x, int from, int next, int xs, float[] y,
            int to, int nextY, int ys) {
        FloatVector f = load(FIRST, stage * LANES), g = load(SECOND, stage * LANES);
        for (int t = 0; t < count; t++, from += next, to += nextY)
            for (int i = 0; i < LANES / 2 && i < h; i++) {
                FloatVector a = load(x, from + i * xs), b = load(x, from + Math.min(i + d, h - 1) * xs);
                f.selectFrom(a, b).intoArray(y, to + i * ys);
                g.selectFrom(a, b).intoArray(y, to + (i + d) * ys);
            }
    }
}
