package autograd.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Trainable;
import autograd.nn.io.Npy;
import autograd.nn.io.Npz;
import autograd.nn.io.SafeTensors;
import autograd.nn.optim.Sgd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * A reader of a file that is replaced again and again sees one complete version, never parts of two.
 */
class LiveWriterTest {
    private static final int READS = Math.clamp(Integer.getInteger("tries", 0) / 10, 150, 10_000);

    private record Counter(Variable x) implements Trainable {}

    @TempDir
    private Path folder;

    /** Reads while another thread writes files that contain 1, 2, 3, .. */
    private static void live(Path file, IntConsumer write, Runnable read) throws Exception {
        write.accept(0);
        var done = new AtomicBoolean();
        try (var thread = Executors.newSingleThreadExecutor()) {
            var writes = thread.submit(() -> {
                int count = 0;
                while (!done.get())
                    write.accept(++count);
                return count;
            });
            try {
                for (int i = 0; i < READS; i++)
                    read.run();
            } finally {
                done.set(true);
            }
            assertTrue(writes.get() > 0);
        }
        assertTrue(Files.exists(file));
    }

    /** Files of different lengths; all numbers in a file are equal. */
    private static Tensor tensor(int i) {
        return Tensor.full(i, 1 + i % 7 * 100);
    }

    private static void assertWhole(Tensor x) {
        int i = (int) x.get(0);
        assertEquals(1 + i % 7 * 100, x.size());
        assertEquals(i, x.min().item());
        assertEquals(i, x.max().item());
    }

    @Test
    void safetensors() throws Exception {
        Path file = folder.resolve("a.safetensors");
        live(file, i -> SafeTensors.write(file, Map.of("x", tensor(i)), Map.of("i", "" + i)), () -> {
            try (var open = SafeTensors.open(file)) {
                assertWhole(open.tensor("x"));
                assertEquals(open.metadata().get("i"), "" + (int) open.tensor("x").get(0));
            }
        });
    }

    @Test
    void npy() throws Exception {
        Path file = folder.resolve("a.npy");
        live(file, i -> Npy.write(file, tensor(i)), () -> assertWhole(Npy.read(file)));
    }

    @Test
    void npz() throws Exception {
        Path file = folder.resolve("a.npz");
        live(file, i -> Npz.write(file, Map.of("x", tensor(i))), () -> assertWhole(Npz.read(file).get("x")));
    }

    /** Each step adds 1, so the weight and the number of steps agree. */
    @Test
    void checkpointsOfATrainer() throws Exception {
        Path file = folder.resolve("run.safetensors");
        var writer = trainer();
        var reader = trainer();
        live(file, i -> {
            if (i > 0)
                writer.fit(_ -> List.of(1), List.of(), i);
            writer.save(file);
        }, () -> {
            reader.restore(file);
            assertEquals(reader.steps(), reader.model().variables().getFirst().item());
        });
    }

    private static Trainer<Integer> trainer() {
        var model = new Counter(new Variable("x", Tensor.scalar(DType.F64, 0)));
        return Trainer.of(model, (_, _) -> model.x(), (x, _) -> x.neg(), new Sgd(1), new Rng(0));
    }
}
