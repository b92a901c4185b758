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
        assertEquals(typed, run.out().stream().filter(line -> line.startsWith("  ")).map(String::strip).toList());
        assertSaidInOrder(expected, String.join("\n", run.out()));
    }

    private static void assertSaidInOrder(List<String> expected, String out) {
        int at = 0;
        for (String line : expected) {
            at = out.indexOf(line, at);
            assertTrue(at >= 0, () -> line + " is not in its place in\n" + out);
        }
    }
}
