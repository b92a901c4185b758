package autograd.nn.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads a file that is opened once. Its length is that of the open file, so both belong to the same file even
 * if another program replaces it at that moment.
 */
public final class InputFile {
    private InputFile() {}

    /**
     * Makes something of the bytes of a file.
     *
     * @param <T>
     *            what is made
     */
    @FunctionalInterface
    public interface Content<T> {
        /** Reads a buffered stream of a known length, which the caller closes. */
        T read(InputStream in, long length) throws IOException;
    }

    /** Reads a file; an error names it and the reason. */
    public static <T> T read(Path file, Content<T> content) {
        try (var channel = Files.newByteChannel(file)) {
            return content.read(new BufferedInputStream(Channels.newInputStream(channel)), channel.size());
        } catch (IOException e) {
            throw cannot("read", file, e);
        }
    }

    /** The error that something cannot be done with a file: {@code cannot read FILE: REASON}. */
    public static UncheckedIOException cannot(String verb, Object file, IOException e) {
        return new UncheckedIOException("cannot " + verb + " " + file + ": " + reason(e), e);
    }

    /** The messages of many errors of file systems are just the name of the file. */
    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "it does not exist; check the folder and the name";
            case AccessDeniedException _ -> "access is denied; check its permissions and those of its folder";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getClass() == IOException.class && e.getMessage() != null ? e.getMessage() : e.toString();
        };
    }
}
