package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say besides Java. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]*)</version>");

    @Test
    void linksLeadSomewhere() {
        Stream<Path> documents = Stream.concat(Snippet.documents().stream(),
                Stream.of(Snippet.ROOT.resolve("CHANGELOG.md")));
        List<String> broken = documents.flatMap(file -> links(file)
                .filter(link -> !link.contains("://") && Files.notExists(file.resolveSibling(link)))
                .map(link -> file + ": " + link)).toList();
        assertEquals(List.of(), broken);
    }

    @Test
    void everyDecisionIsInTheIndex() throws IOException {
        Path folder = Snippet.ROOT.resolve("docs/adr");
        try (Stream<Path> pages = Files.list(folder)) {
            assertEquals(pages.map(page -> page.getFileName().toString()).filter(name -> !name.equals("README.md"))
                    .sorted().toList(), links(folder.resolve("README.md")).toList());
        }
    }

    @Test
    void theReadmeNamesTheVersion() throws IOException { assertEquals(version("pom.xml"), version("README.md")); }

    private static String version(String file) throws IOException {
        var found = VERSION.matcher(Files.readString(Snippet.ROOT.resolve(file)));
        assertTrue(found.find(), file);
        return found.group(1);
    }

    private static Stream<String> links(Path document) {
        return Snippet.lines(document).stream().flatMap(line -> LINK.matcher(line).results())
                .map((MatchResult link) -> link.group(1));
    }
}
