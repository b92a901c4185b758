package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import autograd.array.Shape;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Operations that only move elements: reshape, permute, join and others, by value. */
class MovementTest {
    private final Tensor x = Tensor.arange(24).reshape(2, 3, 4);

    @Test
    void reshapeKeepsRowMajorOrderAlsoOfViews() {
        assertArrayEquals(x.toDoubleArray(), x.reshape(4, 6).toDoubleArray());
        Tensor t = Tensor.arange(6).reshape(2, 3).transpose();
        assertArrayEquals(new double[]{0, 3, 1, 4, 2, 5}, t.reshape(6).toDoubleArray());
        assertArrayEquals(new double[]{0, 3, 1, 4, 2, 5}, t.reshape(2, 3).toDoubleArray());
    }

    @Test
    void reshapeWorksOutOneExtent() {
        assertEquals(Shape.of(24), x.reshape(-1).shape());
        assertEquals(Shape.of(2, 12), x.reshape(2, -1).shape());
        assertEquals(Shape.of(3, 1, 8), x.reshape(3, -1, 8).shape());
        assertEquals(Shape.of(0, 5), Tensor.zeros(5, 0).reshape(-1, 5).shape());
        assertEquals(Shape.of(1), Tensor.scalar(1).reshape(-1).shape());
    }

    @Test
    void reshapeToAScalarAndBack() {
        assertEquals(7, Tensor.of(7).reshape().item());
        assertEquals(Shape.SCALAR, Tensor.of(7).reshape(new int[0]).shape());
    }

    @Test
    void squeezeUndoesUnsqueeze() {
        assertEquals(Shape.of(1, 2, 3, 4), x.unsqueeze(0).shape());
        assertEquals(Shape.of(2, 3, 1, 4), x.unsqueeze(2).shape());
        assertEquals(Shape.of(2, 3, 4, 1), x.unsqueeze(-1).shape());
        assertEquals(Shape.of(1, 2, 3, 4), x.unsqueeze(-4).shape());
        for (int axis = -4; axis <= 3; axis++) {
            Tensor y = x.unsqueeze(axis).squeeze(axis);
            assertEquals(x.shape(), y.shape());
            assertArrayEquals(x.toDoubleArray(), y.toDoubleArray());
        }
    }

    @Test
    void transposeExchangesTheLastTwoAxesOrAnyTwo() {
        assertEquals(Shape.of(2, 4, 3), x.transpose().shape());
        assertEquals(x.get(1, 2, 3), x.transpose().get(1, 3, 2));
        assertEquals(Shape.of(4, 3, 2), x.transpose(0, -1).shape());
        assertEquals(x.get(1, 2, 3), x.transpose(0, -1).get(3, 2, 1));
        assertArrayEquals(x.toDoubleArray(), x.transpose(1, 1).toDoubleArray());
    }

    @Provide
    Arbitrary<List<Integer>> orders() { return Arbitraries.shuffle(0, 1, 2); }

    @Property(tries = 20)
    void permuteReadsElsewhere(@ForAll("orders") List<Integer> order) {
        int[] axes = order.stream().mapToInt(a -> a).toArray();
        Tensor y = x.permute(axes), negative = x.permute(axes[0] - 3, axes[1], axes[2] - 3);
        int[] at = new int[3];
        for (int i = 0; i < 3; i++)
            assertEquals(x.shape().dim(axes[i]), y.shape().dim(i));
        for (at[0] = 0; at[0] < y.shape().dim(0); at[0]++)
            for (at[1] = 0; at[1] < y.shape().dim(1); at[1]++)
                for (at[2] = 0; at[2] < y.shape().dim(2); at[2]++) {
                    int[] from = new int[3];
                    for (int i = 0; i < 3; i++)
                        from[axes[i]] = at[i];
                    assertEquals(x.get(from), y.get(at));
                    assertEquals(x.get(from), negative.get(at));
                }
    }

    @Test
    void broadcastToRepeatsAndSumToAddsUp() {
        Tensor column = Tensor.of(1, 2).reshape(2, 1), y = column.broadcastTo(3, 2, 4);
        assertEquals(Shape.of(3, 2, 4), y.shape());
        assertEquals(2, y.get(2, 1, 3));
        assertArrayEquals(new double[]{12, 24}, y.sumTo(Shape.of(2, 1)).toDoubleArray());
        assertEquals(Shape.of(2, 1), y.sumTo(Shape.of(2, 1)).shape());
        assertEquals(36, y.sumTo(Shape.SCALAR).item());
        assertEquals(Shape.of(0, 2), Tensor.ones(1, 2).broadcastTo(0, 2).shape());
    }

    @Test
    void nothingIsDoneWhereNothingChanges() {
        assertSame(x, x.reshape(2, 3, 4));
        assertSame(x, x.broadcastTo(2, 3, 4));
        assertSame(x, x.sumTo(x.shape()));
        assertSame(x, x.to(x.dtype()));
    }

    @Test
    void variableGivesAViewThatDoesNotChange() {
        Variable w = new Variable("w", x);
        for (Tensor view : List.of(w.reshape(2, 3, 4), w.broadcastTo(2, 3, 4), w.sumTo(w.shape()), w.to(w.dtype()))) {
            assertNotSame(w, view);
            assertArrayEquals(x.toDoubleArray(), view.toDoubleArray());
        }
        try (var tape = new GradientTape()) {
            assertArrayEquals(Tensor.ones(2, 3, 4).toDoubleArray(),
                    tape.gradient(w.reshape(2, 3, 4).sum(), w).toDoubleArray());
        }
    }

    @Test
    void concatJoinsAlongAnyAxis() {
        Tensor a = Tensor.of(new double[][]{{1, 2}, {3, 4}}), b = Tensor.of(new double[][]{{5}, {6}});
        Tensor y = Tensor.concat(1, a, b, a);
        assertEquals(Shape.of(2, 5), y.shape());
        assertArrayEquals(new double[]{1, 2, 5, 1, 2, 3, 4, 6, 3, 4}, y.toDoubleArray());
        assertArrayEquals(y.toDoubleArray(), Tensor.concat(-1, a, b, a).toDoubleArray());
        assertArrayEquals(new double[]{1, 2, 3, 4, 1, 3, 2, 4},
                Tensor.concat(0, a, a.transpose()).toDoubleArray());
        assertArrayEquals(a.toDoubleArray(), Tensor.concat(0, a).toDoubleArray());
    }

    @Test
    void concatGivesEachPartItsShareOfTheCotangent() {
        Variable a = new Variable("a", Tensor.zeros(2, 1)), b = new Variable("b", Tensor.zeros(2, 2));
        try (var tape = new GradientTape()) {
            Gradients g = tape.gradients(Tensor.concat(1, a, b, a), Tensor.arange(8).reshape(2, 4));
            assertArrayEquals(new double[]{0 + 3, 4 + 7}, g.of(a).toDoubleArray());
            assertArrayEquals(new double[]{1, 2, 5, 6}, g.of(b).toDoubleArray());
        }
    }
}
