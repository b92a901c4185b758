package autograd.kernels.vector.gemm;

import java.util.Arrays;

/**
 * The micro-kernel without vectors, used until {@link FloatMicroKernel} and {@link FloatRowMicroKernel} are
 * compiled. It gives the same bits. Compiled twice: DoublePlainMicroKernel is this file, renamed.
 */
final class FloatPlainMicroKernel {
    private FloatPlainMicroKernel() {}

    /** Computes a tile of h rows and w columns; element (i, p) of a is at {@code ao + i * down + p * right}. */
    static void multiply(int h, int w, int k, float[] a, int ao, int down, int right, float[] b, int bo, int bs,
            float[] c, int co, int cs) {
        for (int i = 0; i < h; i++) {
            Arrays.fill(c, co + i * cs, co + i * cs + w, 0);
            for (int p = 0; p < k; p++)
                add(w, a[ao + i * down + p * right], b, bo + p * bs, c, co + i * cs);
        }
    }

    private static void add(int w, float x, float[] b, int bo, float[] c, int co) {
        for (int j = 0; j < w; j++)
            c[co + j] = Math.fma(x, b[bo + j], c[co + j]);
    }
}
