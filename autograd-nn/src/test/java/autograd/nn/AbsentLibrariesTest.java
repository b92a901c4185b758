package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.nn.data.Csv;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;

/** The module without the libraries that it can do without, in a class loader of its own. */
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
