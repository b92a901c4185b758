package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output of the shell. */
class ShellTest {
    private static final String PROMPT = "jshell> ";

    @TempDir
    Path folder;

    /** The lines that the shell proposes are those of the guide's session, and they give what it shows. */
    @Test
    void answersAsTheGuideSays() throws Exception {
        List<String> session = Snippet.lines(Snippet.ROOT.resolve("docs/guide.md")).stream()
                .dropWhile(line -> !line.startsWith(PROMPT)).takeWhile(line -> !line.equals("```"))
                .filter(line -> !line.isBlank()).toList();
        List<String> typed = session.stream().filter(line -> line.startsWith(PROMPT))
                .map(line -> line.substring(PROMPT.length())).toList();
        List<String> expected = new ArrayList<>(session.stream().filter(line -> !line.startsWith(PROMPT)).toList());
        for (Class<?> family : Tensor.class.getInterfaces())
            expected.add(family.getSimpleName() + " ");
        Run run = Run.java(Stream.concat(typed.stream(), Stream.of("families()")).toList(),
                "-Djava.util.prefs.userRoot=" + folder, "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "shell");
        assertEquals(0, run.exit(), () -> String.join("\n", run.err()));
        assertEquals(typed,
                run.out().stream().takeWhile(line -> !line.contains("==>")).filter(line -> line.startsWith("  "))
                        .map(String::strip).toList());
        assertSaidInOrder(expected, String.join("\n", run.out()));
    }

    /** The guide's command starts the JDK's own JShell, with the vector module. */
    @Test
    void startsWithoutMaven() throws Exception {
        List<String> command = new ArrayList<>(Snippet.lines(Snippet.ROOT.resolve("docs/guide.md")).stream()
                .dropWhile(line -> !line.startsWith("jshell --module-path ")).takeWhile(line -> !line.equals("```"))
                .flatMap(line -> Stream.of(line.replace("\\", "").strip().split(" +"))).toList());
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "jshell").toString());
        command.replaceAll(part -> part.replace(":autograd", java.io.File.pathSeparator + "autograd"));
        command.addAll(List.of("-R-Djava.util.prefs.userRoot=" + folder, "-s", "-"));
        Path out = folder.resolve("out");
        Process shell = new ProcessBuilder(command).directory(Snippet.ROOT.toFile()).redirectErrorStream(true)
                .redirectOutput(out.toFile()).start();
        try (var in = shell.outputWriter()) {
            in.write("""
                    IO.println(Tensor.of(1, 2).sum())
                    IO.println(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent())
                    """);
        }
        assertEquals(0, shell.waitFor(), () -> String.join("\n", Snippet.lines(out)));
        assertEquals(List.of("3.0 [] f32", "true"), Snippet.lines(out));
    }

    private static void assertSaidInOrder(List<String> expected, String out) {
        int at = 0;
        for (String line : expected) {
            at = out.indexOf(line, at);
            assertTrue(at >= 0, () -> line + " is not in its place in\n" + out);
        }
    }
}
