package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A step of minimize makes no array of 4 KB or more: it uses the buffers of the step before. A program of its
 * own whose threads allocate from buffers of 4 KB reports every larger array, so that it does not matter
 * which loops over vectors, which make small objects until then, are compiled already.
 */
class MinimizeMemoryTest {
    private static final int STEPS = 30, LARGE = 4096;

    @TempDir
    private Path folder;

    @Test
    void aStepUsesTheBuffersOfTheOneBefore() throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Process steps = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TLABSize=4k", "-XX:MinTLABSize=2k", "-XX:-ResizeTLAB", "--add-modules=jdk.incubator.vector", "-cp",
                System.getProperty("java.class.path"), Steps.class.getName(), folder.toString())
                .redirectErrorStream(true).redirectOutput(out.toFile()).start();
        int code = steps.waitFor();
        List<String> lines = Files.readAllLines(out);
        assertEquals(0, code, () -> String.join("\n", lines));
        List<String> counts = lines.stream().filter(line -> line.startsWith("arrays ")).toList();
        assertEquals(5, counts.size(), () -> String.join("\n", lines));
        for (String line : counts) // what is made once, such as another thread's scratch, is less than one a step
            assertTrue(Integer.parseInt(line.split(" ")[1]) < STEPS, line);
    }

    /** Trains models for some steps, and prints how many large arrays the last of them made. */
    static final class Steps {
        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0], "steps.jfr");
            var rng = new Rng(0);
            print(file, Mlp.of(rng, 64, 64, 32), Tensor.rand(rng, 1024, 64));
            print(file, Mlp.of(rng, 64, 512, 10), Tensor.rand(rng, 32, 64));
            print(file,
                    Sequential.of(Conv2d.of(rng, 1, 8, 3), Activation.RELU, MaxPool2d.of(2), Conv2d.of(rng, 8, 8, 3),
                            Activation.RELU, MaxPool2d.of(2), new Flatten(), Dense.of(rng, 8 * 5 * 5, 10)),
                    Tensor.rand(rng, 64, 1, 28, 28));
            print(file, Sequential.of(Dense.of(rng, 64, 64), LayerNorm.of(64), Activation.LEAKY_RELU, new Dropout(0.2),
                    Dense.of(rng, 64, 100)), Tensor.rand(rng, 1024, 64));
            print(file, Sequential.of(Dense.of(rng, 64, 64), BatchNorm.of(64), Dense.of(rng, 64, 10)),
                    Tensor.rand(rng, 1024, 64));
        }

        private static void print(Path file, Layer model, Tensor x) throws IOException {
            var optimizer = new Adam(1e-3);
            var rng = new Rng(1);
            IntTensor y = IntTensor.of(IntStream.range(0, x.shape().dim(0)).map(i -> i % 10).toArray());
            Runnable steps = () -> {
                for (int i = 0; i < STEPS; i++)
                    optimizer.minimize(model, rng, pass -> Losses.sparseSoftmaxCrossEntropy(model.forward(x, pass), y));
            };
            steps.run();
            try (var recording = new Recording()) {
                recording.enable("jdk.ObjectAllocationOutsideTLAB").withStackTrace();
                recording.start();
                steps.run();
                recording.stop();
                recording.dump(file);
            }
            List<String> made = RecordingFile.readAllEvents(file).stream()
                    .filter(e -> e.getLong("allocationSize") >= LARGE).map(Steps::maker)
                    .filter(maker -> maker.startsWith("autograd.")).toList();
            System.out.println("arrays " + made.size() + " by " + made.stream().distinct().toList());
        }

        /** The method that asked for the array, be it by way of a copy that the library of Java makes. */
        private static String maker(RecordedEvent e) {
            if (e.getStackTrace() == null)
                return "";
            return e.getStackTrace().getFrames().stream().map(Steps::name)
                    .dropWhile(name -> name.startsWith("java.util.Arrays.")).findFirst().orElse("");
        }

        private static String name(RecordedFrame frame) {
            return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
        }
    }
}
