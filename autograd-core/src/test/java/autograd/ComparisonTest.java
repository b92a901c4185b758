package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import autograd.array.Shape;

import org.junit.jupiter.api.Test;

/** Comparisons give masks, masks select. */
class ComparisonTest {
    private static final double NAN = Double.NaN;

    private final Tensor a = Tensor.of(1, 2, 3, NAN, -0.0), b = Tensor.of(2, 2, 2, 2, 0.0);

    private static void assertHolds(Mask mask, int... expected) {
        int[] got = new int[mask.size()];
        for (int i = 0; i < got.length; i++)
            got[i] = mask.toArray()[i] ? 1 : 0;
        assertArrayEquals(expected, got);
    }

    @Test
    void eachRelationIsFalseForNanButNe() {
        assertHolds(a.gt(b), 0, 0, 1, 0, 0);
        assertHolds(a.ge(b), 0, 1, 1, 0, 1);
        assertHolds(a.lt(b), 1, 0, 0, 0, 0);
        assertHolds(a.le(b), 1, 1, 0, 0, 1);
        assertHolds(a.eq(b), 0, 1, 0, 0, 1);
        assertHolds(a.ne(b), 1, 0, 1, 1, 0);
    }

    @Test
    void numbersCompareToo() {
        assertHolds(a.gt(2), 0, 0, 1, 0, 0);
        assertHolds(a.ge(2), 0, 1, 1, 0, 0);
        assertHolds(a.lt(2), 1, 0, 0, 0, 1);
        assertHolds(a.le(2), 1, 1, 0, 0, 1);
        assertHolds(a.eq(2), 0, 1, 0, 0, 0);
        assertHolds(a.ne(2), 1, 0, 1, 1, 1);
        assertHolds(Tensor.of(0.1).eq(0.1), 1); // the number takes the tensor's dtype
    }

    @Test
    void comparisonsBroadcastAndReadViews() {
        Tensor row = Tensor.arange(3), column = Tensor.arange(2).reshape(2, 1);
        Mask mask = row.gt(column);
        assertEquals(Shape.of(2, 3), mask.shape());
        assertHolds(mask, 0, 1, 1, 0, 0, 1);
        assertHolds(mask.to(row.dtype()).transpose().eq(1), 0, 0, 1, 0, 1, 1);
    }

    @Test
    void whereTakesTheOneOrTheOther() {
        Tensor x = Tensor.of(1, -2, 3);
        assertArrayEquals(new double[]{1, 0, 3}, x.where(x.gt(0), 0).toDoubleArray());
        assertArrayEquals(new double[]{1, 20, 3}, x.where(x.gt(0), Tensor.of(10, 20, 30)).toDoubleArray());
        assertArrayEquals(new double[]{7, 7, 7, 1, -2, 3},
                x.where(Mask.of(new boolean[]{false, true}, 2, 1), 7).toDoubleArray());
        assertEquals(Shape.of(2, 3), Tensor.scalar(1).where(x.gt(0), Tensor.zeros(2, 1)).shape());
    }

    @Test
    void whereGivesTheUntakenBranchAnExactZero() {
        Variable x = new Variable("x", Tensor.of(-1, 0, 4));
        try (var tape = new GradientTape()) {
            Tensor y = x.sqrt().where(x.gt(0), x.mul(3));
            assertArrayEquals(new double[]{3, 3, 0.25}, tape.gradient(y.sum(), x).toDoubleArray());
            assertFalse(y.eq(y).not().any());
        }
    }
}
