package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Functional;
import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Steps with and without released buffers give the same bits, and arrays that a user has read do not change.
 * With assertions enabled, a released buffer is filled with NaN.
 */
class ScopedProgramsTest {
    /** The operation of a step: maps two square matrices of the same size to another. */
    enum Kind {
        TANH, SIGMOID, EXP, ADD, SUB, MUL, DIV, TRANSPOSE, FLIP, ROTATE, RESHAPE, CUMSUM, SUM, MAX, SOFTMAX, STANDARDIZE, MATMUL, EINSUM, SORT, WHERE, MASK, ONE_HOT, SELECT, GATHER, DETACH, CHECKPOINT, CUSTOM, HOOK, INNER_GRADIENT, INNER_SCOPE, ASSIGN, READ, WRITE_TO_WHAT_WAS_READ
    }

    /** A step; its operands are counted backwards from the latest value, modulo the number of values. */
    record Line(Kind kind, int a, int b) {}

    record Program(DType dtype, int n, List<Line> lines) {}

    /** The way to train. */
    enum Step {
        PLAIN, SCOPED, MINIMIZED
    }

    /** An array that a user keeps, and a copy of its content. */
    private record Kept(Object array, Object before) {
        static Kept of(float[] array) { return new Kept(array, array.clone()); }

        static Kept of(double[] array) { return new Kept(array, array.clone()); }

        static Kept of(int[] array) { return new Kept(array, array.clone()); }

        static Kept of(boolean[] array) { return new Kept(array, array.clone()); }

        void assertUnchanged() { assertArrayEquals(new Object[]{before}, new Object[]{array}); }
    }

    /** A running program. */
    private static final class Run {
        private static final int STEPS = 3;

        private final Program program;
        private final Variable w, v, average;
        private final List<Kept> kept = new ArrayList<>();
        private final List<Double> losses = new ArrayList<>();

        Run(Program program, Step step) {
            this.program = program;
            Rng rng = new Rng(program.n);
            w = new Variable("w", Tensor.randn(program.dtype, rng, program.n, program.n));
            v = new Variable("v", Tensor.randn(program.dtype, rng, program.n, program.n));
            average = new Variable("average", Tensor.zeros(program.dtype, program.n, program.n), false);
            var optimizer = new Adam(0.01);
            for (int i = 0; i < STEPS; i++)
                losses.add(step == Step.MINIMIZED
                        ? optimizer.minimize(List.of(w, v), this::loss)
                        : step(optimizer, step == Step.SCOPED));
            read(w);
            read(v);
            read(average);
        }

        private double step(Optimizer optimizer, boolean scoped) {
            try (var tape = scoped ? new GradientTape().scoped() : new GradientTape()) {
                Tensor loss = loss();
                optimizer.apply(tape.gradient(loss, List.of(w, v)));
                return loss.item();
            }
        }

        private Tensor loss() {
            List<Tensor> values = new ArrayList<>(List.of(w, v));
            for (Line line : program.lines)
                values.add(value(line.kind, pick(values, line.a), pick(values, line.b)));
            return values.getLast().square().mean().add(w.mul(v).tanh().mean());
        }

        private static Tensor pick(List<Tensor> values, int back) {
            return values.get(values.size() - 1 - back % values.size());
        }

