package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** An operation is recorded if and only if a tape is open on this thread and an input is tracked. */
class RecordingRuleTest {
    private final List<String> written = new ArrayList<>();
    private final Recorder listing = new Recorder() {
        @Override
        public void recorded(Node node) { written.add(node.toString()); }
    };
    private final Variable w = new Variable("w", Tensor.scalar(DType.F64, 3));
    private final Tensor c = Tensor.scalar(DType.F64, 5);

    @Test
    void operationsOnTrainableVariablesAreRecorded() {
        try (var tape = new GradientTape(listing)) {
            Tensor y = w.mul(c).exp();
            assertEquals(List.of("v0 = leaf", "v1 = mul", "v2 = exp"), written);
            assertSame(tape, GradientTape.innermost());
            assertEquals(2, y.node().index());
            assertEquals(List.of(w, c), y.node().inputs().getFirst().node().inputs());
        }
    }

    @Test
    void constantsLeaveNoTrace() {
        try (var tape = new GradientTape(listing)) {
            Tensor y = c.mul(c).exp();
            assertEquals(Math.exp(25), y.item());
            assertEquals(List.of(), written);
            assertFalse(tape.gradients(w.square()).has(y));
        }
    }

    @Test
    void aVariableGetsOneLeafHoweverOftenItIsUsed() {
        try (var _ = new GradientTape(listing)) {
            w.mul(w).add(w);
            assertEquals(List.of("v0 = leaf", "v1 = mul", "v2 = add"), written);
        }
    }

    @Test
    void inferenceNeedsNoSwitch() {
        Tensor y = w.mul(c);
        assertEquals(15, y.item());
        try (var _ = new GradientTape(listing)) {
            y.exp();
        }
        assertEquals(List.of(), written);
    }

    @Test
    void pausedComputesInsideATapeWithoutRecording() {
        try (var tape = new GradientTape(listing)) {
            Tensor y = w.square();
            Tensor average = GradientTape.paused(() -> y.add(w).div(2));
            assertEquals(6, average.item());
            assertEquals(List.of("v0 = leaf", "v1 = square"), written);
            assertEquals(6 * 6, tape.gradient(y.mul(average), w).item());
        }
    }

    @Test
    void recordingContinuesAfterAPausedBodyFails() {
        try (var tape = new GradientTape()) {
            try {
                GradientTape.paused(() -> { throw new IllegalStateException("on purpose"); });
            } catch (IllegalStateException e) {
                assertEquals("on purpose", e.getMessage());
            }
            assertEquals(6, tape.gradient(w.square(), w).item());
        }
    }

    @Test
    void noGradientFlowsThroughDetach() {
        try (var tape = new GradientTape()) {
            Tensor y = w.square();
            assertEquals(9, tape.gradient(y.detach().mul(w), w).item());
        }
    }

    @Test
    void watchTracksAConstant() {
        try (var tape = new GradientTape(listing)) {
            Tensor x = tape.watch(c);
            assertNotSame(c, x);
            assertEquals(10, tape.gradient(x.square().add(c), x).item());
        }
        assertEquals(List.of("v0 = leaf", "v1 = square", "v2 = add"), written);
    }

    @Test
    void watchReturnsTrackedTensors() {
        try (var tape = new GradientTape()) {
            assertSame(w, tape.watch(w));
            Tensor x = tape.watch(c), y = x.mul(w);
            assertSame(x, tape.watch(x));
            assertSame(y, tape.watch(y));
        }
    }

    @Test
    void aVariableThatIsNotTrainableIsAConstantUntilWatched() {
        Variable mean = new Variable("mean", c, false);
        try (var tape = new GradientTape(listing)) {
            mean.mul(mean);
            assertEquals(List.of(), written);
            Tensor x = tape.watch(mean);
            assertEquals(10, tape.gradient(x.square(), x).item());
        }
    }

    @Test
    void tensorOfAClosedTapeIsAConstant() {
        Tensor old;
        try (var _ = new GradientTape()) {
            old = w.square();
        }
        try (var tape = new GradientTape()) {
            assertEquals(9, tape.gradient(old.mul(w), w).item());
        }
    }

    @Test
    void deadBranchesAreNotPlayed() {
        record Mine() implements Op.Unary {
            @Override
            public NdArray forward(NdArray... in) { return in[0]; }

            @Override
            public Tensor vjp(Tensor g, Tensor x, Tensor y) { throw new AssertionError("played a dead branch"); }
        }
        try (var tape = new GradientTape()) {
            Tensor h = w.square();
            Tensor dead = h.apply(new Mine());
            Tensor y = h.mul(2);
            dead.exp();
            assertEquals(12, tape.gradient(y, w).item());
        }
    }

    @Test
    void rulesAreAskedOnlyForInputsThatAreTracked() {
        record Choosy() implements Op.Binary {
            @Override
            public NdArray forward(NdArray... in) { return in[0]; }

            @Override
            public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g; }

            @Override
            public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { throw new AssertionError("not wanted"); }
        }
        try (var tape = new GradientTape()) {
            assertEquals(1, tape.gradient(w.apply(new Choosy(), c), w).item());
        }
    }

    @Test
    void fanOutAddsUp() {
        try (var tape = new GradientTape()) {
            Tensor h = w.square(); // h = 9, dh/dw = 6
            Tensor y = h.mul(h).add(h.mul(2)).sub(w); // a diamond: dy/dh = 2h + 2
            assertEquals(20 * 6 - 1, tape.gradient(y, w).item());
        }
    }

    @Test
    void theSameTensorMayStandTwiceInOneOperation() {
        try (var tape = new GradientTape().persistent()) {
            assertEquals(6, tape.gradient(w.mul(w), w).item());
            assertEquals(2, tape.gradient(w.add(w), w).item());
            assertEquals(0, tape.gradient(w.sub(w), w).item());
            assertEquals(0, tape.gradient(w.div(w), w).item(), 1e-15);
        }
    }

    @Test
    void operationsAfterAPlaybackAreRecorded() {
        try (var tape = new GradientTape().persistent()) {
            Tensor h = w.square();
            assertEquals(6, tape.gradient(h, w).item());
            assertEquals(4 * 27, tape.gradient(h.square(), w).item());
            assertTrue(tape.gradients(h).has(w));
        }
    }
}
