package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.nn.Trainable;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Optimizers over a thousand steps, on enough weights for loops over vectors: gradients that stay the same,
 * for which a variance becomes 0 but for roundings, and then gradients of 0, for which slots would become
 * subnormal.
 */
class LongRunsTest {
    private static final int WEIGHTS = 800, CONSTANT = 300, ZERO = 800;
    private static final double RATE = 1e-3;

    private record Row(String name, Supplier<Optimizer> make, boolean flushes, boolean cancels) {
        @Override
        public String toString() { return name; }
    }

    private static Row row(String name, Supplier<Optimizer> make) { return new Row(name, make, false, false); }

    /** Whose loops set subnormal slots to 0, because processors compute with them ten times slower. */
    private static Row flushes(String name, Supplier<Optimizer> make) {
        return new Row(name, make, true, false);
    }

    static Stream<Row> rows() {
        return Stream.of(row("Sgd", () -> new Sgd(RATE)), flushes("momentum", () -> new Sgd(RATE).momentum(0.9)),
                flushes("Nesterov", () -> new Sgd(RATE).momentum(0.9).nesterov()),
                row("dampened", () -> new Sgd(RATE).momentum(0.9).dampening(0.5)),
                flushes("Adam", () -> new Adam(RATE)),
                row("amsgrad", () -> new Adam(RATE).amsgrad()), flushes("AdamW", () -> new AdamW(RATE)),
                row("NAdam", () -> new NAdam(RATE)), row("Adamax", () -> new Adamax(RATE)),
                row("Lion", () -> new Lion(RATE)), row("Adagrad", () -> new Adagrad(RATE)),
                row("Adadelta", () -> new Adadelta(RATE)), flushes("RmsProp", () -> new RmsProp(RATE).alpha(0.9)),
                row("RmsProp with momentum", () -> new RmsProp(RATE).alpha(0.9).momentum(0.9)),
                new Row("centered RmsProp", () -> new RmsProp(RATE).alpha(0.85).centered(), true, true),
                new Row("centered RmsProp with momentum", () -> new RmsProp(RATE).alpha(0.85).centered().momentum(0.9),
                        false, true));
    }

    private record Model(Variable w) implements Trainable {}

    /** A model in training, on gradients of 10^-5 to 10^5, of both signs. */
    private static final class Run {
        final Model model;
        final Optimizer optimizer;
        final Tensor slopes;

        Run(DType dtype, Optimizer optimizer) {
            double[] g = IntStream.range(0, WEIGHTS).mapToDouble(i -> Math.pow(10, i / 80.0 - 5) * (1 - i % 2 * 2))
                    .toArray();
            model = new Model(new Variable(Tensor.zeros(dtype, WEIGHTS)));
            slopes = Tensor.of(DType.F64, g).to(DType.F32).to(dtype);
            this.optimizer = optimizer;
        }

        void train(double scale, int steps) {
            Tensor g = slopes.mul(scale);
            for (int i = 0; i < steps; i++)
                optimizer.minimize(List.of(model.w), () -> model.w.mul(g).sum());
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void stayFiniteAndTheSameInBothDtypes(Row row) {
        var floats = new Run(DType.F32, row.make.get());
        var doubles = new Run(DType.F64, row.make.get());
        for (double scale : new double[]{1, 0}) {
            int steps = scale == 0 ? ZERO : CONSTANT;
            floats.train(scale, steps);
            doubles.train(scale, steps);
            for (Run run : List.of(floats, doubles)) {
                assertTrue(isFinite(run.model.w), () -> run.model.w.dtype() + ", gradients times " + scale);
                run.optimizer.save(run.model).forEach((name, kept) -> assertTrue(isFinite(kept), name));
            }
            if (row.flushes)
                floats.optimizer.save(floats.model).forEach(LongRunsTest::assertNotSubnormal);
            if (row.cancels)
                continue; // roundings alone decide how far a step goes
            assertNear(doubles.model.w, floats.model.w, "weights");
            var kept = floats.optimizer.save(floats.model);
            doubles.optimizer.save(doubles.model).forEach((name, slot) -> assertNear(slot, kept.get(name), name));
        }
    }

    private static void assertNotSubnormal(String name, Tensor slot) {
        for (double x : slot.toDoubleArray())
            assertTrue(x == 0 || Math.abs(x) >= Float.MIN_NORMAL, () -> name + " holds " + x);
    }

    private static boolean isFinite(Tensor t) { return Arrays.stream(t.toDoubleArray()).allMatch(Double::isFinite); }

    private static void assertNear(Tensor expected, Tensor actual, String what) {
        double[] e = expected.toDoubleArray(), a = actual.toDoubleArray();
        for (int i = 0; i < e.length; i++)
            assertEquals(e[i], a[i], 1e-3 * Math.abs(e[i]) + Float.MIN_NORMAL, what + ", element " + i);
    }
}
