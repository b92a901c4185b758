package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Option;

class OptionsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static final class Sample {
        @Option(names = "--epochs", description = "how often")
        private int epochs = 5;
    }

    private static final class Plain {}

    @Test
    void setsTheFields() {
        var sample = new Sample();
        assertEquals(-1, read(sample, "--epochs", "7"));
        assertEquals(7, sample.epochs);
    }

    @Test
    void keepsTheDefaults() {
        var sample = new Sample();
        assertEquals(-1, read(sample));
        assertEquals(5, sample.epochs);
    }

    @Test
    void showsTheOptions() {
        assertEquals(0, read(new Sample(), "--help"));
        assertTrue(out.toString().startsWith("Usage: Sample"), out.toString());
        assertTrue(out.toString().contains("how often"), out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--epochs", "--epochs=x", "--nonsense", "--epochs=1 --epochs=2", "word", "--epochs=a\nb"})
    void saysInOneLineWhatIsWrong(String args) {
        assertEquals(2, read(new Sample(), args.split(" ")));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void anExampleWithoutOptionsTakesNone() {
        assertEquals(-1, read(new Plain()));
        assertEquals(2, read(new Plain(), "--epochs=1"));
    }

    private int read(Object example, String... args) {
        return Options.read(example, args, new PrintStream(out), new PrintStream(err));
    }
}
