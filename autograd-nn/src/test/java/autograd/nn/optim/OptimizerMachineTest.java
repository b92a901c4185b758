package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.nn.Actions;
import autograd.nn.Trainable;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.ActionChain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The state of an optimizer is a function of its history: the rates that were set, the metrics that were
 * observed, and the gradients of its steps since it was made, however they came to it and whatever was saved,
 * restored, and frozen in between.
 */
class OptimizerMachineTest {
    private record Model(Variable a, Variable b) implements Trainable {
        Model() { this(new Variable(Tensor.of(DType.F64, 1, -2, 0.5)), new Variable(Tensor.of(DType.F64, 3, 0))); }

        double[][] numbers() { return new double[][]{a.toDoubleArray(), b.toDoubleArray()}; }
    }

    /** One of each, with all that can be kept: slots, counts of steps, groups, the state of a schedule. */
    private enum Kind {
        SGD((_, plateau) -> new Sgd(0.1).schedule(plateau)), //
        MOMENTUM((_, plateau) -> new Sgd(0.1).momentum(0.9).nesterov().schedule(plateau).clip(Clip.norm(2))), //
        DAMPENED((_, _) -> new Sgd(0.1).momentum(0.9).dampening(0.5).schedule(Schedule.exponentialDecay(0.9))), //
        ADAM((_, plateau) -> new Adam(0.1).amsgrad().schedule(plateau).maximize()), //
        ADAMW((_, plateau) -> new AdamW(0.1).schedule(Schedule.linearWarmup(5, 0.1).and(plateau))), //
        NADAM((_, _) -> new NAdam(0.1).schedule(Schedule.stepDecay(3, 0.5))), //
        ADAMAX((_, plateau) -> new Adamax(0.1).schedule(plateau.every(2))), //
        LION((_, plateau) -> new Lion(0.1).schedule(plateau)), //
        RMSPROP((_, plateau) -> new RmsProp(0.1).centered().momentum(0.5).schedule(plateau)), //
        ADAGRAD((_, _) -> new Adagrad(0.1).rateDecay(0.1)), //
        ADADELTA((_, plateau) -> new Adadelta(0.1).schedule(plateau)), //
        GROUP((model, plateau) -> new AdamW(0.1).group(List.of(model.b()), new Sgd(0.3).momentum(0.5))
                .schedule(plateau));

        private final BiFunction<Model, Plateau, Optimizer> make;

        Kind(BiFunction<Model, Plateau, Optimizer> make) { this.make = make; }
    }

    /** What happens to an optimizer; gradients are null where a step does not reach a variable. */
    private record Event(double rate, double metric, double[] a, double[] b) {
        static Event rate(double rate) { return new Event(rate, Double.NaN, null, null); }

        static Event metric(double metric) { return new Event(Double.NaN, metric, null, null); }

        static Event step(double[] a, double[] b) { return new Event(Double.NaN, Double.NaN, a, b); }
    }

    /** A model in training. */
    private static final class Training {
        final Model model = new Model();
        final Plateau plateau = new Plateau(0.5, 0);
        final Optimizer optimizer;

        Training(Kind kind) { optimizer = kind.make.apply(model, plateau); }

        void happens(Event e) {
            if (!Double.isNaN(e.rate))
                optimizer.learningRate(e.rate);
            else if (!Double.isNaN(e.metric))
                plateau.observe(e.metric);
            else
                optimizer.minimize(reached(e), () -> loss(e));
        }

        List<Variable> reached(Event e) {
            return e.a == null ? List.of(model.b) : e.b == null ? List.of(model.a) : List.of(model.a, model.b);
        }

        Tensor loss(Event e) {
            Tensor sum = Tensor.scalar(DType.F64, 0);
            if (e.a != null)
                sum = sum.add(model.a.mul(Tensor.of(DType.F64, e.a)).sum());
            return e.b == null ? sum : sum.add(model.b.mul(Tensor.of(DType.F64, e.b)).sum());
        }
    }

    private record Saved(Map<String, Tensor> optimizer, Tensor a, Tensor b, List<Event> history) {}

