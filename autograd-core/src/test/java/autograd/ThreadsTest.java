package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import autograd.array.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Each thread has its own recording; a variable may be read by many at once. */
class ThreadsTest {
    private final Variable w = new Variable("w", Tensor.of(DType.F64, 0.1, -0.2, 0.3));

    private double[] gradient(int k) {
        try (var tape = new GradientTape()) {
            Tensor h = w.mul(k).tanh();
            return tape.gradient(h.square().sum().mul(w.sum()), w).toDoubleArray();
        }
    }

    @Test
    void aThousandVirtualThreadsAgreeWithOne() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<double[]>> answers = new ArrayList<>();
            for (int k = 0; k < 1000; k++) {
                int mine = k;
                answers.add(pool.submit(() -> gradient(mine)));
            }
            for (int k = 0; k < 1000; k++)
                assertArrayEquals(gradient(k), answers.get(k).get());
        }
    }

    @Test
    void platformThreadsTakeTurnsOnTheSameVariableWithoutLosingIt() throws Exception {
        CyclicBarrier turn = new CyclicBarrier(2);
        try (var pool = Executors.newFixedThreadPool(2)) {
            List<Future<double[]>> answers = new ArrayList<>();
            for (int k = 1; k <= 2; k++) {
                int mine = k;
                answers.add(pool.submit(() -> {
                    try (var tape = new GradientTape()) {
                        Tensor y = w.mul(mine);
                        for (int round = 0; round < 20; round++) { // each use of w is seen by the other thread
                            turn.await(1, TimeUnit.MINUTES);
                            y = y.add(w);
                        }
                        return tape.gradient(y.sum(), w).toDoubleArray();
                    }
                }));
            }
            assertArrayEquals(new double[]{21, 21, 21}, answers.get(0).get());
            assertArrayEquals(new double[]{22, 22, 22}, answers.get(1).get());
        }
    }

    @Test
    void aTapeOnOneThreadDoesNotRecordAnother() throws Exception {
        try (var tape = new GradientTape(); var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Tensor there = pool.submit(() -> w.square()).get();
            assertNull(there.node());
            assertEquals(3, tape.gradient(w.add(there.detach()).sum(), w).sum().item());
        }
    }

    @Test
    void gradientsMayBeReadByAnotherThread() throws Exception {
        try (var tape = new GradientTape(); var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Gradients g = tape.gradients(w.square().sum());
            double[] there = pool.submit(() -> g.of(w).mul(10).toDoubleArray()).get();
            assertArrayEquals(new double[]{2, -4, 6}, there, 1e-12);
        }
    }

    // ---- adding up gradients

    @Test
    void backwardOnManyThreadsLosesNothing() throws Exception {
        int threads = 4, times = 2000;
        Variable v = new Variable(Tensor.of(DType.F64, 1, 2));
        onThreads(threads, () -> {
            for (int i = 0; i < times; i++)
                try (var _ = new GradientTape()) {
                    v.sum().backward();
                }
        });
        assertArrayEquals(new double[]{threads * times, threads * times}, v.grad().toDoubleArray());
    }

    @Test
    void backwardUnderOuterTapesAddsUpToo() throws Exception {
        Variable v = new Variable(Tensor.scalar(DType.F64, 3));
        onThreads(3, () -> {
            try (var outer = new GradientTape(); var _ = new GradientTape()) {
                v.square().mul(v).backward(); // adds 27, on each outer tape as a function of v
            }
        });
        assertEquals(3 * 27, v.grad().item());
    }

    /** Runs a task on several threads at once; a failure of one fails the test. */
    private static void onThreads(int threads, Runnable body) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++)
                all.add(pool.submit(() -> {
                    start.await(1, TimeUnit.MINUTES);
                    body.run();
                    return null;
                }));
            for (Future<?> each : all)
                each.get();
        }
    }

    // ---- no silent detach

    /** Tensors from another thread that depend on w, computed with and without a tape of its own. */
    static Stream<Arguments> foreign() {
        Function<Variable, Tensor> closed = v -> {
            try (var _ = new GradientTape()) {
                return v.square();
            }
        }, played = v -> {
            try (var tape = new GradientTape()) {
                Tensor y = v.square();
                tape.gradients(y.sum());
                return y;
            }
        }, gradient = v -> {
            try (var tape = new GradientTape()) {
                return tape.gradient(v.square().sum(), v);
            }
        };
        return Stream.of(arguments("no tape", (Function<Variable, Tensor>) Tensor::square),
                arguments("a closed tape", closed), arguments("a tape that was played back", played),
                arguments("a gradient", gradient),
                arguments("paused", (Function<Variable, Tensor>) v -> GradientTape.paused(v::square)),
                arguments("computed further", (Function<Variable, Tensor>) v -> v.square().mul(2).reshape(3, 1).sum(1)),
                arguments("an open tape", (Function<Variable, Tensor>) v -> {
                    new GradientTape(); // on a thread that ends
                    return v.square();
                }));
    }

    private static <T> T onThread(String name, Callable<T> body) throws Exception {
        var task = new FutureTask<>(body);
        Thread thread = new Thread(task, name);
        thread.start();
        thread.join();
        return task.get();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreign")
    void tensorOfAnotherThreadIsRefusedAsInput(String how, Function<Variable, Tensor> make) throws Exception {
        Tensor there = onThread("loader", () -> make.apply(w));
        List<UnaryOperator<Tensor>> uses = List.of(w::add, x -> x.mul(w), x -> x.exp().mul(2).add(w),
                x -> Tensor.concat(0, w, x), x -> Tensor.stack(0, x, w, w), x -> x.where(w.gt(0), w),
                x -> Tensor.stack(0, x, x).sum(0).sub(w),
                x -> Functional.checkpoint(in -> in[0].mul(in[1])).of(w, x),
                x -> Functional.checkpoint(in -> in[0].mul(x)).of(w),
                x -> Functional.customVjp(in -> in[0], (g, in, y) -> in).of(x, w));
        for (var use : uses)
            try (var _ = new GradientTape()) {
                String message = assertThrows(IllegalStateException.class, () -> use.apply(there).sum().backward())
                        .getMessage();
                assertTrue(message.contains("thread loader") && message.contains("detach()")
                        && message.contains(Origin.name(Thread.currentThread())), message);
            }
        try (var tape = new GradientTape()) {
            assertArrayEquals(there.toDoubleArray(), tape.gradient(w.mul(there.detach()).sum(), w).toDoubleArray());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreign")
    void noGradientIsAskedOfIt(String how, Function<Variable, Tensor> make) throws Exception {
        Tensor there = onThread("loader", () -> make.apply(w));
        try (var tape = new GradientTape()) {
            Tensor y = there.mul(2).sum(); // alone it may be computed with
            String message = assertThrows(IllegalStateException.class, y::backward).getMessage();
            assertTrue(message.contains("thread loader"), message);
            String asked = assertThrows(IllegalStateException.class, () -> tape.gradients(y)).getMessage();
            assertTrue(asked.contains("thread loader") || asked.contains("played back"), asked);
        }
    }

    @Test
    void aStreamInParallelIsAnErrorOrRight() {
        Variable v = new Variable(Tensor.scalar(DType.F64, 1));
        Set<String> workers = ConcurrentHashMap.newKeySet();
        boolean refused = false;
        for (int i = 0; i < 50 && !refused; i++)
            try (var tape = new GradientTape()) {
                Tensor sum = IntStream.range(0, 8).parallel().mapToObj(_ -> {
                    workers.add(Origin.name(Thread.currentThread()));
                    return v.mul(1).sum();
                }).reduce(Tensor::add).get();
                assertEquals(8, sum.item());
                assertEquals(8, tape.gradient(sum, v).item());
            } catch (IllegalStateException e) {
                refused = true;
                assertTrue(workers.stream().anyMatch(e.getMessage()::contains), e.getMessage());
            }
        assertTrue(refused || workers.size() == 1, () -> "computed by " + workers);
    }

    @Test
    void tensorFromBeforeTheTapeIsAConstant() {
        Tensor before = w.square(), paused = GradientTape.paused(() -> w.mul(2)), of;
        try (var _ = new GradientTape()) {
            of = w.exp();
        }
        try (var tape = new GradientTape()) {
            Tensor y = w.mul(before).add(w.mul(paused)).add(w.mul(of)).sum();
            assertArrayEquals(before.add(paused).add(of).toDoubleArray(), tape.gradient(y, w).toDoubleArray());
        }
    }

    @Test
    void tensorsOfOtherThreadsFromConstantsAreConstants() throws Exception {
        Variable frozen = new Variable("frozen", Tensor.of(DType.F64, 1, 2, 3), false);
        Tensor x = Tensor.of(DType.F64, 4, 5, 6);
        Tensor there = onThread("loader", () -> x.mul(frozen).exp().add(w.detach()).add(w.gt(0).to(DType.F64)));
        try (var tape = new GradientTape()) {
            assertArrayEquals(there.toDoubleArray(), tape.gradient(w.mul(there).sum(), w).toDoubleArray());
        }
    }

    @Test
    void tensorComputedFromItBeforeTheTapeIsAConstant() throws Exception {
        Tensor there = onThread("loader", () -> w.square()), here = there.mul(2);
        try (var tape = new GradientTape()) {
            assertArrayEquals(here.toDoubleArray(), tape.gradient(w.mul(here).sum(), w).toDoubleArray());
        }
    }

    @Test
    void inferenceOnManyThreadsMixesResultsFreely() throws Exception {
        Tensor shared = w.tanh();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Tensor>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++)
                answers.add(pool.submit(() -> shared.mul(w).add(w.exp())));
            Tensor sum = w;
            for (Future<Tensor> each : answers)
                sum = sum.add(each.get());
            Tensor expected = shared.mul(w).add(w.exp()).mul(100).add(w);
            assertArrayEquals(expected.toDoubleArray(), sum.toDoubleArray(), 1e-12);
        }
    }

    // ---- one model, several threads

    @Test
    void aVariableThatAnotherThreadChangesIsAnErrorThatNamesBoth() throws Exception {
        Variable v = new Variable("v", Tensor.of(DType.F64, 1, 2));
        try (var tape = new GradientTape()) {
            Tensor y = v.square().sum();
            onThread("second trainer", () -> {
                v.update((s, g) -> s[0] -= g, v);
                return null;
            });
            String message = assertThrows(IllegalStateException.class, () -> tape.gradients(y)).getMessage();
            assertTrue(message.contains("variable v [2]") && message.contains("square")
                    && message.contains("thread second trainer")
                    && message.contains(Origin.name(Thread.currentThread())), message);
        }
    }
}
