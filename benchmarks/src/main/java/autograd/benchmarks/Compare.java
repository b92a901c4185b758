package autograd.benchmarks;

import autograd.benchmarks.Child.Launch;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Measures this framework and a peer at the same work alternately. Each runs in a process of its own, is
 * warmed up, and then runs in short bursts while the other waits, so both figures are of the same minutes.
 */
final class Compare {
    private static final int PAIRS = 21, STARTS = 15, MEMORY_PAIRS = 3;
    private static final double BURST_SECONDS = 0.06, WARM_SECONDS = 10, WARM_PRODUCT_SECONDS = 3, MEMORY_SECONDS = 20;
    private static final int WRONG = 2;
    private static final String[] LIBRARY = {"autograd-core", "autograd-nn"},
            OURS = {"benchmarks", "autograd-nn", "autograd-core"};

    private final String peer;
    private final int threads;
    private final Isa isa;
    private final Launch ours, theirs;

    private Compare(String peer, int threads, Isa isa) {
        this.peer = peer;
        this.threads = threads;
        this.isa = isa;
        ours = Launch.java("autograd.benchmarks.Ours", ownOptions(threads, isa), ownClasses(OURS), Map.of());
        theirs = peer(peer, threads, isa);
    }

    private static List<String> ownOptions(int threads, Isa isa) {
        return Stream.concat(Stream.of("--add-modules=jdk.incubator.vector", "-Dautograd.threads=" + threads),
                isa.options.stream()).toList();
    }

    static void main(String[] args) throws IOException {
        List<Work> parts = args.length < 2 ? List.of() : Work.startingWith(args[0]);
        if (parts.isEmpty()) {
            end("usage: compare [--isa native|avx2|avx512] WORK PEER [THREADS]; WORK is one of "
                    + String.join(" ", Work.ALL.stream().map(Work::name).toList()) + ", or W2 or W4 for all of theirs");
            return;
        }
        try {
            Isa isa = Isa.of(System.getProperty("isa", "native"));
            isa.check();
            if (!isa.exceptions(args[1]).isEmpty())
                System.out.println("# " + isa.exceptions(args[1]));
            var compare = new Compare(args[1], args.length > 2 ? Integer.parseInt(args[2]) : 1, isa);
            if (parts.getFirst() instanceof Work.Job job)
                compare.job(job);
            else
                compare.steps(args[0], parts);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            end("compare: " + e.getMessage());
        }
    }

    private static void end(String why) {
        System.err.println(why);
        System.exit(WRONG);
    }

