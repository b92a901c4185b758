package autograd.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import autograd.array.NdArray;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class SelectionTest {
    @Test
    void knowsKernelsByName() {
        assertEquals("scalar", Selection.named("scalar").name());
        assertEquals("vector", Selection.named("vector").name());
    }

    @Test
    void scalarKernelsStandInWhereVectorCodeWouldBeSlowAndSayWhy() {
        assertTrue(obstacle(false, "mixed mode", Map.of()).contains("--add-modules jdk.incubator.vector"));
        assertTrue(obstacle(true, "mixed mode, emulated-client, sharing", Map.of()).contains("-XX:TieredStopAtLevel"));
        assertTrue(obstacle(true, "interpreted mode", Map.of()).contains("-Xint"));
    }

    @Test
    void unknownVmOptionsAreIgnored() {
        assertNull(Selection.obstacle(true, "mixed mode, sharing", _ -> null));
        assertNull(Selection.obstacle(true, "mixed mode, sharing",
                Map.of("TieredStopAtLevel", "4", "UseFMA", "true", "MaxVectorSize", "16")::get));
    }

    private static String obstacle(boolean hasModule, String vm, Map<String, String> options) {
        String obstacle = Selection.obstacle(hasModule, vm, options::get);
        return obstacle == null ? "none" : obstacle;
    }

    static final class Product {
        public static void main(String[] args) {
            NdArray x = NdArray.of(new float[]{3}, Shape.of(1, 1));
            IO.println(Kernels.get().name() + " " + Kernels.get().matmul(x, x).get(0, 0));
        }
    }

    /** One warning names the remedy, and the library works. */
    @ParameterizedTest
    @CsvSource({"-Xint,-Xint", "-XX:TieredStopAtLevel=1,-XX:TieredStopAtLevel",
            "-XX:TieredStopAtLevel=2,-XX:TieredStopAtLevel", "-XX:TieredStopAtLevel=3,-XX:TieredStopAtLevel",
            "-XX:-UseFMA,-XX:-UseFMA", "-XX:UseAVX=0,-XX:UseAVX", "-XX:MaxVectorSize=8,-XX:MaxVectorSize"})
    void scalarKernelsRunUnderOptionsThatVectorCodeCannotBear(String option, String remedy) throws Exception {
        assumeTrue(!option.contains("AVX") || List.of("amd64", "x86_64").contains(System.getProperty("os.arch")));
        Process java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", option, "-cp", System.getProperty("java.class.path"),
                Product.class.getName()).redirectErrorStream(true).start();
        List<String> said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, java.waitFor(), said::toString);
        assertEquals("scalar 9.0", said.getLast());
        List<String> warnings = said.stream().filter(line -> line.contains("scalar kernels")).toList();
        assertEquals(1, warnings.size(), said::toString);
        assertTrue(warnings.getFirst().contains(remedy), said::toString);
    }

    @Test
    void choosesOnce() { assertSame(Kernels.get(), Kernels.get()); }
}
