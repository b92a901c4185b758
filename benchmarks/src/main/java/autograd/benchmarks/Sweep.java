package autograd.benchmarks;

import autograd.Functional;
import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.Losses;
import autograd.nn.Mlp;
import autograd.nn.optim.Adam;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/**
 * How the time of a training step grows with the batch, the width and the depth of a perceptron, what a
 * backward pass costs beside a forward pass, and what a deep one holds in memory with and without
 * checkpoints. Prints tables and draws plots into a folder.
 */
final class Sweep {
    private static final int CLASSES = 10, BATCH = 64, WIDTH = 128, DEPTH = 2, DEEP_BATCH = 1024;
    private static final double WARM = 0.8, TIMED = 0.4, BURST = 0.02;

    private final Path folder;

    private Sweep(Path folder) { this.folder = folder; }

    static void main(String[] args) throws IOException {
        var sweep = new Sweep(Path.of(args[0]));
        Files.createDirectories(sweep.folder);
        sweep.time("batch", IntStream.of(1, 4, 16, 64, 256, 1024), n -> new Network(n, WIDTH, DEPTH));
        sweep.time("width", IntStream.of(16, 32, 64, 128, 256, 512, 1024), n -> new Network(BATCH, n, DEPTH));
        sweep.time("depth", IntStream.of(1, 2, 4, 8, 16, 32), n -> new Network(BATCH, WIDTH, n));
        sweep.memory(IntStream.of(4, 8, 16, 32, 64));
    }

    /** What a value of the swept quantity makes. */
    private interface Swept {
        Network of(int n);
    }

    /** A perceptron of some hidden layers of one width, and what is needed to train it. */
    private static final class Network {
        private final Mlp model;
        private final List<Variable> variables;
        private final Adam optimizer = new Adam(1e-3);
        private final Tensor x;
        private final IntTensor y;

        Network(int batch, int width, int hidden) {
            var rng = new Rng(0);
            int[] sizes = new int[hidden + 2];
            Arrays.fill(sizes, width);
            sizes[hidden + 1] = CLASSES;
            model = Mlp.of(rng, sizes);
            variables = model.variables();
            x = Tensor.randn(rng, batch, width);
            y = IntTensor.of(IntStream.range(0, batch).map(i -> i % CLASSES).toArray());
        }

        void forward() {
            try (var _ = new GradientTape()) {
                Losses.sparseSoftmaxCrossEntropy(model.forward(x), y);
            }
        }

        void forwardAndBackward() {
            try (var tape = new GradientTape()) {
                tape.gradient(Losses.sparseSoftmaxCrossEntropy(model.forward(x), y), variables);
            }
        }

        void step() {
            try (var tape = new GradientTape()) {
                optimizer.apply(tape.gradient(Losses.sparseSoftmaxCrossEntropy(model.forward(x), y), variables));
            }
        }

        /** Megabytes that the forward pass leaves behind for the backward pass. */
        double held(boolean checkpoints) {
            int segment = (int) Math.round(Math.sqrt(model.layers().size()));
            double before = usedMegabytes();
            try (var tape = new GradientTape()) {
                Tensor h = x;
                for (int i = 0; i < model.layers().size(); i += segment) {
                    int begin = i, end = Math.min(i + segment, model.layers().size());
                    Functional.Fn layers = in -> between(begin, end, in[0]);
                    h = (checkpoints ? Functional.checkpoint(layers) : layers).of(h);
                }
                double held = usedMegabytes() - before;
                tape.gradient(h.sum(), variables); // as it would be used; also keeps the tape alive until here
                return held;
            }
        }

        private Tensor between(int begin, int end, Tensor x) {
            Tensor h = x;
            for (int i = begin; i < end; i++)
                h = model.layers().get(i).forward(h).relu();
            return h;
        }
    }

    private void time(String what, IntStream values, Swept swept) throws IOException {
        List<Double> x = new ArrayList<>(), forward = new ArrayList<>(), both = new ArrayList<>(),
                step = new ArrayList<>();
        System.out.printf("%n| %s | forward us | forward and backward us | step us | backward / forward |%n", what);
        System.out.println("|---|---|---|---|---|");
        int[] all = values.toArray();
        for (int n : all)
            microseconds(swept.of(n)::step); // so that no figure is of loops that are not compiled yet
        for (int n : all) {
            Network network = swept.of(n);
            x.add((double) n);
            forward.add(microseconds(network::forward));
            both.add(microseconds(network::forwardAndBackward));
            step.add(microseconds(network::step));
            double f = forward.getLast(), b = both.getLast();
            System.out.printf(Locale.ROOT, "| %d | %.1f | %.1f | %.1f | %.2f |%n", n, f, b, step.getLast(),
                    (b - f) / f);
        }
        XYChart chart = chart("A training step against " + what, what, "microseconds");
        chart.addSeries("forward", x, forward);
        chart.addSeries("forward and backward", x, both);
        chart.addSeries("step", x, step);
        save(chart, "step-" + what);
    }

    private void memory(IntStream depths) throws IOException {
        List<Double> x = new ArrayList<>(), plain = new ArrayList<>(), kept = new ArrayList<>();
        System.out.printf("%n| depth, batch %d | held MB | with checkpoints MB |%n|---|---|---|%n", DEEP_BATCH);
        for (int n : depths.toArray()) {
            var network = new Network(DEEP_BATCH, WIDTH, n);
            network.held(false); // what is made on first use is not counted
            x.add((double) n);
            plain.add(network.held(false));
            kept.add(network.held(true));
            System.out.printf(Locale.ROOT, "| %d | %.1f | %.1f |%n", n, plain.getLast(), kept.getLast());
        }
        XYChart chart = chart("Memory held between the passes against depth", "depth", "megabytes");
        chart.addSeries("plain", x, plain);
        chart.addSeries("with checkpoints", x, kept);
        save(chart, "memory-depth");
    }

    private static double microseconds(Runnable run) {
        burst(run, WARM);
        List<Double> times = new ArrayList<>();
        for (double t = 0; t < TIMED; t += BURST)
            times.add(burst(run, BURST));
        return Ratio.median(times);
    }

    private static double burst(Runnable run, double seconds) {
        long begin = System.nanoTime(), now = begin;
        int n = 0;
        for (; n == 0 || now - begin < seconds * 1e9; n++) {
            run.run();
            if (n % 64 == 0)
                LockSupport.parkNanos(1000); // compilers may share this processor
            now = System.nanoTime();
        }
        return (now - begin) / 1e3 / n;
    }

    /** What is alive: the smallest of some collections' results, since most leave a little unpacked. */
    private static double usedMegabytes() {
        Runtime r = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(used, r.totalMemory() - r.freeMemory());
        }
        return used / (double) (1 << 20);
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder().width(640).height(400).title(title).xAxisTitle(x).yAxisTitle(y).build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        return chart;
    }

    private void save(XYChart chart, String name) throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".png"))) {
            BitmapEncoder.saveBitmap(chart, out, BitmapFormat.PNG);
        }
    }
}
