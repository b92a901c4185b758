package autograd.kernels.vector.gemm;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.kernels.FloatMatrix;
import autograd.kernels.vector.parallel.Team;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

import java.util.Arrays;

/**
 * The product of a vector and a matrix: {@code c[j] = sum over p of x[p] * b[p, j]}. Each element of b is
 * used once, so b is not packed, and is read in the order of its storage. Loads are written out: HotSpot
 * never inlines a method into a loop that short vectors rarely enter, and the vector that such a method
 * returns would be an object. Compiled twice: DoubleGemv is this file, renamed.
 */
final class FloatGemv {
    /** As many sums as stay in the L1 cache. */
    private static final int BLOCK = 8192 / Float.BYTES;

    private FloatGemv() {}

    /** For n columns and k terms; the rows of b, or its columns, have no gaps. */
    static void multiply(int n, int k, float[] x, int xo, int xs, float[] b, int bo, int down, int right, float[] c,
            int co) {
        int units = (n + LANES - 1) / LANES, parts = FloatGemm.parts((long) n * k, units);
        if (right == 1)
            Team.run(parts, q -> {
                int to = Math.min(n, FloatGemm.cut(q + 1, parts, units) * LANES);
                for (int j = FloatGemm.cut(q, parts, units) * LANES; j < to; j += BLOCK)
                    rows(Math.min(BLOCK, to - j), k, new FloatMatrix(x, xo, 0, xs), new FloatMatrix(b, bo + j, down, 1),
                            new FloatMatrix(c, co + j, n, 1));
            });
        else {
            float[] y = xs == 1 ? x : copy(k, x, xo, xs);
            int yo = xs == 1 ? xo : 0;
            Team.run(parts, q -> {
                int j = FloatGemm.cut(q, parts, units) * LANES;
                columns(Math.min(n, FloatGemm.cut(q + 1, parts, units) * LANES) - j, k, new FloatMatrix(y, yo, 0, 1),
                        new FloatMatrix(b, bo + j * right, 1, right), new FloatMatrix(c, co + j, n, 1));
            });
        }
    }

    private static void rows(int n, int k, FloatMatrix a, FloatMatrix b, FloatMatrix c) {
        FloatMatrix.pairwise(1, n, k, FloatGemm.DEPTH, a, b, c, (terms, x, y, z) -> rows(n, terms, x.data(), x.offset(),
                x.right(), y.data(), y.offset(), y.down(), z.data(), z.offset()));
    }

    private static void columns(int n, int k, FloatMatrix a, FloatMatrix b, FloatMatrix c) {
        FloatMatrix.pairwise(1, n, k, FloatGemm.DEPTH * LANES, a, b, c, (terms, x, y, z) -> columns(n, terms, x.data(),
                x.offset(), y.data(), y.offset(), y.right(), z.data(), z.offset()));
    }

    private static float[] copy(int k, float[] x, int xo, int xs) {
        float[] y = new float[k];
        for (int p = 0; p < k; p++)
            y[p] = x[xo + p * xs];
        return y;
    }

    /** Adds rows of b, four at a time. */
    private static void rows(int n, int k, float[] x, int xo, int xs, float[] b, int bo, int down, float[] c, int co) {
        Arrays.fill(c, co, co + n, 0);
        int p = 0;
        for (; p + 4 <= k; p += 4) {
            int i = xo + p * xs;
            four(n, x[i], x[i + xs], x[i + 2 * xs], x[i + 3 * xs], b, bo + p * down, down, c, co);
        }
        for (; p < k; p++)
            one(n, x[xo + p * xs], b, bo + p * down, c, co);
    }

    private static void four(int n, float x0, float x1, float x2, float x3, float[] b, int bo, int down, float[] c,
            int co) {
        FloatVector v0 = repeat(x0), v1 = repeat(x1), v2 = repeat(x2), v3 = repeat(x3);
        int j = 0, b1 = bo + down, b2 = b1 + down, b3 = b2 + down;
        for (; j + LANES <= n; j += LANES) {
            FloatVector sum = v1.fma(FloatVector.fromArray(S, b, b1 + j),
                    v0.fma(FloatVector.fromArray(S, b, bo + j), FloatVector.fromArray(S, c, co + j)));
            v3.fma(FloatVector.fromArray(S, b, b3 + j), v2.fma(FloatVector.fromArray(S, b, b2 + j), sum)).intoArray(c,
                    co + j);
        }
        if (j < n) {
            VectorMask<Float> mask = S.indexInRange(j, n);
            FloatVector sum = v1.fma(FloatVector.fromArray(S, b, b1 + j, mask),
                    v0.fma(FloatVector.fromArray(S, b, bo + j, mask), FloatVector.fromArray(S, c, co + j, mask)));
            v3.fma(FloatVector.fromArray(S, b, b3 + j, mask), v2.fma(FloatVector.fromArray(S, b, b2 + j, mask), sum))
                    .intoArray(c, co + j, mask);
        }
    }

    private static void one(int n, float x, float[] b, int bo, float[] c, int co) {
        for (int j = 0; j < n; j++)
            c[co + j] = Math.fma(x, b[bo + j], c[co + j]);
    }

    /** Inner products with columns of b, four at a time. The last group repeats a column to make four. */
    private static void columns(int n, int k, float[] x, int xo, float[] b, int bo, int right, float[] c, int co) {
        float[] sums = new float[4 * LANES];
        for (int j = 0; j < n; j += 4) {
            int last = n - 1 - j, b0 = bo + j * right, b1 = b0 + Math.min(1, last) * right;
            int b2 = b0 + Math.min(2, last) * right, b3 = b0 + Math.min(3, last) * right;
            dots(k, x, xo, b, b0, b1, b2, b3, sums);
            for (int i = 0; i <= Math.min(3, last); i++) {
                float sum = fold(sums, i * LANES);
                for (int p = k / LANES * LANES; p < k; p++)
                    sum = Math.fma(x[xo + p], b[b0 + i * right + p], sum);
                c[co + j + i] = sum;
            }
        }
    }

    private static void dots(int k, float[] x, int xo, float[] b, int b0, int b1, int b2, int b3, float[] sums) {
        FloatVector s0 = FloatVector.zero(S), s1 = FloatVector.zero(S);
        FloatVector s2 = FloatVector.zero(S), s3 = FloatVector.zero(S);
        for (int p = 0; p + LANES <= k; p += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xo + p);
            s0 = v.fma(FloatVector.fromArray(S, b, b0 + p), s0);
            s1 = v.fma(FloatVector.fromArray(S, b, b1 + p), s1);
            s2 = v.fma(FloatVector.fromArray(S, b, b2 + p), s2);
            s3 = v.fma(FloatVector.fromArray(S, b, b3 + p), s3);
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, LANES);
        s2.intoArray(sums, 2 * LANES);
        s3.intoArray(sums, 3 * LANES);
    }

    /** The sum of the lanes, in a fixed order; the order of reduceLanes is unspecified. */
    private static float fold(float[] sums, int at) {
        for (int d = LANES / 2; d > 0; d /= 2)
            for (int i = 0; i < d; i++)
                sums[at + i] += sums[at + i + d];
        return sums[at];
    }

    private static FloatVector repeat(float x) { return FloatVector.broadcast(S, x); }
}
