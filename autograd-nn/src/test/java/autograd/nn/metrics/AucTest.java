package autograd.nn.metrics;

import static autograd.nn.Message.assertSays;
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

class AucTest {
    @Test
    void isTheFractionOfPairsInOrder() {
        Tensor scores = Tensor.of(0.1, 0.4, 0.35, 0.8);
        assertEquals(0.75, new Auc().add(scores, IntTensor.of(0, 0, 1, 1)).value());
        assertEquals(1, new Auc().add(scores, IntTensor.of(0, 1, 0, 1)).value());
        assertEquals(0, new Auc().add(scores.neg(), IntTensor.of(0, 1, 0, 1)).value());
        assertEquals(0.5, new Auc().add(Tensor.of(0, -0.0), IntTensor.of(1, 0)).value());
        assertEquals(Double.NaN, new Auc().add(scores, IntTensor.of(1, 1, 1, 1)).value());
    }

    /** The definition: all pairs, one by one. */
    private static double byPairs(double[] scores, int... labels) {
        double right = 0, pairs = 0;
        for (int i = 0; i < labels.length; i++)
            for (int j = 0; j < labels.length; j++)
                if (labels[i] == 1 && labels[j] == 0) {
                    pairs++;
                    right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
        return right / pairs;
    }

    @Property(tries = 100)
    void isThatOfAllPairsHoweverItIsCutIntoBatches(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int n,
            @ForAll @IntRange(min = 1, max = 60) int size) {
        var rng = new Rng(seed);
        Tensor scores = Tensor.randn(DType.F64, rng, n).mul(3).round(); // many are equal
        int[] labels = rng.ints(n, 0, 2).toArray();
        var auc = new Auc();
        for (int at = 0; at < n; at += size)
            auc.add(scores.slice(0, at, Math.min(n, at + size)),
                    IntTensor.of(labels).slice(at, Math.min(n, at + size)));
        assertEquals(byPairs(scores.toDoubleArray(), labels), auc.value());
    }

    @Test
    void aWrongBatchIsNotTakenIn() {
        var auc = new Auc().add(Tensor.of(1, 2), IntTensor.of(0, 1));
        assertSays(assertThrows(IllegalArgumentException.class, () -> auc.add(Tensor.of(1, 2), IntTensor.of(0))), "Auc",
                "[2]", "[1]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> auc.add(Tensor.of(1, 2), IntTensor.of(0, 2))),
                "Auc", "element 1", "label 2");
        assertSays(
                assertThrows(IllegalArgumentException.class,
                        () -> auc.add(Tensor.of(1, Double.NaN), IntTensor.of(1, 1))),
                "Auc", "element 1", "NaN");
        assertEquals(1, auc.value());
    }
}