        private Tensor value(Kind kind, Tensor a, Tensor b) {
            int n = program.n;
            return switch (kind) {
                case TANH -> a.tanh();
                case SIGMOID -> a.sigmoid();
                case EXP -> a.tanh().exp();
                case ADD -> a.add(b);
                case SUB -> a.sub(b);
                case MUL -> a.mul(b.tanh());
                case DIV -> a.div(b.square().add(1));
                case TRANSPOSE -> a.transpose();
                case FLIP -> a.flip(1);
                case ROTATE -> Tensor.concat(0, a.slice(0, 1, n), b.slice(0, 0, 1));
                case RESHAPE -> a.transpose().reshape(-1).reshape(n, n);
                case CUMSUM -> a.tanh().cumsum(0).div(n);
                case SUM -> a.sub(b.mean(true, 1));
                case MAX -> a.max(true, 0).sub(b.tanh());
                case SOFTMAX -> a.softmax(1);
                case STANDARDIZE -> a.standardize(1e-3, 1);
                case MATMUL -> a.tanh().matmul(b.tanh()).div(n);
                case EINSUM -> Tensor.einsum("ij,kj->ik", a.tanh(), b.tanh()).div(n);
                case SORT -> a.sort(1);
                case WHERE -> a.where(a.gt(b), b.mul(0.5));
                case MASK -> a.maskedFill(kept(a.lt(b).and(b.gt(0))), 0.25);
                case ONE_HOT -> kept(a.argMax(1)).oneHot(a.dtype(), n).mul(b);
                case SELECT -> a.indexSelect(0, kept(b.argSort(0, false).slice(0, 0, 1).reshape(n)));
                case GATHER -> a.gather(1, kept(b.argSort(1, true)));
                case DETACH -> a.detach().mul(b);
                case CHECKPOINT -> Functional.checkpoint(in -> in[0].tanh().mul(in[1]).sin()).of(a, b);
                case CUSTOM -> Functional.customVjp(in -> {
                    read(in[0]);
                    return in[0].tanh();
                }, (g, _, y) -> {
                    read(g);
                    return new Tensor[]{g.mul(y.square().neg().add(1))};
                }).of(a);
                case HOOK -> a.onGradient(g -> {
                    read(g);
                    return g.mul(0.5);
                });
                case INNER_GRADIENT -> Functional.grad(x -> x.mul(b).sin().sum()).apply(a);
                case INNER_SCOPE -> a.mul(GradientTape.paused(() -> {
                    try (var inner = new GradientTape().scoped()) {
                        Tensor g = inner.gradient(w.mul(2).tanh().sum(), w);
                        read(g);
                        return g.mean().item();
                    }
                }));
                case ASSIGN -> {
                    average.assign(average.mul(0.9).add(a.detach().tanh().mul(0.1)));
                    yield a.add(average.mul(1));
                }
                case READ -> {
                    read(a);
                    yield constant(a.toFloatArray()).mul(b.tanh());
                }
                case WRITE_TO_WHAT_WAS_READ -> {
                    float[] floats = a.toFloatArray();
                    double[] doubles = a.toDoubleArray();
                    Tensor before = constant(floats);
                    Arrays.fill(floats, 1e9f);
                    Arrays.fill(doubles, -1e9);
                    yield before.tanh().mul(b);
                }
            };
        }

        private Tensor constant(float[] values) { return Tensor.of(values, program.n, program.n).to(program.dtype); }

        private void read(Tensor x) {
            kept.add(Kept.of(x.toFloatArray()));
            kept.add(Kept.of(x.toDoubleArray()));
        }

        private IntTensor kept(IntTensor x) {
            kept.add(Kept.of(x.toArray()));
            Arrays.fill(x.toArray(), -1);
            return x;
        }

        private Mask kept(Mask x) {
            kept.add(Kept.of(x.toArray()));
            Arrays.fill(x.toArray(), true);
            return x;
        }
    }

    @Provide
    Arbitrary<Program> programs() {
        Arbitrary<Integer> back = Arbitraries.integers().between(0, 5);
        Arbitrary<Line> lines = Combinators.combine(Arbitraries.of(Kind.class), back, back).as(Line::new);
        return Combinators.combine(Arbitraries.of(DType.class), Arbitraries.of(3, 6, 9, 33),
                lines.list().ofMinSize(1).ofMaxSize(14)).as(Program::new);
    }

    /** {@code -Dtries=N} programs. */
    static final class Tries implements AroundPropertyHook {
        @Override
        public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
            context.attributes().setTries(Integer.getInteger("tries", 300));
            return property.execute();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @AddLifecycleHook(Tries.class)
    void stepsThatReleaseTheirBuffersComputeTheSame(@ForAll("programs") Program program) {
        Run plain = new Run(program, Step.PLAIN), scoped = new Run(program, Step.SCOPED),
                minimized = new Run(program, Step.MINIMIZED);
        for (Run run : List.of(plain, scoped, minimized))
            run.kept.forEach(Kept::assertUnchanged);
        for (Run run : List.of(scoped, minimized)) {
            assertEquals(plain.losses, run.losses);
            assertEquals(plain.kept.size(), run.kept.size());
            for (int i = 0; i < plain.kept.size(); i++)
                assertArrayEquals(new Object[]{plain.kept.get(i).array}, new Object[]{run.kept.get(i).array});
        }
    }
}
