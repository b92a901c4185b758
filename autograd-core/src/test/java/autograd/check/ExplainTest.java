package autograd.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Functional;
import autograd.GradientTape;
import autograd.Mask;
import autograd.Tensor;
import autograd.Variable;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/** Names the first operation whose output is not finite, with its inputs. */
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
            assertTrue(constant.startsWith("the data is not finite: a tensor [3] (1 NaN"), constant);
            assertTrue(constant.contains("an input of mul"), constant);
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

    // ---- only values that reach the result count

    @Test
    void branchNotSelectedByWhereIsNotTheCause() {
        Tensor x = Tensor.of(-1, 0, 2);
        try (var tape = new GradientTape()) {
            Tensor loss = w.mul(x).log().where(x.gt(0), 0).sum();
            assertEquals(Optional.empty(), Explain.nonFinite(tape, loss));
            Tensor nan = w.sub(1).sqrt();
            String why = Explain.nonFinite(tape, loss.add(nan.sum())).orElseThrow();
            assertTrue(why.startsWith("sqrt made"), why);
        }
    }

    /** Two heads that look at the past only, and scores of which one may be NaN. */
    @Test
    void attentionMaskIsNotTheCauseButScoresMayBe() {
        double inf = Double.NEGATIVE_INFINITY;
        Tensor mask = Tensor.of(new double[][]{{0, inf, inf}, {0, 0, inf}, {0, 0, 0}});
        for (boolean broken : new boolean[]{false, true})
            try (var tape = new GradientTape()) {
                Tensor scores = w.reshape(3, 1).matmul(w.reshape(1, 3));
                if (broken)
                    scores = scores.sub(4).sqrt();
                Tensor loss = scores.add(mask).softmax(-1).matmul(w.reshape(3, 1)).sum();
                Optional<String> why = Explain.nonFinite(tape, loss);
                if (broken)
                    assertTrue(why.orElseThrow().startsWith("sqrt made a tensor [3, 3] (8 NaN"), why::toString);
                else
                    assertEquals(Optional.empty(), why);
            }
    }

    /**
     * Distinguishes the cause from other elements of the same tensor, masked or not, before and after it.
     */
    @Test
    void harmlessNumbersInTheSameTensorAreToldFromTheCause() {
        var keep = Mask.of(new boolean[]{false, false, true, true}, 4);
        Variable a = new Variable("a", Tensor.of(-1, 1)), b = new Variable("b", Tensor.of(1, -1));
        try (var tape = new GradientTape()) {
            Tensor harmless = a.sqrt(), cause = b.log();
            Tensor loss = Tensor.concat(0, harmless, cause).where(keep, 0).sum();
            String why = Explain.nonFinite(tape, loss).orElseThrow();
            assertTrue(why.startsWith("log made a tensor [2] (1 NaN"), why);
        }
    }

    @Test
    void severalTogetherNameTheFirst() {
        try (var tape = new GradientTape()) {
            Tensor up = w.reciprocal(), later = w.add(0).reciprocal();
            String why = Explain.nonFinite(tape, up.minimum(later).sum()).orElseThrow(); // either alone does no harm
            assertTrue(why.startsWith("reciprocal made") && why.contains("variable w"), why);
        }
    }

    @Test
    void functionsThatAreComputedAgainChangeNothing() {
        Variable count = new Variable("count", Tensor.scalar(0), false);
        var f = Functional.checkpoint(in -> {
            count.assign(count.add(1));
            return in[0].mul(in[1]);
        });
        try (var tape = new GradientTape()) {
            Tensor bad = w.sub(1).sqrt(), harmless = w.sub(1).log().exp();
            Tensor loss = f.of(bad, harmless).sum();
            assertEquals(1, count.item());
            assertTrue(Explain.nonFinite(tape, loss).orElseThrow().startsWith("sqrt made"));
            assertEquals(1, count.item());
        }
    }

    @Test
    void aResultThatIsNotOnTheTape() {
        try (var tape = new GradientTape()) {
            String why = Explain.nonFinite(tape, Tensor.of(1, Double.NaN)).orElseThrow();
            assertTrue(why.startsWith("the result is a constant"), why);
            Tensor loss = w.log().sum();
            tape.gradients(loss);
            String late = assertThrows(IllegalStateException.class, () -> Explain.nonFinite(tape, loss)).getMessage();
            assertTrue(late.contains("played back") && late.contains("persistent()"), late);
        }
    }
}
