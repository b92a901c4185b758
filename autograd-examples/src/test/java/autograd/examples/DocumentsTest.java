package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Links and other facts in the documents; {@link SnippetsTest} runs their programs. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");
    private static final Pattern NAME = Pattern
            .compile("\\[`(\\w+)(?:\\.(\\w+))?`]\\([^)]*/src/(?:main|test)/java/([^)]*)\\.java\\)");
    private static final Pattern MEMBER = Pattern.compile("\\b(\\w+(?:\\.[A-Z]\\w+)?)\\.([a-zA-Z]\\w*)(?=[(`,)])");
    /** The types of variables in tables. */
    private static final Map<String, String> VARIABLES = Map.ofEntries(Map.entry("x", "Tensor"),
            Map.entry("a", "Tensor"), Map.entry("b", "Tensor"), Map.entry("loss", "Tensor"), Map.entry("w", "Variable"),
            Map.entry("y", "IntTensor"), Map.entry("tape", "GradientTape"), Map.entry("model", "Layer"),
            Map.entry("optimizer", "Optimizer"), Map.entry("trainer", "Trainer"), Map.entry("data", "Dataset"),
            Map.entry("csv", "Csv"),
            Map.entry("rng", "Rng"), Map.entry("CrossEntropy.DEFAULT", "CrossEntropy"));
    private static final List<String> PACKAGES = List.of("java.util", "autograd", "autograd.array", "autograd.check",
            "autograd.viz",
            "autograd.nn", "autograd.nn.data", "autograd.nn.init", "autograd.nn.io", "autograd.nn.metrics",
            "autograd.nn.optim", "autograd.nn.train");
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

    /** A link whose text is `Type` or `Type.member` leads to the source of that type, which has that member. */
    @Test
    void linksToSourcesNameExistingMembers() {
        List<MatchResult> names = Snippet.documents().stream().flatMap(file -> Snippet.lines(file).stream())
                .flatMap(line -> NAME.matcher(line).results()).toList();
        assertTrue(names.size() > 80, "only " + names.size() + " names were found");
        assertEquals(List.of(), names.stream().filter(name -> !isThere(name)).map(MatchResult::group).toList());
    }

    private static boolean isThere(MatchResult name) {
        String type = name.group(3).replace('/', '.'), member = name.group(2);
        if (!type.endsWith("." + name.group(1)))
            return false;
        try {
            Class<?> found = Class.forName(type, false, DocumentsTest.class.getClassLoader());
            return member == null
                    || Stream.of(found.getDeclaredMethods()).anyMatch(m -> m.getName().equals(member))
                    || Stream.of(found.getDeclaredClasses()).anyMatch(c -> c.getSimpleName().equals(member));
        } catch (ClassNotFoundException e) {
            return member == null && name.group().contains("/src/test/"); // linksLeadSomewhere looks for the file
        }
    }

    /** The compiler checks that the link targets exist. */
    @Test
    void everyPackageHasAReadingOrder() throws IOException {
        for (String module : List.of("autograd-core", "autograd-nn"))
            try (Stream<Path> files = Files.walk(Snippet.ROOT.resolve(module + "/src/main/java"))) {
                List<Path> pages = files.filter(file -> file.endsWith("package-info.java")).toList();
                assertTrue(pages.size() > 4, pages::toString);
                for (Path page : pages)
                    assertTrue(Files.readString(page).matches("(?s).*Reading order.*: \\{@link .*"), page::toString);
            }
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
    void theReadmeFitsAFewScreens() {
        int lines = Snippet.lines(Snippet.ROOT.resolve("README.md")).size();
        assertTrue(lines < 200, () -> lines + " lines");
    }

    @Test
    void theReadmeNamesTheVersion() throws IOException { assertEquals(version("pom.xml"), version("README.md")); }

    private static String version(String file) throws IOException {
        var found = VERSION.matcher(Files.readString(Snippet.ROOT.resolve(file)));
        assertTrue(found.find(), file);
        return found.group(1);
    }

    /**
     * What the tables for people of other frameworks tell them to write is there: each type, and each member that
     * is named after a type or a variable of an obvious type.
     */
    @Test
    void tablesOfOtherFrameworksNameWhatIsThere() {
        List<String> missing = new ArrayList<>();
        int members = 0;
        for (String document : List.of("README.md", "docs/coming-from.md")) {
            List<String> rows = Snippet.lines(Snippet.ROOT.resolve(document)).stream()
                    .filter(line -> line.startsWith("| ") && line.split("(?<!\\\\)\\|").length == 5).toList();
            assertTrue(rows.size() > (document.equals("README.md") ? 30 : 100), () -> document + " " + rows.size());
            for (String row : rows)
                for (var member : MEMBER.matcher(row.substring(row.lastIndexOf('|', row.length() - 3))).results()
                        .toList()) {
                    members++;
                    if (!isThere(member.group(1), member.group(2)))
                        missing.add(document + ": " + member.group());
                }
        }
        assertEquals(List.of(), missing);
        assertTrue(members > 100, "only " + members);
    }

    private static boolean isThere(String type, String member) {
        String name = VARIABLES.getOrDefault(type, type).replace('.', '$');
        return PACKAGES.stream().flatMap(p -> Stream.ofNullable(type(p + "." + name)))
                .anyMatch(c -> Stream.of(c.getMethods()).anyMatch(m -> m.getName().equals(member))
                        || Stream.of(c.getFields()).anyMatch(f -> f.getName().equals(member)));
    }

    private static @Nullable Class<?> type(String name) {
        try {
            return Class.forName(name, false, DocumentsTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static Stream<String> links(Path document) {
        return Snippet.lines(document).stream().flatMap(line -> LINK.matcher(line).results())
                .map((MatchResult link) -> link.group(1));
    }
}
