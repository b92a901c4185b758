package autograd;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.NdArray;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/** Every operation is tested, or the build says which line to add. */
class OpCoverageTest {
    @ParameterizedTest
    @MethodSource("autograd.OpCases#all")
    void hasACase(Class<? extends Op> op) { assertDoesNotThrow(() -> OpCases.of(op)); }

    @Test
    void everyFamilyIsSearched() {
        assertTrue(OpCases.all().containsAll(List.of(Trigonometry.Tanh.class, Reduction.Sum.class, Movement.Slice.class,
                Indexing.Gather.class, LinearAlgebra.MatMul.class, Normalization.Softmax.class)));
    }

    record Unlisted(double p) implements Op.Unary {
        public NdArray forward(NdArray... in) { return in[0]; }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g; }
    }

    @Test
    void anUncoveredOpIsNamedWithTheLineToAdd() {
        String message = assertThrows(AssertionError.class, () -> OpCases.of(Unlisted.class)).getMessage();
        assertEquals("Unlisted has no case: it has parameters or is not element by element, so add a line to the table "
                + "in OpCases.java:\n    entry(OpCoverageTest.Unlisted.class, <generator of an op and its inputs>),",
                message);
    }
}
