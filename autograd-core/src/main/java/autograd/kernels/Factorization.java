package autograd.kernels;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Factorizations of square matrices, one after another over the leading axes, in double for both dtypes. */
final class Factorization {
    private Factorization() {}

    /** Work on one matrix a of n rows: reads it and writes doubles to {@code out}. */
    private interface Each {
        void matrix(double[] a, double[] out, int at);
    }

    private static NdArray each(NdArray a, Shape result, Each each) {
        int n = a.shape().dim(-1), size = n * n,
                batch = IntStream.of(a.shape().dims()).limit(a.shape().rank() - 2).reduce(1, (p, q) -> p * q);
        double[] all = Kernels.get().cast(a, DType.F64).storage().borrowDoubles();
        double[] out = new double[result.size()];
        int part = batch == 0 ? 0 : out.length / batch;
        for (int i = 0; i < batch; i++)
            each.matrix(Arrays.copyOfRange(all, i * size, (i + 1) * size), out, i * part);
        return Kernels.get().cast(NdArray.of(out, result), a.dtype());
    }

    /** Solves a x = b; a and b have the same leading axes. */
    static NdArray solve(NdArray a, NdArray b) {
        int n = a.shape().dim(-1), k = b.shape().dim(-1);
        double[] right = Kernels.get().cast(b, DType.F64).storage().borrowDoubles();
        return each(a, b.shape(), (m, out, at) -> {
            if (IntStream.range(at, at + n * k).allMatch(i -> right[i] == 0))
                return; // a solution of zeros
            int[] rows = new int[n];
            if (decompose(m, n, rows) == 0)
                throw new ArithmeticException("solve: a matrix of shape " + a.shape() + " is singular");
            for (int i = 0; i < n; i++)
                System.arraycopy(right, at + rows[i] * k, out, at + i * k, k);
            substitute(m, n, out, at, k);
        });
    }

    /**
     * Forward and back substitution with the triangles in m. The solution for zeros is zero whatever the matrix.
     */
    private static void substitute(double[] m, int n, double[] x, int at, int k) {
        for (int j = 0; j < k; j++) {
            int column = at + j;
            if (IntStream.range(0, n).allMatch(i -> x[column + i * k] == 0))
                continue;
            for (int i = 0; i < n; i++)
                for (int p = 0; p < i; p++)
                    x[column + i * k] -= m[i * n + p] * x[column + p * k];
            for (int i = n - 1; i >= 0; i--) {
                for (int p = i + 1; p < n; p++)
                    x[column + i * k] -= m[i * n + p] * x[column + p * k];
                x[column + i * k] /= m[i * n + i];
            }
        }
    }

    /**
     * The sign of each determinant and the logarithm of its absolute value, along a new last axis of extent 2.
     */
    static NdArray slogdet(NdArray a) {
        int n = a.shape().dim(-1);
        Shape lead = Shape.of(Arrays.copyOf(a.shape().dims(), a.shape().rank() - 2));
        return each(a, lead.append("slogdet", 2), (m, out, at) -> {
            double sign = decompose(m, n, new int[n]), log = 0;
            for (int i = 0; i < n; i++) {
                sign *= Math.signum(m[i * n + i]);
                log += Math.log(Math.abs(m[i * n + i]));
            }
            out[at] = sign;
            out[at + 1] = sign == 0 ? Double.NEGATIVE_INFINITY : log;
        });
    }

    /**
     * Replaces m by its LU decomposition with partial pivoting, writes the permutation to {@code rows}, and
     * returns its sign, or 0 if the matrix is singular.
     */
    private static int decompose(double[] m, int n, int[] rows) {
        int sign = 1;
        for (int i = 0; i < n; i++)
            rows[i] = i;
        for (int c = 0; c < n; c++) {
            int pivot = c;
            for (int i = c + 1; i < n; i++)
                if (Math.abs(m[i * n + c]) > Math.abs(m[pivot * n + c]))
                    pivot = i;
            if (m[pivot * n + c] == 0)
                return 0;
            if (pivot != c) {
                sign = -sign;
                swap(m, n, rows, pivot, c);
            }
            for (int i = c + 1; i < n; i++) {
                double factor = m[i * n + c] /= m[c * n + c];
                for (int j = c + 1; j < n; j++)
                    m[i * n + j] -= factor * m[c * n + j];
            }
        }
        return sign;
    }

    private static void swap(double[] m, int n, int[] rows, int p, int q) {
        for (int j = 0; j < n; j++) {
            double t = m[p * n + j];
            m[p * n + j] = m[q * n + j];
            m[q * n + j] = t;
        }
        int t = rows[p];
        rows[p] = rows[q];
        rows[q] = t;
    }

    /** The lower triangle l with l l^T = (a + a^T) / 2. */
    static NdArray cholesky(NdArray a) {
        int n = a.shape().dim(-1);
        return each(a, a.shape(), (m, out, at) -> {
            for (int j = 0; j < n; j++)
                for (int i = j; i < n; i++) {
                    double sum = (m[i * n + j] + m[j * n + i]) / 2;
                    for (int p = 0; p < j; p++)
                        sum -= out[at + i * n + p] * out[at + j * n + p];
                    if (i == j && sum <= 0)
                        throw new ArithmeticException(
                                "cholesky: a matrix of shape " + a.shape() + " is not positive definite");
                    out[at + i * n + j] = i == j ? Math.sqrt(sum) : sum / out[at + j * n + j];
                }
        });
    }
}
