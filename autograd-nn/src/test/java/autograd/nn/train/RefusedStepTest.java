package autograd.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.BatchNorm;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Layer;
import autograd.nn.Pass;
import autograd.nn.optim.Adam;
import autograd.nn.optim.Clip;
import autograd.nn.optim.Optimizer;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A step that fails, at any place and in any way, restores everything that a forward pass writes.
 */
class RefusedStepTest {
    /** Failures in a step, from the input to the update. */
    private enum Fault {
        NONE, INPUT_IS_NAN, FORWARD_THROWS, LOSS_IS_NAN, LOSS_THROWS, LOSS_HAS_TWO_ELEMENTS, LOSS_IS_CONSTANT, //
        CLIP_THROWS, CLIP_CHANGES_A_SHAPE, RULE_THROWS
    }

    private enum Way {
        MODEL, VARIABLES, TRAINER
    }

    /**
     * Keeps a running average, a cache of the last input, and a number of calls that is not part of the model.
     */
    private record Memory(Variable average, Variable cache, List<Double> seen, Variable calls) {
        Memory() {
            this(new Variable("average", Tensor.zeros(4), false), new Variable("cache", Tensor.zeros(6, 4), false),
                    new ArrayList<>(), new Variable("calls", Tensor.zeros(), false));
        }

        Tensor remember(Tensor x, Pass pass) {
            if (pass.isTraining()) {
                seen.add(calls.item());
                average.assign(average.mul(0.9).add(x.detach().mean(0).mul(0.1)));
                cache.assign(x.detach());
                calls.assign(calls.add(1));
            }
            return x.add(average);
        }
    }

    /** A layer with a generator of its own. */
    private record Noise(Rng own) implements Layer {
        @Override
        public Tensor forward(Tensor x, Pass pass) {
            return pass.isTraining() ? x.add(Tensor.randn(own, 6, 4).mul(0.1)) : x;
        }
    }

    private record Net(Dense in, BatchNorm norm, Dropout dropout, Variable average, Variable cache,
            Noise noise, Dense out) implements Layer {
        @Override
        public Tensor forward(Tensor x, Pass pass) { throw new UnsupportedOperationException(); }
    }

    /** A model with every kind of state, and a step that may fail. */
    private static final class Run {
        final Rng rng = new Rng(5);
        final Memory memory = new Memory();
        final Net net = new Net(Dense.of(rng, 3, 4), BatchNorm.of(4), new Dropout(0.5), memory.average, memory.cache,
                new Noise(new Rng(6)), Dense.of(rng, 4, 1));
        final Optimizer optimizer = new Adam(0.01).group(net.out.variables(), new Momentum());
        final Trainer<Tensor> trainer = Trainer.of(net, (x, pass) -> forward(x, pass), (y, _) -> loss(y), optimizer,
                rng);
        final Way way;
        Fault fault = Fault.NONE;

        Run(Way way) {
            this.way = way;
            optimizer.clip(this::clip);
        }

        private Tensor forward(Tensor x, Pass pass) {
            Tensor h = net.dropout.forward(net.norm.forward(net.in.forward(x, pass), pass), pass);
            if (way != Way.VARIABLES) // then the generator is not known
                h = net.noise.forward(h, pass);
            Tensor y = net.out.forward(memory.remember(h, pass), pass);
            if (fault == Fault.FORWARD_THROWS)
                throw new UnsupportedOperationException();
            return y;
        }

        private Tensor loss(Tensor y) {
            return switch (fault) {
                case LOSS_IS_NAN -> y.sub(y).log().sum().mul(0);
                case LOSS_THROWS -> throw new UnsupportedOperationException();
                case LOSS_HAS_TWO_ELEMENTS -> y.slice(0, 0, 2);
                case LOSS_IS_CONSTANT -> y.detach().sum();
                default -> y.square().mean();
            };
        }

        private List<Tensor> clip(List<Tensor> gradients) {
            if (fault == Fault.CLIP_THROWS)
                throw new UnsupportedOperationException();
            List<Tensor> clipped = new ArrayList<>(Clip.norm(1).apply(gradients));
            if (fault == Fault.CLIP_CHANGES_A_SHAPE)
                clipped.set(clipped.size() - 1, Tensor.ones(7));
            return clipped;
        }

        private final class Momentum extends Optimizer {
            Momentum() { super(0.1); }

            @Override
            protected int slots() { return 1; }

            @Override
            protected Variable.Update rule(long t) {
                if (fault == Fault.RULE_THROWS)
                    throw new UnsupportedOperationException();
                return (s, g) -> s[0] -= 0.1 * (s[1] = 0.9 * s[1] + g);
            }
        }

        void step(Fault fault) {
            this.fault = fault;
            Tensor x = Tensor.randn(new Rng(9).derive(optimizer.steps()), 6, 3);
            if (fault == Fault.INPUT_IS_NAN)
                x = x.mul(Double.NaN);
            Tensor batch = x;
            switch (way) {
                case MODEL -> optimizer.minimize(net, rng, pass -> loss(forward(batch, pass)));
                case VARIABLES ->
                    optimizer.minimize(net.variables(), rng, pass -> loss(forward(batch, pass)));
                case TRAINER -> trainer.fit(_ -> List.of(batch), List.of(), trainer.epochs() + 1);
            }
        }

        /** The bits of the whole state. */
        List<String> state() {
            List<String> state = new ArrayList<>();
            net.state().forEach((path, v) -> state.add(path + Arrays.toString(v.toDoubleArray())));
            optimizer.save(net).forEach((name, t) -> state.add(name + Arrays.toString(t.toDoubleArray())));
            state.add("calls " + memory.calls.item());
            state.add(rng.toString());
            state.add(net.noise.own.toString());
            state.add(trainer.steps() + " " + trainer.epochs());
            return state;
        }
    }

    private static void assertSame(List<String> expected, List<String> actual, String when) {
        for (int i = 0; i < expected.size(); i++)
            assertEquals(expected.get(i), actual.get(i), when);
        assertEquals(expected.size(), actual.size(), when);
    }

    @Property(tries = 60)
    void leavesNoTrace(@ForAll Way way, @ForAll @Size(min = 1, max = 6) List<Fault> faults) {
        var run = new Run(way);
        var alone = new Run(way);
        int steps = 0;
        for (Fault fault : faults) {
            List<String> before = run.state();
            if (fault == Fault.NONE) {
                run.step(fault);
                alone.step(fault);
                steps++;
            } else {
                assertThrows(RuntimeException.class, () -> run.step(fault), fault::name);
                assertSame(before, run.state(), fault.name());
            }
            assertSame(alone.state(), run.state(), "as if none had failed");
            assertEquals(steps, run.memory.calls.item(), "a step moves what it writes once");
        }
    }

    /** The second computation, which locates the NaN, starts from the same state as the first. */
    @Property(tries = 10)
    void aDiagnosisSeesTheStateTheStepSaw(@ForAll @IntRange(max = 3) int good) {
        var run = new Run(Way.TRAINER);
        for (int i = 0; i < good; i++)
            run.step(Fault.NONE);
        run.memory.seen.clear();
        var e = assertThrows(ArithmeticException.class, () -> run.step(Fault.INPUT_IS_NAN));
        assertEquals(List.of((double) good, (double) good), run.memory.seen, e::getMessage);
    }
}
