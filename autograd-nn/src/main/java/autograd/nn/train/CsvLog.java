package autograd.nn.train;

import autograd.nn.files.InputFile;
import autograd.nn.io.AtomicFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a line for each epoch to a file of comma-separated values: its number, the steps, the learning rate,
 * and its values by name. New training overwrites the file; resumed training continues it after the last
 * complete line.
 */
public final class CsvLog implements TrainerCallback {
    private static final List<String> FIRST = List.of("epoch", "steps", "learning_rate");

    private final Path file;
    private @Nullable String header;

    /** Logs to a file; its folder is created when training begins. */
    public CsvLog(Path file) { this.file = file; }

    @Override
    public void begin(Trainer<?> trainer) {
        header = null;
        var kept = new StringBuilder();
        try {
            if (trainer.epochs() > 0 && Files.isRegularFile(file))
                keep(Files.readString(file), trainer.epochs(), kept);
        } catch (IOException e) {
            throw InputFile.cannot("read", file, e);
        }
        AtomicFile.write(file, out -> out.write(kept.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** The header and the complete lines; a line that a killed program did not finish is dropped. */
    private void keep(String text, int epochs, StringBuilder kept) {
        int end = endOfHeader(text);
        if (end < 0)
            return;
        header = text.substring(0, end);
        kept.append(header).append('\n');
        for (int next; (next = text.indexOf('\n', end + 1)) >= 0; end = next) {
            String line = text.substring(end + 1, next);
            if (epoch(line) <= epochs)
                kept.append(line).append('\n');
        }
    }

    /** The first line end outside quotes, or -1. */
    private static int endOfHeader(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++)
            if (text.charAt(i) == '"')
                quoted = !quoted;
            else if (text.charAt(i) == '\n' && !quoted)
                return i;
        return -1;
    }

    private int epoch(String line) {
        try {
            return Integer.parseInt(line.split(",")[0]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    file + " is not a log of training: the line " + line + " does not begin with an epoch", e);
        }
    }

    @Override
    public void epoch(Trainer<?> trainer, Epoch epoch) {
        String names = Stream.concat(FIRST.stream(), epoch.values().keySet().stream()).map(CsvLog::quoted)
                .collect(Collectors.joining(","));
        String line = epoch.number() + "," + epoch.steps() + "," + epoch.learningRate() + ","
                + epoch.values().values().stream().map(String::valueOf).collect(Collectors.joining(",")) + "\n";
        if (header == null)
            line = names + "\n" + line;
        else if (!header.equals(names))
            throw new IllegalStateException(
                    "CsvLog: the columns of " + file + " are " + header + ", those of this epoch are " + names);
        header = names;
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw InputFile.cannot("write", file, e);
        }
    }

    /**
     * Quotes a field if it contains commas, quotes or line ends, or if a spreadsheet would read it as a formula.
     */
    private static String quoted(String name) {
        return name.matches("[^\",\r\n=+@-][^\",\r\n]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
