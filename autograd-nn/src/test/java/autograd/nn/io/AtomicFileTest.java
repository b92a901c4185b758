package autograd.nn.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes()));
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
    void whatFailsLeavesTheFileAsItWas() throws IOException {
        Path file = folder.resolve("a.txt");
        write(file, "old");
        var unplugged = assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            out.write(new byte[100_000]);
            throw new IOException("unplugged");
        }));
        assertEquals("unplugged", unplugged.getMessage());
        assertThrows(IllegalStateException.class, () -> AtomicFile.write(file, out -> {
            throw new IllegalStateException();
        }));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("a.txt"), names(folder));
    }

    @Test
    void partsOfEndedProgramsAreRemovedAndNothingElse() throws IOException {
        String gone = "a.txt.999999999-0123456789abcdef-1.part";
        String before = "a.txt." + ProcessHandle.current().pid() + "-0123456789abcdef-1.part";
        List<String> others = List.of("a.txt." + ProcessHandle.current().parent().orElseThrow().pid()
                + "-0123456789abcdef-1.part", "b.txt.999999999-0123456789abcdef-1.part", "a.txt.part");
        for (String name : List.of(gone, before, others.get(0), others.get(1), others.get(2)))
            Files.createFile(folder.resolve(name));
        write(folder.resolve("a.txt"), "new");
        assertFalse(Files.exists(folder.resolve(gone)));
        assertFalse(Files.exists(folder.resolve(before)));
        for (String name : others)
            assertTrue(Files.exists(folder.resolve(name)), name);
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
