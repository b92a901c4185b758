package autograd.kernels;

/** Deviations of a row's elements from their mean. Compiled twice: DoubleDeviation is this file, renamed. */
@SuppressWarnings("cast") // (double) of a double in the twin
public final class FloatDeviation {
    private FloatDeviation() {}

    /**
     * The root of a row's variance plus epsilon.
     *
     * @param n
     *            how many elements there are
     * @param epsilon
     *            added to the variance
     * @param x
     *            holds the row
     * @param xo
     *            where it begins
     * @param mean
     *            the mean of the row
     * @return {@code sqrt(sum((x - mean)^2) / n + epsilon)}, without over- or underflow
     */
    public static double of(int n, double epsilon, float[] x, int xo, float mean) {
        double squares = squares(n, x, xo, mean, 1);
        if (isExact(squares))
            return Math.sqrt(squares / n + epsilon);
        double largest = 0;
        for (int i = 0; i < n; i++)
            largest = Math.max(largest, Math.abs((double) x[xo + i] - mean));
        if (largest == 0 || !(largest < Double.POSITIVE_INFINITY))
            return Math.sqrt(largest + epsilon);
        double scale = Math.scalb(1.0, -Math.getExponent(largest));
        return Math.hypot(Math.sqrt(squares(n, x, xo, mean, scale) / n) / scale, Math.sqrt(epsilon));
    }

    /**
     * Standardizes a row whose sum, or differences from the mean, may overflow.
     *
     * @param n
     *            how many elements there are
     * @param epsilon
     *            added to the variance
     * @param x
     *            holds the row
     * @param xo
     *            where it begins
     * @param y
     *            gets the result
     * @param yo
     *            where it begins there
     */
    public static void standardize(int n, double epsilon, float[] x, int xo, float[] y, int yo) {
        double smaller = 0x1p-40, mean = 0, largest = 0, squares = 0;
        for (int i = 0; i < n; i++)
            mean += x[xo + i] * smaller / n;
        for (int i = 0; i < n; i++)
            largest = Math.max(largest, Math.abs(x[xo + i] * smaller - mean));
        double unit = Math.scalb(1.0, -Math.getExponent(largest));
        for (int i = 0; i < n; i++) {
            double d = (x[xo + i] * smaller - mean) * unit;
            squares += d * d;
        }
        double scale = Math.hypot(Math.sqrt(squares / n) / unit, Math.sqrt(epsilon) * smaller);
        for (int i = 0; i < n; i++)
            y[yo + i] = (float) ((x[xo + i] * smaller - mean) / scale);
    }

    /**
     * Whether differences of a row's elements from their mean are finite.
     *
     * @param n
     *            how many elements there are
     * @param scale
     *            at least the root of their variance
     * @return true if so; false if it is not known
     */
    public static boolean isModerate(int n, double scale) { return scale * Math.sqrt(n) < Float.MAX_VALUE; }

    private static double squares(int n, float[] x, int xo, float mean, double scale) {
        if (n > Pairwise.TERMS) {
            int half = Pairwise.half(n);
            return squares(half, x, xo, mean, scale) + squares(n - half, x, xo + half, mean, scale);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double d = ((double) x[xo + i] - mean) * scale;
            sum += d * d;
        }
        return sum;
    }

    /**
     * Whether a sum of squares lost nothing that matters to over- or underflow.
     *
     * @param squares
     *            the sum
     * @return true if its root is right to a few ulp
     */
    public static boolean isExact(double squares) {
        return squares > 0x1p-970 && squares < Double.POSITIVE_INFINITY;
    }
}
