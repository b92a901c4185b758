package autograd.kernels.vector.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.kernels.Kit;
import autograd.kernels.Naive;
import autograd.kernels.hotspot.Gates;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

class BatchedMatmulTest {
    private static final int[] SIZES = {0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100};

    /** Layouts of a matrix. */
    enum Lie {
        ROWS, COLUMNS, GAPS, EVERY_OTHER, BACKWARDS, COLUMNS_BACKWARDS, ONE_ROW, ONE_COLUMN;

        NdArray of(DType dtype, DoubleSupplier values, int... dims) {
            int rank = dims.length;
            int[] all = dims.clone(), begin = new int[rank], step = new int[rank];
            Arrays.fill(step, 1);
            switch (this) {
                case COLUMNS, COLUMNS_BACKWARDS -> {
                    all[rank - 1] = dims[rank - 2];
                    all[rank - 2] = dims[rank - 1];
                }
                case GAPS, EVERY_OTHER -> {
                    all[rank - 1] = 2 * dims[rank - 1] + 3;
                    all[rank - 2] = dims[rank - 2] + 2;
                    begin[rank - 1] = 2;
                    begin[rank - 2] = 1;
                    step[rank - 1] = this == GAPS ? 1 : 2;
                }
                case ONE_ROW -> all[rank - 2] = 1;
                case ONE_COLUMN -> all[rank - 1] = 1;
                default -> {
                }
            }
            NdArray x = NdArray.zeros(dtype, Shape.of(all));
            for (int i = 0; i < x.size(); i++)
                x.storage().set(i, values.getAsDouble());
            if (this == COLUMNS || this == COLUMNS_BACKWARDS) {
                int[] axes = IntStream.range(0, rank).toArray();
                axes[rank - 1] = rank - 2;
                axes[rank - 2] = rank - 1;
                x = x.permute(axes);
            }
            if (this == BACKWARDS || this == COLUMNS_BACKWARDS)
                for (int i = rank - 2; i < rank; i++) {
                    begin[i] = dims[i] - 1;
                    step[i] = -1;
                }
            if (this == ONE_ROW || this == ONE_COLUMN)
                return x.broadcastTo(Shape.of(dims));
            Layout part = x.layout().slice(begin, dims, step);
            return x.view(part);
        }
    }

    private static DoubleSupplier whole(int seed) {
        Rng rng = new Rng(seed);
        return () -> rng.nextInt(17) - 8;
    }

    private static DoubleSupplier normal(int seed) {
        Rng rng = new Rng(seed);
        return rng::nextGaussian;
    }

    /**
     * Each element differs from the sum in double by at most so many roundings. Higham, Accuracy and Stability of
     * Numerical Algorithms, section 3.1: k roundings of fused products and, where terms come in blocks or lanes,
     * fewer on each path; in F64 the reference rounds as often again.
     */
    private static void assertProduct(NdArray a, NdArray b, double roundings) {
        String what = a.shape() + " x " + b.shape() + " " + a.dtype();
        NdArray c = Gates.inVectors(() -> BatchedMatmul.matmul(a, b), what), expected = Naive.matmul(a, b);
        if (roundings == 0) {
            Kit.assertSame(Naive.rounded(expected, a.dtype()), c, what);
            return;
        }
        double u = c.dtype().epsilon() / 2;
        Kit.assertNear(expected, c, Kit.K.map(size -> 1.01 * roundings * u * size, Naive.matmulOfMagnitudes(a, b)),
                what);
    }

