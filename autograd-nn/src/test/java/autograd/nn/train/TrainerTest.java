package autograd.nn.train;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Losses;
import autograd.nn.Sequential;
import autograd.nn.Trainable;
import autograd.nn.data.Batch;
import autograd.nn.data.Dataset;
import autograd.nn.init.Init;
import autograd.nn.metrics.ConfusionMatrix;
import autograd.nn.optim.Adam;
import autograd.nn.optim.Schedule;
import autograd.nn.optim.Sgd;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

class TrainerTest {
    /** Whether a point lies above a line, in batches of 8, the last of 6. */
    private static final Dataset<Tensor, IntTensor> DATA = data();

    private static Dataset<Tensor, IntTensor> data() {
        Tensor x = Tensor.randn(new Rng(1), 30, 2);
        double[] numbers = x.toDoubleArray();
        int[] labels = new int[30];
        for (int i = 0; i < labels.length; i++)
            labels[i] = numbers[2 * i] + numbers[2 * i + 1] > 0.3 ? 1 : 0;
        return Dataset.of(x, IntTensor.of(labels));
    }

    private static Iterable<Batch<Tensor, IntTensor>> epoch(int number) {
        return DATA.shuffle(new Rng(9).derive(number)).batches(8).prefetch(2);
    }

    private static Sequential model() {
        var rng = new Rng(3);
        return Sequential.of(Dense.of(rng, 2, 8), Activation.TANH, new Dropout(0.2), Dense.of(rng, 8, 2));
    }

