package autograd;

import static autograd.array.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Determinants are polynomials: their derivatives are cofactors, also of singular matrices. */
class DetTest {
    /** Integer matrices, which can be exactly singular. */
    private static Tensor matrices(int n, double... values) {
        return Tensor.of(F64, values,
                values.length == n * n ? new int[]{n, n} : new int[]{values.length / n / n, n, n});
    }

    static Stream<Arguments> singular() {
        return Stream.of(Arguments.of("1 x 1", matrices(1, 0)), Arguments.of("rank 1 of 2", matrices(2, 1, 2, 2, 4)),
                Arguments.of("rank 0 of 2", matrices(2, 0, 0, 0, 0)),
                Arguments.of("rank 2 of 3", matrices(3, 1, 2, 3, 4, 5, 6, 5, 7, 9)),
                Arguments.of("rank 2 of 3, twice a column", matrices(3, 4, 2, 8, 2, 1, 5, 4, 2, 9)),
                Arguments.of("a column of zeros", matrices(3, 0, 1, 2, 0, 3, 5, 0, 7, 1)),
                Arguments.of("rank 1 of 3", matrices(3, 1, 2, 3, 2, 4, 6, -1, -2, -3)),
                Arguments.of("rank 0 of 3", matrices(3, new double[9])),
                Arguments.of("rank 3 of 4", matrices(4, 2, 0, 0, 1, 0, 1, 0, 0, 0, 0, 4, 2, 4, 0, 0, 2)),
                Arguments.of("rank 2 of 4", matrices(4, 1, 0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("singular")
    void theDerivativeIsTheMatrixOfCofactors(String name, Tensor x) {
        assertEquals(0, x.det().item(), name);
        Tensor gradient = Functional.grad(Tensor::det).apply(x);
        assertArrayEquals(cofactors(x), gradient.toDoubleArray(), 1e-12, name);
        if (name.matches("rank (\\d) of (\\d)") && name.charAt(5) - name.charAt(10) <= -2)
            assertTrue(gradient.eq(0).all(), gradient::toString);
        GradCheck.of(Tensor::det).order(1).verify(x);
        assertArrayEquals(differences(x, DetTest::cofactors), Functional.hessian(Tensor::det).apply(x).toDoubleArray(),
                1e-12);
    }

    /** Exact derivatives of a function linear in each element: half the difference of its values at x +- 1. */
    private static double[] differences(Tensor x, Function<Tensor, double[]> f) {
        int n = x.size();
        double[][] columns = IntStream.range(0, n).mapToObj(i -> {
            Tensor step = IntTensor.of(i).oneHot(F64, n).reshape(x.shape());
            double[] up = f.apply(x.add(step)), down = f.apply(x.sub(step));
            return IntStream.range(0, up.length).mapToDouble(k -> (up[k] - down[k]) / 2).toArray();
        }).toArray(double[][]::new);
        return IntStream.range(0, columns[0].length * n).mapToDouble(k -> columns[k % n][k / n]).toArray();
    }

    /**
     * Signed minors, by regular determinants of smaller matrices, of 0 x 0 ones too: expanded by the first row.
     */
    private static double[] cofactors(Tensor x) {
        int n = x.shape().dim(0);
        return IntStream.range(0, n * n).mapToDouble(i -> ((i / n + i % n) % 2 == 0 ? 1 : -1) * minor(x, i / n, i % n))
                .toArray();
    }

    private static double minor(Tensor x, int row, int column) {
        int n = x.shape().dim(0);
        double[] left = IntStream.range(0, n * n).filter(i -> i / n != row && i % n != column)
                .mapToDouble(i -> x.get(i / n, i % n)).toArray();
        Tensor smaller = Tensor.of(F64, left, n - 1, n - 1);
        return n == 1
                ? 1
                : IntStream.range(0, n - 1)
                        .mapToDouble(j -> (j % 2 == 0 ? 1 : -1) * smaller.get(0, j) * minor(smaller, 0, j)).sum();
    }

    @Test
    void batchesMixSingularAndRegularMatrices() {
        Tensor x = matrices(2, 1, 2, 2, 4, 2, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0);
        assertArrayEquals(new double[]{0, 1, 0, -1}, x.det().toDoubleArray(), 1e-15);
        Tensor gradient = Functional.grad(a -> a.det().mul(Tensor.of(F64, 1, 2, 3, 4)).sum()).apply(x);
        assertArrayEquals(new double[]{4, -2, -2, 1, 2, -2, -2, 4, 0, 0, 0, 0, 0, -4, -4, 0},
                gradient.toDoubleArray(), 1e-14);
        GradCheck.of(Tensor::det).order(1).verify(x);
        assertEquals(DType.F32, Functional.grad(a -> a.det().sum()).apply(x.to(DType.F32)).dtype());
    }

    @Test
    void thirdDerivatives() {
        UnaryOperator<Tensor> hessian = Functional.hessian(Tensor::det);
        Tensor x = matrices(3, 0, 1, 2, 0, 3, 5, 0, 7, 1);
        assertArrayEquals(differences(x, a -> differences(a, DetTest::cofactors)),
                Functional.jacobian(hessian).apply(x).toDoubleArray(), 1e-12);
    }

    @Test
    void ofNothing() {
        assertEquals(1, Tensor.zeros(F64, 0, 0).det().item());
        assertArrayEquals(new double[]{1, 1}, Tensor.zeros(F64, 2, 0, 0).det().toDoubleArray());
        assertEquals(Shape.of(0), Tensor.zeros(F64, 0, 3, 3).det().shape());
        assertEquals(Shape.of(0, 0), Functional.grad(Tensor::det).apply(Tensor.zeros(F64, 0, 0)).shape());
    }

    @Test
    void theTwoWaysAgreeNearASingularMatrix() {
        Tensor x = matrices(3, 1, 2, 3, 4, 5, 6, 5, 7, 9);
        Tensor near = x.add(Tensor.randn(F64, new Rng(1), 3, 3).mul(1e-9));
        assertArrayEquals(cofactors(near), Functional.grad(Tensor::det).apply(near).toDoubleArray(), 1e-5);
    }
}
