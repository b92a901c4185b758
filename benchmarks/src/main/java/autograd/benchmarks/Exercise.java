package autograd.benchmarks;

import autograd.Activations;
import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Normalization;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.kernels.Kernels;
import autograd.nn.Losses;
import autograd.nn.Mlp;
import autograd.nn.optim.Adam;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Something that kernels compute, at any size. As a program it gives a fresh JVM a history, then prints how
 * long some exercises take after it: what a kernel was compiled for first can decide how fast it is ever
 * after.
 *
 * @param name
 *            what {@link Guard} calls it
 * @param size
 *            the size at which it is timed
 * @param maker
 *            makes it
 */
record Exercise(String name, int size, Maker maker) {
    private static final int ROUNDS = 120, MIXED_ROUNDS = 24;
    private static final double BURST = 0.02;
    /** A compiler that finishes nothing for so long, in nanoseconds, has nothing to do. */
    private static final long PAUSE = 700_000_000;

    /** Makes an exercise of some size, at least 1: something to run. */
    interface Maker {
        Runnable of(DType dtype, int size);
    }

    /** Functions of two square matrices. */
    interface Binary {
        Object of(Tensor a, Tensor b);
    }

    static final List<Exercise> ALL = List.of(binary("matmul", 256, Tensor::matmul),
            binary("matmulTN", 256, (a, b) -> a.permute(1, 0).matmul(b)),
            binary("matmulNT", 256, (a, b) -> a.matmul(b.permute(1, 0))),
            new Exercise("matmul10", 256, (dtype, n) -> matmul10(dtype, n)), //
            binary("matmul1", 256, (a, b) -> a.matmul(b.slice(1, 0, 1))), //
            binary("add", 128, Tensor::add), binary("mul", 128, Tensor::mul), binary("div", 128, Tensor::div),
            binary("bias", 128, (a, b) -> a.add(b.slice(0, 0, 1))),
            binary("addTransposed", 128, (a, b) -> a.permute(1, 0).add(b)),
            binary("greater", 128, Tensor::gt), binary("equalToRow", 128, (a, b) -> a.eq(b.slice(0, 0, 1))),
            binary("positive", 128, (a, _) -> a.gt(0)), //
            binary("relu", 128, (a, _) -> a.relu()), //
            binary("reluBack", 128, (a, b) -> a.apply(new Activations.ReluVjp(), b)),
            binary("tanh", 128, (a, _) -> a.tanh()), binary("exp", 128, (a, _) -> a.exp()),
            binary("log", 128, (a, _) -> a.square().add(1).log()), binary("sigmoid", 128, (a, _) -> a.sigmoid()),
            binary("gelu", 128, (a, _) -> a.gelu()), binary("standardize", 128, (a, _) -> a.standardize(1e-5, 1)),
            binary("sqrt", 128, (a, _) -> a.square().sqrt()), binary("sum", 256, (a, _) -> a.sum()),
            binary("sumRows", 256, (a, _) -> a.sum(0)), binary("sumColumns", 256, (a, _) -> a.sum(1)),
            binary("cumsum", 256, (a, _) -> a.cumsum(0)), binary("argMax", 256, (a, _) -> a.argMax(0)),
            binary("max", 256, (a, _) -> a.max(1)), binary("softmax", 128, (a, _) -> a.softmax(-1)),
            binary("logSoftmax", 128, (a, _) -> a.logSoftmax(-1)), //
            binary("crossEntropy", 128, (a, _) -> a.sparseSoftmaxCrossEntropy(labels(a))),
            binary("crossEntropyBack", 128,
                    (a, b) -> b.sum(1).apply(new Normalization.SparseSoftmaxCrossEntropyVjp(labels(a)), a)),
            new Exercise("crossEntropy10", 256, Exercise::crossEntropy10),
            new Exercise("conv2d", 24, Exercise::convolution), new Exercise("maxPool2d", 32, Exercise::pooling),
            new Exercise("adam", 256, Exercise::adam));

    private static Exercise binary(String name, int size, Binary f) {
        return new Exercise(name, size, (dtype, n) -> {
            var rng = new Rng(n);
            Tensor a = Tensor.randn(dtype, rng, n, n), b = Tensor.randn(dtype, rng, n, n);
            return () -> f.of(a, b);
        });
    }

    private static IntTensor labels(Tensor logits) { return IntTensor.of(new int[logits.shape().dim(0)]); }

    private static Runnable matmul10(DType dtype, int n) {
        var rng = new Rng(n);
        Tensor a = Tensor.randn(dtype, rng, n, n), b = Tensor.randn(dtype, rng, n, 10);
        return () -> a.matmul(b);
    }

    private static Runnable crossEntropy10(DType dtype, int n) {
        Tensor a = Tensor.randn(dtype, new Rng(n), n, 10);
        IntTensor labels = labels(a);
        return () -> a.sparseSoftmaxCrossEntropy(labels);
    }

