package autograd.nn.train;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.BatchNorm;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Losses;
import autograd.nn.Sequential;
import autograd.nn.Trainable;
import autograd.nn.data.Batch;
import autograd.nn.data.Dataset;
import autograd.nn.init.Init;
import autograd.nn.metrics.Accuracy;
import autograd.nn.optim.Adam;
import autograd.nn.optim.Sgd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** Training on data sets: order, metrics, accumulation, what is printed and plotted. */
class FitTest {
    private static final Tensor X = Tensor.randn(DType.F64, new Rng(1), 22, 3);
    private static final IntTensor LABELS = IntTensor.of(new Rng(2).ints(22, 0, 2).toArray());
    private static final Dataset<Tensor, IntTensor> CLASSES = Dataset.of(X, LABELS);
    private static final Dataset<Tensor, Tensor> NUMBERS = Dataset.of(X, X.sum(1).reshape(22, 1));

    /** As in fine-tuning: the number of epochs counts those of earlier calls. */
    @Test
    void aSecondCallWithNothingToDoIsAnError() {
        var trainer = Trainer.of(model(1, 0), Losses::meanSquaredError, new Sgd(0.01),
                new Rng(0)).quiet();
        trainer.fit(NUMBERS, 2);
        for (int epochs : new int[]{2, 1, -1}) {
            var e = assertThrows(IllegalArgumentException.class, () -> trainer.fit(NUMBERS, epochs));
            assertSays(e, "fit", "2 epochs", "fit(.., ");
        }
        assertEquals(1, trainer.fit(NUMBERS, 3).epochs().size());
    }

    private static Sequential model(int out, double dropout) {
        var rng = new Rng(3);
        return Sequential.of(Dense.of(DType.F64, rng, 3, 5, Init.heNormal()), Activation.TANH, new Dropout(dropout),
                Dense.of(DType.F64, rng, 5, out, Init.heNormal()));
    }

