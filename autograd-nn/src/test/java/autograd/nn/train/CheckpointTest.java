package autograd.nn.train;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Layer;
import autograd.nn.Losses;
import autograd.nn.Pass;
import autograd.nn.data.Batch;
import autograd.nn.data.Dataset;
import autograd.nn.init.Init;
import autograd.nn.optim.Adadelta;
import autograd.nn.optim.Adagrad;
import autograd.nn.optim.Adam;
import autograd.nn.optim.AdamW;
import autograd.nn.optim.Adamax;
import autograd.nn.optim.Clip;
import autograd.nn.optim.Lion;
import autograd.nn.optim.NAdam;
import autograd.nn.optim.Optimizer;
import autograd.nn.optim.Plateau;
import autograd.nn.optim.RmsProp;
import autograd.nn.optim.Schedule;
import autograd.nn.optim.Sgd;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;

/** A run that was interrupted and goes on ends as one that was not, to the bit. */
class CheckpointTest {
    private static final int EPOCHS = 4;

    private enum Kind {
        SGD(() -> new Sgd(0.05)), //
        MOMENTUM(() -> new Sgd(0.05).momentum(0.9).dampening(0.2).weightDecay(0.01)), //
        ADAM(() -> new Adam(0.01)), //
        AMSGRAD(() -> new AdamW(0.01).amsgrad()), //
        RMSPROP(() -> new RmsProp(0.01).centered().momentum(0.5)), //
        ADAGRAD(() -> new Adagrad(0.05).rateDecay(0.1).start(0.1)), //
        ADADELTA(() -> new Adadelta(1)), //
        ADAMAX(() -> new Adamax(0.01)), //
        NADAM(() -> new NAdam(0.01)), //
        LION(() -> new Lion(0.002).weightDecay(0.1));

        final Supplier<Optimizer> fresh;

        Kind(Supplier<Optimizer> fresh) { this.fresh = fresh; }
    }

    private record Net(Dense hidden, Dropout dropout, Dense out) implements Layer {
        static Net of(DType dtype, Rng rng) {
            return new Net(Dense.of(dtype, rng, 5, 9, Init.heNormal()), new Dropout(0.3),
                    Dense.of(dtype, rng, 9, 3, Init.xavierUniform()));
        }

        @Override
        public Tensor forward(Tensor x, Pass pass) {
            return out.forward(dropout.forward(hidden.forward(x, pass).relu(), pass), pass);
        }
    }

    /** Model, optimizer and generator of one run. */
    private static final class Run {
        final Net net;
        final Optimizer optimizer;
        final Plateau plateau = new Plateau(0.5, 0).threshold(0.5);
        final Dataset<Tensor, IntTensor> data;
        final Rng rng;

        Run(DType dtype, Kind kind, long seed) {
            rng = new Rng(seed);
            net = Net.of(dtype, rng);
            optimizer = kind.fresh.get().clip(Clip.norm(1))
                    .schedule(Schedule.linearWarmup(3, 0.1).then(3, Schedule.cosineDecay(40, 0)).and(plateau));
            optimizer.group(List.of(net.out.bias()), new Sgd(0.1).momentum(0.5));
            var examples = new Rng(99);
            data = Dataset.of(Tensor.randn(dtype, examples, 22, 5), IntTensor.of(examples.ints(22, 0, 3).toArray()));
        }

        void train(int from, int to) {
            for (int epoch = from; epoch < to; epoch++) {
                double sum = 0;
                for (Batch<Tensor, IntTensor> batch : data.shuffle(rng).batches(8))
                    sum += optimizer.minimize(net, rng, pass -> Losses
                            .sparseSoftmaxCrossEntropy(net.forward(batch.x(), pass), batch.y()));
                plateau.observe(sum);
            }
        }

