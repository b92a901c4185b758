package autograd.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A block of Java in a document, which is compiled as follows:
 * <ul>
 * <li>with a {@code void main} it is a complete program;
 * <li>with {@code // in FILE.java} as its first line it is to be added at the end of that type;
 * <li>with {@code // in NAME.java, instead of main} it takes the place of the main of the program in the same
 * document whose first line is {@code // NAME.java};
 * <li>with {@code module} as its first word it is a module declaration;
 * <li>anything else is the body of a main, with {@code import module autograd.nn} before it;
 * <li>after a line {@code <!-- not compiled: WHY -->} it is left alone, and counted.
 * </ul>
 * What it prints is stated line by line in comments {@code // prints LINE}, or in a block of text that
 * follows it.
 *
 * @param file
 *            the document
 * @param line
 *            where its first line of code stands in the document, from 1
 * @param code
 *            the code
 * @param printed
 *            the lines it prints; null where nothing is said about them
 * @param why
 *            why it is not compiled; null if it is
 */
record Snippet(Path file, int line, String code, @Nullable List<String> printed, @Nullable String why) {
    private static final Pattern FENCE = Pattern.compile("\\s*```(\\w*)\\s*");
    private static final Pattern NOT_COMPILED = Pattern.compile("\\s*<!-- not compiled: (.+) -->\\s*");
    private static final Pattern PRINTS = Pattern.compile("// prints (.*)");
    private static final Pattern TARGET = Pattern.compile("\\A// in (\\S+\\.java)\\R");
    private static final Pattern INSTEAD = Pattern.compile("\\A// in (\\S+\\.java), instead of main\\R");

    /** The project's own folder, wherever the tests are started. */
    static final Path ROOT = root();

    private static Path root() {
        Path classes = location(Snippet.class); // autograd-examples/target/test-classes
        return classes.getParent().getParent().getParent();
    }

    /** The folder or jar that a class was loaded from. */
    static Path location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (Exception e) {
            throw new AssertionError(type.getName(), e);
        }
    }

    /** README, CONTRIBUTING and everything under docs. */
    static List<Path> documents() {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                    docs.filter(file -> file.toString().endsWith(".md")).sorted()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The blocks of Java in a document, in order. */
    static List<Snippet> of(Path document) {
        List<String> lines = lines(document);
        List<Snippet> snippets = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            Matcher fence = FENCE.matcher(lines.get(at));
            if (!fence.matches())
                continue;
            int end = end(document, lines, at);
            if (fence.group(1).equals("java"))
                snippets.add(of(document, lines, at, end));
            at = end;
        }
        return snippets;
    }

    private static Snippet of(Path document, List<String> lines, int fence, int end) {
        String code = String.join("\n", lines.subList(fence + 1, end)).stripIndent() + "\n";
        Matcher left = NOT_COMPILED.matcher(fence == 0 ? "" : lines.get(fence - 1));
        List<String> said = PRINTS.matcher(code).results().map(m -> m.group(1)).toList();
        List<String> text = textAfter(document, lines, end);
        if (!said.isEmpty() && text != null)
            throw new AssertionError(document + ":" + (fence + 1) + " states its output twice");
        return new Snippet(document, fence + 2, code, said.isEmpty() ? text : said,
                left.matches() ? left.group(1) : null);
    }

    private static @Nullable List<String> textAfter(Path document, List<String> lines, int end) {
        int at = end + 1;
        while (at < lines.size() && lines.get(at).isBlank())
            at++;
        return at < lines.size() && lines.get(at).strip().equals("```text")
                ? lines.subList(at + 1, end(document, lines, at))
                : null;
    }

    private static int end(Path document, List<String> lines, int fence) {
        for (int i = fence + 1; i < lines.size(); i++)
            if (lines.get(i).strip().equals("```"))
                return i;
        throw new AssertionError(document + ":" + (fence + 1) + " opens a block that never ends");
    }

    static List<String> lines(Path document) {
        try {
            return Files.readAllLines(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isCompiled() { return why == null; }

    boolean isProgram() { return code.contains("void main("); }

    boolean isModule() { return code.startsWith("module "); }

    /** The source file to which this block is added, from the project's folder; null if none. */
    @Nullable
    String target() {
        Matcher m = TARGET.matcher(code);
        return m.find() ? m.group(1) : null;
    }

    /** The name of the class it is compiled to. */
    String className() {
        return "Line" + line + "_of_" + file.getFileName().toString().replaceAll("\\W", "_");
    }

    /** The program whose main this block replaces; null if none. */
    private @Nullable Snippet program() {
        Matcher m = INSTEAD.matcher(code);
        return !m.find()
                ? null
                : of(file).stream().filter(s -> s.code.startsWith("// " + m.group(1) + "\n")).findFirst()
                        .orElseThrow(() -> new AssertionError(title() + ": missing program " + m.group(1)));
    }

    /** Complete source. */
    String source() {
        Snippet program = program();
        if (program != null)
            return program.code.substring(0, program.code.lastIndexOf("void main(")) + code;
        if (isProgram() || isModule())
            return code;
        var imports = new StringBuilder("import module autograd.nn; ");
        var body = new StringBuilder();
        for (String s : code.split("\n", -1)) {
            boolean isImport = s.startsWith("import ");
            imports.append(isImport ? s + " " : "");
            body.append(isImport ? "" : s).append('\n');
        }
        return imports + "void main() throws Exception {\n" + body + "}\n";
    }

    String title() { return ROOT.relativize(file) + ":" + line; }
}
