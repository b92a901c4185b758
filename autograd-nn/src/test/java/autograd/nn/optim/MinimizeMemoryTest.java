package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.Losses;
import autograd.nn.Mlp;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;

/** What a step of minimize leaves to the garbage collector does not grow with the batch or the width. */
class MinimizeMemoryTest {
    private static final long MOST = 64 << 10;
    /** Loops over vectors make objects until they are compiled, which takes some thousand steps. */
    private static final int WINDOW = 100, WINDOWS = 1000;

    @ParameterizedTest
    @CsvSource({"32, 64", "32, 512", "256, 64"})
    void aStepUsesTheBuffersOfTheOneBefore(int batch, int width) {
        var rng = new Rng(0);
        var model = Mlp.of(rng, 64, width, 10);
        var optimizer = new Adam(1e-3);
        Tensor x = Tensor.rand(rng, batch, 64);
        IntTensor y = IntTensor.of(IntStream.range(0, batch).map(i -> i % 10).toArray());
        long bytes = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS && bytes > MOST; window++) {
            long before = allocated();
            for (int i = 0; i < WINDOW; i++)
                optimizer.minimize(() -> Losses.sparseSoftmaxCrossEntropy(model.forward(x), y));
            bytes = (allocated() - before) / WINDOW;
        }
        assertTrue(bytes <= MOST, bytes + " bytes a step");
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
