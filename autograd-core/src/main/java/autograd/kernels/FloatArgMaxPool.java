package autograd.kernels;

/** The definition of pooling, in plain loops. Compiled twice: DoubleArgMaxPool is this file, renamed. */
final class FloatArgMaxPool {
    private FloatArgMaxPool() {}

    /** {@link Kernels#argMaxPool} for one plane at xo. */
    static void argMax(float[] x, int xo, int height, int width, int size, int stride, int padding, int[] y, int yo) {
        long rows = Convolution.windows(height, size, stride, padding, 1),
                columns = Convolution.windows(width, size, stride, padding, 1);
        int to = yo;
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++) {
                int i = r * stride - padding, j = c * stride - padding;
                y[to++] = largest(x, xo, width, Math.max(i, 0), (int) Math.min((long) i + size, height), Math.max(j, 0),
                        (int) Math.min((long) j + size, width));
            }
    }

    /** The position of the largest element in a window. */
    private static int largest(float[] x, int xo, int width, int top, int bottom, int left, int right) {
        int best = top * width + left;
        float max = x[xo + best];
        for (int i = top; i < bottom; i++)
            for (int at = i * width + left; at < i * width + right; at++) {
                float v = x[xo + at];
                if (v > max || v != v && max == max) { // or v is the first NaN
                    max = v;
                    best = at;
                }
            }
        return best;
    }
}
