package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingTest {
    private static final Embedding THREE = new Embedding(
            new Variable(Tensor.of(new double[][]{{1, 2}, {3, 4}, {5, 6}})));

    @Test
    void looksUpRows() {
        Tensor y = THREE.forward(IntTensor.of(new int[]{2, 0, 0, 1, 2, 2}, 3, 2));
        assertEquals(Shape.of(3, 2, 2), y.shape());
        assertArrayEquals(new double[]{5, 6, 1, 2, 1, 2, 3, 4, 5, 6, 5, 6}, y.toDoubleArray());
        assertEquals(Shape.of(0, 2), THREE.forward(IntTensor.of()).shape());
        assertArrayEquals(new double[]{3, 4}, THREE.forward(IntTensor.of(1).reshape()).toDoubleArray());
    }

    @Test
    void aRowUsedTwiceGetsBothGradients() {
        try (var tape = new GradientTape()) {
            Tensor y = THREE.forward(IntTensor.of(2, 0, 2)).mul(Tensor.of(new double[][]{{1, 10}, {2, 20}, {3, 30}}));
            Tensor g = tape.gradient(y.sum(), THREE.weight());
            assertArrayEquals(new double[]{2, 20, 0, 0, 4, 40}, g.toDoubleArray());
        }
    }

    @Test
    void paddingIsZeroAndGetsNoGradient() {
        Embedding words = Embedding.of(new Rng(1), 4, 2).padding(1);
        IntTensor indices = IntTensor.of(new int[]{0, 1, 1, 3}, 2, 2);
        assertArrayEquals(new double[4], words.forward(indices).flatten().slice(0, 2, 6).toDoubleArray());
        words.weight().assign(Tensor.ones(4, 2)); // as a file may say
        try (var tape = new GradientTape()) {
            Tensor y = words.forward(indices);
            assertArrayEquals(Tensor.ones(2, 2, 2).toFloatArray(), y.toFloatArray());
            assertArrayEquals(new double[]{1, 1, 0, 0, 0, 0, 1, 1},
                    tape.gradient(y.sum(), words.weight()).toDoubleArray());
        }
        assertSays(assertThrows(IllegalArgumentException.class, () -> words.padding(4)), "Embedding", "4", "0..3");
    }

    @Test
    void startsNormal() {
        Tensor w = Embedding.of(new Rng(0), 500, 20).weight();
        assertEquals(0, w.mean().item(), 0.04);
        assertEquals(1, w.std().item(), 0.04);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void namesANumberWithoutAVector(int i) {
        assertSays(assertThrows(IndexOutOfBoundsException.class, () -> THREE.forward(IntTensor.of(0, i))), "Embedding",
                "" + i, "0..2");
    }

    @Test
    void namesItselfWhenTheWeightDoesNotFit() {
        var weight = new Variable(Tensor.zeros(3));
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Embedding(weight)), "Embedding", "[3]",
                "[count, width]");
    }
}
