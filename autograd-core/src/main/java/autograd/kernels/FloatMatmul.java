package autograd.kernels;

import java.util.Arrays;

/**
 * The matrix product, in plain loops that HotSpot vectorizes. For that, each operand of the innermost loop is
 * an array that begins at index 0, so rows of b and sums are copied to scratch; each loop writes one row,
 * because HotSpot must assume that two overlap; and the body is small: four products per sum pay for loading
 * and storing it, but a body of ten is not vectorized. It does not use fused multiply-add, which is very slow
 * on processors that lack it. Compiled twice: DoubleMatmul is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatMatmul {
    /** Four rows of b stay in the L1 cache, the sums in the L2 cache. */
    private static final int HEIGHT = 64, WIDTH = 2048 / Float.BYTES;
    /** The terms of a sum that are added one after another, four at a time. */
    private static final int DEPTH = 2048;
    /** Shorter rows are mostly the scalar head and tail of a vectorized loop. */
    private static final int NARROW = 16;

    private FloatMatmul() {}

    /** {@code c[i, j] = sum over p of a[i, p] * b[p, j]} for m rows, n columns and k terms. Overwrites c. */
    static void multiply(int m, int n, int k, FloatMatrix a, FloatMatrix b, FloatMatrix c) {
        if (m > 0 && n > 0)
            FloatMatrix.pairwise(m, n, k, DEPTH, a, b, c, (terms, x, y, z) -> part(m, n, terms, x, y, z));
    }

    private static void part(int m, int n, int k, FloatMatrix a, FloatMatrix b, FloatMatrix c) {
        if (Math.max(m, n) < NARROW)
            FloatMatrix.multiply(m, n, k, a, b, c);
        else if (n < m && n < WIDTH / 2) // compute the transpose, whose rows are longer
            blocks(n, m, k, b.transposed(), a.transposed(), c.transposed());
        else
            blocks(m, n, k, a, b, c);
    }

    private static void blocks(int m, int n, int k, FloatMatrix a, FloatMatrix b, FloatMatrix c) {
        int height = part(m, HEIGHT), width = part(n, WIDTH);
        float[][] sums = new float[height][width], rows = new float[4][width];
        for (int i = 0; i < m; i += height)
            for (int j = 0; j < n; j += width) {
                int h = Math.min(height, m - i), w = Math.min(width, n - j);
                for (int p = 0; p < k; p += 4) {
                    int d = Math.min(4, k - p);
                    pack(d, w, b, p, j, rows);
                    for (int r = 0; r < h; r++)
                        add(d, w, a, a.at(i + r, p), rows, sums[r]);
                }
                unpack(h, w, sums, c, i, j);
            }
    }

    /** The size of a part if n is cut into the fewest parts of at most {@code most}, about equal. */
    private static int part(int n, int most) {
        int parts = (n + most - 1) / most;
        return (n + parts - 1) / parts;
    }

    /** Packs d rows of b, from (p, j) on, and fills up to four with zeros. */
    private static void pack(int d, int w, FloatMatrix b, int p, int j, float[][] rows) {
        int from = b.at(p, j);
        if (b.right() == 1)
            for (int q = 0; q < d; q++)
                System.arraycopy(b.data(), from + q * b.down(), rows[q], 0, w);
        else if (d == 4)
            packFour(w, b.data(), from, b.down(), b.right(), rows[0], rows[1], rows[2], rows[3]);
        else
            for (int q = 0; q < d; q++)
                for (int e = 0; e < w; e++)
                    rows[q][e] = b.data()[from + q * b.down() + e * b.right()];
        for (int q = d; q < 4; q++)
            Arrays.fill(rows[q], 0);
    }

    /** Four rows at once, because in a transposed b their elements are neighbours. */
    private static void packFour(int w, float[] b, int from, int down, int right, float[] r0, float[] r1, float[] r2,
            float[] r3) {
        for (int e = 0, at = from; e < w; e++, at += right) {
            r0[e] = b[at];
            r1[e] = b[at + down];
            r2[e] = b[at + 2 * down];
            r3[e] = b[at + 3 * down];
        }
    }

    /** Adds d rows, multiplied by d elements of a, to the sums. */
    private static void add(int d, int w, FloatMatrix a, int at, float[][] rows, float[] sums) {
        float[] x = a.data();
        int right = a.right();
        addFour(w, x[at], rows[0], d > 1 ? x[at + right] : 0, rows[1], d > 2 ? x[at + 2 * right] : 0, rows[2],
                d > 3 ? x[at + 3 * right] : 0, rows[3], sums);
    }

    private static void addFour(int w, float x0, float[] r0, float x1, float[] r1, float x2, float[] r2, float x3,
            float[] r3, float[] sums) {
        for (int j = 0; j < w; j++)
            sums[j] += x0 * r0[j] + x1 * r1[j] + (x2 * r2[j] + x3 * r3[j]);
    }

    /** Moves the sums to c, from (i, j) on, and clears them. */
    private static void unpack(int h, int w, float[][] sums, FloatMatrix c, int i, int j) {
        int r = 0;
        if (c.right() != 1)
            for (; r + 4 <= h; r += 4)
                unpackFour(w, sums[r], sums[r + 1], sums[r + 2], sums[r + 3], c.data(), c.at(i + r, j), c.down(),
                        c.right());
        for (; r < h; r++) {
            int to = c.at(i + r, j);
            if (c.right() == 1)
                System.arraycopy(sums[r], 0, c.data(), to, w);
            else
                for (int e = 0; e < w; e++)
                    c.data()[to + e * c.right()] = sums[r][e];
        }
        for (float[] row : sums)
            Arrays.fill(row, 0);
    }

    private static void unpackFour(int w, float[] s0, float[] s1, float[] s2, float[] s3, float[] c, int to, int down,
            int right) {
        for (int e = 0, at = to; e < w; e++, at += right) {
            c[at] = s0[e];
            c[at + down] = s1[e];
            c[at + 2 * down] = s2[e];
            c[at + 3 * down] = s3[e];
        }
    }
}