        /** A copy in new memory, as from a file. */
        Checkpoint save() {
            SequencedMap<String, Tensor> copy = new LinkedHashMap<>();
            var saved = Checkpoint.of(net, optimizer, rng);
            saved.tensors
                    .forEach((name, t) -> copy.put(name, Tensor.of(t.dtype(), t.toDoubleArray(), t.shape().dims())));
            return new Checkpoint("memory", copy, saved.texts);
        }

        void restore(Checkpoint saved) { saved.restore(net, optimizer, rng); }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedRunEndsAlikeToTheBit(Kind kind) {
        for (DType dtype : DType.values()) {
            var straight = new Run(dtype, kind, 7);
            straight.train(0, EPOCHS);
            for (int at : new int[]{0, 1, 3}) {
                var first = new Run(dtype, kind, 7);
                first.train(0, at);
                Checkpoint saved = first.save();
                first.train(at, EPOCHS); // does not reach what was saved
                var second = new Run(dtype, kind, 7);
                second.train(0, 2); // what it did before does not matter
                second.restore(saved);
                second.train(at, EPOCHS);
                assertSame(straight.save(), second.save());
                assertSame(straight.save(), first.save());
            }
        }
    }

    private static void assertSame(Checkpoint expected, Checkpoint actual) {
        assertEquals(expected.texts, actual.texts);
        assertEquals(expected.tensors.keySet(), actual.tensors.keySet());
        expected.tensors.forEach((name, t) -> {
            assertEquals(t.shape(), actual.tensors.get(name).shape(), name);
            assertArrayEquals(t.toDoubleArray(), actual.tensors.get(name).toDoubleArray(), name);
        });
    }

