package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The larger examples, with a small budget, reach their bounds and write readable pictures. */
class NextStepsTest {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(e-?\\d+)?");

    @Test
    void everyOptimizerLearns() throws Throwable {
        List<String> lines = run("optimizers.png", () -> new Optimizers().main(options("--epochs 1")));
        List<String> table = lines.subList(1, lines.size() - 1);
        assertEquals(7, table.size());
        for (String row : table)
            assertTrue(Double.parseDouble(row.substring(row.lastIndexOf(' '))) > 0.8, row);
        assertTrue(number(lines, "Least of the others") > 0.87, lines::toString);
    }

    @Test
    void moonsAreToldApart() throws Throwable {
        assertEquals("Train accuracy: 1.0000, within the bound 1",
                run("moons.png", () -> new Moons().main(options(""))).getLast());
        assertEquals("below",
                run("moons.png", () -> new Moons().main(options("--steps 1"))).getLast().split("[ ,]+")[3]);
    }

    @Test
    void convolutionsLearnDigits() throws Throwable {
        List<String> lines = run("cnn-confusion.png", () -> new Cnn().main(options("--epochs 1")));
        assertTrue(number(lines, "Test accuracy") > 0.93, lines::toString);
    }

    @Test
    void tenLinesLearnDigits() throws Throwable {
        List<String> lines = run("ten_lines.png", () -> new TenLines().main(options("")));
        double accuracy = Double.parseDouble(lines.getFirst().replaceAll(".*accuracy=([0-9.]+).*", "$1"));
        assertTrue(accuracy > 0.92, lines::toString);
    }

    @Test
    void lettersAreLearnedByALstm() throws Throwable {
        List<String> lines = Run.printedBy(() -> new CharRnn().main(options("--steps 60")));
        assertTrue(number(lines, "Loss") < 2, lines::toString); // at random 3.3
    }

    @Test
    void lettersAreLearnedByATransformer() throws Throwable {
        List<String> lines = Run.printedBy(() -> new TinyTransformer().main(options("--steps 60")));
        assertTrue(number(lines, "Loss") < 2.5, lines::toString);
        assertTrue(lines.contains("Forward they go, the numbers, through the gates:"), lines::toString);
    }

    @Test
    void derivativesOfDerivativesAreOfUse() throws Throwable {
        List<String> lines = run("higher-order.png", () -> new HigherOrder().main(options("--steps 500")));
        assertTrue(number(lines, "Newton, step 7: (1.000000, 1.000000), slope") < 1e-8, lines::toString);
        assertEquals(2, number(lines, "Critic"), 0.3);
        assertTrue(number(lines, "Equation: the largest error") < 0.3, lines::toString);
    }

    @Test
    void aCurveIsFound() throws Throwable {
        List<String> lines = run("regression.png", () -> new Regression().main(options("--steps 300 --seeds 3")));
        assertTrue(number(lines, "Error") < 0.1, lines::toString);
    }

    @Test
    void digitsAreDrawnAgain() throws Throwable {
        List<String> lines = run("autoencoder.png", () -> new Autoencoder().main(options("--epochs 1")));
        assertTrue(number(lines, "Error") < 0.035, lines::toString); // of grey all over 0.07
    }

    private static String[] options(String words) { return words.isEmpty() ? new String[0] : words.split(" "); }

    /** The output of an example, which must write its picture. */
    private static List<String> run(String picture, Executable example) throws Throwable {
        Path file = Path.of("out", picture);
        Files.deleteIfExists(file);
        List<String> lines = Run.printedBy(example);
        assertPicture(file);
        return lines;
    }

    private static void assertPicture(Path file) throws IOException {
        var image = ImageIO.read(file.toFile());
        assertTrue(image.getWidth() > 600 && image.getHeight() > 400, file::toString);
    }

    /** The first decimal number in the last line with this beginning. */
    private static double number(List<String> lines, String begin) {
        String line = lines.reversed().stream().filter(l -> l.startsWith(begin)).findFirst().orElseThrow();
        var found = NUMBER.matcher(line);
        assertTrue(found.find(begin.length()), line);
        return Double.parseDouble(found.group());
    }
}