    /** Products of integers are exact in any order, so there is no tolerance. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void everySize(DType dtype) {
        int turn = 0;
        for (int m : SIZES)
            for (int n : SIZES)
                for (int k : new int[]{SIZES[turn % SIZES.length], SIZES[turn * 5 % SIZES.length]}) {
                    turn++;
                    Lie one = turn % 2 == 0 ? Lie.ROWS : Lie.COLUMNS, other = turn % 4 < 2 ? Lie.ROWS : Lie.COLUMNS;
                    assertProduct(one.of(dtype, whole(turn), m, k), other.of(dtype, whole(turn + 1), k, n), 0);
                }
    }

    @ParameterizedTest
    @EnumSource(Lie.class)
    void everyWayToLie(Lie lie) {
        int[][] sizes = {{1, 1, 1}, {3, 4, 5}, {17, 33, 16}, {64, 10, 128}, {10, 64, 33}, {1, 70, 65}, {70, 1, 65},
                {13, 31, 300}, {2, 100, 17}, {100, 3, 31}};
        for (DType dtype : DType.values())
            for (Lie other : Lie.values())
                for (int[] s : sizes)
                    assertProduct(lie.of(dtype, whole(1), s[0], s[2]), other.of(dtype, whole(2), s[2], s[1]), 0);
    }

    @ParameterizedTest
    @EnumSource(Lie.class)
    void batchesBroadcast(Lie lie) {
        int[][][] pairs = {{{4, 9, 20}, {4, 20, 17}}, {{4, 9, 20}, {20, 17}}, {{9, 20}, {4, 20, 17}},
                {{1, 9, 20}, {5, 20, 17}}, {{2, 1, 3, 4}, {5, 4, 6}}, {{6, 30, 40}, {1, 40, 33}}, {{0, 3, 4}, {4, 5}},
                {{3, 0, 4}, {4, 5}}};
        for (DType dtype : DType.values())
            for (int[][] pair : pairs)
                for (Lie other : List.of(Lie.ROWS, lie))
                    assertProduct(lie.of(dtype, whole(3), pair[0]), other.of(dtype, whole(4), pair[1]), 0);
    }

    @Test
    void refusesBatchesThatDoNotBroadcast() {
        NdArray a = NdArray.zeros(DType.F32, Shape.of(2, 3, 4)), b = NdArray.zeros(DType.F32, Shape.of(3, 4, 5));
        assertThrows(IllegalArgumentException.class, () -> BatchedMatmul.matmul(a, b));
    }

    /** Beyond one block of rows, of terms, and enough for several threads. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void differsByItsRoundingsAlone(DType dtype) {
        int[][] sizes = {{64, 128, 784}, {700, 33, 300}, {31, 45, 67}, {129, 257, 515}, {3, 2, 5000}, {1, 90, 1000},
                {90, 1, 1000}};
        for (int[] s : sizes)
            for (Lie one : List.of(Lie.ROWS, Lie.COLUMNS))
                for (Lie other : List.of(Lie.ROWS, Lie.COLUMNS))
                    assertProduct(one.of(dtype, normal(7), s[0], s[2]), other.of(dtype, normal(8), s[2], s[1]),
                            dtype == DType.F32 ? s[2] : 2 * s[2]);
    }

    /** One NaN affects only its row or column. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void specialValuesStayInTheirRowAndColumn(DType dtype) {
        int[][] sizes = {{2, 3, 5}, {7, 33, 9}, {70, 20, 3}, {13, 17, 33}, {1, 50, 61}, {50, 1, 61}};
        for (double special : new double[]{Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
            for (int[] s : sizes)
                for (int at = 0; at < s[2]; at++) {
                    NdArray a = Lie.ROWS.of(dtype, whole(9), s[0], s[2]), b = Lie.ROWS.of(dtype, whole(10), s[2], s[1]);
                    a.storage().set(a.layout().at(s[0] - 1, at), special);
                    b.storage().set(b.layout().at(at, 0), 0); // times infinity is NaN
                    assertProduct(a, b, 0);
                    b.storage().set(b.layout().at(at, s[1] - 1), special);
                    assertProduct(a, b, 0);
                }
    }

    /** Storage around c does not change, and the old content of c does not matter. */
    @Test
    void writesTheProductAndNothingElse() {
        for (int[] s : new int[][]{{3, 3, 3}, {13, 37, 20}, {64, 33, 300}, {1, 35, 100}, {35, 1, 100}, {5, 6, 0}}) {
            float[] a = new float[s[0] * s[2]], b = new float[s[2] * s[1]], c = new float[s[0] * s[1] + 7];
            Arrays.fill(a, 1);
            Arrays.fill(b, 2);
            Arrays.fill(c, Float.NaN);
            FloatGemm.multiply(s[0], s[1], s[2], a, 0, s[2], 1, b, 0, s[1], 1, c, 3);
            for (int i = 0; i < c.length; i++)
                assertEquals(i < 3 || i >= c.length - 4 ? Float.NaN : 2 * s[2], c[i], "at " + i);
        }
    }
}
