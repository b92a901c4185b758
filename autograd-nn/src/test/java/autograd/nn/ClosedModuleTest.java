package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A model in a module of its own, as a user's would be: compiled here, and run in a layer of modules. */
class ClosedModuleTest {
    private static final String MODEL = """
            package net.model;

            import autograd.Tensor;
            import autograd.Variable;
            import autograd.nn.Trainable;
            import java.util.List;
            import java.util.function.Supplier;

            public class Paths implements Supplier<List<String>> {
                record Inner(Variable weight) {}

                record Net(Inner inner, Variable bias) implements Trainable {}

                @Override
                public List<String> get() {
                    var net = new Net(new Inner(new Variable(Tensor.ones(2))), new Variable(Tensor.ones(2)));
                    return List.copyOf(net.state().keySet());
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void messageNamesThePackageToOpen() {
        Supplier<?> model = load("module user.model { requires autograd.nn; exports net.model; }");
        assertSays(assertThrows(IllegalStateException.class, model::get), "net.model.Paths$Net",
                "`opens net.model to autograd.nn;`", "module user.model");
    }

    @Test
    void theLineItIsToldIsEnough() {
        Supplier<?> model = load(
                "module user.model { requires autograd.nn; exports net.model; opens net.model to autograd.nn; }");
        assertEquals(List.of("inner.weight", "bias"), model.get());
    }

    private Supplier<?> load(String moduleInfo) {
        Path[] path = {home(Trainable.class), home(Tensor.class)};
        compile(path, source("module-info", moduleInfo), source("net/model/Paths", MODEL));
        ModuleLayer boot = ModuleLayer.boot();
        var found = boot.configuration().resolve(ModuleFinder.of(folder), ModuleFinder.of(path), Set.of("user.model"));
        var loader = ModuleLayer.defineModulesWithOneLoader(found, List.of(boot), ClassLoader.getPlatformClassLoader())
                .layer().findLoader("user.model");
        try {
            return (Supplier<?>) loader.loadClass("net.model.Paths").getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e instanceof InvocationTargetException i ? i.getCause() : e);
        }
    }

    private void compile(Path[] path, JavaFileObject... sources) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        assertNotNull(compiler, "tests need a JDK");
        var messages = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var options = List.of("-d", folder.toString(), "--module-path",
                    Arrays.stream(path).map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
            assertTrue(compiler.getTask(messages, files, null, options, null, List.of(sources)).call(),
                    messages::toString);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) { return text; }
        };
    }

    private static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
