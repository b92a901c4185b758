package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;

/** Labels and positions. */
class IntTensorTest {
    private final IntTensor t = IntTensor.of(new int[]{0, 1, 2, 3, 4, 5}, 2, 3);

    @Test
    void factoriesCopy() {
        int[] values = {1, 2, 3, 4};
        IntTensor vector = IntTensor.of(values), matrix = IntTensor.of(values, 2, 2);
        values[0] = 9;
        assertArrayEquals(new int[]{1, 2, 3, 4}, vector.toArray());
        assertEquals(Shape.of(4), vector.shape());
        assertEquals(1, matrix.get(0, 0));
        assertEquals(Shape.of(2, 2), matrix.shape());
        assertEquals(4, matrix.size());
        vector.toArray()[0] = 9;
        assertEquals(1, vector.get(0));
    }

    @Test
    void bytesAreUnsigned() {
        assertArrayEquals(new int[]{0, 127, 128, 255}, IntTensor.ofUnsigned(new byte[]{0, 127, -128, -1}).toArray());
    }

    @Test
    void getCountsFromTheEndToo() {
        assertEquals(5, t.get(1, 2));
        assertEquals(4, t.get(-1, -2));
    }

    @Test
    void viewsReadTheSameElements() {
        assertArrayEquals(new int[]{3, 4, 5}, t.slice(1, 2).toArray());
        assertEquals(Shape.of(1, 3), t.slice(1, 2).shape());
        assertEquals(0, t.slice(1, 1).size());
        assertArrayEquals(t.toArray(), t.reshape(3, -1).toArray());
        assertEquals(4, t.reshape(3, -1).get(2, 0));
        IntTensor column = IntTensor.of(7, 8).reshape(2, 1).broadcastTo(Shape.of(2, 3));
        assertArrayEquals(new int[]{7, 7, 7, 8, 8, 8}, column.toArray());
        assertArrayEquals(new int[]{7, 7, 7, 8, 8, 8}, column.reshape(6).toArray());
        assertArrayEquals(new int[]{8, 8, 8}, column.slice(1, 2).toArray());
    }

    @Test
    void eqComparesWithOthersAndWithANumber() {
        assertArrayEquals(new boolean[]{true, false, true}, IntTensor.of(1, 2, 3).eq(IntTensor.of(1, 0, 3)).toArray());
        assertEquals(1, t.eq(4).count());
        assertTrue(t.eq(4).get(1, 1));
    }

    @Test
    void accuracyIsTheMeanOfEq() {
        Tensor logits = Tensor.of(new double[][]{{1, 5, 2}, {9, 0, 0}, {0, 1, 3}, {4, 4, 0}});
        assertEquals(0.75, logits.argMax(1).eq(IntTensor.of(1, 0, 2, 1)).mean());
    }

    @Test
    void meanDoesNotOverflow() {
        assertEquals(Integer.MAX_VALUE, IntTensor.of(Integer.MAX_VALUE, Integer.MAX_VALUE).mean());
        assertEquals(2.5, t.mean());
        assertEquals(Double.NaN, IntTensor.of().mean());
    }

    @Test
    void toMakesNumbers() {
        Tensor x = t.slice(1, 2).to(DType.F64);
        assertArrayEquals(new double[]{3, 4, 5}, x.toDoubleArray());
        assertEquals(DType.F64, x.dtype());
        assertEquals(Shape.of(1, 3), x.shape());
    }

    @Test
    void equalsComparesShapesAndElementsOfAnyView() {
        IntTensor same = IntTensor.of(0, 1, 2, 3, 4, 5).reshape(2, 3);
        assertEquals(t, same);
        assertEquals(t.hashCode(), same.hashCode());
        assertEquals(IntTensor.of(7, 7), IntTensor.of(7).broadcastTo(Shape.of(2)));
        assertNotEquals(t, same.reshape(3, 2));
        assertNotEquals(t, IntTensor.of(new int[6], 2, 3));
        assertNotEquals(t, new Object());
    }

    @Test
    void scalarsAndEmptyOnes() {
        IntTensor five = IntTensor.of(new int[]{5}, new int[0]);
        assertEquals(5, five.get());
        assertEquals("5 [] int", five.toString());
        assertEquals(0, IntTensor.of().size());
        assertArrayEquals(new int[0], IntTensor.of(new int[0], 0, 3).toArray());
    }

    @Test
    void printsWithoutDecimals() { assertEquals("""
            [[0, 1, 2],
             [3, 4, 5]] [2, 3] int""", t.toString()); }
}
