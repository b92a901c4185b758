package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that answer tutorials, each with a small budget; docs/results.md has the full ones. */
class TutorialsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void stayOffline() { System.setProperty("autograd.download", "false"); }

    @AfterEach
    void mayDownloadAgain() { System.clearProperty("autograd.download"); }

    @Test
    void aNeuron() throws Throwable {
        assertEquals(List.of("SIGMOID  0.9089", "RELU     2.3000", "IDENTITY 2.3000"),
                run("SingleNeuron").stream().map(line -> line.replaceAll(",.*", "")).toList());
    }

    @Test
    void activationsAndTheirDerivatives() throws Throwable {
        List<String> lines = run("Activations");
        for (String row : List.of("   1.0    0.7311    0.1966", "   1.0    1.0000    1.0000",
                "   1.0    0.7616    0.4200", "   1.0    0.5761    0.2442", "   0.0    0.0000    0.0000"))
            assertTrue(lines.contains(row), lines::toString);
        assertPicture("activations.png");
        assertPicture("activation_derivatives.png");
    }

    @Test
    void twoLayers() throws Throwable {
        List<String> lines = run("TwoLayerNetwork");
        assertEquals("X [5, 4], A1 [5, 8], A2 [5, 3]", lines.getFirst());
        assertEquals(5, lines.stream().filter("probabilities sum to 1.000000"::equals).count());
        double[] losses = numbers(lines, "loss (.*)");
        assertTrue(losses[1] < losses[0], lines::toString);
    }

    @Test
    void gradientsAreRight() throws Throwable {
        List<String> lines = run("GradientCheck");
        assertTrue(numbers(lines, "max relative error (.*)")[0] < 1e-9, lines::toString);
        assertEquals("Gradient check PASSED", lines.getLast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Xor --epochs 1000", "Xor --binary --epochs 1000"})
    void xor(String example) throws Throwable {
        List<String> lines = run(example);
        double[] succeed = numbers(lines, "hidden \\w+: (\\d+) of 10 seeds succeed");
        assertTrue(succeed[0] >= 6, lines::toString);
        assertEquals(10, succeed[1]);
        assertTrue(lines.containsAll(List.of("0 xor 0 = 0", "0 xor 1 = 1", "1 xor 0 = 1", "1 xor 1 = 0")));
        assertEquals("Accuracy: 100%", lines.getLast());
        assertPicture("xor_loss.png");
        assertPicture("xor_boundary.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --scale"})
    void mnist(String options) throws Throwable {
        System.setProperty("autograd.cache", folder.toString());
        try {
            List<String> lines = run("MnistFromScratch --epochs 2" + options);
            assertTrue(numbers(lines, ".*Test Accuracy: (.*)")[1] > 0.87, lines::toString);
        } finally {
            System.clearProperty("autograd.cache");
        }
        assertPicture("mnist_training.png");
        assertPicture("mnist_predictions.png");
    }

    @Test
    void digitsFromATable() throws Throwable {
        Path table = folder.resolve("table.csv");
        run("IdxToCsv --rows 3000 " + table);
        try (Stream<String> lines = Files.lines(table)) {
            List<String> head = lines.limit(2).toList();
            assertTrue(head.get(0).startsWith("label,pixel0,") && head.get(0).endsWith(",pixel783"));
            assertTrue(head.get(1).matches("\\d(,\\d{1,3}){784}"));
        }
        List<String> lines = run("KaggleDigits --better --iterations 100 --data " + table);
        assertEquals(10, numbers(lines, "Iteration .*, Accuracy: (.*)").length);
        assertTrue(numbers(lines, "Validation Accuracy: (.*)")[0] > 0.75, lines::toString);
    }

    @Test
    void theTutorialsWeightsLearnToo() throws Throwable {
        double[] accuracies = numbers(run("KaggleDigits --iterations 60"), "Iteration .*, Accuracy: (.*)");
        assertTrue(accuracies[5] > 0.3 && accuracies[5] > accuracies[0]);
    }

    private static List<String> run(String commandLine) throws Throwable {
        var err = new ByteArrayOutputStream();
        return Run.printedBy(() -> assertEquals(0,
                Main.run(commandLine.split(" "), System.out, new PrintStream(err)), err::toString));
    }

    private static double[] numbers(List<String> lines, String pattern) {
        return lines.stream().map(Pattern.compile(pattern)::matcher).filter(m -> m.matches())
                .mapToDouble(m -> Double.parseDouble(m.group(1))).toArray();
    }

    private static void assertPicture(String name) throws Throwable {
        assertNotNull(ImageIO.read(Path.of("out", name).toFile()), name);
    }
}
