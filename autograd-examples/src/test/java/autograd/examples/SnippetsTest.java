package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import autograd.Tensor;
import autograd.nn.Layer;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import com.fasterxml.jackson.core.JsonFactory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs every block of Java in the documents; {@link Snippet} says how they are written. */
class SnippetsTest {
    /** How many blocks the documents mark as not compiled. */
    private static final int NOT_COMPILED = 4;

    private static final Path CORE = Snippet.location(Tensor.class), NN = Snippet.location(Layer.class);
    private static final Path JSPECIFY = Snippet.location(NullMarked.class);
    /** The library that SafeTensors needs. */
    private static final Path JACKSON = Snippet.location(JsonFactory.class);

    @TestFactory
    Stream<DynamicContainer> everyBlockOfJavaCompilesAndRuns(@TempDir Path scratch) throws Exception {
        List<DynamicContainer> documents = new ArrayList<>();
        for (Path file : Snippet.documents()) {
            List<Snippet> snippets = Snippet.of(file).stream().filter(Snippet::isCompiled).toList();
            var document = new Document(snippets, Files.createTempDirectory(scratch, "document"));
            documents.add(dynamicContainer(Snippet.ROOT.relativize(file).toString(),
                    snippets.stream().map(document::test)));
        }
        return documents.stream();
    }

    @Test
    void fewBlocksAreLeftUncompiled() {
        List<Snippet> all = Snippet.documents().stream().flatMap(file -> Snippet.of(file).stream()).toList();
        List<String> left = all.stream().filter(s -> !s.isCompiled()).map(Snippet::title).toList();
        assertEquals(NOT_COMPILED, left.size(), left::toString);
        assertTrue(all.size() >= 8, "only " + all.size() + " blocks were found");
    }

    /** A block that is not compiled here stands word for word in a source that the build compiles. */
    @Test
    void blocksLeftUncompiledStandInASource() throws Exception {
        for (Path file : Snippet.documents())
            for (Snippet s : Snippet.of(file))
                if (!s.isCompiled()) {
                    String source = s.why().replaceFirst("it stands in ", "");
                    String text = Files.readString(Snippet.ROOT.resolve(source)).replaceAll("\\s+", " ");
                    assertTrue(text.contains(s.code().strip().replaceAll("\\s+", " ")),
                            s.title() + " is not in " + source);
                }
    }

    /** The guide's exact command for a single-file script, with the README's first program. */
    @Test
    void theCommandForAScriptWorks(@TempDir Path folder) throws Exception {
        Path readme = Snippet.ROOT.resolve("README.md");
        Path guide = Snippet.ROOT.resolve("docs/guide.md");
        String command = Snippet.lines(guide).stream().filter(s -> s.startsWith("java ")).findFirst().orElseThrow();
        Snippet program = Snippet.of(readme).stream().filter(Snippet::isProgram).findFirst().orElseThrow();
        List<String> words = new ArrayList<>(List.of(command.replace(":", File.pathSeparator).split(" ")));
        Path script = Files.writeString(folder.resolve(words.removeLast()), program.code());
        words.removeFirst();
        words.add(script.toString());
        Run run = Run.java(words.toArray(String[]::new));
        assertEquals(0, run.exit(), () -> String.join("\n", run.err()));
        assertEquals(program.printed(), run.out());
    }

    /** The blocks of one document, compiled together; those for a source file are added to it first. */
    private static final class Document {
        private final Path patch, classes;
        private final List<String> errors = new ArrayList<>();
        private final Map<Snippet, Path> files = new HashMap<>();

        Document(List<Snippet> snippets, Path folder) throws Exception {
            patch = Files.createDirectory(folder.resolve("patch"));
            classes = Files.createDirectory(folder.resolve("classes"));
            for (Snippet s : snippets)
                files.put(s, write(s, folder));
            compile(s -> s.target() != null, patch, "--module-path", path(CORE, JSPECIFY), "--patch-module",
                    "autograd.core=" + folder.resolve("sources"));
            compile(Snippet::isModule, folder.resolve("module"), "--module-path", path(CORE, NN));
            compile(s -> s.target() == null && !s.isModule(), classes, "--module-path", path(CORE, NN),
                    "--add-modules", "autograd.nn", "--patch-module", "autograd.core=" + patch);
        }

        private static Path write(Snippet snippet, Path folder) throws Exception {
            String target = snippet.target();
            if (target == null)
                return Files.writeString(folder.resolve((snippet.isModule() ? "module-info" : snippet.className())
                        + ".java"), snippet.source());
            Path to = folder.resolve("sources").resolve(target.replaceAll(".*/java/", ""));
            if (Files.notExists(to))
                Files.copy(Snippet.ROOT.resolve(target), Files.createDirectories(to.getParent()).resolve(to));
            String type = Files.readString(to);
            return Files.writeString(to, type.substring(0, type.lastIndexOf('}')) + snippet.code() + "}\n");
        }

        private static String path(Path... entries) {
            return Stream.of(entries).map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }

        private void compile(Predicate<Snippet> which, Path to, String... options) throws IOException {
            Set<Path> sources = files.keySet().stream().filter(which).map(files::get).collect(Collectors.toSet());
            if (sources.isEmpty())
                return;
            List<String> all = new ArrayList<>(List.of(options));
            all.addAll(List.of("-d", to.toString(), "-proc:none", "-Xlint:all,-incubating,-try"));
            var found = new DiagnosticCollector<JavaFileObject>();
            JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
            try (var manager = javac.getStandardFileManager(found, null, null)) {
                javac.getTask(null, manager, found, all, null, manager.getJavaFileObjectsFromPaths(sources)).call();
            }
            found.getDiagnostics().forEach(d -> errors.add(d.toString()));
        }

        DynamicTest test(Snippet snippet) {
            return dynamicTest(snippet.title(), snippet.file().toUri(), () -> {
                assertEquals(List.of(), errors);
                if (snippet.target() == null && !snippet.isModule())
                    run(snippet);
            });
        }

        private void run(Snippet snippet) throws Throwable {
            URL[] urls = {patch.toUri().toURL(), CORE.toUri().toURL(), NN.toUri().toURL(), JACKSON.toUri().toURL(),
                    classes.toUri().toURL()};
            try (var loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
                List<String> printed = Run.printedBy(() -> Run.main(loader.loadClass(snippet.className())));
                if (snippet.printed() != null)
                    assertEquals(snippet.printed(), printed);
            }
        }
    }
}
