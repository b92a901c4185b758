package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Elementwise;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.Dense;
import autograd.nn.Layer;
import autograd.nn.LayerNorm;
import autograd.nn.Losses;
import autograd.nn.Sequential;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Threads train separate models, and read tensors of each other's steps. Each training gives the same result
 * as alone, and a reader gets the right numbers or an error that they were released.
 */
class ScopedThreadsTest {
    private static final int THREADS = 4, STEPS = 150, BATCH = 16, WIDTH = 24;

    /** A tensor made inside a step, and its elements at that time. */
    private record Shown(Tensor tensor, float[] values) {}

    /** The losses of a training and the final outputs of its model. */
    private record Trained(double[] losses, float[] outputs) {}

    /** Counts the outcomes of reading other threads' tensors. */
    private record Looks(int right, int released) {}

    private final AtomicReferenceArray<Shown> shown = new AtomicReferenceArray<>(THREADS);

    /** Trains a model; between forward and backward, other threads can read its hidden layer. */
    private Trained train(int number, Runnable look) {
        var rng = new Rng(number);
        Layer first = Sequential.of(Dense.of(rng, 10, WIDTH), LayerNorm.of(WIDTH), Activation.TANH);
        Layer model = Sequential.of(first, Dense.of(rng, WIDTH, 5));
        Tensor x = Tensor.randn(rng, BATCH, 10);
        IntTensor y = IntTensor.of(Arrays.stream(rng.permutation(BATCH)).map(i -> i % 5).toArray());
        var optimizer = new Adam(1e-2);
        double[] losses = new double[STEPS];
        for (int i = 0; i < STEPS; i++)
            losses[i] = optimizer.minimize(model, () -> {
                Tensor hidden = first.forward(x);
                shown.set(number, new Shown(hidden, hidden.toFloatArray()));
                look.run();
                return Losses.sparseSoftmaxCrossEntropy(model.forward(x), y).add(hidden.square().mean().mul(1e-3));
            });
        return new Trained(losses, model.forward(x).toFloatArray());
    }

    /** Reads the latest tensors of all other threads, by a copy and by a kernel. */
    private Looks look(int number) {
        int right = 0, released = 0;
        for (int other = 0; other < THREADS; other++) {
            Shown seen = other == number ? null : shown.get(other);
            if (seen == null)
                continue;
            try {
                assertArrayEquals(seen.values, seen.tensor.toFloatArray());
                float[] twice = seen.tensor.detach().mul(2).toFloatArray();
                for (int i = 0; i < twice.length; i++)
                    assertEquals(2 * seen.values[i], twice[i]);
                right++;
            } catch (IllegalStateException e) {
                assertTrue(e.getMessage().contains("released"), e::getMessage);
                released++;
            }
        }
        return new Looks(right, released);
    }

    @RepeatedTest(3)
    void trainingsThatLookAtEachOtherComeOutAsAlone() throws Exception {
        Map<Integer, Trained> alone = new HashMap<>();
        for (int i = 0; i < THREADS; i++)
            alone.put(i, train(i, () -> {}));
        var start = new CyclicBarrier(THREADS);
        List<Looks> looks = new ArrayList<>();
        try (var pool = Executors.newFixedThreadPool(THREADS)) {
            List<Future<List<Looks>>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++)
                all.add(pool.submit(together(i, start, alone.get(i))));
            for (Future<List<Looks>> each : all)
                looks.addAll(each.get(1, TimeUnit.MINUTES));
        }
        assertTrue(looks.stream().anyMatch(l -> l.right > 0), "nothing was seen");
        assertEquals(THREADS * STEPS, looks.size());
    }

    private Callable<List<Looks>> together(int number, CyclicBarrier start, Trained alone) {
        return () -> {
            List<Looks> looks = new ArrayList<>();
            start.await(1, TimeUnit.MINUTES);
            Trained trained = train(number, () -> looks.add(look(number)));
            assertArrayEquals(alone.losses, trained.losses);
            assertArrayEquals(alone.outputs, trained.outputs);
            return looks;
        };
    }

    /** The identity, which at its first element lets the step end that made its input. */
    private record Slow(Exchanger<String> meet) implements Elementwise.Map1 {
        public double f(double x) {
            if (x == 0) {
                exchange(meet); // reading
                exchange(meet); // until the step has ended
            }
            return x;
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g; }
    }

    @Test
    void aKernelAtWorkKeepsItsNumbersWhenTheStepEnds() throws Exception {
        var meet = new Exchanger<String>();
        Variable w = new Variable("w", Tensor.arange(100));
        try (var pool = Executors.newSingleThreadExecutor()) {
            List<Future<float[]>> copy = new ArrayList<>();
            new Sgd(0).minimize(List.of(w), () -> {
                Tensor hidden = w.mul(1);
                copy.add(pool.submit(() -> hidden.apply(new Slow(meet)).toFloatArray()));
                exchange(meet);
                return hidden.sum();
            });
            new Sgd(0).minimize(List.of(w), () -> w.mul(3).sum()); // uses the buffers again
            exchange(meet);
            assertArrayEquals(Tensor.arange(100).toFloatArray(), copy.getFirst().get(1, TimeUnit.MINUTES));
        }
    }

    private static void exchange(Exchanger<String> meet) {
        try {
            meet.exchange("here", 1, TimeUnit.MINUTES);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
