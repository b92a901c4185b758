package autograd.kernels.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.kernels.Kernels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Properties;

class SettingsTest {
    private static Settings with(String name, String value) {
        Properties given = new Properties();
        given.setProperty(name, value);
        return Settings.of(given);
    }

    @Test
    void readsProperties() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertEquals(new Settings("vector", processors, 0, 0), Settings.of(new Properties()));
        assertEquals(new Settings("scalar", processors, 0, 0), with("autograd.kernels", "scalar"));
        assertEquals(new Settings("vector", 1, 0, 0), with("autograd.threads", "1"));
        assertEquals(new Settings("vector", 9999, 0, 0), with("autograd.threads", "9999"));
        assertEquals(new Settings("vector", processors, 256, 0), with("autograd.vectorBits", "256"));
        assertEquals(new Settings("vector", processors, 0, 16), with("autograd.vectorRegisters", "16"));
    }

    @ParameterizedTest
    @CsvSource({"kernels,gpu", "kernels,''", "kernels,Vector", "threads,0", "threads,-1", "threads,two", "threads,''",
            "threads,1.5", "threads,10000", "threads,99999999999", "vectorBits,0", "vectorBits,64", "vectorBits,17",
            "vectorBits,wide", "vectorRegisters,0", "vectorRegisters,24", "vectorRegisters,many"})
    void refusesOtherValues(String name, String value) {
        String message = assertThrows(IllegalArgumentException.class, () -> with("autograd." + name, value))
                .getMessage();
        assertTrue(message.contains("-Dautograd." + name + "=" + value + " ") && message.contains("use "), message);
    }

    /** Uses the library in several ways; returns the sum or the exceptions. */
    static final class Uses {
        static void main() throws InterruptedException {
            List<Runnable> uses = List.of(() -> Tensor.ones(3).sum(), Kernels::get, () -> Tensor.ones(2).add(2),
                    () -> Tensor.ones(300, 300).matmul(Tensor.ones(300, 300)));
            for (Runnable use : uses)
                say(use);
            for (Runnable use : uses)
                Thread.ofPlatform().start(() -> say(use)).join();
        }

        private static void say(Runnable use) {
            try {
                use.run();
                IO.println("nothing");
            } catch (Throwable t) { // to be told from the one that is right
                IO.println(t.getClass().getName() + ": " + t.getMessage());
            }
        }
    }

    /** At the first and every later use, on every thread. */
    @ParameterizedTest
    @CsvSource({"kernels,gpu", "threads,0", "threads,abc", "vectorBits,17", "vectorRegisters,3"})
    void everyUseOfTheLibraryReportsTheError(String name, String value) throws Exception {
        String setting = "-Dautograd." + name + "=" + value;
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "--add-modules=jdk.incubator.vector", setting, "-cp",
                System.getProperty("java.class.path"), Uses.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, java.waitFor());
        assertEquals(8, said.size());
        assertEquals(Collections.nCopies(8, said.getFirst()), said);
        assertTrue(said.getFirst().startsWith("java.lang.IllegalArgumentException: " + setting + " "),
                said.getFirst());
    }
}
