package autograd.nn.metrics;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;

import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    private final ConfusionMatrix matrix = new ConfusionMatrix(3).add(IntTensor.of(0, 1, 1), IntTensor.of(0, 0, 1))
            .add(IntTensor.of(0, 1, 0), IntTensor.of(0, 1, 1));

    @Test
    void countsBatchAfterBatch() {
        assertEquals(2, matrix.count(0, 0));
        assertEquals(1, matrix.count(0, 1));
        assertEquals(1, matrix.count(1, 0));
        assertEquals(2, matrix.count(1, 1));
        assertEquals(6, matrix.total());
        assertEquals(4 / 6.0, matrix.accuracy());
        assertEquals(2 / 3.0, matrix.recall(0));
        assertEquals(2 / 3.0, matrix.precision(1));
        assertEquals(Double.NaN, matrix.recall(2));
    }

    @Test
    void isATable() { assertEquals("""
            label\\predicted   0   1   2  recall
                          0   2   1   0   66.7%
                          1   1   2   0   66.7%
                          2   0   0   0       -
            """, matrix.toString()); }

    @Test
    void aWrongBatchIsNotCounted() {
        assertSays(assertThrows(IllegalArgumentException.class, () -> matrix.add(IntTensor.of(0), IntTensor.of(0, 1))),
                "ConfusionMatrix", "[1]", "[2]");
        assertSays(assertThrows(IndexOutOfBoundsException.class,
                () -> matrix.add(IntTensor.of(0, 3), IntTensor.of(0, 1))), "ConfusionMatrix", "no class 3", "0..2");
        assertThrows(IndexOutOfBoundsException.class, () -> matrix.count(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(0));
        assertEquals(6, matrix.total());
    }
}
