package autograd.nn.optim;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.Mlp;
import autograd.nn.Pass;
import autograd.nn.Trainable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

class OptimizerTest {
    private final Variable used = new Variable("used", Tensor.of(DType.F64, 3, 4));
    private final Variable unused = new Variable("unused", Tensor.of(DType.F64, 5));
    private final Variable fixed = new Variable("fixed", Tensor.of(DType.F64, 6), false);
    private final Optimizer optimizer = new Sgd(1);

    private final Logger logger = Logger.getLogger(Optimizer.class.getName());
    private final List<String> logged = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line.getLevel() + ": " + new SimpleFormatter().formatMessage(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Nothing of a step whose loss is not a number is kept. */
    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void lossThatIsNotFiniteIsNoStep(double bad) {
        Variable mean = new Variable("mean", Tensor.of(DType.F64, 1), false);
        Rng rng = new Rng(1);
        String message = assertThrows(ArithmeticException.class, () -> optimizer.minimize(List.of(used), rng, pass -> {
            mean.assign(Tensor.of(DType.F64, 2));
            rng.nextLong();
            return used.mul(bad).sum();
        })).getMessage();
        assertTrue(message.contains("the loss is " + bad) || Double.isInfinite(bad), message);
        assertTrue(message.startsWith("minimize: ") && message.contains("Explain.nonFinite"), message);
        assertArrayEquals(new double[]{3, 4}, used.toDoubleArray());
        assertArrayEquals(new double[]{1}, mean.toDoubleArray());
        assertEquals(0, rng.position());
        assertEquals(0, optimizer.steps());
    }

    /** The loss is 0, but the slope of a root at 0 is not a number. */
    @Test
    void gradientThatIsNotFiniteIsNoStep() {
        Variable mean = new Variable("mean", Tensor.of(DType.F64, 1), false);
        var e = assertThrows(ArithmeticException.class, () -> optimizer.minimize(List.of(used), () -> {
            mean.assign(Tensor.of(DType.F64, 2));
            return used.sub(used.detach()).abs().sqrt().sum();
        }));
        assertTrue(e.getMessage().contains("gradient of " + used.label()), e::getMessage);
        assertArrayEquals(new double[]{3, 4}, used.toDoubleArray());
        assertArrayEquals(new double[]{1}, mean.toDoubleArray());
        assertEquals(0, optimizer.steps());
        Gradients infinite = Gradients.of(Map.of(used, Tensor.of(DType.F64, 1, Double.POSITIVE_INFINITY)));
        assertThrows(ArithmeticException.class, () -> optimizer.apply(infinite));
        optimizer.clip(Clip.value(1)).apply(infinite);
        assertEquals(1, optimizer.steps());
    }

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private static final List<String> ONE_WARNING = List
            .of("WARNING: no gradient reaches variable unused [1]: it is not trained");

    @Test
    void applyTakesAStep() {
        try (var tape = new GradientTape()) {
            optimizer.apply(tape.gradient(used.square().sum(), List.of(used)));
        }
        assertArrayEquals(new double[]{-3, -4}, used.toDoubleArray());
        assertEquals(List.of(), logged);
    }

    @Test
    void applyTakesEveryVariableTheLossDependsOn() {
        try (var tape = new GradientTape()) {
            optimizer.apply(tape.gradients(used.sum().add(unused.sum())));
        }
        assertArrayEquals(new double[]{2, 3}, used.toDoubleArray());
        assertEquals(4, unused.item());
    }

    @Test
    void aVariableAskedForTwiceTakesOneStep() {
        try (var tape = new GradientTape()) {
            optimizer.apply(tape.gradient(used.sum(), List.of(used, used)));
        }
        assertArrayEquals(new double[]{2, 3}, used.toDoubleArray());
        backward(used::sum);
        optimizer.step(List.of(used, used));
        assertArrayEquals(new double[]{1, 2}, used.toDoubleArray());
    }

    @Test
    void applySkipsUnreachedVariablesAndLogsThemOnce() {
        for (int i = 0; i < 3; i++)
            try (var tape = new GradientTape()) {
                optimizer.apply(tape.gradient(used.sum(), List.of(unused, used)));
            }
        assertArrayEquals(new double[]{0, 1}, used.toDoubleArray());
        assertEquals(5, unused.item());
        assertEquals(0, unused.version());
        assertEquals(ONE_WARNING, logged);
    }

    @Test
    void stepSkipsVariablesWithoutGradientAndLogsThemOnce() {
        for (int i = 0; i < 3; i++) {
            used.zeroGrad();
            backward(used::sum);
            optimizer.step(List.of(unused, used));
        }
        assertArrayEquals(new double[]{0, 1}, used.toDoubleArray());
        assertEquals(5, unused.item());
        assertEquals(ONE_WARNING, logged);
    }

    @Test
    void stepUsesAccumulatedGradients() {
        backward(used::sum);
        backward(used::sum);
        optimizer.step(List.of(used));
        assertArrayEquals(new double[]{1, 2}, used.toDoubleArray());
        assertNotNull(used.grad());
    }

    @Test
    void aVariableThatIsNotTrainableStays() {
        try (var tape = new GradientTape()) {
            optimizer.apply(tape.gradient(used.mul(fixed).sum(), List.of(fixed, used)));
        }
        assertEquals(6, fixed.item());
        assertArrayEquals(new double[]{-3, -2}, used.toDoubleArray());
        assertEquals(List.of(), logged);
    }

    @Test
    void applySaysWhyALossDependsOnNothing() {
        try (var tape = new GradientTape().persistent()) {
            Tensor detached = used.detach().sum(), integers = used.argMax(0).to(DType.F64);
            assertSays(refused(() -> optimizer.apply(tape.gradient(detached, List.of(used)))), "variable used",
                    "it was detached");
            assertSays(refused(() -> optimizer.apply(tape.gradient(integers, List.of(used)))), "integers");
            assertSays(refused(() -> optimizer.apply(tape.gradient(used.sum(), List.of(unused)))), "variable unused",
                    "does not depend on it");
            assertSays(refused(() -> optimizer.apply(tape.gradients(detached))), "it was detached");
            assertSays(refused(() -> optimizer.apply(tape.gradient(used.sum(), List.of()))), "asked for");
            assertSays(refused(() -> optimizer.apply(tape.gradient(used.mul(fixed).sum(), List.of(fixed)))),
                    "trainable");
        }
        assertEquals(0, used.version());
    }

    @Test
    void minimizeSaysThatALossDependsOnNothing() {
        assertSays(refused(() -> optimizer.minimize(List.of(used), () -> used.detach().sum())), "constant",
                "it was detached");
        assertSays(refused(() -> optimizer.minimize(List.of(used), () -> fixed.sum())), "constant", "trainable");
        assertSays(refused(() -> optimizer.minimize(List.of(used), () -> Tensor.scalar(1))), "constant",
                "not computed from");
    }

    @Test
    void stepSaysThatBackwardWasForgotten() {
        assertSays(refused(() -> optimizer.step(List.of(used, unused))), "step", "backward()");
        assertEquals(0, used.version());
    }

    @Test
    void nesterovNeedsMomentum() {
        backward(used::sum);
        assertSays(refused(() -> new Sgd(0.1).nesterov().step(List.of(used))), "nesterov", "momentum");
    }

    private static void backward(Supplier<Tensor> loss) {
        try (var _ = new GradientTape()) {
            loss.get().backward();
        }
    }

    private static IllegalStateException refused(Runnable training) {
        return assertThrows(IllegalStateException.class, training::run);
    }

    /** A step of the discriminator does not change the generator, and vice versa. */
    @Test
    void minimizeChangesTheModelAndNothingElse() {
        var rng = new Rng(0);
        Mlp generator = Mlp.of(rng, 2, 3, 2), discriminator = Mlp.of(rng, 2, 3, 1);
        Supplier<Tensor> loss = () -> discriminator.forward(generator.forward(Tensor.ones(4, 2))).square().mean();
        for (Mlp trained : List.of(discriminator, generator)) {
            Mlp other = trained == generator ? discriminator : generator;
            List<Supplier<Double>> steps = List.of(() -> optimizer.minimize(trained, loss),
                    () -> optimizer.minimize(trained, rng, _ -> loss.get()),
                    () -> optimizer.minimize(trained.variables(), loss),
                    () -> optimizer.minimize(trained.variables(), rng, _ -> loss.get()));
            for (Supplier<Double> step : steps) {
                List<Integer> before = versions(trained);
                List<Integer> fixed = versions(other);
                step.get();
                assertEquals(before.stream().map(n -> n + 1).toList(), versions(trained));
                assertEquals(fixed, versions(other));
            }
        }
        assertEquals(List.of(), logged);
    }

    private static List<Integer> versions(Trainable model) {
        return model.variables().stream().map(Variable::version).toList();
    }

    @Test
    void minimizeGivesALossATrainingPass() {
        var rng = new Rng(0);
        Mlp model = Mlp.of(rng, 2, 2);
        List<Pass> passes = new ArrayList<>();
        Function<Pass, Tensor> loss = pass -> {
            passes.add(pass);
            return model.forward(Tensor.ones(1, 2), pass).sum();
        };
        optimizer.minimize(model, rng, loss);
        optimizer.minimize(model.variables(), rng, loss);
        assertEquals(2, passes.size());
        for (Pass pass : passes)
            assertSame(rng, pass.rng());
    }

    @Test
    void minimizeRefusesVariablesThatCannotBeTrained() {
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> optimizer.minimize(List.of(used, fixed), used::sum)), "variable fixed", "not trainable");
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.minimize(List.of(), used::sum)),
                "no trainable variables");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> optimizer.minimize(Activation.RELU, used::sum)), "no trainable variables");
        assertEquals(0, used.version());
    }

    @Test
    void minimizeNeedsASingleNumber() {
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.minimize(List.of(used), used::square)),
                "[2]");
        assertEquals(0, used.version());
    }

    @Test
    void minimizeReturnsTheLossBeforeTheStep() {
        assertEquals(25, optimizer.minimize(List.of(used), () -> used.square().sum()));
        assertArrayEquals(new double[]{-3, -4}, used.toDoubleArray());
        assertEquals(-7, optimizer.minimize(List.of(used), used::sum));
    }

    @Test
    void theLossMayBeTheVariableItself() {
        assertEquals(5, optimizer.minimize(List.of(unused), () -> unused));
        assertEquals(4, unused.item());
        assertEquals(4, optimizer.minimize(List.of(unused), () -> unused.reshape()));
        assertEquals(3, unused.item());
    }

    @Test
    void minimizeLeavesNoTapeOpen() {
        optimizer.minimize(List.of(used), used::sum);
        assertThrows(ArithmeticException.class, () -> optimizer.minimize(List.of(used), () -> {
            throw new ArithmeticException();
        }));
        assertSays(refused(() -> used.sum().backward()), "needs an open tape");
        assertNull(used.grad());
    }

    @Test
    void aChangedLearningRateTakesEffect() {
        assertEquals(1, optimizer.learningRate());
        optimizer.minimize(List.of(used), used::sum);
        optimizer.learningRate(0.25);
        assertEquals(0.25, optimizer.learningRate());
        optimizer.minimize(List.of(used), used::sum);
        assertArrayEquals(new double[]{1.75, 2.75}, used.toDoubleArray());
        optimizer.learningRate(0);
        optimizer.minimize(List.of(used), used::sum);
        assertArrayEquals(new double[]{1.75, 2.75}, used.toDoubleArray());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void invalidLearningRateIsRefused(double rate) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.learningRate(rate)), "learningRate",
                "" + rate);
        assertEquals(1, optimizer.learningRate());
    }

    @Test
    void oneOptimizerTrainsBothDtypes() {
        var single = new Variable(Tensor.of(DType.F32, 1));
        var twice = new Variable(Tensor.of(DType.F64, 1));
        var adam = new Adam(0.1);
        for (int i = 0; i < 5; i++) {
            adam.minimize(List.of(single), () -> single.square().sum());
            adam.minimize(List.of(twice), () -> twice.square().sum());
        }
        assertEquals(DType.F32, single.dtype());
        assertEquals(DType.F64, twice.dtype());
        assertTrue(twice.item() < 0.6, "" + twice.item());
        assertEquals(twice.item(), single.item(), 1e-6);
    }

    @ParameterizedTest
    @EnumSource
    void aStepNeverChangesAView(DType dtype) {
        var w = new Variable(Tensor.of(dtype, new double[][]{{1, 2}, {3, 4}}));
        Tensor view = w.transpose(), part = w.slice(0, 1, 2), alias = w.detach();
        for (Optimizer o : List.of(new Sgd(1), new Sgd(1).momentum(0.5), new Adam(1)))
            for (int i = 0; i < 2; i++)
                o.minimize(List.of(w), w::sum);
        assertArrayEquals(new double[]{1, 3, 2, 4}, view.toDoubleArray());
        assertArrayEquals(new double[]{3, 4}, part.toDoubleArray());
        assertArrayEquals(new double[]{1, 2, 3, 4}, alias.toDoubleArray());
        assertEquals(1 - 2 - 2.5 - 2, w.get(0, 0), 1e-6);
        assertEquals(6, w.version());
    }
}
