package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.BatchNorm;
import autograd.nn.Conv2d;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Flatten;
import autograd.nn.Layer;
import autograd.nn.LayerNorm;
import autograd.nn.Losses;
import autograd.nn.MaxPool2d;
import autograd.nn.Mlp;
import autograd.nn.Sequential;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a step of minimize leaves to the garbage collector does not grow with the batch or the width. */
class MinimizeMemoryTest {
    private static final long MOST = 64 << 10;
    /** Loops over vectors make objects until they are compiled, which takes some thousand steps. */
    private static final int WINDOW = 100, WINDOWS = 1000;

    @ParameterizedTest
    @CsvSource({"32, 64", "32, 512", "256, 64"})
    void aStepUsesTheBuffersOfTheOneBefore(int batch, int width) {
        var rng = new Rng(0);
        assertLittle(Mlp.of(rng, 64, width, 10), Tensor.rand(rng, batch, 64));
    }

    @ParameterizedTest
    @CsvSource({"16, 4", "16, 16", "64, 4"})
    void convolutionsAndPoolingDoSoToo(int batch, int channels) {
        var rng = new Rng(0);
        Layer model = Sequential.of(Conv2d.of(rng, 1, channels, 3), Activation.RELU, MaxPool2d.of(2),
                Conv2d.of(rng, channels, 8, 3), Activation.RELU, MaxPool2d.of(2), new Flatten(),
                Dense.of(rng, 8 * 5 * 5, 10));
        assertLittle(model, Tensor.rand(rng, batch, 1, 28, 28));
    }

    /** Layers that need scratch, masks or numbers of each row. */
    @ParameterizedTest
    @CsvSource({"32, 64", "32, 512", "512, 64"})
    void soDoManyClassesMasksAndNorms(int batch, int width) {
        var rng = new Rng(0);
        Layer model = Sequential.of(Dense.of(rng, 64, width), LayerNorm.of(width), Activation.LEAKY_RELU,
                new Dropout(0.2), Dense.of(rng, width, 100));
        assertLittle(model, Tensor.rand(rng, batch, 64));
    }

    @ParameterizedTest
    @CsvSource({"32, 64", "32, 512", "512, 64"})
    void soDoStatisticsOfBatches(int batch, int width) {
        var rng = new Rng(0);
        Layer model = Sequential.of(Dense.of(rng, 64, width), BatchNorm.of(width), Dense.of(rng, width, 10));
        assertLittle(model, Tensor.rand(rng, batch, 64));
    }

    private static void assertLittle(Layer model, Tensor x) {
        var optimizer = new Adam(1e-3);
        var rng = new Rng(1);
        IntTensor y = IntTensor.of(IntStream.range(0, x.shape().dim(0)).map(i -> i % 10).toArray());
        long bytes = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS && (bytes < 0 || bytes > MOST); window++) {
            long before = allocated();
            for (int i = 0; i < WINDOW; i++)
                optimizer.minimize(model, rng, pass -> Losses.sparseSoftmaxCrossEntropy(model.forward(x, pass), y));
            bytes = (allocated() - before) / WINDOW;
        }
        assertTrue(bytes >= 0 && bytes <= MOST, bytes + " bytes a step");
    }

    /** By all threads but the one that has loops compiled, which has an end. */
    private static long allocated() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(t -> t != null && !"autograd-warmup".equals(t.getThreadName()))
                .mapToLong(t -> threads.getThreadAllocatedBytes(t.getThreadId())).sum();
    }
}
