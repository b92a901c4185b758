package autograd.nn.io;

import autograd.nn.files.InputFile;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a file completely or not at all. The content goes into a file in the same folder whose name ends in
 * {@code .part}. When the content has reached the disk, the file is renamed atomically. Readers see either
 * the old or the new content, even if the program is killed or the power fails.
 *
 * <p>
 * A program that is killed leaves its {@code .part} file behind; the next program that writes the same file
 * removes it. A program locks its part file, so other programs do not remove the part of a living program,
 * even in another container or on another machine. On a file system without locks, part files remain. Several
 * programs and threads may write a file at the same time: the last one wins.
 */
public final class AtomicFile {
    private static final System.Logger LOG = System.getLogger(AtomicFile.class.getName());
    private static final int BUFFER = 1 << 16;
    /** Distinguishes the parts of this process from those of others. */
    private static final String OWNER = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private static final AtomicLong COUNT = new AtomicLong();
    /** Names have at most 255 bytes on most file systems; this leaves room for the rest of a part's name. */
    private static final int LONGEST = 200;
    private static final int MAX_LINKS = 40;

    private AtomicFile() {}

    /** The content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes the content to a buffered stream and does not close it. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file or replaces it, keeping its permissions. Creates missing folders. Follows symbolic links,
     * even if their target does not exist yet. Writes to devices and pipes without replacing them.
     *
     * @param file
     *            the name of the complete file
     * @param content
     *            writes the content; if it fails, the file does not change
     * @throws java.io.UncheckedIOException
     *             if the content or the disk fails
     */
    public static void write(Path file, Content content) {
        try {
            Path target = target(file);
            if (Files.exists(target) && !Files.isRegularFile(target))
                try (var out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER)) {
                    content.writeTo(out);
                }
            else
                replace(target, content);
        } catch (IOException e) {
            throw InputFile.cannot("write", file, e);
        }
    }

    /** The file at the end of all symbolic links. */
    private static Path target(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MAX_LINKS)
                throw new FileSystemLoopException(file.toString());
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    private static void replace(Path target, Content content) throws IOException {
        Path folder = Files.createDirectories(target.getParent());
        String stem = stem(target.getFileName().toString());
        removeLeftOvers(folder, stem);
        try (Part part = Part.create(folder, stem)) {
            keepPermissions(target, part.path);
            var out = new BufferedOutputStream(Channels.newOutputStream(part.channel), BUFFER);
            content.writeTo(out);
            out.flush();
            part.channel.force(true);
            Files.move(part.path, target, StandardCopyOption.ATOMIC_MOVE); // locked until it is renamed
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix"))
            try (var names = FileChannel.open(folder)) { // not possible, and not necessary, on Windows
                names.force(true);
            }
    }

    private static void keepPermissions(Path from, Path to) throws IOException {
        var old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (old != null && Files.exists(from))
            Files.setPosixFilePermissions(to, old.readAttributes().permissions());
    }

    /** The name, shortened if it is too long. */
    private static String stem(String name) {
        String stem = name.substring(0, Math.min(name.length(), LONGEST + 1));
        while (stem.getBytes(StandardCharsets.UTF_8).length > LONGEST)
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        return stem;
    }

    /** A new file that this process has locked; it is deleted unless it was renamed. */
    private record Part(Path path, FileChannel channel) implements AutoCloseable {
        static Part create(Path folder, String stem) throws IOException {
            while (true) {
                Path path = folder.resolve(stem + "." + OWNER + "-" + COUNT.incrementAndGet() + ".part");
                var part = new Part(path, FileChannel.open(path, StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE));
                part.lock();
                if (Files.exists(path)) // no other process removed it before it was locked
                    return part;
                part.close();
            }
        }

        private void lock() {
            try {
                channel.lock();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "the file system of " + path + " has no locks", e);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(path);
        }
    }

    private static void removeLeftOvers(Path folder, String stem) throws IOException {
        try (var files = Files.newDirectoryStream(folder, f -> isOfOthers(f.getFileName().toString(), stem))) {
            for (Path part : files)
                removeIfLeftOver(part);
        }
    }

    /**
     * Whether a name is that of another process's part. Parts of this process are excluded because closing a file
     * would release the lock that this process has on it.
     */
    private static boolean isOfOthers(String part, String stem) {
        return part.startsWith(stem + ".") && !part.startsWith(stem + "." + OWNER)
                && part.substring(stem.length()).matches("\\.\\p{XDigit}{16}-\\d+\\.part");
    }

    private static void removeIfLeftOver(Path part) {
        try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null)
                Files.deleteIfExists(part);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot tell whether " + part + " is left over", e);
        }
    }
}
