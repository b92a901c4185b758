package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.nn.Losses;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Optimizers follow the trajectories of PyTorch's, on a small network with variables and data in F64. */
class TrajectoriesTest {
    private static final double TOLERANCE = 1e-9;

    /** The optimizer for each name in the file. */
    private static final Map<String, Function<Args, Optimizer>> OPTIMIZERS = Map.of( //
            "Sgd", a -> a.nesterov ? sgd(a).nesterov() : sgd(a), //
            "Adam", a -> new Adam(a.lr).weightDecay(a.weightDecay), //
            "AdamW", a -> new AdamW(a.lr).weightDecay(a.weightDecay), //
            "RmsProp", a -> new RmsProp(a.lr).weightDecay(a.weightDecay), //
            "Adagrad", a -> new Adagrad(a.lr).weightDecay(a.weightDecay), //
            "Adadelta", a -> new Adadelta(a.lr).weightDecay(a.weightDecay), //
            "Adamax", a -> new Adamax(a.lr).weightDecay(a.weightDecay), //
            "NAdam", a -> new NAdam(a.lr).weightDecay(a.weightDecay));

    /** The schedule for each name in the file. */
    private static final Map<String, Function<Course, Schedule>> SCHEDULES = Map.of( //
            "StepDecay", c -> Schedule.stepDecay(c.every, c.factor), //
            "ExponentialDecay", c -> Schedule.exponentialDecay(c.factor), //
            "CosineDecay", c -> Schedule.cosineDecay(c.steps, c.min), //
            "LinearWarmup", c -> Schedule.linearWarmup(c.steps, c.from), //
            "PolynomialDecay", c -> Schedule.polynomialDecay(c.steps, c.power));

    private static Sgd sgd(Args a) { return new Sgd(a.lr).momentum(a.momentum).weightDecay(a.weightDecay); }

    /** The arguments of an optimizer; 0 by default. An unknown argument is an error. */
    private record Args(double lr, double momentum, boolean nesterov,
            @JsonProperty("weight_decay") double weightDecay) {}

    /** The arguments of a schedule. */
    private record Course(int every, double factor, int steps, double min, double from, double power) {}

    private record Planned(String schedule, Course args, double baseRate, double[] rates) {
        @Override
        public String toString() { return schedule + " " + args; }
    }

    private record Array(int[] shape, double[] data) {
        Tensor tensor() { return Tensor.of(DType.F64, data, shape); }
    }

    /** sigmoid(x W1^T + b1) W2^T + b2 should be y. */
    private record Problem(@JsonProperty("W1") Array w1, Array b1, @JsonProperty("W2") Array w2, Array b2, Array x,
            Array y) {}

    /** The variables after some of the steps, and the loss before the last one. */
    private record Run(String optimizer, Args args, int[] steps, List<List<Array>> trajectory, double lastLoss) {
        @Override
        public String toString() { return optimizer + " " + args; }
    }

    private record Clipped(double max, double norm, List<Array> result) {}

    private record Clipping(List<Array> grads, Clipped byGlobalNorm, Clipped byValue) {}

    private record Trajectories(String source, Problem problem, List<Run> optimizers, List<Planned> schedules,
            Clipping clipping) {}

    private static Trajectories read() {
        try (var in = Objects.requireNonNull(TrajectoriesTest.class.getResourceAsStream("/conformance/optim.json"))) {
            return new ObjectMapper().readValue(in, Trajectories.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> walksAsPyTorchDoes() {
        Trajectories file = read();
        return file.optimizers.stream()
                .map(run -> DynamicTest.dynamicTest(run.toString(), () -> walk(file.problem, run)));
    }

    private static void walk(Problem p, Run run) {
        var w1 = new Variable("W1", p.w1.tensor());
        var b1 = new Variable("b1", p.b1.tensor());
        var w2 = new Variable("W2", p.w2.tensor());
        var b2 = new Variable("b2", p.b2.tensor());
        Tensor x = p.x.tensor(), y = p.y.tensor();
        Optimizer optimizer = OPTIMIZERS.get(run.optimizer).apply(run.args);
        int step = 0;
        double loss = Double.NaN;
        List<Variable> variables = List.of(w1, b1, w2, b2);
        for (int at = 0; at < run.steps.length; at++) {
            for (; step < run.steps[at]; step++)
                loss = optimizer.minimize(variables, () -> Losses.meanSquaredError(
                        x.matmul(w1.transpose()).add(b1).sigmoid().matmul(w2.transpose()).add(b2), y));
            for (int k = 0; k < variables.size(); k++)
                assertArrayEquals(run.trajectory.get(at).get(k).data, variables.get(k).toDoubleArray(), TOLERANCE,
                        variables.get(k).label() + " after step " + step);
        }
        assertEquals(run.lastLoss, loss, TOLERANCE);
    }

    /** The rates of an optimizer that takes steps. */
    @TestFactory
    Stream<DynamicTest> slowsDownAsPyTorchDoes() {
        return read().schedules.stream().map(plan -> DynamicTest.dynamicTest(plan.toString(), () -> {
            var w = new Variable(Tensor.scalar(DType.F64, 0));
            var optimizer = new Sgd(plan.baseRate).schedule(SCHEDULES.get(plan.schedule).apply(plan.args));
            double at = 0;
            for (double rate : plan.rates) {
                assertEquals(rate, optimizer.learningRate(), TOLERANCE);
                optimizer.minimize(List.of(w), w::neg);
                assertEquals(at += rate, w.item(), TOLERANCE);
            }
        }));
    }

    @Test
    void clipsAsPyTorchDoes() {
        Clipping c = read().clipping;
        assertClips(Clip.norm(c.byGlobalNorm.max), c.grads, c.byGlobalNorm.result);
        assertClips(Clip.norm(c.byGlobalNorm.norm + 2e-6), c.grads, c.grads); // PyTorch adds 1e-6 to the norm
        assertClips(Clip.value(c.byValue.max), c.grads, c.byValue.result);
    }

    private static void assertClips(Clip clip, List<Array> gradients, List<Array> expected) {
        List<Tensor> clipped = clip.apply(gradients.stream().map(Array::tensor).toList());
        assertEquals(expected.size(), clipped.size());
        for (int i = 0; i < clipped.size(); i++)
            assertArrayEquals(expected.get(i).data, clipped.get(i).toDoubleArray(), TOLERANCE);
    }

    @Test
    void everyOptimizerAndScheduleHereIsInTheFile() {
        Trajectories file = read();
        assertEquals(OPTIMIZERS.keySet(), file.optimizers.stream().map(Run::optimizer).collect(Collectors.toSet()));
        assertEquals(SCHEDULES.keySet(), file.schedules.stream().map(Planned::schedule).collect(Collectors.toSet()));
    }
}
