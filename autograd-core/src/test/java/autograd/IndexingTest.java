package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.DType;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Picking elements by position, and adding them into positions. */
class IndexingTest {
    private final Tensor x = Tensor.of(new double[][]{{10, 11, 12}, {20, 21, 22}});

    @Test
    void gatherPicksAlongAnAxis() {
        Tensor y = x.gather(1, IntTensor.of(new int[]{2, 0, 1, 1}, 2, 2));
        assertArrayEquals(new double[]{12, 10, 21, 21}, y.toDoubleArray());
        y = x.gather(0, IntTensor.of(new int[]{1, 0, 1}, 1, 3));
        assertArrayEquals(new double[]{20, 11, 22}, y.toDoubleArray());
        y = x.gather(-1, IntTensor.of(new int[]{2}, 1, 1));
        assertArrayEquals(new double[]{12}, y.toDoubleArray());
    }

    @Test
    void gatherPicksEachRowsLabel() {
        IntTensor labels = IntTensor.of(2, 1);
        assertArrayEquals(new double[]{12, 21}, x.gather(1, labels.reshape(-1, 1)).squeeze(1).toDoubleArray());
    }

    @Test
    void gatherReadsViews() {
        Tensor y = x.transpose().gather(0, IntTensor.of(new int[]{2, 0}, 1, 2));
        assertArrayEquals(new double[]{12, 20}, y.toDoubleArray());
    }

    @Test
    void indexSelectTakesWholeSlicesInAnyOrderAndOften() {
        Tensor y = x.indexSelect(0, IntTensor.of(1, 0, 1));
        assertEquals(Shape.of(3, 3), y.shape());
        assertArrayEquals(new double[]{20, 21, 22, 10, 11, 12, 20, 21, 22}, y.toDoubleArray());
        assertArrayEquals(new double[]{12, 22}, x.indexSelect(-1, IntTensor.of(2)).toDoubleArray());
        assertEquals(Shape.of(0, 3), x.indexSelect(0, IntTensor.of()).shape());
    }

    @Test
    void scatterAddIsTheTransposeOfGather() {
        IntTensor index = IntTensor.of(new int[]{2, 0, 1, 1}, 2, 2);
        Tensor y = Tensor.of(new double[][]{{1, 2}, {3, 4}}).scatterAdd(1, index, Shape.of(2, 3));
        assertArrayEquals(new double[]{2, 0, 1, 0, 7, 0}, y.toDoubleArray());
        Tensor h = Tensor.of(new double[][]{{5, 6}, {7, 8}});
        assertEquals(x.gather(1, index).mul(h).sum().item(),
                x.mul(h.scatterAdd(1, index, x.shape())).sum().item());
    }

    @Test
    void positionsNamedSeveralTimesReceiveTheSumOfCotangents() {
        Variable w = new Variable("w", x);
        try (var tape = new GradientTape().persistent()) {
            Tensor y = w.indexSelect(0, IntTensor.of(1, 1, 0, 1));
            assertArrayEquals(new double[]{1, 1, 1, 3, 3, 3}, tape.gradient(y.sum(), w).toDoubleArray());
            Tensor z = w.scatterAdd(1, IntTensor.of(new int[]{0, 0, 1, 1, 0, 0}, 2, 3), Shape.of(2, 2));
            Tensor g = Tensor.of(new double[][]{{1, 2}, {3, 4}});
            assertArrayEquals(new double[]{1, 1, 2, 4, 3, 3}, tape.gradient(z, g, List.of(w)).of(w).toDoubleArray());
        }
    }

    @Test
    void argMaxAnswersPositionsThatGatherTakes() {
        Tensor y = Tensor.of(DType.F64, new double[][]{{3, 9, 9}, {Double.NaN, 5, 7}, {-1, -3, -2}});
        IntTensor best = y.argMax(1);
        assertArrayEquals(new int[]{1, 0, 0}, best.toArray());
        assertArrayEquals(y.max(1).toDoubleArray(), y.gather(1, best.reshape(-1, 1)).squeeze(1).toDoubleArray());
        assertArrayEquals(new int[]{1, 0, 0}, y.transpose().argMax(0).toArray());
    }
}
