package autograd.benchmarks;

import java.util.List;
import java.util.SplittableRandom;

/** What is measured: the same mathematics on the same numbers, whoever does it. Everything is float32. */
public sealed interface Work {
    /** The name on the command line and in the results. */
    String name();

    /**
     * A training step of a perceptron with rectifiers: forward, mean softmax cross-entropy, backward, Adam of
     * rate 1e-3.
     *
     * @param name
     *            W1a, W1b or W1c
     * @param batch
     *            how many examples, always the same ones
     * @param sizes
     *            the widths, from input to classes
     */
    record Mlp(String name, int batch, int... sizes) implements Work {
        /** The examples, [batch, sizes[0]]. */
        public float[] x() { return floats(1, batch * sizes[0]); }

        /** Their classes. */
        public int[] y() { return labels(2, batch); }
    }

    /**
     * A matrix product: C[m, n] = op(A)[m, k] op(B)[k, n].
     *
     * @param name
     *            W2 and the shape
     * @param transposeA
     *            whether A lies as [k, m]
     * @param transposeB
     *            whether B lies as [n, k]
     * @param m
     *            rows
     * @param n
     *            columns
     * @param k
     *            what is summed over
     */
    record Gemm(String name, boolean transposeA, boolean transposeB, int m, int n, int k) implements Work {
        /** A as it lies, row-major. */
        public float[] a() { return floats(1, m * k); }

        /** B as it lies, row-major. */
        public float[] b() { return floats(2, k * n); }

        /** The extents of A as it lies. */
        public int[] shapeA() {
            return transposeA ? new int[]{k, m} : new int[]{m, k};
        }

        /** The extents of B as it lies. */
        public int[] shapeB() {
            return transposeB ? new int[]{n, k} : new int[]{k, n};
        }

        /** Multiplications, each with its addition. */
        public long multiplyAdds() { return (long) m * n * k; }

        /** Whether this is large enough for its ratio to count. */
        public boolean isLarge() {
            return multiplyAdds() >= 1_000_000;
        }

        private static Gemm of(String kind, int m, int n, int k) {
            String name = "W2_" + kind + "_" + m + "x" + n + "x" + k;
            return new Gemm(name, kind.equals("TN"), kind.equals("NT"), m, n, k);
        }
    }

    /** sum(tanh(2 x + 1)) of 2^20 numbers, and its gradient. */
    record Tanh(String name) implements Work {
        /** The numbers. */
        public float[] x() { return floats(3, 1 << 20); }
    }

    /** The expression in micrograd's README, of two scalars, and its gradient. */
    record Expression(String name) implements Work {
        /** The first scalar. */
        public static final double A = -4;

        /** The second. */
        public static final double B = 2;
    }

    /**
     * A training step of micrograd's demo as a graph of scalars, each weight a scalar of its own: hinge loss over
     * all points, L2 penalty of 1e-4, gradient descent of rate 0.01.
     *
     * @param name
     *            W4b
     * @param points
     *            how many
     * @param sizes
     *            the widths, from input to output
     */
    record ScalarMlp(String name, int points, int... sizes) implements Work {
        /** The L2 penalty's factor. */
        public static final double ALPHA = 1e-4;

        /** The step of gradient descent: small, so that a long run keeps working on living units. */
        public static final double RATE = 0.01;

        /** The points, [points][sizes[0]], from -1 to 1. */
        public double[][] x() {
            float[] flat = floats(4, points * sizes[0]);
            double[][] x = new double[points][sizes[0]];
            for (int i = 0; i < flat.length; i++)
                x[i / sizes[0]][i % sizes[0]] = 2 * flat[i] - 1;
            return x;
        }

        /** Their side of the unit circle around a corner, 1 or -1. */
        public int[] y() {
            double[][] x = x();
            int[] y = new int[points];
            for (int i = 0; i < points; i++)
                y[i] = Math.hypot(x[i][0] + 1, x[i][1] + 1) < 1.5 ? 1 : -1;
            return y;
        }

