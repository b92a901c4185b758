package autograd.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A process that does one piece of work when told to. It is started with the work's name and a number of
 * threads, reads commands from its standard input, and answers each with one line after {@link #MARK}:
 *
 * <pre>
 * (at its start)  ready | no WHY
 * run N           NANOSECONDS_A_STEP LOSS
 * memory          PEAK_RESIDENT_KILOBYTES
 * </pre>
 *
 * It ends when its input does.
 */
public final class Worker {
    /** Begins each line that is an answer; native libraries print others. */
    public static final String MARK = "> ";

    private Worker() {}

    /** One repetition of the work. */
    public interface Step {
        /** Does it and returns a number that depends on it: the loss, if there is one. */
        double run() throws Exception;
    }

    /** Someone who can do some of the work. */
    public interface Peer {
        /**
         * Prepares everything but the repetition itself.
         *
         * @param work
         *            what to do
         * @param threads
         *            how many to use
         * @return one repetition; an UnsupportedOperationException that says why if there cannot be one
         */
        Step prepare(Work work, int threads) throws Exception;
    }

    /** The refusal of work that a peer does not do. */
    public static UnsupportedOperationException refused(Work work, String why) {
        return new UnsupportedOperationException(work.name() + ": " + why);
    }

    /** Obeys until the input ends. */
    public static void serve(Peer peer, String... args) throws Exception {
        Step step;
        try {
            step = peer.prepare(Work.named(args[0]), Integer.parseInt(args[1]));
        } catch (UnsupportedOperationException e) {
            answer("no " + e.getMessage());
            return;
        }
        answer("ready");
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = commands.readLine()) != null;) {
            String[] words = line.split(" ");
            answer(switch (words[0]) {
                case "run" -> timed(step, Integer.parseInt(words[1]));
                case "memory" -> Long.toString(peakKilobytes());
                default -> "no command " + line;
            });
        }
    }

    private static String timed(Step step, int times) throws Exception {
        double loss = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++)
            loss = step.run();
        double nanoseconds = System.nanoTime() - begin;
        return String.format(Locale.ROOT, "%.1f %.6g", nanoseconds / times, loss);
    }

    /** The most memory this process ever had, as Linux counts it; 0 elsewhere. */
    private static long peakKilobytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
        return lines.stream().filter(s -> s.startsWith("VmHWM")).mapToLong(s -> Long.parseLong(s.replaceAll("\\D", "")))
                .findFirst().orElse(0);
    }

    private static void answer(String line) {
        System.out.println(MARK + line);
        System.out.flush();
    }
}