    private static Trainer<Batch<Tensor, IntTensor>> classifier(Sequential model) {
        return Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new Adam(0.02), new Rng(4)).batchSize(8);
    }

    private static double[] numbers(Trainable model) {
        return model.state().values().stream().flatMapToDouble(v -> Arrays.stream(v.toDoubleArray())).toArray();
    }

    @Test
    void anEpochIsShuffledFromSeedAndNumber() {
        var byHand = model(2, 0.3);
        var trained = model(2, 0.3);
        classifier(byHand).fit(epoch -> CLASSES.shuffle(new Rng(4).derive(epoch)).batches(8), List.of(), 3);
        var trainer = classifier(trained);
        trainer.fit(CLASSES, 1);
        trainer.fit(CLASSES, CLASSES, 3);
        assertArrayEquals(numbers(byHand), numbers(trained));
    }

    @Test
    void targetsMayBeNumbers() {
        var model = model(1, 0);
        var trainer = Trainer.of(model, Losses::meanSquaredError, new Adam(0.05), new Rng(4)).metrics("mae");
        History history = trainer.fit(NUMBERS, NUMBERS, 60);
        assertTrue(history.last().loss() < history.values("loss")[0] / 4);
        double mae = model.forward(X).sub(X.sum(1).reshape(22, 1)).abs().mean().item();
        assertEquals(mae, history.last().value("mae"), 1e-12);
        assertEquals(mae, trainer.evaluate(NUMBERS).get("mae"), 1e-12);
        assertArrayEquals(model.forward(X).toDoubleArray(), trainer.predict(NUMBERS).toDoubleArray(), 1e-12);
    }

    @Test
    void metricsAreThoseOfAllValidationExamples() {
        var model = model(2, 0.2);
        History history = classifier(model).metrics("accuracy", "f1", "auc")
                .metric("doubt", (scores, _) -> scores.softmax(-1).min(-1).mean().item()).fit(CLASSES, CLASSES, 2);
        Epoch epoch = history.last();
        Tensor scores = model.forward(X);
        assertEquals(List.of("loss", "validation", "accuracy", "f1", "auc", "doubt"),
                List.copyOf(epoch.values().keySet()));
        assertEquals(Accuracy.of(scores, LABELS), epoch.value("accuracy"));
        int hits = 0, said = 0, there = 0, above = 0, pairs = 0;
        for (int i = 0; i < 22; i++) {
            boolean yes = scores.get(i, 1) > scores.get(i, 0), label = LABELS.get(i) == 1;
            hits += yes && label ? 1 : 0;
            said += yes ? 1 : 0;
            there += label ? 1 : 0;
            for (int k = 0; k < 22; k++)
                if (label && LABELS.get(k) == 0) {
                    pairs++;
                    above += scores.get(i, 1) - scores.get(i, 0) > scores.get(k, 1) - scores.get(k, 0) ? 1 : 0;
                }
        }
        assertEquals(2.0 * hits / (said + there), epoch.value("f1"), 1e-12);
        assertEquals((double) above / pairs, epoch.value("auc"), 1e-12);
        assertEquals(scores.softmax(-1).min(-1).mean().item(), epoch.value("doubt"), 1e-12);
    }

    @Test
    void aucTakesOneScoreWithTargets() {
        Tensor y = LABELS.oneHot(DType.F64, 2).slice(1, 1, 2);
        var model = model(1, 0);
        var trainer = Trainer.of(model, Losses::binaryCrossEntropyWithLogits, new Adam(0.1), new Rng(4)).metrics("auc");
        assertTrue(trainer.fit(Dataset.of(X, y), Dataset.of(X, y), 60).last().value("auc") > 0.7);
    }

    @Test
    void aMetricThatDoesNotFitSaysWhatToWrite() {
        var classifier = classifier(model(2, 0));
        assertSays(assertThrows(IllegalArgumentException.class, () -> classifier.metrics("acuracy")), "acuracy",
                "accuracy", "metric(");
        assertSays(assertThrows(IllegalArgumentException.class, () -> classifier.metric("loss", (_, _) -> 1)), "loss");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> classifier.metrics("accuracy").fit(CLASSES, 1)), "[accuracy]", "validation");
        for (String name : List.of("accuracy", "f1", "auc")) {
            var numbers = Trainer.of(model(1, 0), Losses::meanSquaredError, new Sgd(0), new Rng(0));
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> numbers.metrics(name).fit(NUMBERS, NUMBERS, 1)), name, "[22, 1]", "metric(");
        }
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> classifier(model(2, 0)).metrics("mae").fit(CLASSES, CLASSES, 1)), "mae", "labels [8]");
        assertThrows(IllegalArgumentException.class, () -> classifier.batchSize(0));
        assertThrows(IllegalArgumentException.class, () -> classifier.accumulate(0));
    }

    /**
     * k small batches take the step of one large batch, to rounding; the last group of an epoch may be smaller.
     */
    @Test
    void accumulatedBatchesAreOneLargeBatch() {
        for (int k : new int[]{1, 2, 3, 5}) {
            var large = model(2, 0);
            var small = model(2, 0);
            History one = classifier(large).batchSize(4 * k).fit(CLASSES, 3);
            var trainer = classifier(small).batchSize(4).accumulate(k);
            History several = trainer.fit(CLASSES, 3);
            assertArrayEquals(numbers(large), numbers(small), 1e-11);
            assertArrayEquals(one.values("loss"), several.values("loss"), 1e-12);
            assertEquals(3L * Math.ceilDiv(6, k), trainer.steps());
        }
    }

    /** A stop within an epoch goes on with the next group. */
    @Test
    void accumulationGoesOnAfterAStop() {
        var straight = model(2, 0.3);
        var parts = model(2, 0.3);
        classifier(straight).batchSize(4).accumulate(4).fit(CLASSES, 2);
        var trainer = classifier(parts).batchSize(4).accumulate(4);
        for (int i = 0; i < 4; i++)
            trainer.fit(CLASSES, 2, new TrainerCallback() {
                @Override
                public void epoch(Trainer<?> t, Epoch epoch) {}

                @Override
                public void step(Trainer<?> t, double loss) { t.stop(); }
            });
        assertEquals(4, trainer.steps());
        assertArrayEquals(numbers(straight), numbers(parts));
    }

    @Test
    void aGroupThatFailsLeavesEverythingAsItWas() {
        var rng = new Rng(3);
        var model = Sequential.of(Dense.of(DType.F64, rng, 3, 4, Init.heNormal()), BatchNorm.of(DType.F64, 4),
                new Dropout(0.5), Dense.of(DType.F64, rng, 4, 2, Init.heNormal()));
        double[] bad = X.toDoubleArray();
        bad[13 * 3] = Double.NaN; // in the second batch of the second group
        var data = Dataset.of(Tensor.of(DType.F64, bad, 22, 3), LABELS);
        var trainer = classifier(model).batchSize(4).accumulate(2);
        trainer.fit(_ -> CLASSES.batches(4), List.of(), 1);
        double[] before = numbers(model);
        long position = trainer.rng().position();
        assertSays(assertThrows(ArithmeticException.class,
                () -> trainer.fit(_ -> data.slice(8, 22).batches(4), List.of(), 2)), "NaN", "epoch 2, batch 1");
        assertArrayEquals(before, numbers(model));
        assertEquals(position, trainer.rng().position());
        assertEquals(3, trainer.steps());
    }

    @Test
    void aLineForEachEpochGoesToStandardErrorUnlessQuiet() {
        PrintStream console = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            classifier(model(2, 0)).quiet().fit(CLASSES, 2);
            assertEquals("", printed.toString(StandardCharsets.UTF_8));
            classifier(model(2, 0)).metrics("accuracy").fit(CLASSES, CLASSES, 2);
        } finally {
            System.setErr(console);
        }
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).matches("Epoch 2/2, 3 steps, [0-9.]+ s, rate 0\\.02: loss 0\\.\\d{4}, "
                + "validation 0\\.\\d{4}, accuracy 0\\.\\d{4}"), lines::toString);
    }

    @Test
    void aHistoryIsPlotted(@TempDir Path folder) throws Exception {
        History history = classifier(model(2, 0)).quiet().metrics("accuracy").fit(CLASSES, CLASSES, 3);
        assertEquals(Set.of("loss", "validation", "accuracy"), history.names());
        history.plot(folder.resolve("history.png"));
        assertTrue(Files.size(folder.resolve("history.png")) > 1000);
        assertEquals(3, history.stream().count());
        var values = new LinkedHashMap<String, Double>();
        values.put("loss", 0.5);
        new History(List.of(new Epoch(1, 1, 0.1, values))).plot(folder.resolve("one.png"));
        assertTrue(Files.exists(folder.resolve("one.png")));
    }
}