    /** How a peer's worker is started, with as many threads and the same instructions. */
    private static Launch peer(String peer, int threads, Isa isa) {
        String n = Integer.toString(threads);
        var environment = new HashMap<>(isa.environment);
        environment.putAll(Map.of("OMP_NUM_THREADS", n, "MKL_NUM_THREADS", n, "OPENBLAS_NUM_THREADS", n, //
                "GOMP_SPINCOUNT", "0", // LibTorch brings two OpenMP libraries, which would spin against each other
                "TF_CPP_MIN_LOG_LEVEL", "2", "DJL_CACHE_DIR", cache("djl"), "OPT_OUT_TRACKING", "true"));
        List<String> options = List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "--add-modules=jdk.incubator.vector", "-Dautograd.threads=" + n,
                "-Dorg.bytedeco.javacpp.cachedir=" + cache("javacpp"), "-Dai.djl.offline=true");
        return switch (peer) {
            case "fused" -> Launch.java("autograd.benchmarks.Fused", ownOptions(threads, isa), ownClasses(OURS),
                    environment);
            case "openblas" -> Launch.java("autograd.benchmarks.OpenBlas", options, ownClasses(OURS), environment);
            case "micrograd" ->
                new Launch(List.of("python3", System.getProperty("benchmarks") + "/peers/micrograd/micrograd.py"),
                        environment);
            case "libtorch" -> Launch.java("autograd.benchmarks.peers.LibTorch", options, classPath(), environment);
            case "tensorflow" -> Launch.java("autograd.benchmarks.peers.TensorFlow", options, classPath(), environment);
            case "djl" -> Launch.java("autograd.benchmarks.peers.Djl", options, classPath(), environment);
            default -> throw new IllegalArgumentException("there is no peer " + peer
                    + "; there are libtorch, tensorflow, djl, fused, openblas and micrograd");
        };
    }

    private static String cache(String name) {
        String home = System.getenv("XDG_CACHE_HOME");
        Path root = home == null || home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return root.resolve("autograd-benchmarks").resolve(name).toString();
    }

    private static List<String> classPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    }

    /** The entries of the class path that modules of this project were compiled to. */
    private static List<String> ownClasses(String... modules) {
        Path root = Path.of(System.getProperty("benchmarks")).getParent();
        return Stream.of(modules).map(m -> root.resolve(m).resolve("target").resolve("classes").toString())
                .filter(classPath()::contains).toList();
    }

    /** The parts that the peer does, a line each, and at the end the worst that counts. */
    private void steps(String name, List<Work> parts) throws IOException {
        Map<Work, Ratio> ratios = new LinkedHashMap<>();
        for (Work part : parts)
            try {
                ratios.put(part, alternate(part));
                System.out.println(ratios.get(part).line(part.name(), peer, threads, isa, "us"));
            } catch (UnsupportedOperationException e) {
                if (part == parts.getLast() && ratios.isEmpty())
                    throw e;
                System.out.println("# " + e.getMessage());
            }
        if (parts.size() > 1) {
            worst(ratios, w -> !counts(w)).ifPresent(w -> System.out.println("# the worst of those too small to count: "
                    + ratios.get(w).line(w.name(), peer, threads, isa, "us")));
            worst(ratios, Compare::counts).ifPresent(w -> System.out.println(
                    "# the worst, " + w.name() + ":\n" + ratios.get(w).line(name, peer, threads, isa, "us")));
        }
    }

    private static boolean counts(Work work) { return !(work instanceof Work.Gemm gemm) || gemm.isLarge(); }

    private static Optional<Work> worst(Map<Work, Ratio> ratios, Predicate<Work> which) {
        return ratios.keySet().stream().filter(which).min(Comparator.comparingDouble(w -> ratios.get(w).value()));
    }

    private Ratio alternate(Work work) throws IOException {
        double warm = work instanceof Work.Gemm ? WARM_PRODUCT_SECONDS : WARM_SECONDS;
        try (var a = new Child(ours, work, threads); var b = new Child(theirs, work, threads)) {
            int stepsA = Child.stepsIn(BURST_SECONDS, a.warm(warm)),
                    stepsB = Child.stepsIn(BURST_SECONDS, b.warm(warm));
            var ratio = new Ratio();
            for (int i = 0; i < PAIRS; i++)
                ratio.add(a.run(stepsA), b.run(stepsB));
            System.out.println("# " + work.name() + ": last results " + a.loss() + " and " + b.loss()
                    + ", steps in a burst " + stepsA + " and " + stepsB);
            return ratio;
        }
    }

    /** Measures fresh processes alternately: from launch to the first step, then the memory of the whole job. */
    private void job(Work.Job job) throws IOException {
        Ratio start = new Ratio(), memory = new Ratio(), size = new Ratio();
        long begin = System.nanoTime();
        starts(job); // fills caches of files
        for (int i = 0; i < STARTS; i++) {
            double[] seconds = starts(job);
            start.add(seconds[0] * 1e6, seconds[1] * 1e6);
        }
        long jobs = System.nanoTime();
        for (int i = 0; i < MEMORY_PAIRS && (i == 0 || System.nanoTime() - jobs < MEMORY_SECONDS * 1e9); i++)
            memory.add(megabytes(ours, job), megabytes(theirs, job));
        size.add(jars(ownClasses(LIBRARY)::contains),
                jars(s -> s.endsWith(".jar") && !s.contains("jspecify")));
        System.out.println(memory.line("W6memory", peer, threads, isa, "mb"));
        System.out.println(size.line("W6jars", peer, threads, isa, "mb"));
        System.out.println("# start to first step, in " + (System.nanoTime() - begin) / 1_000_000_000 + " s in all:");
        System.out.println(start.line(job.name(), peer, threads, isa, "us"));
    }

    private double[] starts(Work.Job job) throws IOException {
        try (var a = new Child(ours, job, threads)) {
            a.close();
            try (var b = new Child(theirs, job, threads)) {
                return new double[]{a.startSeconds, b.startSeconds};
            }
        }
    }

    private double megabytes(Launch launch, Work.Job job) throws IOException {
        try (var child = new Child(launch, job, threads)) {
            child.run(1);
            return child.memory();
        }
    }

    /** The size of some entries of the class path, folders packed as jars are, in MB. */
    private static double jars(Predicate<String> which) throws IOException {
        double bytes = 0;
        for (String entry : classPath())
            if (which.test(entry))
                bytes += entry.endsWith(".jar") ? Files.size(Path.of(entry)) : packed(Path.of(entry));
        return bytes / (1 << 20);
    }

    private static long packed(Path folder) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes); Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
        return bytes.size();
    }
}
