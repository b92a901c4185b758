package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import autograd.Tensor;
import autograd.nn.Layer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * The short programs in src/test/programs, written as a new user would. Each compiles without a warning, with
 * one module import as a script and with three as a class, and prints what its comments say.
 */
class ProgramsTest {
    private static final Pattern PRINTS = Pattern.compile("// prints (.*)");

    private static List<Path> programs() throws Exception {
        try (Stream<Path> files = Files.list(Snippet.ROOT.resolve("autograd-examples/src/test/programs"))) {
            return files.sorted().toList();
        }
    }

    private static String name(Path program) { return program.getFileName().toString().replace(".java", ""); }

    @TestFactory
    Stream<DynamicTest> scriptsPrintWhatTheySay(@TempDir Path folder) throws Exception {
        List<Path> sources = new ArrayList<>();
        for (Path program : programs())
            sources.add(write(folder, program, "import module autograd.nn;\n" + Files.readString(program)));
        assertEquals(20, sources.size());
        assertEquals(List.of(), errors(folder, sources));
        return sources.stream().map(source -> dynamicTest(name(source), source.toUri(), () -> run(source)));
    }

    @TestFactory
    Stream<DynamicTest> classesWithAllModuleImportsCompile(@TempDir Path folder) throws Exception {
        List<Path> sources = new ArrayList<>();
        for (Path program : programs())
            sources.add(write(folder, program,
                    """
                            import module java.base;
                            import module autograd.core;
                            import module autograd.nn;

                            final class %s {
                            %s}
                            """.formatted(name(program), Files.readString(program))));
        List<String> errors = errors(folder, sources);
        return Stream.of(dynamicTest("all", () -> assertEquals(List.of(), errors)));
    }

    private static Path write(Path folder, Path program, String source) throws Exception {
        return Files.writeString(folder.resolve(program.getFileName()), source);
    }

    private static List<String> errors(Path to, List<Path> sources) throws Exception {
        String modules = Snippet.location(Tensor.class) + File.pathSeparator + Snippet.location(Layer.class);
        List<String> options = List.of("-d", to.toString(), "--module-path", modules, "--add-modules", "autograd.nn",
                "-proc:none", "-Xlint:all,-incubating,-try");
        var found = new DiagnosticCollector<JavaFileObject>();
        var javac = ToolProvider.getSystemJavaCompiler();
        try (var manager = javac.getStandardFileManager(found, null, null)) {
            javac.getTask(null, manager, found, options, null, manager.getJavaFileObjectsFromPaths(sources)).call();
        }
        return found.getDiagnostics().stream().map(Object::toString).toList();
    }

    private static void run(Path source) throws Throwable {
        URL[] classes = {source.getParent().toUri().toURL()};
        try (var loader = new URLClassLoader(classes, ProgramsTest.class.getClassLoader())) {
            List<String> printed = Run.printedBy(() -> Run.main(loader.loadClass(name(source))));
            List<String> said = PRINTS.matcher(Files.readString(source)).results().map((MatchResult m) -> m.group(1))
                    .toList();
            assertEquals(said, printed);
        }
    }
}