        /** All initial weights from -1 to 1, neuron by neuron: its weights, then its bias 0. */
        public double[] weights() {
            int count = 0;
            for (int i = 1; i < sizes.length; i++)
                count += sizes[i] * (sizes[i - 1] + 1);
            float[] drawn = floats(5, count);
            double[] w = new double[count];
            int at = 0;
            for (int i = 1; i < sizes.length; i++)
                for (int neuron = 0; neuron < sizes[i]; neuron++, at++)
                    for (int j = 0; j < sizes[i - 1]; j++, at++)
                        w[at] = 2 * drawn[at] - 1;
            return w;
        }
    }

    /**
     * A training step of a small convolutional network: 5x5 convolution to 8 channels, rectifier, 2x2 maximum,
     * the same to 16 channels, dense to 10 classes; loss and optimizer as in {@link Mlp}.
     *
     * @param name
     *            W5
     * @param batch
     *            how many images of 28x28
     */
    record Lenet(String name, int batch) implements Work {
        /** The images, [batch, 28, 28]. */
        public float[] x() { return floats(1, batch * 784); }

        /** Their classes. */
        public int[] y() { return labels(2, batch); }
    }

    /**
     * A job in a fresh process: the first step of W1a, then epochs over as many examples as MNIST has, kept as
     * bytes and scaled batch by batch.
     *
     * @param name
     *            W6
     * @param examples
     *            how many
     * @param epochs
     *            how often each is seen
     */
    record Job(String name, int examples, int epochs) implements Work {
        /** The step that is repeated. */
        public static final Mlp STEP = new Mlp("W1a", 64, 784, 128, 10);

        /** The images' pixels, one image after the other. */
        public byte[] pixels() {
            byte[] bytes = new byte[examples * 784];
            new SplittableRandom(6).nextBytes(bytes);
            return bytes;
        }

        /** Their classes. */
        public int[] labels() { return Work.labels(7, examples); }

        /** Some pixels as numbers from 0 to 1. */
        public static float[] scaled(byte[] pixels, int from, int count) {
            float[] x = new float[count];
            for (int i = 0; i < count; i++)
                x[i] = (pixels[from + i] & 0xFF) / 255f;
            return x;
        }
    }

    /** Everything that can be measured. */
    List<Work> ALL = List.of(Job.STEP, new Mlp("W1b", 512, 784, 128, 10), new Mlp("W1c", 256, 784, 512, 512, 10),
            Gemm.of("NN", 128, 128, 128), Gemm.of("NN", 256, 256, 256), Gemm.of("NN", 512, 512, 512),
            Gemm.of("NN", 1024, 1024, 1024), Gemm.of("NN", 64, 128, 784), Gemm.of("TN", 784, 128, 64),
            Gemm.of("NT", 64, 784, 128), Gemm.of("NN", 64, 10, 128), Gemm.of("TN", 128, 10, 64),
            Gemm.of("NT", 64, 128, 10), new Tanh("W3"), new Expression("W4a"), new ScalarMlp("W4b", 100, 2, 16, 16, 1),
            new Lenet("W5", 64), new Job("W6", 60_000, 5));

    /** The one of exactly that name. */
    static Work named(String name) {
        for (Work work : ALL)
            if (work.name().equals(name))
                return work;
        throw new IllegalArgumentException("there is no work " + name);
    }

    /** Those whose names begin so: W2 means all its shapes. */
    static List<Work> startingWith(String name) {
        return ALL.stream().filter(w -> w.name().equals(name) || name.matches("W[24]") && w.name().startsWith(name))
                .toList();
    }

    private static float[] floats(long seed, int n) {
        var random = new SplittableRandom(seed);
        float[] a = new float[n];
        for (int i = 0; i < n; i++)
            a[i] = (float) random.nextDouble();
        return a;
    }

    /** Without a stream, as {@link #named}: the first one takes 10 ms of a start, which W6 times. */
    private static int[] labels(long seed, int n) {
        var random = new SplittableRandom(seed);
        int[] labels = new int[n];
        for (int i = 0; i < n; i++)
            labels[i] = random.nextInt(10);
        return labels;
    }
}
