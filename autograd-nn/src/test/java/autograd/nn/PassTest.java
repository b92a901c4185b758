package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.Rng;

import org.junit.jupiter.api.Test;

class PassTest {
    @Test
    void trainingDrawsFromItsGenerator() {
        var rng = new Rng(0);
        assertTrue(Pass.training(rng).isTraining());
        assertSame(rng, Pass.training(rng).rng());
    }

    @Test
    void trainingNeedsAGenerator() {
        assertSays(assertThrows(IllegalArgumentException.class, () -> Pass.training(null)), "null", "Pass.EVAL");
    }

    @Test
    void evaluationDrawsNothing() {
        assertFalse(Pass.EVAL.isTraining());
        assertSays(assertThrows(IllegalStateException.class, Pass.EVAL::rng), "Pass.training(rng)");
    }
}
