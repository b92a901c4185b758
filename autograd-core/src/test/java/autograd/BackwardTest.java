package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The micrograd idiom: {@code y.backward()}, then {@code w.grad()}. */
class BackwardTest {
    private final Variable w = new Variable("w", Tensor.of(DType.F64, 1, 2, 3));

    private static Variable number(String name, double x) { return new Variable(name, Tensor.scalar(DType.F64, x)); }

    private static double[] grad(Variable v) {
        assertNotNull(v.grad());
        return v.grad().toDoubleArray();
    }

    @Test
    void gradIsNullBeforeTheFirst() {
        assertNull(w.grad());
        try (var _ = new GradientTape()) {
            w.square().sum();
        }
        assertNull(w.grad());
    }

    @Test
    void backwardAddsUpUntilZeroGrad() {
        for (int k = 1; k <= 3; k++) {
            try (var _ = new GradientTape()) {
                w.square().sum().backward();
            }
            assertArrayEquals(new double[]{2 * k, 4 * k, 6 * k}, grad(w));
        }
        w.zeroGrad();
        assertNull(w.grad());
    }

    @Test
    void twoResultsOfAPersistentTapeAddUp() {
        try (var _ = new GradientTape().persistent()) {
            Tensor h = w.square();
            h.sum().backward();
            h.mul(10).sum().backward();
        }
        assertArrayEquals(new double[]{22, 44, 66}, grad(w));
    }

    @Test
    void aCotangentIsPlayedBackFromAnyShape() {
        try (var _ = new GradientTape()) {
            w.square().backward(Tensor.of(DType.F64, 1, 0, -1));
        }
        assertArrayEquals(new double[]{2, 0, -6}, grad(w));
    }

    @Test
    void aVariableThatIsNotReachedKeepsItsGradient() {
        Variable other = number("other", 1);
        try (var _ = new GradientTape()) {
            other.square();
            w.sum().backward();
        }
        assertNull(other.grad());
        assertArrayEquals(new double[]{1, 1, 1}, grad(w));
    }

    @Test
    void aVariableMayBeTheResultItself() {
        Variable x = number("x", 7);
        try (var _ = new GradientTape()) {
            x.backward();
        }
        assertEquals(1, grad(x)[0]);
    }

    @Test
    void theInnermostTapeIsPlayedBackAndTheOuterOneCanDifferentiateGrad() {
        Variable x = number("x", 3);
        try (var outer = new GradientTape()) {
            try (var _ = new GradientTape()) {
                x.pow(3).backward();
            }
            assertEquals(27, grad(x)[0]);
            assertEquals(18, outer.gradient(x.grad(), x).item());
        }
    }

    @Test
    void gradStaysValidWhenItsTapeIsClosedAndTheVariableChanges() {
        try (var _ = new GradientTape()) {
            w.square().sum().backward();
        }
        Tensor g = w.grad();
        assertNotNull(g);
        w.assign(w.sub(g));
        assertArrayEquals(new double[]{-1, -2, -3}, w.toDoubleArray());
        assertArrayEquals(new double[]{2, 4, 6}, g.toDoubleArray());
    }

    @Test
    void aResultOfConstantsIsAnError() {
        Tensor c = Tensor.scalar(2);
        try (var _ = new GradientTape()) {
            String message = assertThrows(IllegalStateException.class, () -> c.square().backward()).getMessage();
            assertTrue(message.startsWith("backward: the result is a constant: it was not computed from a trainable"),
                    message);
        }
    }

    @Test
    void aResultOfWatchedTensorsAloneIsAnErrorSinceTheyKeepNoGradient() {
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(Tensor.scalar(2));
            String message = assertThrows(IllegalStateException.class, () -> x.square().backward()).getMessage();
            assertTrue(message.startsWith("backward: the result does not depend on any trainable variable"), message);
        }
    }

    @Test
    void gradientsLeaveGradAlone() {
        try (var tape = new GradientTape().persistent()) {
            tape.gradient(w.sum(), List.of(w));
            tape.gradients(w.sum());
        }
        assertNull(w.grad());
    }
}
