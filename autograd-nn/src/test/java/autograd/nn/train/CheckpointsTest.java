package autograd.nn.train;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Losses;
import autograd.nn.Sequential;
import autograd.nn.data.Batch;
import autograd.nn.data.Dataset;
import autograd.nn.io.SafeTensors;
import autograd.nn.io.Weights;
import autograd.nn.optim.Adam;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

class CheckpointsTest {
    private static final Dataset<Tensor, IntTensor> DATA = Dataset.of(Tensor.randn(new Rng(1), 30, 2),
            IntTensor.of(new Rng(2).ints(30, 0, 2).toArray()));

    @TempDir
    private Path folder;

    private static Iterable<Batch<Tensor, IntTensor>> epoch(int number) {
        return DATA.shuffle(new Rng(9).derive(number)).batches(8);
    }

    private static Trainer<Batch<Tensor, IntTensor>> trainer(int hidden) {
        var rng = new Rng(3);
        var model = Sequential.of(Dense.of(rng, 2, hidden), Activation.TANH, new Dropout(0.2),
                Dense.of(rng, hidden, 2));
        return Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new Adam(0.05), new Rng(4));
    }

    private static List<Long> bits(Trainer<?> trainer) {
        return trainer.model().variables().stream().flatMapToDouble(v -> Arrays.stream(v.toDoubleArray()))
                .mapToObj(Double::doubleToRawLongBits).toList();
    }

    private static List<Epoch> fit(Trainer<Batch<Tensor, IntTensor>> trainer, int epochs,
            TrainerCallback... callbacks) {
        return trainer.fit(CheckpointsTest::epoch, DATA.batches(9), epochs, callbacks).epochs();
    }

    private static EarlyStopping stopping() { return new EarlyStopping(3).minDelta(0.005).restoreBest(); }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aResumedRunEndsOnTheSameBitsWhereverItWasStopped() {
        var straight = trainer(8);
        List<Epoch> history = fit(straight, 6, stopping());
        List<Long> expected = bits(straight);
        for (int at : new int[]{1, 3, 4, 5, 8, 10}) {
            Path own = folder.resolve("stopped-after-" + at);
            var first = trainer(8);
            fit(first, 6, stopping(), new Checkpoints(own), TrainerTest.stopAfter(at));
            assertEquals(at, first.steps());
            var second = trainer(8);
            var checkpoints = new Checkpoints(own);
            assertTrue(checkpoints.resume(second));
            assertEquals(at, second.steps());
            List<Epoch> rest = fit(second, 6, stopping(), checkpoints);
            assertEquals(history.subList((at - 1) / 4, history.size()), rest);
            assertEquals(expected, bits(second), "stopped after " + at);
        }
        assertNotEquals(expected, bits(trainer(8)));
    }

    @Test
    void keepsTheLastAndTheBest() throws IOException {
        var trainer = trainer(8);
        assertFalse(new Checkpoints(folder.resolve("none")).resume(trainer));
        double[] scores = {3, 1, 2, 2, 2, 2, 2};
        fit(trainer, 5, (_, e) -> e.values().put("validation", scores[e.number() - 1]),
                new Checkpoints(folder).keep(2));
        assertEquals(List.of("best.safetensors", "step-000000016.safetensors", "step-000000020.safetensors"), names());
        var best = trainer(8);
        Weights.load(folder.resolve("best.safetensors"), best.model());
        assertEquals(Optional.of(folder.resolve("best.safetensors")), new Checkpoints(folder).best());
        assertEquals(Optional.empty(), new Checkpoints(folder.resolve("none")).best());
        var two = trainer(8);
        fit(two, 2);
        assertEquals(bits(two), bits(best));
        byte[] bytes = Files.readAllBytes(folder.resolve("best.safetensors"));
        var again = trainer(8);
        var checkpoints = new Checkpoints(folder).every(2).keep(2);
        checkpoints.resume(again);
        fit(again, 7, (_, e) -> e.values().put("validation", scores[e.number() - 1]), checkpoints);
        assertEquals(List.of("best.safetensors", "step-000000024.safetensors", "step-000000028.safetensors"), names(),
                "every other epoch, and the last");
        assertTrue(Arrays.equals(bytes, Files.readAllBytes(folder.resolve("best.safetensors"))));
    }

    /** Also when training is over already: what is damaged then would be missed as the best at the end. */
    @Test
    void theStateOfCallbacksIsCheckedBeforeTraining() {
        var trainer = trainer(8);
        fit(trainer, 2, stopping(), new Checkpoints(folder));
        Path file = new Checkpoints(folder).last().orElseThrow();
        var tensors = new LinkedHashMap<>(SafeTensors.read(file));
        tensors.put("callbacks/EarlyStopping.0/model/layers.3.bias", Tensor.zeros(3));
        SafeTensors.write(file, tensors, SafeTensors.metadata(file));
        var again = trainer(8);
        again.restore(file);
        List<Long> restored = bits(again);
        for (int epochs : new int[]{2, 5, 5})
            assertSays(assertThrows(IllegalArgumentException.class, () -> fit(again, epochs, stopping())),
                    file.toString(), "EarlyStopping", "model/layers.3.bias", "[3]", "[2]");
        assertEquals(restored, bits(again));
        assertEquals(2, again.epochs());
        assertEquals(1, fit(again, 3).size(), "without that callback training can go on");
    }

    @Test
    void aGeneratorsPositionIsAWholeNumber() {
        var trainer = trainer(8);
        fit(trainer, 1);
        var saved = Checkpoint.of(trainer.model(), trainer.optimizer(), trainer.rng());
        for (String position : List.of("NaN", "0.5", "1e30", "", "99999999999999999999")) {
            saved.texts.put("position", position);
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> saved.restore(trainer.model(), trainer.optimizer(), trainer.rng())),
                    "position is "
                            + position);
        }
    }

    /** Nine digits are in a name, more if there are more. */
    @Test
    void checkpointsSortByTheirSteps() throws IOException {
        var checkpoints = new Checkpoints(folder);
        for (long steps : new long[]{5, 999_999_999, 2_000_000_000_000L, 1_000_000_000}) {
            Files.createFile(folder.resolve(String.format(Locale.ROOT, "step-%09d.safetensors", steps)));
            Files.createFile(folder.resolve("step-" + steps + ".safetensors.part"));
        }
        assertEquals(Optional.of(folder.resolve("step-2000000000000.safetensors")), checkpoints.last());
    }

    @Test
    void aFolderIsOfOneRun() {
        fit(trainer(8), 2, new Checkpoints(folder));
        assertSays(assertThrows(IllegalStateException.class, () -> fit(trainer(8), 2, new Checkpoints(folder))),
                "step-000000008", "resume", "another folder");
        assertThrows(IllegalArgumentException.class, () -> new Checkpoints(folder).every(0));
        assertThrows(IllegalArgumentException.class, () -> new Checkpoints(folder).keep(0));
    }

    @Test
    void mismatchChangesNothing() {
        Path file = folder.resolve("run.safetensors");
        var trainer = trainer(8);
        fit(trainer, 1);
        trainer.save(file);
        var other = trainer(9);
        List<Long> before = bits(other);
        assertSays(assertThrows(IllegalArgumentException.class, () -> other.restore(file)), "[2, 8]", "[2, 9]");
        assertEquals(before, bits(other));
        assertEquals(0, other.steps());
        var seed = Trainer.of((Sequential) trainer(8).model(), Losses::sparseSoftmaxCrossEntropy, new Adam(0.05),
                new Rng(5));
        assertSays(assertThrows(IllegalArgumentException.class, () -> seed.restore(file)), file.toString(), "Rng(4)",
                "Rng(5)");
        assertEquals(0, seed.steps());
    }
}
