package autograd.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/** The first operation that made something not finite is named, with what went in. */
class ExplainTest {
    private final Variable w = new Variable("w", Tensor.of(0, 1, 2));

    @Test
    void nothingToExplain() {
        try (var tape = new GradientTape()) {
            assertEquals(Optional.empty(), Explain.nonFinite(tape, w.exp().sum()));
        }
    }

    @Test
    void theFirstOperationIsNamedNotTheLast() {
        try (var tape = new GradientTape()) {
            Tensor loss = w.mul(1).log().square().sum();
            String why = Explain.nonFinite(tape, loss).orElseThrow();
            assertTrue(why.startsWith("log made a tensor [3] (0 NaN, 1 infinite of 3, finite ones from 0.0 to 0.69"),
                    why);
            assertTrue(why.contains("of\n  a tensor [3] (0 NaN, 0 infinite of 3, finite ones from 0.0 to 2.0)"), why);
        }
    }

    @Test
    void branchesTheResultDoesNotNeedAreLeftOut() {
        try (var tape = new GradientTape()) {
            Tensor unused = w.log(), loss = w.add(1).log().sum();
            assertEquals(Optional.empty(), Explain.nonFinite(tape, loss));
            assertTrue(Explain.nonFinite(tape, unused).isPresent());
        }
    }

    @Test
    void dataThatIsNotFiniteToBeginWithIsNamed() {
        try (var tape = new GradientTape()) {
            String constant = Explain.nonFinite(tape, w.mul(Tensor.of(1, 2, Double.NaN)).sum()).orElseThrow();
            assertTrue(constant.startsWith("an input of mul is not finite: a tensor [3] (1 NaN"), constant);
            Variable bad = new Variable("bad", Tensor.of(Double.POSITIVE_INFINITY));
            String leaf = Explain.nonFinite(tape, bad.sum()).orElseThrow();
            assertTrue(leaf.startsWith("variable bad [1] (0 NaN, 1 infinite of 1) is not finite to begin with"), leaf);
        }
    }

    @Test
    void tracingAddsTheLineOfSource() {
        try (var tape = new GradientTape()) {
            assertTrue(Explain.nonFinite(tape, w.log()).orElseThrow().contains("Explain.tracing()"));
        }
        try (var tape = new GradientTape(Explain.tracing())) {
            String why = Explain.nonFinite(tape, w.log()).orElseThrow();
            assertTrue(why.contains("ExplainTest.java:"), why);
        }
    }
}
