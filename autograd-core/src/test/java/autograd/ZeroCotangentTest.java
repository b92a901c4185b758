package autograd;

import static autograd.array.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A zero cotangent gives an exact zero, even beside infinity and NaN, and keeps second derivatives right.
 */
class ZeroCotangentTest {
    private static final double INF = Double.POSITIVE_INFINITY, NAN = Double.NaN;

    private static Tensor t(double... values) { return Tensor.of(F64, values); }

    private static double[] gradient(UnaryOperator<Tensor> f, Tensor x) {
        return OpCase.vjps(in -> f.apply(in[0]).sum(), Tensor.scalar(F64, 1), x)[0].toDoubleArray();
    }

    /** The diagonal of the Hessian of an elementwise function. */
    private static double[] second(UnaryOperator<Tensor> f, Tensor x) {
        return gradient(a -> OpCase.vjps(in -> f.apply(in[0]).sum(), Tensor.scalar(F64, 1), a)[0], x);
    }

    @Test
    void theUntakenBranchOfWhereDoesNotMatter() {
        Tensor x = t(0, 4, -1);
        UnaryOperator<Tensor> f = a -> a.sqrt().where(a.gt(0), a.mul(3));
        assertArrayEquals(new double[]{3, 0.25, 3}, gradient(f, x));
        assertArrayEquals(new double[]{0, -1 / 32.0, 0}, second(f, x));
    }

    @Test
    void aMaskedLogarithmHasNoGradient() {
        assertArrayEquals(new double[]{0, 0.5}, gradient(a -> a.log().where(a.gt(0), 0), t(0, 2)));
        assertArrayEquals(new double[]{0, -0.25}, second(a -> a.log().where(a.gt(0), 0), t(0, 2)));
    }

    @Test
    void theDistanceFromAPointToItselfMaskedHasNoGradient() {
        UnaryOperator<Tensor> f = a -> {
            Tensor distance = a.unsqueeze(0).sub(a.unsqueeze(1)).square().sqrt();
            return distance.where(Tensor.eye(F64, 3).eq(0), 0);
        };
        assertArrayEquals(new double[]{-4, 0, 4}, gradient(f, t(1, 2, 5)));
    }

    @Test
    void curvatureSurvivesAZeroGradient() {
        assertArrayEquals(new double[]{2}, second(a -> a.tanh().square(), t(0)));
        assertArrayEquals(new double[]{2, 2}, second(a -> a.mul(a), t(0, 1)));
        assertArrayEquals(new double[]{2}, second(a -> a.pow(2), t(0)));
        assertArrayEquals(new double[]{0.125}, second(a -> a.sigmoid().sub(0.5).square(), t(0)), 1e-15);
        assertArrayEquals(new double[]{2}, second(a -> a.exp().sub(1).square(), t(0)));
    }

    static Stream<UnaryOperator<Tensor>> rowwise() {
        return Stream.of(x -> x.softmax(1), x -> x.logSoftmax(1), x -> x.logSumExp(true, 1), x -> x.max(true, 1),
                x -> x.min(true, 1), x -> x.sum(true, 1), x -> x.mean(true, 1),
                x -> x.sparseSoftmaxCrossEntropy(IntTensor.of(0, 2, 1, 1)).unsqueeze(1));
    }

    /** A row with a zero cotangent gets zeros for all its values, and does not change other rows. */
    @ParameterizedTest
    @MethodSource("rowwise")
    void aRowWithoutCotangentIsZero(UnaryOperator<Tensor> f) {
        double[][] clean = {{1, 2, -1}, {0.5, 0, 3}, {1, 0, 0.5}, {2, 1, 0}};
        double[][] wild = {{NAN, 2, -1}, {0.5, 0, 3}, {INF, INF, -INF}, {-INF, -INF, -INF}};
        Tensor width = f.apply(Tensor.of(F64, clean));
        Tensor g = Tensor.of(F64, new double[][]{{0}, {1.5}, {0}, {0}}).mul(Tensor.of(F64, 1, -2, 3))
                .sumTo(width.shape());
        Tensor expected = OpCase.vjps(in -> f.apply(in[0]), g, Tensor.of(F64, clean))[0],
                actual = OpCase.vjps(in -> f.apply(in[0]), g, Tensor.of(F64, wild))[0];
        assertTrue(actual.eq(expected).all(), () -> expected + "\n" + actual);
        for (int row : new int[]{0, 2, 3})
            assertTrue(actual.slice(0, row, row + 1).eq(0).all(), actual::toString);
    }

    /** If the cotangent of a row of a product is zero, the row's values do not matter. */
    @Test
    void matmulIgnoresResidualsWithoutCotangent() {
        Tensor a = Tensor.of(F64, new double[][]{{1, 2}, {NAN, INF}, {3, 4}});
        Tensor b = Tensor.of(F64, new double[][]{{5, INF, 6}, {7, NAN, 8}});
        Tensor g = Tensor.of(F64, new double[][]{{1, 0, 2}, {0, 0, 0}, {-1, 0, 3}});
        Tensor[] shares = OpCase.vjps(in -> in[0].matmul(in[1]), g, a, b);
        assertArrayEquals(new double[]{17, 23, 0, 0, 13, 17}, shares[0].toDoubleArray());
        assertArrayEquals(new double[]{-2, 0, 11, -2, 0, 16}, shares[1].toDoubleArray());
    }

    @Test
    void matmulIgnoresThemTransposedBatchedAndInF32() {
        Tensor a = Tensor.of(F64, new double[]{1, 2, NAN, INF, 3, 4, 1, 1}, 2, 2, 2);
        Tensor b = Tensor.of(F64, new double[][]{{5, 6}, {7, 8}});
        Tensor g = Tensor.of(F64, new double[]{1, 2, 0, 0, 1, 1, 0, 1}, 2, 2, 2);
        Tensor[] shares = OpCase.vjps(in -> in[0].matmul(in[1].transpose()), g, a, b);
        assertArrayEquals(new double[]{19, 22, 0, 0, 12, 14, 7, 8}, shares[0].toDoubleArray());
        assertArrayEquals(new double[]{4, 6, 6, 9}, shares[1].toDoubleArray());
        Tensor[] single = OpCase.vjps(in -> in[0].matmul(in[1].transpose()), g.to(autograd.array.DType.F32),
                a.to(autograd.array.DType.F32), b.to(autograd.array.DType.F32));
        assertArrayEquals(shares[0].toFloatArray(), single[0].toFloatArray());
        assertArrayEquals(shares[1].toFloatArray(), single[1].toFloatArray());
    }

    /** The law holds for second derivatives: a masked NaN row does not affect them. */
    @Test
    void matmulKeepsToItAtSecondOrder() {
        Tensor a = Tensor.of(F64, new double[][]{{1, 2}, {NAN, INF}});
        Tensor b = Tensor.of(F64, new double[][]{{5, 6}, {7, 8}});
        Tensor keep = Tensor.of(F64, new double[][]{{1, 1}, {0, 0}});
        UnaryOperator<Tensor> f = w -> a.matmul(w).where(keep.eq(1), 0).square();
        assertArrayEquals(new double[]{38, 44, 76, 88}, gradient(f, b));
        assertArrayEquals(new double[]{6, 6, 12, 12}, second(f, b));
        assertEquals(0, OpCase.vjps(in -> in[0].matmul(b), Tensor.zeros(F64, 2, 2), a)[0].abs().sum().item());
    }
}
