package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results of the examples. */
class ExamplesTest {
    @Test
    void digitsAreLearnedAsTheReadmeSays() throws Throwable {
        double reached = accuracy(Run.printedBy(() -> new Mnist().main(new String[]{"--epochs", "1"})).getLast());
        double stated = Snippet.lines(Snippet.ROOT.resolve("README.md")).stream()
                .filter(line -> line.startsWith("Epoch 1,")).mapToDouble(ExamplesTest::accuracy).findFirst()
                .orElseThrow();
        assertTrue(reached > 0.88, () -> "only " + reached);
        assertEquals(stated, reached, 0.01);
    }

    @Test
    void theSeedDecides() throws Throwable {
        List<String> first = quick(3);
        assertEquals(1, first.size());
        assertEquals(first, quick(3));
        assertNotEquals(first, quick(4));
    }

    private static List<String> quick(int seed) throws Throwable {
        return Run.printedBy(
                () -> new Mnist().main(new String[]{"--epochs", "1", "--batch", "500", "--seed", "" + seed}));
    }

    @Test
    void xorIsLearned() throws Throwable {
        List<String> lines = Run.printedBy(() -> new XorByHand().main());
        assertEquals(4, lines.stream().filter(line -> line.contains("xor")).count());
        for (String line : lines)
            if (line.contains("xor")) {
                String[] words = line.split(" ");
                int expected = Integer.parseInt(words[0]) ^ Integer.parseInt(words[2]);
                assertEquals(expected, Double.parseDouble(words[4]), 0.1, line);
            }
    }

    @Test
    void theTapeIsWrittenInEveryForm(@TempDir Path folder) throws Throwable {
        List<String> lines = Run
                .printedBy(() -> new TapeTour().main(new String[]{"--out", folder.resolve("tour").toString()}));
        assertTrue(lines.contains("  g_a += g2 = -27.76676, total 138.8338"), lines::toString);
        assertTrue(lines.contains("  g_b += g2 = -27.76676, total 645.5773"), lines::toString);
        for (String file : List.of("tape.html", "tape.svg", "tape.dot"))
            assertTrue(Files.readString(folder.resolve("tour").resolve(file)).contains("645.5773"), file);
    }

    private static double accuracy(String line) { return Double.parseDouble(line.replaceAll(".*: ", "")); }
}