    /** The same with a file between, as a loop of one's own saves and resumes. */
    @Test
    void aFileSavesAndResumesARun(@TempDir Path folder) {
        Path file = folder.resolve("run.safetensors");
        var first = new Run(DType.F32, Kind.ADAM, 7);
        first.train(0, 2);
        Checkpoint.save(file, first.net, first.optimizer, first.rng);
        var second = new Run(DType.F32, Kind.ADAM, 7);
        Checkpoint.restore(file, second.net, second.optimizer, second.rng);
        assertSame(first.save(), second.save());
        var other = new Run(DType.F32, Kind.ADAM, 8);
        Checkpoint before = other.save();
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Checkpoint.restore(file, other.net, other.optimizer, other.rng)), file.toString(), "Rng(7)",
                "Rng(8)");
        assertSame(before, other.save());
    }

    /** Otherwise the test above would not see whether these are restored. */
    @ParameterizedTest
    @EnumSource
    void everyPartMatters(Kind kind) {
        var straight = new Run(DType.F64, kind, 7);
        straight.train(0, EPOCHS);
        String expected = Arrays.toString(straight.net.hidden.weight().toDoubleArray());
        var first = new Run(DType.F64, kind, 7);
        first.train(0, 2);
        for (String name : List.of("optimizer/steps", "position", "optimizer/schedule/0", "optimizer/learningRate",
                "hidden.bias")) {
            Checkpoint changed = first.save();
            if (name.equals("position"))
                changed.texts.put(name, "" + (first.rng.position() + 1));
            else
                changed.tensors.put(name, changed.tensors.get(name).add(1));
            var second = new Run(DType.F64, kind, 7);
            second.restore(changed);
            second.train(2, EPOCHS);
            assertNotEquals(expected, Arrays.toString(second.net.hidden.weight().toDoubleArray()), name);
        }
    }

    @Test
    void namesArePaths() {
        var run = new Run(DType.F32, Kind.ADAM, 1);
        run.train(0, 1);
        var names = run.save().tensors.sequencedKeySet();
        assertEquals(List.of("hidden.weight", "hidden.bias", "out.weight", "out.bias", "optimizer/steps",
                "optimizer/learningRate", "optimizer/group/0/learningRate", "optimizer/schedule/0",
                "optimizer/variables/hidden.weight/steps", "optimizer/variables/hidden.weight/1",
                "optimizer/variables/hidden.weight/2"), names.stream().limit(11).toList());
        assertEquals(List.of("optimizer/variables/out.bias/steps", "optimizer/variables/out.bias/1"),
                names.stream().skip(names.size() - 2).toList());
        assertEquals(List.of("seed", "position"), List.copyOf(run.save().texts.keySet()));
    }

    @Test
    void numbersBeyondFloatsAreExact() {
        long steps = (1L << 40) + 1;
        var run = new Run(DType.F32, Kind.ADAM, 1);
        Checkpoint saved = run.save();
        saved.tensors.put("optimizer/steps", Tensor.scalar(DType.F64, steps));
        for (long bits : new long[]{0, -1, Long.MIN_VALUE, 0x0123456789ABCDEFL, 0xFEDCBA9876543210L}) {
            saved.texts.putAll(Checkpoint.of(run.net, run.optimizer, new Rng(bits, ~bits)).texts);
            var restored = new Rng(bits);
            saved.restore(run.net, run.optimizer, restored);
            assertEquals(~bits, restored.position());
        }
        assertEquals(steps, run.optimizer.steps());
        assertEquals(steps, (long) run.save().tensors.get("optimizer/steps").item());
    }

    @Test
    void mismatchChangesNothing() {
        var run = new Run(DType.F32, Kind.ADAM, 1);
        run.train(0, 2);
        Checkpoint before = run.save();
        var other = new Run(DType.F32, Kind.ADAM, 1);
        other.train(0, 1);
        SequencedMap<String, Tensor> saved = other.save().tensors;
        assertRefused(run, saved, "hidden.bias", null, "no hidden.bias");
        assertRefused(run, saved, "hidden.bias", Tensor.zeros(4), "hidden.bias", "[4]", "[9]");
        assertRefused(run, saved, "hidden.bias", Tensor.zeros(DType.F64, 9), "hidden.bias", "f64", "f32");
        assertRefused(run, saved, "optimizer/steps", null, "no optimizer/steps");
        assertRefused(run, saved, "optimizer/steps", Tensor.scalar(DType.F64, 0.5), "optimizer/steps", "0.5");
        assertRefused(run, saved, "optimizer/learningRate", Tensor.scalar(DType.F64, -1), "learningRate", "-1");
        assertRefused(run, saved, "optimizer/schedule/0", null, "schedule/0");
        assertRefused(run, saved, "optimizer/schedule/1", Tensor.zeros(DType.F64, 4), "schedule/1", "no place");
        assertRefused(run, saved, "optimizer/variables/out.weight/2", null, "out.weight/2");
        assertRefused(run, saved, "optimizer/variables/out.weight/2", Tensor.zeros(3, 9), "[3, 9]", "[9, 3]");
        assertRefused(run, saved, "optimizer/variables/out.weight/3", Tensor.zeros(9, 3), "no place", "Adam");
        assertRefused(run, saved, "optimizer/variables/gone/steps", Tensor.scalar(DType.F64, 1), "gone", "no place");
        assertSame(before, run.save());
    }

    private static void assertRefused(Run run, SequencedMap<String, Tensor> saved, String name,
            @Nullable Tensor value, String... says) {
        SequencedMap<String, Tensor> changed = new LinkedHashMap<>(saved);
        if (value == null)
            changed.remove(name);
        else
            changed.put(name, value);
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> run.restore(new Checkpoint("memory", changed, run.save().texts))), says);
    }

    @Test
    void aModelThatLacksATrainedVariableIsRefused() {
        var run = new Run(DType.F32, Kind.ADAM, 1);
        run.train(0, 1);
        assertSays(assertThrows(IllegalArgumentException.class, () -> run.optimizer.save(run.net.hidden)), "save",
                "not in the model");
        assertEquals(List.of("optimizer/steps", "optimizer/learningRate"),
                List.copyOf(new Adam(1).save(Activation.RELU).keySet()));
    }
}
