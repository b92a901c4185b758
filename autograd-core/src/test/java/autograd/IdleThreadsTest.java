package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.Rng;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that took a step and now wait hold almost no memory, although their next step is as fast.
 */
class IdleThreadsTest {
    /** Threads of one kind take one step each, one after the other, and wait until the last is done. */
    static final class Program {
        static void main(String[] arguments) throws InterruptedException {
            ThreadFactory factory = arguments[0].equals("virtual")
                    ? Thread.ofVirtual().factory()
                    : Thread.ofPlatform().factory();
            int threads = Integer.parseInt(arguments[1]), n = Integer.parseInt(arguments[2]);
            Variable w = new Variable("w", Tensor.randn(new Rng(1), n, n).mul(0.1));
            CountDownLatch over = new CountDownLatch(1);
            List<Thread> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                CountDownLatch done = new CountDownLatch(1);
                Thread thread = factory.newThread(() -> stepAndWait(w, done, over));
                all.add(thread);
                thread.start();
                done.await();
            }
            over.countDown();
            for (Thread thread : all)
                thread.join();
            IO.println(all.size());
        }

        private static void stepAndWait(Variable w, CountDownLatch done, CountDownLatch over) {
            try {
                step(w);
            } finally {
                done.countDown();
            }
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void step(Variable w) {
            try (var tape = new GradientTape().scoped()) {
                Tensor y = w;
                for (int i = 0; i < 8; i++)
                    y = y.tanh().add(w.mul(i)).softmax(1);
                Tensor columns = y.slice(1, 0, 8);
                tape.gradient(y.matmul(columns).mul(columns).mean(), w);
            }
        }
    }

    private static void assertEnough(String heap, String kind, int threads, int n) throws Exception {
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap, "--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
                Program.class.getName(), kind, Integer.toString(threads), Integer.toString(n))
                .redirectErrorStream(true).start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), said);
        assertEquals(threads, Integer.parseInt(said.strip().lines().toList().getLast()), said);
    }

    /** A step needs 25 MB. */
    @Test
    void sixteenThreadsOfAPoolDoNotKeepTheBuffersOfTheirSteps() throws Exception {
        assertEnough("256m", "platform", 16, 400);
    }

    @Test
    void thousandsOfVirtualThreadsDoNotKeepTheScratchOfTheirSteps() throws Exception {
        assertEnough("64m", "virtual", 1000, 40);
    }
}
