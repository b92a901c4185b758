package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Tensor;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Matrices as plain arrays of rows, without code of the library. */
final class Matrices {
    private Matrices() {}

    static double[][] random(RandomGenerator rng, int rows, int columns) {
        return mapped(new double[rows][columns], _ -> rng.nextGaussian());
    }

    static double[][] product(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++)
            for (int j = 0; j < b[0].length; j++)
                for (int k = 0; k < b.length; k++)
                    c[i][j] += a[i][k] * b[k][j];
        return c;
    }

    static double[][] transposed(double[][] a) {
        double[][] t = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++)
            for (int j = 0; j < a[0].length; j++)
                t[j][i] = a[i][j];
        return t;
    }

    static double[][] mapped(double[][] a, DoubleUnaryOperator f) {
        return Stream.of(a)
                .map(row -> IntStream.range(0, row.length).mapToDouble(j -> f.applyAsDouble(row[j])).toArray())
                .toArray(double[][]::new);
    }

    static double[][] scaled(double[][] a, double by) { return mapped(a, v -> v * by); }

    static double[][] minus(double[][] a, double[][] b) { return zipped(a, b, (u, v) -> u - v); }

    static double[][] times(double[][] a, double[][] b) { return zipped(a, b, (u, v) -> u * v); }

    private static double[][] zipped(double[][] a, double[][] b, DoubleBinaryOperator f) {
        return IntStream.range(0, a.length).mapToObj(i -> IntStream.range(0, a[i].length)
                .mapToDouble(j -> f.applyAsDouble(a[i][j], b[i][j])).toArray()).toArray(double[][]::new);
    }

    /** A row added to every row. */
    static double[][] plusRow(double[][] a, double[] row) {
        return zipped(a, Stream.generate(() -> row).limit(a.length).toArray(double[][]::new), Double::sum);
    }

    static double[] columnSums(double[][] a) {
        return Stream.of(transposed(a)).mapToDouble(column -> IntStream.range(0, column.length)
                .mapToDouble(i -> column[i]).reduce(0, Double::sum)).toArray();
    }

    /** Softmax of each row. */
    static double[][] softmax(double[][] a) {
        double[][] e = mapped(a, Math::exp);
        double[] sums = columnSums(transposed(e));
        return IntStream.range(0, e.length).mapToObj(i -> scaled(new double[][]{e[i]}, 1 / sums[i])[0])
                .toArray(double[][]::new);
    }

    static double norm(double[][] a) {
        return Math.sqrt(Stream.of(a).flatMapToDouble(java.util.Arrays::stream).map(v -> v * v).sum());
    }

    static void assertClose(double[][] expected, Tensor actual, double tolerance) {
        double[] numbers = actual.toDoubleArray();
        int at = 0;
        for (double[] row : expected)
            for (double v : row)
                assertEquals(v, numbers[at++], tolerance);
        assertEquals(numbers.length, at);
    }
}
