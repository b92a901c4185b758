package autograd.examples;

import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The options of an example: its fields annotated with picocli's {@code @Option} or {@code @Parameters}. */
final class Options {
    private static final int GO_ON = -1;
    private static final int WRONG = 2;

    private Options() {}

    /**
     * Sets the example's fields; {@code --help} prints the usage and ends the program, a wrong option ends it
     * with 2.
     */
    static void parse(Object example, String... args) {
        int exit = read(example, args, System.out, System.err);
        if (exit != GO_ON) { System.exit(exit); }
    }

    /** Says in one line why an option, or what it names, is wrong, and ends the program with exit code 2. */
    static void wrong(String why) {
        System.err.println(oneLine(why));
        System.exit(WRONG);
    }

    /** Ends the program with exit code 2, and one line that says why, unless a condition on the options holds. */
    static void check(boolean holds, String why) {
        if (!holds) { wrong(why); }
    }

    static int read(Object example, String[] args, PrintStream out, PrintStream err) {
        var command = command(example);
        try {
            if (command.parseArgs(args).isUsageHelpRequested()) {
                command.usage(out);
                return 0;
            }
            return GO_ON;
        } catch (ParameterException e) {
            err.println(oneLine(e.getMessage()) + "; --help shows the options");
            return WRONG;
        }
    }

    private static CommandLine command(Object example) {
        var spec = CommandSpec.forAnnotatedObjectLenient(example).name(example.getClass().getSimpleName());
        spec.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("show this help").build());
        return new CommandLine(spec);
    }

    private static String oneLine(String text) { return text.strip().replaceAll("\\s*\\R\\s*", " "); }
}
