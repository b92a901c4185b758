package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exit code and output of {@code Main}. */
class CommandLineTest {
    @TempDir
    Path folder;

    @Test
    void listsTheExamples() throws Exception {
        Run run = run("list");
        assertEquals(0, run.exit());
        assertTrue(run.out().stream().anyMatch(line -> line.startsWith("  Mnist ")), run.out()::toString);
        assertTrue(run.out().stream().anyMatch(line -> line.startsWith("  XorByHand ")), run.out()::toString);
    }

    @Test
    void anUnknownExampleEndsWithTheList() throws Exception {
        Run run = run("Mnits", "--epochs", "1");
        assertEquals(2, run.exit());
        assertEquals(List.of(), run.out());
        assertTrue(run.err().getFirst().contains("Mnits"), run.err()::toString);
        assertTrue(run.err().stream().anyMatch(line -> line.startsWith("  Mnist ")), run.err()::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mnist --epochs many", "Mnist --epoch 1", "Mnist --data", "Mnist --lr -1", "Xor --epochs 0",
            "Moons --steps=0"})
    void aWrongOptionEndsWithOneLine(String words) throws Exception {
        Run run = run(words.split(" "));
        assertEquals(2, run.exit());
        assertEquals(List.of(), run.out());
        assertEquals(1, run.err().size(), run.err()::toString);
        assertTrue(run.err().getFirst().contains(words.split("[ =]")[1]), run.err()::toString);
    }

    @Test
    void helpShowsTheOptions() throws Exception {
        Run run = run("Mnist", "--help");
        assertEquals(0, run.exit());
        assertEquals(List.of(), run.err());
        assertTrue(run.out().getFirst().startsWith("Usage: Mnist"), run.out()::toString);
        assertTrue(run.out().stream().anyMatch(line -> line.contains("--epochs=")), run.out()::toString);
    }

    @Test
    void anExampleWithoutOptionsTakesNone() throws Exception {
        Run run = run("XorByHand", "--epochs", "1");
        assertEquals(2, run.exit());
        assertEquals(List.of("XorByHand has no options, got --epochs 1"), run.err());
    }

    @Test
    void aFolderWithoutDigitsEndsWithOneLine() throws Exception {
        Run run = run("Mnist", "--data", folder.toString());
        assertEquals(2, run.exit());
        assertEquals(List.of(), run.out());
        assertEquals(1, run.err().size(), run.err()::toString);
        String error = run.err().getFirst();
        assertTrue(error.contains("train-images-idx3-ubyte") && error.contains("does not exist"), error);
    }

    @Test
    void aFileThatHoldsSomethingElseIsNamedInOneLine() throws Exception {
        Files.writeString(folder.resolve("train-images-idx3-ubyte"), "no digits");
        Run run = run("Mnist", "--data", folder.toString());
        assertEquals(2, run.exit());
        assertEquals(1, run.err().size(), run.err()::toString);
        assertTrue(run.err().getFirst().contains("train-images-idx3-ubyte"), run.err()::toString);
    }

    private static Run run(String... args) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(args));
        return Run.java(command.toArray(String[]::new));
    }
}
