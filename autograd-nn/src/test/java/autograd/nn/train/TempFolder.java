package autograd.nn.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for one try of a property, where {@code @TempDir} does not reach. */
record TempFolder(Path path) implements AutoCloseable {
    TempFolder() throws IOException { this(Files.createTempDirectory("autograd-train")); }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList())
                Files.delete(file);
        }
    }
}
