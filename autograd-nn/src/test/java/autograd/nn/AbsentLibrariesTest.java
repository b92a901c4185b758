package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.nn.data.BytePairEncoding;
import autograd.nn.data.Csv;
import autograd.nn.io.Npz;
import autograd.nn.io.SafeTensors;
import autograd.nn.plot.Chart;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The module without its optional libraries, in a separate class loader. */
class AbsentLibrariesTest {
    @Test
    void csvNamesItsLibrary() throws IOException {
        try (var loader = onlyThisProject()) {
            var e = assertThrows(InvocationTargetException.class,
                    () -> loader.loadClass(Csv.class.getName())
                            .getMethod("read", InputStream.class, String.class, String[].class)
                            .invoke(null, new ByteArrayInputStream("a\n1\n".getBytes()), "a.csv", new String[0]));
            assertSays(assertInstanceOf(IllegalStateException.class, e.getCause()), "de.siegmar:fastcsv",
                    "--add-modules de.siegmar.fastcsv");
        }
    }

    @Test
    void safeTensorsNameTheirLibrary(@TempDir Path folder) throws IOException, ReflectiveOperationException {
        try (var loader = onlyThisProject()) {
            Path file = folder.resolve("a.safetensors");
            var write = loader.loadClass(SafeTensors.class.getName()).getMethod("write", Path.class, Map.class);
            var e = assertThrows(InvocationTargetException.class, () -> write.invoke(null, file, Map.of()));
            assertSays(assertInstanceOf(IllegalStateException.class, e.getCause()),
                    "com.fasterxml.jackson.core:jackson-core", "--add-modules com.fasterxml.jackson.core");
            assertFalse(Files.exists(file));
            Path npz = folder.resolve("a.npz");
            loader.loadClass(Npz.class.getName()).getMethod("write", Path.class, Map.class).invoke(null, npz, Map.of());
            assertTrue(Files.exists(npz));
        }
    }

    @Test
    void bytePairEncodingNamesItsLibrary(@TempDir Path folder) throws IOException, ReflectiveOperationException {
        try (var loader = onlyThisProject()) {
            Class<?> encoding = loader.loadClass(BytePairEncoding.class.getName());
            var e = assertThrows(InvocationTargetException.class,
                    () -> encoding.getMethod("read", Path.class, Path.class).invoke(null, folder, folder));
            assertSays(assertInstanceOf(IllegalStateException.class, e.getCause()),
                    "com.fasterxml.jackson.core:jackson-core", "--add-modules com.fasterxml.jackson.core");
            assertEquals(256, encoding.getMethod("size").invoke(encoding.getMethod("bytes").invoke(null)));
        }
    }

    @Test
    void plotsNameTheirLibraries(@TempDir Path folder) throws IOException, ReflectiveOperationException {
        try (var loader = onlyThisProject()) {
            Class<?> chart = loader.loadClass(Chart.class.getName());
            Object line = chart.getMethod("line", String.class, double[].class).invoke(
                    chart.getConstructor(String.class, String.class, String.class).newInstance("a", "x", "y"), "b",
                    new double[]{1, 2});
            for (Path file : List.of(folder.resolve("a.png"), folder.resolve("a.svg"))) {
                var e = assertThrows(InvocationTargetException.class,
                        () -> chart.getMethod("save", Path.class).invoke(line, file));
                assertSays(assertInstanceOf(IllegalStateException.class, e.getCause()), file.toString(),
                        "org.knowm.xchart:xchart", "VectorGraphics2D");
                assertFalse(Files.exists(file));
            }
        }
    }

    @Test
    void theRestWorks() throws IOException, ReflectiveOperationException {
        try (var loader = onlyThisProject()) {
            assertEquals(Activation.values().length,
                    loader.loadClass(Activation.class.getName()).getEnumConstants().length);
        }
    }

    private static URLClassLoader onlyThisProject() {
        return new URLClassLoader(new URL[]{home(Trainable.class), home(Tensor.class)},
                ClassLoader.getPlatformClassLoader());
    }

    private static URL home(Class<?> type) { return type.getProtectionDomain().getCodeSource().getLocation(); }
}
