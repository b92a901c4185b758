package autograd.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.Trainable;
import autograd.nn.optim.Sgd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Training when its JVM is asked to end. */
class ShutdownTest {
    private record Parabola(Variable x) implements Trainable {}

    private static Trainer<Integer> trainer() {
        var model = new Parabola(new Variable("x", Tensor.of(1)));
        return Trainer.of(model, (_, _) -> model.x(), (x, _) -> x.square().sum(), new Sgd(0.25), new Rng(0));
    }

    /** Trains for ever; run in a JVM of its own. */
    static final class Endless implements TrainerCallback {
        private final Path file;

        private Endless(Path file) { this.file = file; }

        public static void main(String... args) {
            trainer().fit(_ -> Stream.generate(() -> 1)::iterator, List.of(), 1, new Endless(Path.of(args[0])));
        }

        @Override
        public void epoch(Trainer<?> trainer, Epoch epoch) {}

        @Override
        public void step(Trainer<?> trainer, double loss) {
            if (trainer.steps() == 3)
                System.out.println("training");
        }

        @Override
        public void checkpoint(Trainer<?> trainer) {
            try {
                Files.writeString(file, "after " + trainer.steps());
                System.out.println("saved after " + trainer.steps());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void end(Trainer<?> trainer) { System.out.println("ended after " + trainer.steps()); }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // ends a process without asking it
    void trainingIsSavedAndEndsInOrder(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("saved");
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Endless.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = child.inputReader()) {
            assertEquals("training", out.readLine());
            child.toHandle().destroy(); // asks, as Ctrl-C does
            String saved = out.readLine(), ended = out.readLine();
            assertTrue(saved.matches("saved after \\d+"), saved);
            assertEquals(saved.replace("saved", "ended"), ended);
            assertNull(out.readLine());
            assertTrue(child.waitFor(60, TimeUnit.SECONDS));
            assertEquals(128 + 15, child.exitValue(), "as of whoever is ended by SIGTERM");
            assertEquals(saved, "saved " + Files.readString(file));
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void afterTrainingNothingWaitsForTheEnd() {
        var trainer = trainer();
        trainer.fit(_ -> List.of(1, 2), List.of(), 2);
        var gone = new WeakReference<>(trainer);
        trainer = null;
        System.gc();
        assertNull(gone.get(), "a hook still holds the trainer");
    }
}
