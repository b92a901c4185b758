package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import autograd.array.DType;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

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
}
