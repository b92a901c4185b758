package autograd.kernels;

/**
 * Matrix product by plain loops that HotSpot turns into vector code. Rows of b and c are first copied into
 * arrays of their own, because loops only vectorise where every operand starts at offset 0, and blocks are
 * chosen to stay in the caches. Compiled twice: DoubleMatmul is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatMatmul {
    private static final int BLOCK_K = 128, BLOCK_N = 256, SMALL = 16;

    private FloatMatmul() {}

    /** {@code c[i, j] = sum over p of a[i, p] * b[p, j]} into contiguous c, which holds zeros. */
    static void multiply(int m, int n, int k, float[] a, int ao, int ai, int ap, float[] b, int bo, int bp, int bj,
            float[] c, int co) {
        if (m < 4 || n < SMALL || k < 4) {
            small(m, n, k, a, ao, ai, ap, b, bo, bp, bj, c, co);
            return;
        }
        int depth = Math.min(k, BLOCK_K), width = Math.min(n, BLOCK_N);
        float[][] rows = new float[depth][width];
        float[] c0 = new float[width], c1 = new float[width];
        for (int j = 0; j < n; j += width) {
            int w = Math.min(width, n - j);
            for (int p = 0; p < k; p += depth) {
                int d = Math.min(depth, k - p);
                pack(d, w, b, bo + p * bp + j * bj, bp, bj, rows);
                for (int i = 0; i < m; i += 2) {
                    int at = ao + i * ai + p * ap, to = co + i * n + j, next = i + 1 < m ? 1 : 0;
                    System.arraycopy(c, to, c0, 0, w);
                    System.arraycopy(c, to + next * n, c1, 0, w);
                    twoRows(d, w, a, at, at + next * ai, ap, rows, c0, c1);
                    System.arraycopy(c0, 0, c, to, w);
                    if (next == 1)
                        System.arraycopy(c1, 0, c, to + n, w);
                }
            }
        }
    }

    /** Where blocks do not pay: one sum per element, in double. */
    private static void small(int m, int n, int k, float[] a, int ao, int ai, int ap, float[] b, int bo, int bp, int bj,
            float[] c, int co) {
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int p = 0; p < k; p++)
                    sum += (double) a[ao + i * ai + p * ap] * b[bo + p * bp + j * bj];
                c[co + i * n + j] = (float) sum;
            }
    }

    private static void pack(int d, int w, float[] b, int bo, int bp, int bj, float[][] rows) {
        if (bj == 1) {
            for (int p = 0; p < d; p++)
                System.arraycopy(b, bo + p * bp, rows[p], 0, w);
            return;
        }
        for (int j = 0; j < w; j++)
            for (int p = 0; p < d; p++)
                rows[p][j] = b[bo + p * bp + j * bj];
    }

    private static void twoRows(int d, int w, float[] a, int r0, int r1, int ap, float[][] rows, float[] c0,
            float[] c1) {
        int p = 0;
        for (; p + 4 <= d; p += 4)
            axpy4(w, a[r0 + p * ap], a[r0 + (p + 1) * ap], a[r0 + (p + 2) * ap], a[r0 + (p + 3) * ap], a[r1 + p * ap],
                    a[r1 + (p + 1) * ap], a[r1 + (p + 2) * ap], a[r1 + (p + 3) * ap], rows[p], rows[p + 1], rows[p + 2],
                    rows[p + 3], c0, c1);
        for (; p < d; p++)
            axpy(w, a[r0 + p * ap], a[r1 + p * ap], rows[p], c0, c1);
    }

    private static void axpy4(int w, float x0, float x1, float x2, float x3, float y0, float y1, float y2, float y3,
            float[] b0, float[] b1, float[] b2, float[] b3, float[] c0, float[] c1) {
        for (int j = 0; j < w; j++) {
            float p = b0[j], q = b1[j], r = b2[j], s = b3[j];
            c0[j] += x0 * p + x1 * q + (x2 * r + x3 * s);
            c1[j] += y0 * p + y1 * q + (y2 * r + y3 * s);
        }
    }

    private static void axpy(int w, float x, float y, float[] b, float[] c0, float[] c1) {
        for (int j = 0; j < w; j++) {
            c0[j] += x * b[j];
            c1[j] += y * b[j];
        }
    }
}
