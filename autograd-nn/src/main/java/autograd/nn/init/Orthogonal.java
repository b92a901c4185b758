package autograd.nn.init;

import autograd.array.Rng;

/** Random orthogonal matrices. */
final class Orthogonal {
    private Orthogonal() {}

    /**
     * Orthonormal rows, or columns if there are fewer, by Gram-Schmidt from normal vectors. This is the QR
     * factorization of a normal matrix with a positive diagonal of R, whose Q is uniformly distributed: Mezzadri,
     * Notices of the AMS 2007.
     */
    static double[] draw(Rng rng, int rows, int columns) {
        double[] matrix = new double[rows * columns];
        int count = Math.min(rows, columns), length = Math.max(rows, columns);
        double[][] vectors = new double[count][length];
        for (int i = 0; i < count; i++)
            do
                for (int k = 0; k < length; k++)
                    vectors[i][k] = rng.nextGaussian();
            while (!orthonormal(vectors, i));
        for (int i = 0; i < count; i++)
            for (int k = 0; k < length; k++)
                matrix[rows <= columns ? i * columns + k : k * columns + i] = vectors[i][k];
        return matrix;
    }

    /** Makes vector i orthogonal to earlier ones and normalizes it; false if almost nothing remains. */
    private static boolean orthonormal(double[][] vectors, int i) {
        double[] v = vectors[i];
        double before = Math.sqrt(dot(v, v));
        for (int twice = 0; twice < 2; twice++) // a single pass leaves large rounding errors
            for (int j = 0; j < i; j++)
                subtract(v, dot(v, vectors[j]), vectors[j]);
        double left = Math.sqrt(dot(v, v));
        for (int k = 0; k < v.length; k++)
            v[k] /= left;
        return left > 1e-8 * before;
    }

    private static void subtract(double[] v, double much, double[] direction) {
        for (int k = 0; k < v.length; k++)
            v[k] -= much * direction[k];
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++)
            sum += a[k] * b[k];
        return sum;
    }
}
