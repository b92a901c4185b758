package autograd.kernels;

/**
 * A matrix in an array: element (i, j) is at {@code offset + i * down + j * right}. Compiled twice:
 * DoubleMatrix is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
public record FloatMatrix(float[] data, int offset, int down, int right) {
    /** The index of an element in the array. */
    public int at(int i, int j) { return offset + i * down + j * right; }

    /** A way to compute a product of k terms per sum; it overwrites c. */
    public interface Product {
        void multiply(int k, FloatMatrix a, FloatMatrix b, FloatMatrix c);
    }

    /**
     * {@code c[i, j] = sum over p of a[i, p] * b[p, j]} for m rows, n columns and k terms, by pairwise summation:
     * of more than {@code most} terms, each half is a product of its own, and the two are added.
     */
    public static void pairwise(int m, int n, int k, int most, FloatMatrix a, FloatMatrix b, FloatMatrix c,
            Product product) {
        if (k <= most) {
            product.multiply(k, a, b, c);
            return;
        }
        int half = k / 2 + 15 & -16; // whole vectors
        FloatMatrix rest = new FloatMatrix(new float[m * n], 0, n, 1);
        pairwise(m, n, half, most, a, b, c, product);
        pairwise(m, n, k - half, most, new FloatMatrix(a.data, a.at(0, half), a.down, a.right),
                new FloatMatrix(b.data, b.at(half, 0), b.down, b.right), rest, product);
        for (int i = 0; i < m; i++)
            add(n, rest.data, i * n, c.data, c.at(i, 0), c.right);
    }

    private static void add(int n, float[] x, int from, float[] y, int to, int right) {
        for (int j = 0; j < n; j++)
            y[to + j * right] += x[from + j];
    }

    FloatMatrix transposed() { return new FloatMatrix(data, offset, right, down); }

    /**
     * {@code c[i, j] = sum over p of a[i, p] * b[p, j]} for m rows, n columns and k terms: for small matrices.
     * Each sum is in double; four at a time hide the latency of one.
     */
    public static void multiply(int m, int n, int k, FloatMatrix a, FloatMatrix b, FloatMatrix c) {
        for (int i = 0; i < m; i++) {
            int j = 0;
            for (; j + 4 <= n; j += 4)
                four(k, a, i, b, j, c);
            for (; j < n; j++) {
                double sum = 0;
                for (int p = 0; p < k; p++)
                    sum += (double) a.data[a.at(i, p)] * b.data[b.at(p, j)];
                c.data[c.at(i, j)] = (float) sum;
            }
        }
    }

    private static void four(int k, FloatMatrix a, int i, FloatMatrix b, int j, FloatMatrix c) {
        float[] x = a.data, y = b.data, z = c.data;
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int right = b.right, to = c.at(i, j);
        for (int p = 0, at = a.at(i, 0), from = b.at(0, j); p < k; p++, at += a.right, from += b.down) {
            double v = x[at];
            s0 += v * y[from];
            s1 += v * y[from + right];
            s2 += v * y[from + 2 * right];
            s3 += v * y[from + 3 * right];
        }
        z[to] = (float) s0;
        z[to + c.right] = (float) s1;
        z[to + 2 * c.right] = (float) s2;
        z[to + 3 * c.right] = (float) s3;
    }
}
