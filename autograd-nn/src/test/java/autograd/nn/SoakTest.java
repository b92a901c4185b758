package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.data.Dataset;
import autograd.nn.optim.Adam;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Training that goes on for long, and on many threads at once. */
class SoakTest {
    /** As many as a day of small training has with {@code -Dsoak=1000000}. */
    private static final int STEPS = Integer.getInteger("soak", 20_000);
    private static final long MEGABYTE = 1 << 20;

    private static final Tensor X = Tensor.randn(new Rng(1), 64, 4);
    private static final IntTensor Y = IntTensor.of(new Rng(2).ints(64, 0, 3).toArray());

    /** Bytes that are still reachable. */
    private static long live() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** A leak of 64 bytes a step would be 1.2 MB of the 20,000 steps, and 60 MB of a million. */
    @Test
    void memoryStaysFlatOverManySteps() {
        Mlp mlp = Mlp.of(new Rng(0), 4, 8, 3);
        var optimizer = new Adam(1e-3);
        var batches = Dataset.of(X, Y).batches(16).dropLast().prefetch(2);
        long early = 0;
        for (int step = 0; step < STEPS;) {
            for (var batch : batches) {
                switch (step++ % 3) { // every way to train
                    case 0 -> optimizer.minimize(mlp,
                            () -> Losses.sparseSoftmaxCrossEntropy(mlp.forward(batch.x()), batch.y()));
                    case 1 -> {
                        try (var tape = new GradientTape()) {
                            optimizer.apply(tape.gradients(
                                    Losses.sparseSoftmaxCrossEntropy(mlp.forward(batch.x()), batch.y())));
                        }
                    }
                    default -> {
                        mlp.variables().forEach(v -> v.zeroGrad());
                        try (var _ = new GradientTape()) {
                            Losses.sparseSoftmaxCrossEntropy(mlp.forward(batch.x()), batch.y()).backward();
                        }
                        optimizer.step(mlp.variables());
                    }
                }
                if (step == STEPS / 2)
                    early = live();
            }
        }
        long late = live();
        assertTrue(late < early + MEGABYTE / 2,
                "of " + STEPS + " steps, " + early / 1024 + " KB were live after half and "
                        + late / 1024 + " KB at the end");
    }

    /** Trains a small model; what its variables are, bit by bit. */
    private static List<Long> train(long seed) {
        Mlp mlp = Mlp.of(new Rng(seed), 4, 8, 3);
        var optimizer = new Adam(0.01);
        for (int i = 0; i < 5; i++)
            try (var tape = new GradientTape()) {
                Tensor loss = Losses.sparseSoftmaxCrossEntropy(mlp.forward(X), Y);
                Thread.yield(); // so that others get between the recording and the playback
                optimizer.apply(tape.gradients(loss));
            }
        return mlp.variables().stream().flatMapToDouble(v -> Arrays.stream(v.toDoubleArray()))
                .mapToObj(Double::doubleToRawLongBits).toList();
    }

    @Test
    void aThousandVirtualThreadsAgreeWithOne() throws InterruptedException, ExecutionException {
        List<List<Long>> serial = new ArrayList<>();
        for (int seed = 0; seed < 1000; seed++)
            serial.add(train(seed));
        List<Future<List<Long>>> parallel = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int seed = 0; seed < 1000; seed++) {
                int own = seed;
                parallel.add(threads.submit(() -> train(own)));
            }
        }
        for (int seed = 0; seed < 1000; seed++)
            assertEquals(serial.get(seed), parallel.get(seed).get(), "seed " + seed);
    }
}