    private static Runnable convolution(DType dtype, int n) {
        var rng = new Rng(n);
        Tensor x = Tensor.randn(dtype, rng, 8, 3, n + 2, n + 2), kernel = Tensor.randn(dtype, rng, 8, 3, 3, 3);
        return () -> x.conv2d(kernel);
    }

    private static Runnable pooling(DType dtype, int n) {
        Tensor x = Tensor.randn(dtype, new Rng(n), 8, 3, n + 2, n + 2);
        return () -> x.maxPool2d(2, 2, 0);
    }

    /** A step of the optimizer, with the little that gives it a gradient. */
    private static Runnable adam(DType dtype, int n) {
        Tensor c = Tensor.randn(dtype, new Rng(n), n, n);
        var w = new Variable(c);
        var optimizer = new Adam(1e-3);
        return () -> {
            try (var tape = new GradientTape()) {
                optimizer.apply(tape.gradient(w.mul(c).sum(), List.of(w)));
            }
        };
    }

    /** What a JVM did before. */
    enum History {
        /** Nothing. */
        COLD {
            @Override
            void happen() {}
        },
        /** Very small arrays, many times. */
        TINY {
            @Override
            void happen() { all(DType.F32, 2000, 1, 2, 3); }
        },
        /** Doubles only. */
        DOUBLES {
            @Override
            void happen() { all(DType.F64, 20, 3, 64, 100); }
        },
        /** Both dtypes alternately, at odd sizes. */
        BOTH {
            @Override
            void happen() {
                for (int i = 0; i < 10; i++) {
                    all(DType.F32, 2, 5, 33);
                    all(DType.F64, 2, 7, 65);
                }
            }
        },
        /** Numbers one by one, then training, then everything at many sizes in a random order. */
        MIXED {
            @Override
            void happen() {
                scalars();
                training();
                var random = new Random(1);
                for (int i = 0; i < 400; i++) {
                    Exercise e = ALL.get(random.nextInt(ALL.size()));
                    DType dtype = random.nextInt(4) == 0 ? DType.F64 : DType.F32;
                    repeat(20, e.maker.of(dtype, 1 + random.nextInt(e.size)));
                }
            }
        };

        abstract void happen();

        private static void all(DType dtype, int times, int... sizes) {
            for (Exercise e : ALL)
                for (int n : sizes)
                    repeat(times, e.maker.of(dtype, Math.min(n, e.size)));
        }
    }

    private static void repeat(int times, Runnable run) {
        for (int i = 0; i < times; i++)
            run.run();
    }

    private static void scalars() {
        Tensor x = Tensor.scalar(0.5);
        for (int i = 0; i < 100_000; i++)
            x = x.mul(0.5).add(1).tanh();
    }

    private static void training() {
        var rng = new Rng(0);
        var model = Mlp.of(rng, 784, 128, 10);
        Tensor x = Tensor.rand(rng, 64, 784);
        IntTensor y = IntTensor.of(IntStream.range(0, 64).map(i -> i % 10).toArray());
        var optimizer = new Adam(1e-3);
        for (int i = 0; i < 300; i++)
            optimizer.minimize(model, () -> Losses.sparseSoftmaxCrossEntropy(model.forward(x), y));
    }

    /** Arguments: a history, then exercises; none means all of them. */
    static void main(String[] args) {
        History history = History.valueOf(args[0]);
        List<String> names = List.of(args).subList(1, args.length);
        List<Exercise> chosen = ALL.stream().filter(e -> names.isEmpty() || names.contains(e.name)).toList();
        history.happen();
        waitForCompiler();
        List<Runnable> runs = chosen.stream().map(e -> e.maker.of(DType.F32, e.size)).toList();
        List<List<Double>> times = new ArrayList<>();
        runs.forEach(_ -> times.add(new ArrayList<>()));
        for (int round = 0; round < (chosen.size() == 1 ? ROUNDS : MIXED_ROUNDS); round++)
            for (int i = 0; i < runs.size(); i++)
                times.get(i).add(burst(runs.get(i)));
        System.err.println(Worker.MARK + "kernels " + Kernels.get().name());
        for (int i = 0; i < chosen.size(); i++) {
            List<Double> t = times.get(i);
            System.err.println(Worker.MARK + String.format(Locale.ROOT, "%s %.3f", chosen.get(i).name,
                    Ratio.median(t.subList(t.size() * 2 / 3, t.size()))));
        }
    }

    /** Waits until the compiler is idle, which takes seconds on a slow processor and must not be timed. */
    private static void waitForCompiler() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        for (long before = -1, now; (now = compiler.getTotalCompilationTime()) != before; before = now)
            LockSupport.parkNanos(PAUSE);
    }

    /** Microseconds a run, and a pause for compilers that share the processor. */
    private static double burst(Runnable run) {
        long begin = System.nanoTime(), now;
        int n = 0;
        do {
            run.run();
            n++;
            now = System.nanoTime();
        } while (now - begin < BURST * 1e9);
        LockSupport.parkNanos(200_000);
        return (now - begin) / 1e3 / n;
    }
}
