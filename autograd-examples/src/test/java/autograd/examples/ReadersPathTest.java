package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * README states the number of lines of code that a reader needs to understand one {@code backward()}, and
 * their places; both are right.
 */
class ReadersPathTest {
    private static final Pattern ROW = Pattern
            .compile("\\| \\[`(\\w+)`]\\([^)]*/src/main/java/([^)]*)\\) \\| (.*) \\|.*\\|"),
            MEMBER = Pattern.compile("`(\\w+)`"),
            CLAIM = Pattern.compile("`loss.backward\\(\\)` is (\\d+) lines of code");
    private static final Path SOURCES = Snippet.ROOT.resolve("autograd-core/src/main/java");
    private static final int MOST = 200;

    private record Place(String type, Path file, List<String> members) {}

    private static List<Place> places() {
        return Snippet.lines(Snippet.ROOT.resolve("docs/architecture.md")).stream()
                .dropWhile(line -> !line.equals("### The 200 lines"))
                .takeWhile(line -> !line.startsWith("### The fast"))
                .flatMap(line -> ROW.matcher(line).results()).map(ReadersPathTest::place).toList();
    }

    private static Place place(MatchResult row) {
        return new Place(row.group(1), SOURCES.resolve(row.group(2)),
                MEMBER.matcher(row.group(3)).results().map(member -> member.group(1)).toList());
    }

    @Test
    void readmeSaysHowManyLinesItTakes() throws IOException {
        int lines = 0;
        for (Place place : places())
            lines += count(place);
        String readme = Files.readString(Snippet.ROOT.resolve("README.md"));
        List<Integer> claimed = CLAIM.matcher(readme).results().map(claim -> Integer.valueOf(claim.group(1))).toList();
        assertFalse(claimed.isEmpty());
        for (int claim : claimed)
            assertEquals(Math.ceilDiv(lines, 10) * 10, claim);
        int needed = lines;
        assertTrue(needed <= MOST, () -> "a reader needs " + needed + " lines");
    }

    @Test
    void readmeAndThePackageNameThePlaces() throws IOException {
        String readme = Files.readString(Snippet.ROOT.resolve("README.md")),
                pages = Files.readString(SOURCES.resolve("autograd/package-info.java"));
        assertTrue(places().size() > 8, () -> places().toString());
        for (Place place : places()) {
            assertTrue(readme.contains("[`" + place.type + "`](autograd-core"), place.type);
            assertTrue(pages.contains("{@link autograd." + place.type + "}"), place.type);
        }
    }

    /** The lines of code of a place's members, overloads included. */
    private static int count(Place place) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(null, files, null, null, null,
                    files.getJavaFileObjects(place.file));
            CompilationUnitTree unit = task.parse().iterator().next();
            SourcePositions at = Trees.instance(task).getSourcePositions();
            String source = Files.readString(place.file);
            int lines = 0;
            for (String name : place.members) {
                List<? extends Tree> found = ((ClassTree) unit.getTypeDecls().getFirst()).getMembers().stream()
                        .filter(member -> name.equals(name(member, place.type))).toList();
                assertFalse(found.isEmpty(), () -> place.type + " has no " + name);
                for (Tree member : found)
                    lines += code(source.substring((int) at.getStartPosition(unit, member),
                            (int) at.getEndPosition(unit, member)));
            }
            return lines;
        }
    }

    private static String name(Tree member, String type) {
        return switch (member) {
            case MethodTree m when m.getReturnType() == null -> type;
            case MethodTree m -> m.getName().toString();
            case VariableTree v -> v.getName().toString();
            case ClassTree c -> c.getSimpleName().toString();
            default -> "";
        };
    }

    /** Lines that are neither blank nor comments. */
    private static int code(String source) {
        return (int) Arrays.stream(source.replaceAll("(?s)/\\*.*?\\*/", "").split("\n"))
                .filter(line -> !line.isBlank() && !line.strip().startsWith("//")).count();
    }
}
