package autograd.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A program that saves in a loop is killed, again and again: the saved file is complete each time. */
class KilledSaveTest {
    /** Per format; {@code -Dtries=100000} makes it 50. */
    private static final int KILLS = Math.clamp(Integer.getInteger("tries", 0) / 2000, 3, 50);
    private static final int ROWS = 300;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"w.safetensors", "w.npz"})
    void theLastFileIsWhole(String name) throws IOException, InterruptedException {
        Path file = folder.resolve(name);
        var random = new Random(3);
        int version = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            version = killed(file, version, random);
            assertEquals(version, versionOf(file));
            assertTrue(AtomicFileTest.names(folder).size() <= 2, "more than one part is left over");
        }
        Endless.save(file, version);
        assertEquals(1, AtomicFileTest.names(folder).size());
    }

    /** Starts a program that saves increasing versions, kills it, and returns the version in the file. */
    private static int killed(Path file, int version, Random random) throws IOException, InterruptedException {
        Process saving = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                Endless.class.getName(), file.toString(), Integer.toString(version))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        int told = 0;
        try (var out = new DataInputStream(saving.getInputStream())) {
            for (int saves = 1 + random.nextInt(20); saves > 0; saves--)
                told = out.readInt();
            assertFalse(saving.waitFor(random.nextInt(5000), TimeUnit.MICROSECONDS)); // somewhere within the next
        } finally {
            saving.destroyForcibly().waitFor();
        }
        assertTrue(told > version);
        int found = versionOf(file);
        assertTrue(found >= told, () -> "the file holds version " + found);
        return found;
    }

    /** The number that all elements of the file equal. */
    private static int versionOf(Path file) {
        var tensors = file.toString().endsWith(".npz") ? Npz.read(file) : SafeTensors.read(file);
        double version = tensors.get("a").get(0, 0);
        for (Tensor x : tensors.values())
            Golden.assertSame(Tensor.full(version, ROWS, ROWS), x);
        return (int) version;
    }

    /** Saves tensors of 1, of 2, of 3, ..., and prints each number when it is saved. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] args) throws IOException {
            var out = new DataOutputStream(System.out);
            for (int version = Integer.parseInt(args[1]) + 1;; version++) {
                save(Path.of(args[0]), version);
                out.writeInt(version);
                out.flush();
            }
        }

        static void save(Path file, int version) {
            var tensors = Map.of("a", Tensor.full(version, ROWS, ROWS), "b", Tensor.full(version, ROWS, ROWS));
            if (file.toString().endsWith(".npz"))
                Npz.write(file, tensors);
            else
                SafeTensors.write(file, tensors);
        }
    }
}
