package autograd.nn.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that is written whole or not at all. What is written goes into a file beside it whose name ends in
 * {@code .part}; only when it has reached the disk does it take the name over, at once. Whoever reads sees
 * the old content or the new one, whenever the program is killed or the power fails.
 *
 * <p>
 * A program that is killed leaves its {@code .part} behind; the next one to write the same file on the same
 * machine removes it. Several programs and threads may write a file at a time: the last one wins.
 */
public final class AtomicFile {
    private static final int BUFFER = 1 << 16;
    private static final long PID = ProcessHandle.current().pid();
    /** Tells this process from an earlier one of the same number. */
    private static final String OWNER = PID + "-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private static final AtomicLong COUNT = new AtomicLong();

    private AtomicFile() {}

    /** What a file is to hold. */
    @FunctionalInterface
    public interface Content {
        /** Writes it to a stream, which is buffered, and left open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file, or replaces it. Folders that are missing are made; a symbolic link is followed.
     *
     * @param file
     *            the name it has when it is complete
     * @param content
     *            if it fails, the file is as it was before
     * @throws IOException
     *             if the content or the disk fails
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path folder = Files.createDirectories(target.getParent());
        removeLeftOvers(folder, target.getFileName().toString());
        Path part = folder.resolve(target.getFileName() + "." + OWNER + "-" + COUNT.incrementAndGet() + ".part");
        try {
            try (var channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix"))
            try (var names = FileChannel.open(folder)) { // Windows cannot, and need not
                names.force(true);
            }
    }

    private static void removeLeftOvers(Path folder, String name) throws IOException {
        try (var files = Files.newDirectoryStream(folder, f -> isLeftOver(f.getFileName().toString(), name))) {
            for (Path file : files)
                Files.deleteIfExists(file);
        }
    }

    /** Whether a file is a part of a file of this name whose writer has ended. */
    private static boolean isLeftOver(String part, String name) {
        if (!part.startsWith(name + ".")
                || !part.substring(name.length()).matches("\\.\\d{1,18}-\\p{XDigit}{16}-\\d+\\.part"))
            return false;
        String owner = part.substring(name.length() + 1);
        long pid = Long.parseLong(owner.substring(0, owner.indexOf('-')));
        return pid == PID ? !owner.startsWith(OWNER) : ProcessHandle.of(pid).isEmpty();
    }
}
