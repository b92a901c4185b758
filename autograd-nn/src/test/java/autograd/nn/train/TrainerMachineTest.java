package autograd.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Losses;
import autograd.nn.Sequential;
import autograd.nn.Trainable;
import autograd.nn.data.Batch;
import autograd.nn.data.Dataset;
import autograd.nn.io.Weights;
import autograd.nn.optim.Adam;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Training that is stopped or crashes again and again, and goes on each time from its last checkpoint,
 * against a model that counts steps. Its weights must always be those of training that nothing interrupted,
 * to the bit.
 */
class TrainerMachineTest {
    private static final int EPOCHS = 5, BATCHES = 3;
    private static final Dataset<Tensor, IntTensor> DATA = Dataset.of(Tensor.randn(new Rng(1), 10, 2),
            IntTensor.of(new Rng(2).ints(10, 0, 2).toArray()));
    /** The weights after each step without a stop. */
    private static final List<List<Long>> STRAIGHT = straight();

    private static Iterable<Batch<Tensor, IntTensor>> epoch(int number) {
        return DATA.shuffle(new Rng(9).derive(number)).batches(4);
    }

    private static Trainer<Batch<Tensor, IntTensor>> trainer() {
        var rng = new Rng(3);
        var model = Sequential.of(Dense.of(rng, 2, 3), Activation.TANH, new Dropout(0.2), Dense.of(rng, 3, 2));
        return Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new Adam(0.05), new Rng(4));
    }

    private static List<Long> bits(Trainable model) {
        return model.variables().stream().flatMapToDouble(v -> Arrays.stream(v.toDoubleArray()))
                .mapToObj(Double::doubleToRawLongBits).toList();
    }

    private static List<List<Long>> straight() {
        var trainer = trainer();
        List<List<Long>> weights = new ArrayList<>(List.of(bits(trainer.model())));
        trainer.fit(TrainerMachineTest::epoch, List.of(), EPOCHS,
                new EachStep(() -> weights.add(bits(trainer.model()))));
        return weights;
    }

    private record EachStep(Runnable then) implements TrainerCallback {
        @Override
        public void epoch(Trainer<?> trainer, Epoch epoch) {}

        @Override
        public void step(Trainer<?> trainer, double loss) { then.run(); }
    }

    /** What early stopping watches after each epoch, and all settings. */
    private record Settings(List<Double> scores, int patience, boolean restoreBest, int every, int keep) {}

    /** A run that ends after so many steps, if it does not end before: by a stop or by a crash. */
    private record Run(int steps, boolean crash) {}

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Where training is: what a checkpoint holds. */
    private record At(int steps, int epochs, double best, int bestEpoch, int waited) {
        At step() { return new At(steps + 1, epochs, best, bestEpoch, waited); }

        At epoch(double score) {
            return Double.isNaN(best) && !Double.isNaN(score) || score < best
                    ? new At(steps, epochs + 1, score, epochs + 1, 0)
                    : new At(steps, epochs + 1, best, bestEpoch, waited + 1);
        }
    }

    private record Machine(Settings settings, Path folder, TreeMap<Integer, At> saved, AtomicInteger bestOnDisk) {
        Machine(Settings settings, Path folder) { this(settings, folder, new TreeMap<>(), new AtomicInteger()); }

        void run(Run run) throws IOException {
            var checkpoints = new Checkpoints(folder).every(settings.every).keep(settings.keep);
            var stopping = new EarlyStopping(settings.patience);
            if (settings.restoreBest)
                stopping.restoreBest();
            var trainer = trainer();
            At from = saved.isEmpty() ? new At(0, 0, Double.NaN, 0, 0) : saved.lastEntry().getValue();
            assertEquals(!saved.isEmpty(), checkpoints.resume(trainer));
            assertEquals(STRAIGHT.get(from.steps), bits(trainer.model()));
            int end = from.steps + run.steps;
            TrainerCallback scores = (_, e) -> e.values().put("validation", settings.scores.get(e.number() - 1));
            var last = new EachStep(() -> {
                if (trainer.steps() == end && run.crash)
                    throw new Crash();
                if (trainer.steps() == end)
                    trainer.stop();
            });
            At to = expected(from, end, run.crash);
            Runnable fit = () -> trainer.fit(TrainerMachineTest::epoch, List.of(), EPOCHS, scores, stopping,
                    checkpoints, last);
            if (run.crash && to.steps == end && end > from.steps) {
                assertThrows(Crash.class, fit::run);
            } else {
                fit.run();
                boolean best = settings.restoreBest && to.bestEpoch > 0;
                assertEquals(STRAIGHT.get(best ? BATCHES * to.bestEpoch : to.steps), bits(trainer.model()));
            }
            assertEquals(to.steps, trainer.steps());
            assertEquals(to.epochs, trainer.epochs());
            check();
        }

        /** Takes the steps one by one, and saves what is to be saved. */
        private At expected(At from, int end, boolean crash) {
            At at = from;
            boolean stop = isDue(at);
            while (!stop && at.epochs < EPOCHS) {
                while (!stop && at.steps < BATCHES * (at.epochs + 1)) {
                    at = at.step();
                    stop = at.steps == end;
                    if (stop && crash)
                        return at;
                }
                if (!stop) {
                    at = at.epoch(settings.scores.get(at.epochs));
                    if (at.bestEpoch == at.epochs)
                        bestOnDisk.set(at.bestEpoch); // stays there if a crash undoes the epoch
                    stop = isDue(at);
                }
                if (stop || at.epochs == EPOCHS || at.epochs % settings.every == 0)
                    saved.put(at.steps, at);
                while (saved.size() > settings.keep)
                    saved.pollFirstEntry();
            }
            return at;
        }

        private boolean isDue(At at) { return at.epochs > 1 && at.waited > 0 && at.waited >= settings.patience; }

        private void check() throws IOException {
            List<String> names = new ArrayList<>();
            if (bestOnDisk.get() > 0)
                names.add("best.safetensors");
            saved.keySet().forEach(n -> names.add(String.format(Locale.ROOT, "step-%09d.safetensors", n)));
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(names, files.map(f -> f.getFileName().toString()).sorted().toList());
            }
            Optional<Path> best = new Checkpoints(folder).best();
            if (best.isPresent()) {
                var model = trainer().model();
                Weights.load(best.get(), model);
                assertEquals(STRAIGHT.get(BATCHES * bestOnDisk.get()), bits(model));
            }
        }
    }

    @Provide
    Arbitrary<Settings> settings() {
        return Combinators.combine(Arbitraries.of(1.0, 2.0, 3.0, Double.NaN).list().ofSize(EPOCHS),
                Arbitraries.integers().between(0, 3), Arbitraries.of(true, false), Arbitraries.integers().between(1, 3),
                Arbitraries.integers().between(1, 3)).as(Settings::new);
    }

    @Provide
    Arbitrary<List<Run>> runs() {
        return Combinators.combine(Arbitraries.integers().between(1, BATCHES * EPOCHS + 1), Arbitraries.of(true, false))
                .as(Run::new).list().ofMaxSize(5);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void goesOnAsIfNothingHadStoppedIt(@ForAll("settings") Settings settings, @ForAll("runs") List<Run> runs)
            throws IOException {
        try (var folder = new TempFolder()) {
            var machine = new Machine(settings, folder.path());
            for (Run run : runs)
                machine.run(run);
            machine.run(new Run(BATCHES * EPOCHS + 1, false));
        }
    }

    /** Each point, not some. */
    @Property(tries = 1)
    void resumesAfterEveryStep() throws IOException {
        var settings = new Settings(List.of(3.0, 1.0, 2.0, 2.0, 1.5), 3, true, 2, 1);
        for (int steps = 1; steps <= BATCHES * EPOCHS; steps++)
            try (var folder = new TempFolder()) {
                var machine = new Machine(settings, folder.path());
                machine.run(new Run(steps, false));
                machine.run(new Run(BATCHES * EPOCHS + 1, false));
            }
    }
}
