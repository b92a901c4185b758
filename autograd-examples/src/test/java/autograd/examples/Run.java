package autograd.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/**
 * A program that was run in a process of its own.
 *
 * @param exit
 *            its exit code
 * @param out
 *            the lines it printed on standard output
 * @param err
 *            the lines it printed on standard error
 */
record Run(int exit, List<String> out, List<String> err) {
    /** Runs this JDK's java with the project's folder as the working directory. */
    static Run java(String... args) throws Exception {
        return java(List.of(), args);
    }

    /** The same with another working directory. */
    static Run java(Path folder, String... args) throws Exception {
        return java(folder, List.of(), args);
    }

    /** The same, with lines to read on standard input. */
    static Run java(List<String> lines, String... args) throws Exception {
        return java(Snippet.ROOT, lines, args);
    }

    private static Run java(Path folder, List<String> lines, String... args) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path in = Files.write(Files.createTempFile("run", "in"), lines);
        Path out = Files.createTempFile("run", "out"), err = Files.createTempFile("run", "err");
        try {
            var process = new ProcessBuilder(Stream.concat(Stream.of(java), Stream.of(args)).toList())
                    .directory(folder.toFile()).redirectInput(in.toFile()).redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            process.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")); // java tells
            return new Run(process.start().waitFor(), Files.readAllLines(out), Files.readAllLines(err));
        } finally {
            Files.delete(in);
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** The lines that code prints on standard output in this process. */
    static List<String> printedBy(Executable code) throws Throwable {
        PrintStream console = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            code.execute();
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Calls the main method of a class without arguments, as the java launcher does. */
    static void main(Class<?> type) throws Throwable {
        Method main = type.getDeclaredMethod("main");
        var constructor = type.getDeclaredConstructor();
        main.setAccessible(true);
        constructor.setAccessible(true);
        try {
            main.invoke(constructor.newInstance());
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