    private static final class Machine {
        private final Kind kind;
        private final List<Saved> saved = new ArrayList<>();
        private Training training;
        private List<Event> history = new ArrayList<>();

        Machine(Kind kind) {
            this.kind = kind;
            training = new Training(kind);
        }

        void rate(double rate) { happens(Event.rate(rate)); }

        void observe(double metric) { happens(Event.metric(metric)); }

        private void happens(Event e) {
            training.happens(e);
            history.add(e);
        }

        /** By minimize, by apply, or by backward and step. */
        void step(Step s) {
            Event e = Event.step(s.reach == 1 || training.model.a.frozen() ? null : s.a,
                    s.reach == 2 || training.model.b.frozen() ? null : s.b);
            if (e.a == null && e.b == null) {
                assertThrows(IllegalStateException.class, () -> apply(e));
                return;
            }
            if (s.form == 0)
                training.happens(e);
            else if (s.form == 1)
                apply(e);
            else
                step(e);
            history.add(e);
        }

        private void apply(Event e) {
            try (var tape = new GradientTape()) {
                training.optimizer.apply(tape.gradients(training.loss(e)));
            }
        }

        private void step(Event e) {
            try (var _ = new GradientTape()) {
                training.loss(e).backward();
            }
            training.optimizer.step(List.of(training.model.a, training.model.b));
            training.model.zeroGrad();
        }

        void freeze(String path) { training.model.freeze(path); }

        void unfreeze() { training.model.unfreeze(); }

        void save() {
            saved.add(new Saved(training.optimizer.save(training.model), training.model.a.detach(),
                    training.model.b.detach(), List.copyOf(history)));
        }

        /** Into the same optimizer, or a new one after a crash. */
        void restore(int choice) {
            if (saved.isEmpty())
                return;
            Saved s = saved.get(choice / 2 % saved.size());
            if (choice % 2 == 0)
                training = new Training(kind);
            training.model.a.assign(s.a);
            training.model.b.assign(s.b);
            training.optimizer.restore(training.model, s.optimizer);
            history = new ArrayList<>(s.history);
        }

        void check() {
            var straight = new Training(kind);
            history.forEach(straight::happens);
            assertArrayEquals(straight.model.numbers(), training.model.numbers());
            assertEquals(straight.optimizer.learningRate(), training.optimizer.learningRate());
            assertEquals(straight.optimizer.steps(), training.optimizer.steps());
        }

        @Override
        public String toString() { return kind + " after " + history.size() + " events"; }
    }

    /** A step that reaches both variables, b alone (1), or a alone (2). */
    private record Step(double[] a, double[] b, int reach, int form) {}

    @Provide
    Arbitrary<ActionChain<Machine>> chains() {
        Arbitrary<Double> slopes = Arbitraries.of(-2.0, -0.5, 0.0, 0.25, 1.0, 3.0);
        Arbitrary<Integer> three = Arbitraries.integers().between(0, 2);
        Arbitrary<Step> steps = Combinators.combine(slopes.array(double[].class).ofSize(3),
                slopes.array(double[].class).ofSize(2), three, three).as(Step::new);
        return Arbitraries.of(Kind.class).flatMap(kind -> ActionChain.startWith(() -> new Machine(kind))
                .withAction(6, Actions.of("step", steps, Machine::step))
                .withAction(2, Actions.of("rate", Arbitraries.of(0.0, 0.05, 0.2), Machine::rate))
                .withAction(2, Actions.of("observe", Arbitraries.of(1.0, 2.0, 3.0), Machine::observe))
                .withAction(2, Actions.of("save", Machine::save))
                .withAction(3, Actions.of("restore", Arbitraries.integers().between(0, 9), Machine::restore))
                .withAction(1, Actions.of("freeze", Arbitraries.of("a", "b"), Machine::freeze))
                .withAction(1, Actions.of("unfreeze", Machine::unfreeze)).withMaxTransformations(20));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void isAFunctionOfItsHistory(@ForAll("chains") ActionChain<Machine> chain) {
        chain.withInvariant(Machine::check).run();
    }
}
