package autograd.kernels;

import static autograd.kernels.Kit.K;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;

class MatmulTest {
    private static int[] append(int[] lead, int... more) {
        int[] out = Arrays.copyOf(lead, lead.length + more.length);
        System.arraycopy(more, 0, out, lead.length, more.length);
        return out;
    }

    private static NdArray whole(Form form, DType dtype, int seed, int... dims) {
        Rng rng = new Rng(seed);
        return form.of(dtype, Shape.of(dims), () -> rng.nextInt(17) - 8);
    }

    /** Products of integers are exact in any order. */
    private static void assertExact(NdArray a, NdArray b) {
        Kit.assertSame(Naive.rounded(Naive.matmul(a, b), a.dtype()), K.matmul(a, b),
                a.shape() + " x " + b.shape() + " " + a.dtype());
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void everySizeUpToSeventy(DType dtype) {
        for (int s = 1; s <= 70; s++) {
            int t = s * 29 % 71, u = s * 43 % 71; // runs through 1..70, each in its own order
            assertExact(whole(Form.CONTIGUOUS, dtype, s, s, t), whole(Form.CONTIGUOUS, dtype, s + 1, t, u));
            assertExact(whole(Form.CONTIGUOUS, dtype, s, u, s), whole(Form.TRANSPOSED, dtype, s + 1, s, t));
            assertExact(whole(Form.TRANSPOSED, dtype, s, t, u), whole(Form.CONTIGUOUS, dtype, s + 1, u, s));
            assertExact(whole(Form.TRANSPOSED, dtype, s, s, s), whole(Form.TRANSPOSED, dtype, s + 1, s, s));
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void everyFormOfBothOperands(Form form) {
        int[][] sizes = {{1, 1, 1}, {2, 3, 5}, {15, 15, 15}, {16, 3, 1}, {3, 16, 2}, {5, 33, 7}, {33, 5, 6},
                {65, 20, 4},
                {9, 1, 40}, {1, 37, 21}, {37, 1, 21}};
        for (DType dtype : DType.values())
            for (Form other : Form.values())
                for (int[] s : sizes)
                    assertExact(whole(form, dtype, 1, s[0], s[2]), whole(other, dtype, 2, s[2], s[1]));
    }

    /** Larger than the blocks of rows and of columns, in both layouts. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void sizesBeyondOneBlock(DType dtype) {
        int[][] sizes = {{3, 1031, 6}, {1031, 3, 6}, {130, 19, 9}, {129, 257, 5}, {257, 300, 3}, {520, 260, 2}};
        for (int[] s : sizes)
            for (Form form : List.of(Form.CONTIGUOUS, Form.TRANSPOSED))
                assertExact(whole(form, dtype, 3, s[0], s[2]), whole(form, dtype, 4, s[2], s[1]));
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void broadcastsLeadingAxes(Form form) {
        int[][][] pairs = {{{2, 3, 4}, {2, 4, 5}}, {{2, 3, 4}, {4, 5}}, {{3, 4}, {2, 4, 5}},
                {{2, 1, 3, 4}, {5, 4, 6}}, {{1, 3, 4}, {7, 4, 1}}, {{2, 3, 17, 4}, {2, 1, 4, 18}}, {{0, 3, 4}, {4, 5}}};
        for (DType dtype : DType.values())
            for (int[][] pair : pairs)
                for (Form other : List.of(Form.CONTIGUOUS, form))
                    assertExact(whole(form, dtype, 5, pair[0]), whole(other, dtype, 6, pair[1]));
    }

    @Test
    void refusesBatchesThatDoNotBroadcast() {
        NdArray a = NdArray.zeros(DType.F32, Shape.of(2, 3, 4)), b = NdArray.zeros(DType.F32, Shape.of(3, 4, 5));
        assertThrows(IllegalArgumentException.class, () -> K.matmul(a, b));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20})
    void emptyOperands(int n) {
        for (DType dtype : DType.values())
            for (int[] s : new int[][]{{0, n, 3}, {n, 0, 3}, {n, 20, 0}, {20, n, 0}, {0, 0, 0}})
                for (int[] lead : new int[][]{{}, {2}, {0}})
                    assertExact(whole(Form.FRAMED, dtype, 7, append(lead, s[0], s[2])),
                            whole(Form.CONTIGUOUS, dtype, 8, append(lead, s[2], s[1])));
    }

    /**
     * The sum of k products in single precision, four at a time: the first rounding of a product, two of sums of
     * four, and one for each four. Higham, Accuracy and Stability of Numerical Algorithms, section 3.1.
     */
    @ParameterizedTest
    @EnumSource(DType.class)
    void differsByItsRoundingsAlone(DType dtype) {
        for (int[] s : new int[][]{{3, 4, 50}, {31, 45, 67}, {70, 33, 129}, {20, 2, 300}, {5, 5, 1000}}) {
            NdArray a = Form.CONTIGUOUS.of(dtype, Shape.of(s[0], s[2]), Kit.normal(9));
            NdArray b = Form.TRANSPOSED.of(dtype, Shape.of(s[2], s[1]), Kit.normal(10));
            NdArray magnitude = Naive.matmulOfMagnitudes(a, b);
            double u = dtype.epsilon() / 2, roundings = dtype == DType.F32 ? 3 + (s[2] + 3) / 4 : 2 * s[2];
            NdArray bound = K.map(m -> 1.01 * roundings * u * m, magnitude);
            Kit.assertNear(Naive.matmul(a, b), K.matmul(a, b), bound, List.of(s[0], s[1], s[2]));
        }
    }

    /** One NaN affects only its row or column. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void specialValuesStayInTheirRowAndColumn(DType dtype) {
        for (double special : new double[]{Double.NaN, Double.POSITIVE_INFINITY})
            for (int[] s : new int[][]{{2, 3, 5}, {20, 9, 6}, {7, 33, 9}, {70, 20, 3}})
                for (int at = 0; at < s[2]; at++) {
                    NdArray a = whole(Form.CONTIGUOUS, dtype, 11, s[0], s[2]);
                    NdArray b = whole(Form.CONTIGUOUS, dtype, 12, s[2], s[1]);
                    a.storage().set(a.layout().at(1, at), special);
                    assertExact(a, b);
                    b.storage().set(b.layout().at(at, 2), special);
                    assertExact(a, b);
                    b.storage().set(b.layout().at(at, 1), 0); // times infinity is NaN
                    assertExact(a, b);
                }
    }

    @Test
    void operandsAreNotChanged() {
        NdArray a = whole(Form.CONTIGUOUS, DType.F32, 13, 40, 30), b = whole(Form.CONTIGUOUS, DType.F32, 14, 30, 50);
        NdArray a0 = Form.plain(a), b0 = Form.plain(b);
        NdArray first = K.matmul(a, b);
        Kit.assertSame(a0, a, "a");
        Kit.assertSame(b0, b, "b");
        Kit.assertSame(first, K.matmul(a, b), "a second time");
        assertEquals(2000, first.storage().size());
    }
}