    private static Trainer<Batch<Tensor, IntTensor>> trainer(Sequential model) {
        return Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new Adam(0.05), new Rng(4));
    }

    private static List<Long> bits(Trainable model) {
        return model.variables().stream().flatMapToDouble(v -> Arrays.stream(v.toDoubleArray()))
                .mapToObj(Double::doubleToRawLongBits).toList();
    }

    @Test
    void isTheDozenLinesItReplaces() {
        Sequential byHand = model(), trained = model();
        var optimizer = new Adam(0.05);
        var rng = new Rng(4);
        List<Double> losses = new ArrayList<>(), seen = new ArrayList<>();
        for (int epoch = 1; epoch <= 3; epoch++)
            for (Batch<Tensor, IntTensor> batch : epoch(epoch))
                losses.add(optimizer.minimize(byHand, rng, pass -> Losses.sparseSoftmaxCrossEntropy(
                        byHand.forward(batch.x(), pass), batch.y())));
        var trainer = trainer(trained);
        trainer.fit(TrainerTest::epoch, List.of(), 3, new TrainerCallback() {
            @Override
            public void epoch(Trainer<?> t, Epoch epoch) {}

            @Override
            public void step(Trainer<?> t, double loss) { seen.add(loss); }
        });
        assertEquals(losses, seen);
        assertEquals(bits(byHand), bits(trained));
        assertNotEquals(bits(model()), bits(trained));
        assertEquals(12, trainer.steps());
        assertEquals(3, trainer.epochs());
    }

    @Test
    void learnsTheTrainingData() {
        Sequential model = model();
        var trainer = trainer(model);
        List<Epoch> history = trainer.fit(TrainerTest::epoch, DATA.batches(7), 40).epochs();
        assertEquals(40, history.size());
        assertTrue(history.getLast().loss() < history.getFirst().loss() / 2, history::toString);
        var matrix = new ConfusionMatrix(2);
        double loss = trainer.evaluate(DATA.batches(7), (scores, b) -> matrix.add(scores.argMax(-1), b.y()));
        assertEquals(history.getLast().validation(), loss);
        assertEquals(30, matrix.total());
        assertTrue(matrix.accuracy() >= 0.9, matrix::toString);
        Batch<Tensor, IntTensor> all = DATA.all();
        assertEquals(Losses.sparseSoftmaxCrossEntropy(model.forward(all.x()), all.y()).item(), loss, 1e-6);
        assertArrayEquals(model.forward(all.x()).toFloatArray(), trainer.predict(DATA.batches(7)).toFloatArray(),
                1e-5f);
    }

    @Test
    void anEpochHasItsNumbers() {
        var model = model();
        var trainer = Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new Sgd(0), new Rng(4));
        Epoch epoch = trainer.fit(TrainerTest::epoch, List.of(), 1).epochs().getFirst();
        assertEquals(1, epoch.number());
        assertEquals(4, epoch.steps());
        assertEquals(0, epoch.learningRate());
        assertEquals(epoch.loss(), epoch.watched());
        assertTrue(Double.isNaN(epoch.validation()));
        Epoch next = trainer.fit(TrainerTest::epoch, DATA.batches(30), 2).epochs().getFirst();
        assertEquals(2, next.number());
        assertEquals(next.validation(), next.watched());
    }

    /** All layers name their variable weight: a message gives its path. */
    @Test
    void messagesCallAVariableByItsPath() {
        Sequential model = model();
        Variable broken = model.state().get("layers.3.bias");
        broken.assign(Tensor.of(0, Double.NaN));
        assertSays(assertThrows(ArithmeticException.class,
                () -> trainer(model).fit(TrainerTest::epoch, List.of(), 1)), "variable layers.3.bias [2]");
    }

    @Test
    void thereMustBeBatchesWithExamples() {
        var trainer = trainer(model());
        assertSays(assertThrows(IllegalArgumentException.class, () -> trainer.predict(List.of())), "predict",
                "no batches");
        assertSays(assertThrows(IllegalArgumentException.class, () -> trainer.evaluate(List.of())), "evaluate",
                "no batches");
        assertSays(assertThrows(IllegalArgumentException.class, () -> trainer.fit(_ -> List.of(), List.of(), 1)),
                "epoch 1", "0 batches");
        Batch<Tensor, IntTensor> empty = DATA.slice(0, 0).all();
        assertSays(assertThrows(IllegalArgumentException.class, () -> trainer.evaluate(List.of(empty))),
                "no examples", "[0, 2]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> trainer.fit(_ -> List.of(empty), List.of(), 1)), "no examples", "[0, 2]");
        assertEquals(0, trainer.epochs());
        Iterator<Batch<Tensor, IntTensor>> once = DATA.batches(8).iterator();
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> trainer.fit(_ -> () -> once, List.of(), 2)), "epoch 2", "0 batches", "each time");
        assertEquals(1, trainer.epochs());
        trainer.fit(TrainerTest::epoch, List.of(), 2, stopAfter(7));
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> trainer.fit(_ -> DATA.batches(30), List.of(), 2)), "epoch 2", "1 batches", "3", "same batches");
    }

    /** The rate of an epoch's last step, and not of the step that follows. */
    @Test
    void anEpochHasTheRateThatWasUsed() {
        double[] rates = new double[8];
        Arrays.setAll(rates, t -> Math.pow(0.5, t));
        for (int stop : new int[]{0, 2, 4, 6}) {
            var trainer = Trainer.of(model(), Losses::sparseSoftmaxCrossEntropy,
                    new Sgd(1).schedule(Schedule.exponentialDecay(0.5)), new Rng(4));
            List<Epoch> history = new ArrayList<>(
                    trainer.fit(TrainerTest::epoch, List.of(), 2, stopAfter(stop)).epochs());
            if (stop > 0)
                history.addAll(trainer.fit(TrainerTest::epoch, List.of(), 2).epochs());
            assertEquals(List.of(rates[3], rates[7]), history.stream().map(Epoch::learningRate).toList());
        }
    }

    @Test
    void aStopEndsAfterTheStepAndTheNextCallGoesOn() {
        Sequential whole = model(), parts = model();
        List<Epoch> uninterrupted = trainer(whole).fit(TrainerTest::epoch, DATA.batches(9), 3).epochs();
        for (int at = 1; at <= 12; at++) {
            Sequential model = model();
            var trainer = trainer(model);
            List<Epoch> epochs = new ArrayList<>(
                    trainer.fit(TrainerTest::epoch, DATA.batches(9), 3, stopAfter(at)).epochs());
            assertEquals(at, trainer.steps());
            assertEquals((at - 1) / 4, trainer.epochs());
            epochs.addAll(trainer.fit(TrainerTest::epoch, DATA.batches(9), 3).epochs());
            assertEquals(uninterrupted, epochs);
            assertEquals(bits(whole), bits(model));
        }
        assertNotEquals(bits(whole), bits(parts));
    }

    /** A callback that stops training after the given number of steps. */
    static TrainerCallback stopAfter(int steps) {
        return new TrainerCallback() {
            @Override
            public void epoch(Trainer<?> trainer, Epoch epoch) {}

            @Override
            public void step(Trainer<?> trainer, double loss) {
                if (trainer.steps() == steps)
                    trainer.stop();
            }
        };
    }

    @Test
    void callbacksAreToldInOrder() {
        List<String> told = new ArrayList<>();
        class Told implements TrainerCallback {
            private final String name;

            Told(String name) { this.name = name; }

            @Override
            public void begin(Trainer<?> t) { told.add(name + " begin"); }

            @Override
            public void step(Trainer<?> t, double loss) { told.add(name + " step " + t.steps()); }

            @Override
            public void epoch(Trainer<?> t, Epoch e) { told.add(name + " epoch " + e.number()); }

            @Override
            public void checkpoint(Trainer<?> t) { told.add(name + " checkpoint"); }

            @Override
            public void end(Trainer<?> t) { told.add(name + " end"); }
        }
        trainer(model()).fit(_ -> DATA.batches(30), List.of(), 1, new Told("a"), new Told("b"));
        assertEquals(List.of("a begin", "b begin", "a step 1", "b step 1", "a epoch 1", "b epoch 1", "a checkpoint",
                "b checkpoint", "a end", "b end"), told);
    }

    @Test
    void aLossThatIsNotFiniteNamesItsOperation() {
        Sequential model = model();
        List<Long> before = bits(model);
        var ended = new ArrayList<Integer>();
        Tensor zero = Tensor.zeros(8, 2);
        var trainer = Trainer.<Batch<Tensor, IntTensor>>of(model,
                (batch, pass) -> model.forward(batch.x(), pass).mul(zero).log(),
                (output, _) -> output.sum(), new Sgd(1), new Rng(0));
        var e = assertThrows(ArithmeticException.class,
                () -> trainer.fit(TrainerTest::epoch, List.of(), 1, new TrainerCallback() {
                    @Override
                    public void epoch(Trainer<?> t, Epoch epoch) {}

                    @Override
                    public void end(Trainer<?> t) { ended.add(1); }
                }));
        assertSays(e, "Trainer", "-Infinity", "epoch 1, batch 0", "log made", "TrainerTest.java");
        assertEquals(before, bits(model));
        assertEquals(0, trainer.steps());
        assertEquals(0, trainer.rng().position());
        assertEquals(List.of(1), ended);
    }

    /** A new head on a trained body. */
    @Test
    void changesTheVariablesOfItsModelAlone() {
        var rng = new Rng(3);
        Dense body = Dense.of(rng, 2, 8), head = Dense.of(rng, 8, 2);
        List<Long> bodyBefore = bits(body), headBefore = bits(head);
        Trainer.<Batch<Tensor, IntTensor>>of(head, (b, _) -> head.forward(body.forward(b.x()).tanh()),
                (scores, b) -> Losses.sparseSoftmaxCrossEntropy(scores, b.y()), new Sgd(0.1), rng)
                .fit(TrainerTest::epoch, List.of(), 1);
        assertEquals(bodyBefore, bits(body));
        assertNotEquals(headBefore, bits(head));
    }

    @Test
    void batchesMayBeAnything() {
        record Pair(Tensor x, Tensor y) {}
        var line = Dense.of(DType.F64, new Rng(0), 1, 1, Init.xavierUniform());
        Tensor x = Tensor.of(DType.F64, -1, 0, 1, 2).reshape(4, 1);
        var pair = new Pair(x, x.mul(3).sub(1));
        var trainer = Trainer.<Pair>of(line, (p, _) -> line.forward(p.x()),
                (output, p) -> Losses.meanSquaredError(output, p.y()), new Sgd(0.1), new Rng(0));
        trainer.fit(_ -> List.of(pair), List.of(pair), 300);
        assertArrayEquals(new double[]{5, -4},
                line.forward(Tensor.of(DType.F64, 2, -1).reshape(2, 1)).toDoubleArray(), 1e-6);
    }

    @Test
    void aModelThatBecomesWorseIsStoppedAndTheBestIsKept() {
        Sequential model = model();
        List<List<Long>> after = new ArrayList<>();
        double[] scores = {5, 3, 3.05, 2.95, 4, 1};
        var stopping = new EarlyStopping(2).minDelta(0.1).watch(e -> scores[e.number() - 1]).restoreBest();
        List<Epoch> history = trainer(model).fit(TrainerTest::epoch, List.of(), 6,
                (t, _) -> after.add(bits(t.model())), stopping).epochs();
        assertEquals(4, history.size());
        assertEquals(after.get(1), bits(model));
        assertNotEquals(after.get(3), bits(model));
    }
}
