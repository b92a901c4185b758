package autograd.kernels;

/** The innermost loops from one dtype to the other; for rows without gaps HotSpot makes vector code. */
final class Casts {
    private Casts() {}

    static void widen(int n, float[] x, int xo, int xs, double[] y, int yo, int ys) {
        if (xs == 1 && ys == 1)
            for (int i = 0; i < n; i++)
                y[yo + i] = x[xo + i];
        else
            for (int i = 0; i < n; i++)
                y[yo + i * ys] = x[xo + i * xs];
    }

    static void round(int n, double[] x, int xo, int xs, float[] y, int yo, int ys) {
        if (xs == 1 && ys == 1)
            for (int i = 0; i < n; i++)
                y[yo + i] = (float) x[xo + i];
        else
            for (int i = 0; i < n; i++)
                y[yo + i * ys] = (float) x[xo + i * xs];
    }
}
