package autograd.nn.metrics;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.nn.metrics.ConfusionMatrix.Average;

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

    /** Labels 0 0 0 1 1 2, predictions 0 0 1 1 2 2; class 3 does not occur. */
    private final ConfusionMatrix four = new ConfusionMatrix(4).add(IntTensor.of(0, 0, 1, 1, 2, 2),
            IntTensor.of(0, 0, 0, 1, 1, 2));

    @Test
    void averagesOverClasses() {
        assertEquals((1 + 0.5 + 0.5) / 3, four.precision(Average.MACRO), 1e-15);
        assertEquals((2 / 3.0 + 0.5 + 1) / 3, four.recall(Average.MACRO), 1e-15);
        assertEquals((0.8 + 0.5 + 2 / 3.0) / 3, four.f1(Average.MACRO), 1e-15);
        assertEquals((3 * 1 + 2 * 0.5 + 1 * 0.5) / 6, four.precision(Average.WEIGHTED), 1e-15);
        assertEquals(four.accuracy(), four.recall(Average.WEIGHTED), 1e-15);
        for (double micro : new double[]{four.precision(Average.MICRO), four.recall(Average.MICRO),
                four.f1(Average.MICRO)})
            assertEquals(4 / 6.0, micro);
        assertEquals(Double.NaN, new ConfusionMatrix(2).f1(Average.MACRO));
    }

    @Test
    void f1IsTheHarmonicMean() {
        assertEquals(2 * 1 * (2 / 3.0) / (1 + 2 / 3.0), four.f1(0), 1e-15);
        assertEquals(Double.NaN, four.f1(3));
        assertThrows(IndexOutOfBoundsException.class, () -> four.f1(4));
    }

    @Test
    void aClassNeverPredictedCountsAsNothingInTheMean() {
        var matrix = new ConfusionMatrix(2).add(IntTensor.of(0, 0), IntTensor.of(0, 1));
        assertEquals(0.25, matrix.precision(Average.MACRO));
        assertEquals(0.5, matrix.recall(Average.MACRO));
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

    @Test
    void oneClassIsEnoughAndNoneIsRefused() {
        var matrix = new ConfusionMatrix(1).add(IntTensor.of(0, 0), IntTensor.of(0, 0));
        assertEquals(2, matrix.count(0, 0));
        assertEquals(1, matrix.accuracy());
        String message = assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(0)).getMessage();
        assertTrue(message.contains("ConfusionMatrix") && message.contains("got 0"), message);
        message = assertThrows(IndexOutOfBoundsException.class, () -> matrix.count(0, 1)).getMessage();
        assertTrue(message.contains("class 1") && message.contains("0..0"), message);
    }
}
