package autograd.nn.train;

import autograd.nn.files.InputFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a line for each epoch to a file of comma-separated values: its number, the steps, the learning rate,
 * and its values by name. Training that begins starts the file anew; training that goes on continues it.
 */
public final class CsvLog implements TrainerCallback {
    private static final List<String> FIRST = List.of("epoch", "steps", "learning_rate");

    private final Path file;
    private @Nullable String header;

    /** Logs to a file; its folder is made when training begins. */
    public CsvLog(Path file) { this.file = file; }

    @Override
    public void begin(Trainer<?> trainer) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            List<String> kept = new ArrayList<>();
            if (trainer.epochs() > 0 && Files.exists(file))
                for (String line : Files.readAllLines(file))
                    if (kept.isEmpty() || epoch(line) <= trainer.epochs())
                        kept.add(line);
            header = kept.isEmpty() ? null : kept.getFirst();
            Files.write(file, kept);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private int epoch(String line) {
        try {
            return Integer.parseInt(line.split(",")[0]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(file + " is no log of training: no epoch is in the line " + line, e);
        }
    }

    @Override
    public void epoch(Trainer<?> trainer, Epoch epoch) {
        String names = Stream.concat(FIRST.stream(), epoch.values().keySet().stream()).map(CsvLog::quoted)
                .collect(Collectors.joining(","));
        List<String> lines = new ArrayList<>();
        if (header == null)
            lines.add(header = names);
        if (!header.equals(names))
            throw new IllegalStateException(
                    "CsvLog: the columns of " + file + " are " + header + ", those of this epoch are " + names);
        lines.add(epoch.number() + "," + epoch.steps() + "," + epoch.learningRate() + ","
                + epoch.values().values().stream().map(String::valueOf).collect(Collectors.joining(",")));
        try {
            Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private static String quoted(String name) {
        return name.matches("[^\",\r\n]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    private UncheckedIOException cannotWrite(IOException e) { return InputFile.cannot("write", file, e); }
}
