package autograd.nn.train;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Dense;
import autograd.nn.Losses;
import autograd.nn.data.Batch;
import autograd.nn.data.Dataset;
import autograd.nn.io.Damage;
import autograd.nn.io.SafeTensors;
import autograd.nn.optim.Adam;
import autograd.nn.optim.Plateau;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Restoring a damaged checkpoint throws an exception that names it, or training continues to its end. */
class DamagedCheckpointTest {
    private static final int TRIES = Integer.getInteger("tries", 400);
    private static final Dataset<Tensor, IntTensor> DATA = Dataset.of(Tensor.randn(new Rng(1), 12, 2),
            IntTensor.of(new Rng(2).ints(12, 0, 2).toArray()));

    @TempDir
    private Path folder;

    private static Trainer<Batch<Tensor, IntTensor>> trainer() {
        return Trainer.of(Dense.of(new Rng(3), 2, 2), Losses::sparseSoftmaxCrossEntropy,
                new Adam(0.05).schedule(new Plateau(0.5, 1)), new Rng(4));
    }

    private void fit(Trainer<Batch<Tensor, IntTensor>> trainer, int epochs) {
        trainer.fit(_ -> DATA.batches(5), DATA.batches(12), epochs, new EarlyStopping(2).restoreBest(),
                new Checkpoints(folder.resolve("run")));
    }

    /** Changes of a checkpoint by another program, which leave the file format valid. */
    private enum Change {
        WITHOUT_A_TENSOR {
            @Override
            void done(Map<String, Tensor> tensors, Map<String, String> texts, Random random) {
                tensors.remove(any(tensors, random));
            }
        },
        RENAMED {
            @Override
            void done(Map<String, Tensor> tensors, Map<String, String> texts, Random random) {
                String name = any(tensors, random);
                tensors.put(name.substring(0, random.nextInt(name.length())) + "x", tensors.remove(name));
            }
        },
        ANOTHER_DTYPE {
            @Override
            void done(Map<String, Tensor> tensors, Map<String, String> texts, Random random) {
                tensors.compute(any(tensors, random), (_, x) -> x.to(x.dtype() == DType.F32 ? DType.F64 : DType.F32));
            }
        },
        ANOTHER_SHAPE {
            @Override
            void done(Map<String, Tensor> tensors, Map<String, String> texts, Random random) {
                int size = random.nextInt(4);
                tensors.compute(any(tensors, random), (_, x) -> Tensor.zeros(x.dtype(), new int[size]));
            }
        },
        OTHER_NUMBERS {
            @Override
            void done(Map<String, Tensor> tensors, Map<String, String> texts, Random random) {
                double[] numbers = {Double.NaN, Double.POSITIVE_INFINITY, -1, 0.5, 1e30, 0};
                double number = numbers[random.nextInt(numbers.length)];
                tensors.compute(any(tensors, random), (_, x) -> x.mul(0).add(number));
            }
        },
        OTHER_TEXTS {
            @Override
            void done(Map<String, Tensor> tensors, Map<String, String> texts, Random random) {
                String[] values = {"", "x", "-1", "1", "99999999999", "NaN", "0x1p4"};
                texts.put(any(texts, random), values[random.nextInt(values.length)]);
                if (random.nextBoolean())
                    texts.remove(any(texts, random));
            }
        };

        abstract void done(Map<String, Tensor> tensors, Map<String, String> texts, Random random);

        private static String any(Map<String, ?> map, Random random) {
            return new ArrayList<>(map.keySet()).get(random.nextInt(map.size()));
        }
    }

    @Test
    void isReadOrRefused() throws IOException {
        Path file = folder.resolve("whole"), damaged = folder.resolve("damaged");
        var whole = trainer();
        whole.fit(_ -> DATA.batches(5), DATA.batches(12), 3, new EarlyStopping(2).restoreBest(),
                new Checkpoints(folder.resolve("whole-run")), saveAfter(2, file));
        byte[] bytes = Files.readAllBytes(file);
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            String what = damage(file, bytes, damaged, random);
            try {
                var trainer = trainer();
                trainer.restore(damaged);
                fit(trainer, 3);
                assertTrue(trainer.epochs() >= 2, what);
            } catch (IllegalArgumentException | UncheckedIOException e) {
                assertSays(e, damaged.toString());
                refused++;
            } catch (ArithmeticException | IllegalStateException e) {
                assertSays(e, e instanceof ArithmeticException ? "the loss is" : "went further");
            }
        }
        int found = refused;
        assertTrue(found > TRIES / 4 && found < TRIES, () -> found + " of " + TRIES + " were refused");
    }

    private static TrainerCallback saveAfter(int epochs, Path file) {
        return new TrainerCallback() {
            @Override
            public void epoch(Trainer<?> trainer, Epoch epoch) {}

            @Override
            public void checkpoint(Trainer<?> trainer) {
                if (trainer.epochs() == epochs)
                    trainer.save(file);
            }
        };
    }

    private static String damage(Path whole, byte[] bytes, Path damaged, Random random) throws IOException {
        if (random.nextInt(3) == 0) {
            Files.write(damaged, Damage.of(bytes, bytes, random));
            return "bytes";
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>(SafeTensors.read(whole));
        Map<String, String> texts = new LinkedHashMap<>(SafeTensors.metadata(whole));
        Change change = Change.values()[random.nextInt(Change.values().length)];
        change.done(tensors, texts, random);
        SafeTensors.write(damaged, tensors, texts);
        return change.toString();
    }

    /** Ensures that the check above can fail. */
    @Test
    void theCheckpointHasTheStateOfItsCallbacks() {
        Path file = folder.resolve("whole");
        trainer().fit(_ -> DATA.batches(5), DATA.batches(12), 1, new EarlyStopping(2).restoreBest(),
                new Checkpoints(folder.resolve("run")), saveAfter(1, file));
        assertEquals(List.of("callbacks/Checkpoints.0/score", "callbacks/EarlyStopping.0/model/bias",
                "callbacks/EarlyStopping.0/model/weight", "callbacks/EarlyStopping.0/score"),
                SafeTensors.read(file).keySet().stream().filter(name -> name.startsWith("callbacks")).sorted()
                        .toList());
    }
}
