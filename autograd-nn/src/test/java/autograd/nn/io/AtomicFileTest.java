package autograd.nn.io;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

class AtomicFileTest {
    @TempDir
    private Path folder;

    static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theNameIsTakenOverAtTheEnd() throws IOException {
        Path file = folder.resolve("a/b.txt");
        AtomicFile.write(file, out -> {
            out.write(1);
            out.flush();
            assertFalse(Files.exists(file));
            assertEquals(1, names(file.getParent()).size());
        });
        write(file, "new");
        assertEquals("new", Files.readString(file));
        assertEquals(List.of("b.txt"), names(file.getParent()));
    }

    @Test
    void failureKeepsTheOldFile() throws IOException {
        Path file = folder.resolve("a.txt");
        write(file, "old");
        var unplugged = assertThrows(UncheckedIOException.class, () -> AtomicFile.write(file, out -> {
            out.write(new byte[100_000]);
            throw new IOException("unplugged");
        }));
        assertSays(unplugged, "cannot write", file.toString(), "unplugged");
        assertThrows(IllegalStateException.class, () -> AtomicFile.write(file, out -> {
            throw new IllegalStateException();
        }));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("a.txt"), names(folder));
    }

    @Test
    void partsOfEndedProgramsAreRemovedAndNothingElse() throws IOException {
        String gone = "a.txt.0123456789abcdef-1.part";
        List<String> others = List.of("b.txt.0123456789abcdef-1.part", "a.txt.part", "a.txt.0123456789abcdef-1",
                "a.txt.x.0123456789abcdef-1.part", "a.txt");
        Files.createFile(folder.resolve(gone));
        for (String name : others)
            Files.createFile(folder.resolve(name));
        write(folder.resolve("a.txt"), "new");
        assertEquals(others.stream().sorted().toList(), names(folder));
    }

    /** Another program, of another container perhaps, with the same number of its process even. */
    @Test
    void partsOfLivingProgramsStay() throws IOException, InterruptedException {
        Path file = folder.resolve("a.txt");
        Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                Slow.class.getName(), file.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = other.getInputStream(); var in = other.getOutputStream()) {
            assertEquals('w', out.read());
            write(file, "first");
            assertEquals(2, names(folder).size());
            in.write('\n');
            in.flush();
            assertEquals(0, other.waitFor());
        } finally {
            other.destroyForcibly();
        }
        assertEquals("second", Files.readString(file));
        assertEquals(List.of("a.txt"), names(folder));
    }

    /** Writes a file, tells when it is at it, and goes on when it is told. */
    static final class Slow {
        private Slow() {}

        public static void main(String[] args) {
            AtomicFile.write(Path.of(args[0]), out -> {
                out.write("second".getBytes(StandardCharsets.UTF_8));
                System.out.write('w');
                System.out.flush();
                assertEquals('\n', System.in.read());
            });
        }
    }

    @Test
    void aLinkIsFollowed() throws IOException {
        Path file = folder.resolve("a.txt"), link = folder.resolve("link");
        write(file, "old");
        Files.createSymbolicLink(link, file);
        write(link, "new");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
    }

    @Test
    void linkToMissingFileIsFollowed() throws IOException {
        Path file = folder.resolve("sub/a.txt"), link = folder.resolve("link"), loop = folder.resolve("loop");
        Files.createSymbolicLink(folder.resolve("middle"), Path.of("sub/a.txt"));
        Files.createSymbolicLink(link, folder.resolve("middle"));
        write(link, "new");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
        Files.createSymbolicLink(loop, loop);
        assertSays(assertThrows(UncheckedIOException.class, () -> write(loop, "new")), loop.toString());
        assertTrue(Files.isSymbolicLink(loop));
    }

    @Test
    void pipesAndDevicesAreWrittenTo() throws Exception {
        Path pipe = folder.resolve("pipe"), none = Path.of("/dev/null");
        assumeTrue(Files.exists(none) && new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
        try (var reader = Executors.newSingleThreadExecutor()) {
            var read = reader.submit(() -> Files.readString(pipe));
            write(pipe, "new");
            assertEquals("new", read.get());
        }
        write(none, "new");
        for (Path kept : List.of(pipe, none))
            assertTrue(Files.readAttributes(kept, BasicFileAttributes.class).isOther());
        assertEquals(List.of("pipe"), names(folder));
    }

    @Test
    void permissionsAreKept() throws IOException {
        Path file = folder.resolve("a.txt");
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        write(file, "old");
        var usual = Files.getPosixFilePermissions(file);
        for (String mode : List.of("rw-------", "rwxrwxrwx", "r--r--r--")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            write(file, "new");
            assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        Files.delete(file);
        write(file, "new");
        assertEquals(usual, Files.getPosixFilePermissions(file));
    }

    @Test
    void aNameMayBeAsLongAsTheFileSystemAllows() throws IOException {
        for (String name : List.of("a".repeat(255), "\u00e9".repeat(127), "\uD83D\uDE00".repeat(63))) {
            write(folder.resolve(name), "new");
            assertEquals("new", Files.readString(folder.resolve(name)));
        }
        assertEquals(3, names(folder).size());
        assertThrows(UncheckedIOException.class, () -> write(folder.resolve("a".repeat(300)), "new"));
    }

    @Test
    void aFolderIsNotReplaced() {
        for (Path here : List.of(folder, Path.of("/"), Path.of("")))
            assertSays(assertThrows(UncheckedIOException.class, () -> write(here, "new")), "cannot write " + here,
                    "directory");
        Path below = folder.resolve("file/below");
        write(folder.resolve("file"), "old");
        assertSays(assertThrows(UncheckedIOException.class, () -> write(below, "new")), below.toString());
    }

    /** After a power failure, too, there is the old file or the new one. */
    @Test
    void theContentReachesTheDiskBeforeTheName() throws IOException {
        List<String> calls = new ArrayList<>();
        Path file = RecordingFiles.wrap(folder, calls).resolve("a.txt");
        AtomicFile.write(file, out -> out.write(new byte[200_000]));
        assertEquals(200_000, Files.size(folder.resolve("a.txt")));
        List<String> named = calls.stream()
                .map(c -> c.replaceAll("a\\.txt\\.\\p{XDigit}{16}-\\d+\\.part", "part").replace(folder.toString(),
                        "folder"))
                .toList();
        assertEquals(List.of("force part true", "move folder/part folder/a.txt", "force folder true"),
                named.subList(named.lastIndexOf("write part") + 1, named.size()));
    }

    @Test
    void severalMayWriteAtOnce() throws Exception {
        Path file = folder.resolve("a.txt");
        List<String> texts = IntStream.range(0, 40).mapToObj(i -> Integer.toString(i).repeat(10_000)).toList();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var done : threads.invokeAll(texts.stream().map(text -> (Callable<Boolean>) () -> {
                write(file, text);
                return texts.contains(Files.readString(file));
            }).toList()))
                assertTrue(done.get());
        }
        assertEquals(List.of("a.txt"), names(folder));
    }
}
