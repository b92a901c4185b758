package autograd.nn.metrics;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.Tensor;

import org.junit.jupiter.api.Test;

class AccuracyTest {
    @Test
    void countsTheLargestScores() {
        Tensor scores = Tensor.of(new double[][]{{0.1, 3, -1}, {5, 4, 3}, {0, 0, 1}, {-3, -2, -1}});
        assertEquals(0.75, Accuracy.of(scores, IntTensor.of(1, 0, 1, 2)));
        assertEquals(Double.NaN, Accuracy.of(Tensor.zeros(0, 3), IntTensor.of()));
        assertSays(assertThrows(IllegalArgumentException.class, () -> Accuracy.of(scores, IntTensor.of(1))), "Accuracy",
                "[4, 3]", "[1]");
    }

    @Test
    void countsSides() {
        assertEquals(0.75, Accuracy.binary(Tensor.of(0.2, 0.6, 0.5, 0.9), Tensor.of(0, 1, 1, 1), 0.5));
        assertEquals(0.5, Accuracy.binary(Tensor.of(-3, 2), Tensor.of(-1, -1), 0));
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Accuracy.binary(Tensor.zeros(4, 1), Tensor.zeros(4), 0)), "[4, 1]", "[4]");
    }
}
