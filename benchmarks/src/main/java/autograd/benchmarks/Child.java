package autograd.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A {@link Worker} as its parent sees it: started, told what to do, ended. */
final class Child implements AutoCloseable {
    private static final double NANO = 1e-9;

    private final Process process;
    private final BufferedReader answers;
    private final PrintStream commands;

    /** Seconds from the start of the process to its first answer. */
    final double startSeconds;

    /** The last number the work gave: a loss, mostly. */
    private String loss = "";

    /** How a worker is started. */
    record Launch(List<String> command, Map<String, String> environment) {
        /** A class of Java with options of its own, on those entries of this process's class path. */
        static Launch java(String main, List<String> options, List<String> classPath, Map<String, String> environment) {
            List<String> command = new ArrayList<>(
                    List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            command.addAll(options);
            command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main));
            return new Launch(command, environment);
        }
    }

    Child(Launch launch, Work work, int threads) throws IOException {
        List<String> command = new ArrayList<>(launch.command());
        command.addAll(List.of(work.name(), Integer.toString(threads)));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(launch.environment());
        long begin = System.nanoTime();
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UnsupportedOperationException(
                    command.getFirst() + " cannot be started, install it: " + e.getMessage(), e);
        }
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        String first = answer();
        startSeconds = (System.nanoTime() - begin) * NANO;
        if (!first.equals("ready")) {
            close();
            throw new UnsupportedOperationException(first.replaceFirst("^no ", ""));
        }
    }

    /** Microseconds a step, over so many steps. */
    double run(int times) {
        String[] words = ask("run " + times).split(" ");
        loss = words[1];
        return Double.parseDouble(words[0]) / 1e3;
    }

    /** Peak resident memory so far in MB. */
    double memory() { return Long.parseLong(ask("memory")) / 1024.0; }

    String loss() { return loss; }

    /**
     * Runs for so many seconds, with pauses in which compilers get a processor even if it is shared with this
     * work, and on, up to three times as long, until the last third was no more than 3 % faster than the one
     * before. Returns the microseconds of a step at the end.
     */
    double warm(double seconds) {
        long begin = System.nanoTime();
        List<Double> times = new ArrayList<>();
        for (int n = 1; !steady(times, (System.nanoTime() - begin) * NANO, seconds);) {
            double t = run(n);
            times.add(t);
            n = stepsIn(0.05, t);
            LockSupport.parkNanos(2_000_000);
        }
        return Ratio.median(times.subList(times.size() * 2 / 3, times.size()));
    }

    private static boolean steady(List<Double> times, double elapsed, double seconds) {
        if (elapsed < seconds || times.size() < 4)
            return false;
        int third = times.size() / 3;
        double before = Ratio.median(times.subList(third, 2 * third)),
                last = Ratio.median(times.subList(2 * third, times.size()));
        return last > before * 0.97 || elapsed > 3 * seconds;
    }

    /** How many steps of so many microseconds fill so many seconds, at least one. */
    static int stepsIn(double seconds, double microseconds) {
        return (int) Math.clamp(seconds * 1e6 / microseconds, 1, 1e6);
    }

    private String ask(String command) {
        commands.println(command);
        try {
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer() throws IOException {
        for (String line; (line = answers.readLine()) != null;)
            if (line.startsWith(Worker.MARK))
                return line.substring(Worker.MARK.length());
        throw new IOException("the process ended without an answer: " + process.info().command().orElse("?"));
    }

    @Override
    public void close() {
        commands.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS))
                process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
