package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Properties that the tutorial promises; {@link SnippetsTest} runs its programs and solutions. */
class TutorialTest {
    private static final Path TUTORIAL = Snippet.ROOT.resolve("docs/tutorial.md");

    private final List<Snippet> programs = Snippet.of(TUTORIAL).stream()
            .filter(s -> s.code().startsWith("// Chapter")).toList();

    @Test
    void aChapterIsACompleteProgramOfAtMost60Lines() {
        assertEquals(IntStream.rangeClosed(1, 8).mapToObj(i -> "// Chapter" + i + ".java").toList(),
                programs.stream().map(s -> s.code().lines().findFirst().orElseThrow()).toList());
        for (Snippet program : programs) {
            assertTrue(program.code().lines().count() <= 60, program.title());
            assertTrue(program.isProgram() && program.printed() != null, program.title());
            assertFalse(program.code().contains("import "), program.title() + " does not stand alone");
        }
    }

    @Test
    void everyChapterHasExercisesWithSolutionsAndATable() throws Exception {
        String[] chapters = Files.readString(TUTORIAL).split("(?m)^## ");
        assertEquals(9, chapters.length);
        for (String chapter : List.of(chapters).subList(1, 9)) {
            long exercises = count("\\*\\*Exercise", chapter);
            assertTrue(exercises >= 2 && exercises <= 4, chapter);
            assertEquals(exercises, count("</summary>\\s+(?s:(?!</details>).)*```java", chapter), chapter);
            assertTrue(chapter.contains("| here | in the real engine |"), chapter);
        }
    }

    /** Saved under the name in its first line, as a student would. */
    @Test
    void theFirstChapterRunsAsASingleFile(@TempDir Path folder) throws Exception {
        Snippet program = programs.getFirst();
        Run run = Run.java(Files.writeString(folder.resolve("Chapter1.java"), program.code()).toString());
        assertEquals(0, run.exit(), () -> String.join("\n", run.err()));
        assertEquals(program.printed(), run.out());
    }

    private static long count(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }
}
