package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.check.GradCheck;
import autograd.nn.data.Csv;
import autograd.nn.io.Npz;
import autograd.nn.io.SafeTensors;
import autograd.nn.metrics.ConfusionMatrix;
import autograd.nn.optim.Sgd;
import autograd.nn.plot.Chart;
import autograd.nn.train.Checkpoints;
import autograd.nn.train.CsvLog;
import autograd.nn.train.Progress;
import autograd.nn.train.TensorBoardLog;
import autograd.nn.train.Trainer;
import autograd.viz.Dot;
import autograd.viz.Listing;
import autograd.viz.Svg;
import autograd.viz.TapePage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The library writes the same bytes under every default locale, charset and time zone. */
class MachineTextTest {
    /** Locales with other digits, other decimal points, and another lower case of I. */
    private static final List<String> LOCALES = List.of("ar-EG", "fa-IR", "mr-IN", "th-TH-u-nu-thai", "de-DE", "tr-TR");
    private static final String NAME = "caf\u00e9";

    @TempDir
    private Path folder;

    @Test
    void isTheSameInForeignProcesses() throws IOException, InterruptedException {
        Path here = folder.resolve("here"), output = folder.resolve("output");
        Everything.write(here);
        Process foreign = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=ISO-8859-1",
                "-Dstdout.encoding=UTF-8", "-Duser.timezone=Pacific/Kiritimati", "-Djava.awt.headless=true", "-cp",
                System.getProperty("java.class.path"), Everything.class.getName(), folder.toString())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertEquals(0, foreign.waitFor(), () -> read(output));
        assertTrue(Files.exists(here.resolve("run/step-000000002.safetensors")));
        for (String locale : LOCALES) {
            Path there = folder.resolve(locale);
            assertEquals(names(here), names(there));
            for (String name : names(here))
                assertIterableEquals(lines(here.resolve(name)), lines(there.resolve(name)), locale + ": " + name);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(f -> folder.relativize(f).toString()).filter(f -> Files.isRegularFile(folder.resolve(f)))
                    .sorted().toList();
        }
    }

    /** The bytes as characters; those of an event file, which holds times, are not compared. */
    private static List<String> lines(Path file) {
        return file.toString().endsWith("events") ? List.of() : read(file).lines().toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes every kind of file and text to a folder. */
    static final class Everything {
        private Everything() {}

        public static void main(String[] args) throws IOException {
            for (String locale : LOCALES) {
                Locale.setDefault(Locale.forLanguageTag(locale));
                write(Path.of(args[0], locale));
            }
        }

        static void write(Path folder) throws IOException {
            Files.createDirectories(folder);
            train(folder);
            tape(folder);
            Tensor x = Tensor.of(-1234.5, 0.25, 1e-7);
            var matrix = new ConfusionMatrix(3).add(IntTensor.of(0, 1, 2), IntTensor.of(0, 1, 1));
            text(folder.resolve("tensors"), x, x.mul(1e9), Tensor.of(DType.F64, 0.1), IntTensor.of(12345, -6), x.gt(0));
            text(folder.resolve("tables"), matrix, Summary.of(Mlp.of(new Rng(1), 1000, 20, 3), Tensor.zeros(1, 1000)),
                    GradCheck.of(a -> a.square()).check(Tensor.of(DType.F64, 0.5)));
            SafeTensors.write(folder.resolve("a.safetensors"), Map.of(NAME, x), Map.of(NAME, NAME));
            Npz.write(folder.resolve("a.npz"), Map.of(NAME, x));
            new Chart(NAME, "x", "y").line("loss", 1234.5, 0.25).save(folder.resolve("chart.svg"));
            var csv = Csv.read(new ByteArrayInputStream((NAME + ",TITLE\n" + NAME + ",1234.5\n")
                    .getBytes(StandardCharsets.UTF_8)), "a.csv", NAME);
            text(folder.resolve("csv"), csv);
            var progress = Progress.of("a", List.of(1));
            progress.show("loss", 1234.5);
            text(folder.resolve("progress"), progress);
        }

        private static void train(Path folder) throws IOException {
            var model = Dense.of(new Rng(1), 2, 1);
            var trainer = Trainer.<Tensor>of(model, model::forward, (y, _) -> y.square().mean(), new Sgd(0.25),
                    new Rng(3));
            var data = List.of(Tensor.of(0.5, -0.25).reshape(1, 2));
            Path logs = folder.resolve("logs");
            trainer.fit(_ -> data, data, 2, new Checkpoints(folder.resolve("run")),
                    new CsvLog(folder.resolve("run.csv")), new TensorBoardLog(logs));
            try (Stream<Path> files = Files.list(logs)) {
                Path events = files.toList().getFirst();
                String name = events.getFileName().toString();
                assertTrue(name.matches("events\\.out\\.tfevents\\.[0-9]{10}\\.autograd\\.0"), name);
                Files.move(events, folder.resolve("events"));
            }
            Files.delete(logs);
            assertTrue(new Checkpoints(folder.resolve("run")).last().isPresent());
        }

        private static void tape(Path folder) throws IOException {
            var x = new Variable(NAME, Tensor.of(1234.5, 0.25));
            try (var tape = new GradientTape().persistent()) {
                Tensor y = x.square().div(3).sum();
                TapePage.write(folder.resolve("tape.html"), tape, y);
                text(folder.resolve("tape"), Svg.of(tape, y), Dot.of(tape, y), Listing.of(tape, y));
            }
        }

        private static void text(Path file, Object... things) throws IOException {
            Files.writeString(file, String.join("\n", Stream.of(things).map(String::valueOf).toList()));
        }
    }
}
