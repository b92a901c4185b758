package autograd.benchmarks;

import autograd.benchmarks.Exercise.History;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Watches over the kernels: however a JVM was warmed up, each must be compiled and fast. Every exercise runs
 * in fresh JVMs after several histories, and all of them together in one JVM. It fails if the compiler gives
 * up on a method, if an exercise takes five times what it takes at best, if among others it takes twice what
 * it takes alone, or if a class of the vector kernels was never compiled, for then no exercise is about it.
 */
final class Guard {
    private static final double SLOW = 5, SLOW_TOGETHER = 2;
    private static final String VECTOR = "autograd.kernels.vector.";

    private final Isa isa = Isa.of(System.getProperty("isa", "native"));
    private final List<String> failures = new ArrayList<>();
    private final Set<String> compiled = new TreeSet<>();
    private String kernels = "?";

    static void main(String[] args) throws IOException {
        new Guard().run(args.length == 0 ? Exercise.ALL.stream().map(Exercise::name).toList() : List.of(args),
                args.length == 0);
    }

    private void run(List<String> names, boolean everything) throws IOException {
        isa.check();
        Map<String, Double> alone = new HashMap<>();
        for (String name : names)
            alone.put(name, histories(name));
        if (everything) {
            Map<String, Double> together = child("vector", History.MIXED, List.of());
            for (String name : names)
                check(name, "among others", together.get(name), alone.get(name), SLOW_TOGETHER);
            for (String kernel : vectorClasses())
                if (!compiled.contains(kernel))
                    failures.add(kernel + " was never compiled: add an exercise that uses it");
        }
        if (!kernels.equals("vector"))
            System.out.println("# these were the " + kernels + " kernels: this build or JVM has no vector kernels");
        failures.forEach(f -> System.out.println("FAILED: " + f));
        System.out.printf(Locale.ROOT, "guard: %d exercises, %d failures, isa=%s%n", names.size(), failures.size(),
                isa);
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    /** The time of an exercise in a fresh JVM, after comparing it with those after other histories. */
    private double histories(String name) throws IOException {
        Map<String, Double> times = new HashMap<>();
        for (History history : History.values())
            times.put(history.name(), child("vector", history, List.of(name)).get(name));
        times.put("scalar kernels", child("scalar", History.COLD, List.of(name)).get(name));
        double best = times.values().stream().min(Double::compare).orElseThrow();
        times.forEach((history, time) -> {
            if (!history.equals("scalar kernels"))
                check(name, "after " + history, time, best, SLOW);
        });
        System.out.println(name + " us: " + times);
        return times.get(History.COLD.name());
    }

    private void check(String name, String when, double time, double nominal, double factor) {
        if (time > nominal * factor)
            failures.add("%s %s takes %.1f us, elsewhere %.1f".formatted(name, when, time, nominal));
    }

    /** Runs exercises in a fresh JVM, and looks through what its compiler says. */
    private Map<String, Double> child(String which, History history, List<String> names) throws IOException {
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector", "-Dautograd.threads=1", "-Dautograd.kernels=" + which,
                        "-XX:+PrintCompilation", "-cp", classPath, Exercise.class.getName(), history.name()));
        command.addAll(1, isa.options);
        command.addAll(names);
        Path answers = Files.createTempFile("guard", ".txt"); // the compiler's lines would run into those of a shared
                                                              // stream
        try {
            Process process = new ProcessBuilder(command).redirectError(answers.toFile()).start();
            process.inputReader().lines().filter(s -> s.contains("autograd.")).forEach(s -> compiled(s, history));
            return times(Files.readAllLines(answers), which);
        } finally {
            Files.delete(answers);
        }
    }

    private void compiled(String line, History history) {
        if (line.contains("COMPILE SKIPPED") && !line.contains("concurrent class loading")) // of which it tries again
            failures.add(history + ": " + line.strip());
        Stream.of(line.strip().split("\\s+")).filter(s -> s.startsWith(VECTOR) && s.contains("::"))
                .forEach(s -> compiled.add(s.split("::|/")[0])); // a hidden class has its number after a slash
    }

    private Map<String, Double> times(List<String> answers, String which) throws IOException {
        Map<String, Double> times = new HashMap<>();
        for (String line : answers)
            if (line.startsWith(Worker.MARK)) {
                String[] words = line.substring(Worker.MARK.length()).split(" ");
                if (!words[0].equals("kernels"))
                    times.put(words[0], Double.parseDouble(words[1]));
                else if (which.equals("vector"))
                    kernels = words[1];
            }
        if (times.isEmpty())
            throw new IOException("an exercise ended without a time: " + String.join("\n", answers));
        return times;
    }

    /** The classes with loops in the packages of the vector kernels, which exist once for each dtype. */
    private static Set<String> vectorClasses() throws IOException {
        Set<String> classes = new TreeSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path folder = Path.of(entry, VECTOR.replace('.', '/'));
            if (Files.isDirectory(folder))
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(f -> f.getFileName().toString().matches("(Float|Double)\\w+\\.class"))
                            .map(f -> VECTOR + folder.relativize(f).toString().replace(File.separatorChar, '.')
                                    .replace(".class", ""))
                            .filter(Guard::hasCode).forEach(classes::add);
                }
        }
        return classes;
    }

    private static boolean hasCode(String name) {
        try {
            Class<?> c = Class.forName(name, false, Guard.class.getClassLoader());
            return !c.isInterface() && c.getDeclaredMethods().length > 0; // some hold a constant for others
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name + " is a file on the class path, but not a class that can be loaded",
                    e);
        }
    }
}
