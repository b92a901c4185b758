package autograd.nn.metrics;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TopKTest {
    private static final Tensor SCORES = Tensor.of(new double[][]{{0.1, 3, -1}, {5, 4, 3}, {0, 0, 0}});

    @Test
    void countsLabelsAmongTheLargestBatchByBatch() {
        IntTensor labels = IntTensor.of(0, 2, 1);
        assertEquals(0, new TopK(1).add(SCORES, labels).value());
        assertEquals(2 / 3.0, new TopK(2).add(SCORES, labels).value());
        assertEquals(1, new TopK(3).add(SCORES, labels).value());
        assertEquals(5 / 6.0, new TopK(2).add(SCORES, labels).add(SCORES, IntTensor.of(1, 0, 0)).value());
        assertEquals(Double.NaN, new TopK(1).value());
    }

    @Property(tries = 50)
    void theFirstGuessAloneIsTheAccuracy(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int n) {
        var rng = new Rng(seed);
        Tensor scores = Tensor.randn(DType.F64, rng, n, 4).mul(2).round(); // many are equal
        IntTensor labels = IntTensor.of(rng.ints(n, 0, 4).toArray());
        assertEquals(Accuracy.of(scores, labels), new TopK(1).add(scores, labels).value());
        assertEquals(1, new TopK(4).add(scores, labels).value());
    }

    @Test
    void aLabelWithoutAScoreIsNotFound() {
        Tensor scores = Tensor.of(new double[][]{{Double.NaN, 1}, {Double.NaN, 1}});
        assertEquals(0, new TopK(1).add(scores, IntTensor.of(0, 1)).value());
        assertEquals(0.5, new TopK(2).add(scores, IntTensor.of(0, 1)).value());
    }

    @Test
    void aWrongBatchIsNotCounted() {
        var top = new TopK(2);
        assertSays(assertThrows(IllegalArgumentException.class, () -> top.add(SCORES, IntTensor.of(1))), "TopK",
                "[3, 3]", "[1]");
        assertSays(assertThrows(IndexOutOfBoundsException.class, () -> top.add(SCORES, IntTensor.of(0, 0, 3))),
                "TopK", "no class 3", "0..2");
        assertEquals(Double.NaN, top.value());
        assertSays(assertThrows(IllegalArgumentException.class, () -> new TopK(0)), "TopK", "k is 0");
    }

    @Test
    void countsOneExample() {
        Tensor scores = Tensor.of(0.1, 0.7, 0.2).reshape(1, 3);
        assertEquals(1, new TopK(1).add(scores, IntTensor.of(1)).value());
        assertEquals(0, new TopK(1).add(scores, IntTensor.of(2)).value());
        assertEquals(1, new TopK(2).add(scores, IntTensor.of(2)).value());
        assertEquals(1, new TopK(3).add(scores, IntTensor.of(0)).value());
    }
}
