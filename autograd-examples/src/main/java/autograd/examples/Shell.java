package autograd.examples;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.tool.JavaShellToolBuilder;

/** JShell with the imports of this library. A tape opened on one line records the following lines. */
class Shell {
    private static final String GREETING = """
            A few lines to try; Tab completes, families() lists the operations, /exit leaves:

              var x = new Variable("x", Tensor.of(1, 2, 3))
              var tape = new GradientTape()
              var loss = x.square().sum()
              tape
              loss.backward()
              x.grad()
            """;

    /** Further arguments are passed to JShell as options, such as {@code -R-Dautograd.kernels=scalar}. */
    void main(String[] args) throws Exception {
        String modules = System.getProperty("jdk.module.path", System.getProperty("java.class.path"));
        Path start = Files.createTempFile("start", ".jsh"); // JShell reads files, not resources
        try (InputStream lines = Shell.class.getResourceAsStream("start.jsh")) {
            Files.copy(lines, start, StandardCopyOption.REPLACE_EXISTING);
            System.out.println(GREETING);
            List<String> options = new ArrayList<>(List.of("--module-path", modules, "--add-modules",
                    "autograd.nn,jdk.incubator.vector",
                    "-C-Xlint:-incubating", "--startup", "DEFAULT", "--startup", start.toString()));
            options.addAll(List.of(args));
            JavaShellToolBuilder.builder().start(options.toArray(String[]::new));
        } finally {
            Files.delete(start);
        }
    }
}
