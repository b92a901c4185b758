package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.optim.Sgd;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;

import java.util.List;

/** {@code forward(x)} without a pass never trains in evaluation mode in silence. */
class UnsaidPassTest {
    private static final Rng RNG = new Rng(1);
    private static final Tensor X = Tensor.randn(new Rng(2), 4, 3);

    /** A user's layer that acts differently in training, asked of the pass alone. */
    private record Noise(Variable scale) implements Layer {
        @Override
        public Tensor forward(Tensor x, Pass pass) {
            return pass.isTraining() ? x.add(Tensor.randn(pass.rng(), x.shape().dims()).mul(scale)) : x.mul(scale);
        }
    }

    private enum Model {
        DROPOUT_AFTER(Sequential.of(Dense.of(RNG, 3, 3), new Dropout(0.5)), "Sequential", "Dropout"), //
        /** Its input is not tracked, but a variable after it is. */
        DROPOUT_FIRST(Sequential.of(new Dropout(0.5), Dense.of(RNG, 3, 3)), "Sequential", "Dropout"), //
        BATCH_NORM(BatchNorm.of(3), "BatchNorm", "BatchNorm"), //
        NESTED(new Residual(Sequential.of(Dense.of(RNG, 3, 3), new Residual(BatchNorm.of(3)))), "Residual",
                "BatchNorm"), //
        A_USERS(new Noise(new Variable("scale", Tensor.of(0.5))), "Noise", "Noise"), //
        ENCODER((x, pass) -> EncoderBlock.of(RNG, 4, 2, 8, 0.1).forward(Tensor.randn(RNG, 2, 3, 4), pass), "Dropout");

        final Layer layer;
        final String[] says;

        Model(Layer layer, String... says) {
            this.layer = layer;
            this.says = says;
        }
    }

    @ParameterizedTest
    @EnumSource(names = "ENCODER", mode = EnumSource.Mode.EXCLUDE)
    void underATapeItThrowsWithTheRemedy(Model model) {
        try (var _ = new GradientTape()) {
            assertRefused(model, X);
        }
        assertRefused(model, () -> new Sgd(0.1).minimize(model.layer, () -> model.layer.forward(X).square().mean()));
    }

    private static void assertRefused(Model model, Tensor x) { assertRefused(model, () -> model.layer.forward(x)); }

    private static void assertRefused(Model model, Runnable call) {
        var e = assertThrows(IllegalStateException.class, call::run);
        assertSays(e, model.says);
        assertSays(e, "forward(x, pass)", "minimize(model, rng, pass -> loss)", "Pass.training(rng)", "Pass.EVAL");
    }

    @ParameterizedTest
    @EnumSource
    void evaluationThatIsAskedForIsAllowedAndSoIsTraining(Model model) {
        var expected = model.layer.forward(X, Pass.EVAL).shape();
        try (var _ = new GradientTape()) {
            assertEquals(expected, model.layer.forward(X, Pass.EVAL).shape());
            assertEquals(expected, model.layer.forward(X, Pass.training(new Rng(0))).shape());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "ENCODER", mode = EnumSource.Mode.EXCLUDE)
    void withoutARecordingTapeItIsEvaluation(Model model) {
        double[] expected = model.layer.forward(X, Pass.EVAL).toDoubleArray();
        assertArrayEquals(expected, model.layer.forward(X).toDoubleArray());
        try (var _ = new GradientTape()) {
            assertArrayEquals(expected, GradientTape.paused(() -> model.layer.forward(X)).toDoubleArray());
        }
    }

    /** Nothing could be trained, so nothing is trained the wrong way. */
    @ParameterizedTest
    @EnumSource(names = "ENCODER", mode = EnumSource.Mode.EXCLUDE)
    void whereNothingIsTrackedItIsEvaluation(Model model) {
        model.layer.freeze();
        try (var tape = new GradientTape()) {
            model.layer.forward(X);
            assertRefused(model, tape.watch(X));
        } finally {
            model.layer.unfreeze();
        }
    }

    @Test
    void layersThatAreAlwaysTheSameNeedNoPass() {
        var model = Sequential.of(Dense.of(RNG, 3, 3), new Dropout(0), LayerNorm.of(3), Activation.RELU);
        double before = model.forward(X).square().mean().item();
        assertEquals(before, new Sgd(0.1).minimize(model, () -> model.forward(X).square().mean()));
    }

    /** A layer that loses the pass on the way is found, too. */
    @Test
    void aPassThatIsNotHandedOnIsMissed() {
        record Forgetful(Dense dense, Dropout dropout) implements Layer {
            @Override
            public Tensor forward(Tensor x, Pass pass) { return dropout.forward(dense.forward(x, pass)); }
        }
        var model = new Forgetful(Dense.of(RNG, 3, 3), new Dropout(0.1));
        assertSays(assertThrows(IllegalStateException.class, () -> new Sgd(0.1).minimize(model, new Rng(0),
                pass -> model.forward(X, pass).mean())), "Dropout", "forward(x, pass)");
    }

    @Test
    void tapeTracksTrainableVariablesAndTheirResults() {
        var w = new Variable("w", Tensor.of(1));
        assertFalse(GradientTape.tracks(w));
        try (var tape = new GradientTape()) {
            assertTrue(GradientTape.tracks(w));
            Tensor y = w.mul(2), watched = tape.watch(X);
            for (Tensor tracked : List.of(y, watched, watched.sum()))
                assertTrue(GradientTape.tracks(tracked));
            for (Tensor constant : List.of(X, y.detach(), new Variable("s", X, false)))
                assertFalse(GradientTape.tracks(constant));
            assertFalse(GradientTape.paused(() -> GradientTape.tracks(w)));
            w.freeze();
            assertFalse(GradientTape.tracks(w));
        }
    }
}
