package autograd.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** The number of threads does not change a bit of the result. */
class ThreadCountTest {
    private static String bits(int threads) throws Exception {
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-Dautograd.threads=" + threads, "-cp",
                System.getProperty("java.class.path"), Bits.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String bits = new String(java.getInputStream().readAllBytes());
        assertEquals(0, java.waitFor(), bits);
        return bits;
    }

    @Test
    void everyResultHasTheSameBitsOnAnyNumberOfThreads() throws Exception {
        String one = bits(1);
        assertEquals(107, one.lines().count());
        assertEquals(one, bits(2));
        assertEquals(one, bits(5));
    }
}
