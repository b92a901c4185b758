package autograd.benchmarks.jmh;

import autograd.Activations;
import autograd.Elementwise;
import autograd.Trigonometry;
import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Kernels of this process on plain arrays, without tensors. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dautograd.threads=1"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    private final Kernels kernels = Kernels.get();

    /** Matrices of a shape named as layout and extents m x n x k. */
    @State(Scope.Thread)
    public static class Product {
        /** N plain, T transposed; rows, columns, what is summed over. */
        @Param({"NN 256 256 256", "NN 64 128 784", "TN 784 128 64", "NT 64 784 128", "NN 64 10 128"})
        public String shape = "";

        private NdArray a = zeros(0, 0), b = zeros(0, 0);

        /** Draws the matrices. */
        @Setup
        public void draw() {
            String[] words = shape.split(" ");
            int m = Integer.parseInt(words[1]), n = Integer.parseInt(words[2]), k = Integer.parseInt(words[3]);
            a = words[0].charAt(0) == 'T' ? random(k, m).permute(1, 0) : random(m, k);
            b = words[0].charAt(1) == 'T' ? random(n, k).permute(1, 0) : random(k, n);
        }
    }

    /** Elements side by side. */
    @State(Scope.Thread)
    public static class Elements {
        /** Rows of 128. */
        @Param({"64", "2048"})
        public int rows;

        private NdArray a = zeros(0, 0), b = zeros(0, 0), bias = zeros(0, 0);

        /** Draws the elements. */
        @Setup
        public void draw() {
            a = random(rows, 128);
            b = random(rows, 128);
            bias = random(1, 128);
        }
    }

    /** Matrix product. */
    @Benchmark
    public NdArray matmul(Product p) { return kernels.matmul(p.a, p.b); }

    /** Sum of equal shapes. */
    @Benchmark
    public NdArray add(Elements e) { return kernels.map(new Elementwise.Add(), e.a, e.b); }

    /** Sum with a row that is repeated. */
    @Benchmark
    public NdArray addBias(Elements e) { return kernels.map(new Elementwise.Add(), e.a, e.bias); }

    /** Rectifier. */
    @Benchmark
    public NdArray relu(Elements e) { return kernels.map(new Activations.Relu(), e.a); }

    /** Hyperbolic tangent. */
    @Benchmark
    public NdArray tanh(Elements e) { return kernels.map(new Trigonometry.Tanh(), e.a); }

    /** Softmax of each row. */
    @Benchmark
    public NdArray softmax(Elements e) { return kernels.softmax(e.a, 1, false); }

    /** Sum of everything. */
    @Benchmark
    public NdArray sum(Elements e) { return kernels.reduce(Kernels.Reduction.SUM, e.a, 0, 1); }

    /** Sum of each column, as a bias gets its gradient. */
    @Benchmark
    public NdArray sumRows(Elements e) { return kernels.reduce(Kernels.Reduction.SUM, e.a, 0); }

    private static NdArray random(int... dims) {
        var rng = new Rng(dims[0]);
        NdArray x = zeros(dims);
        for (int i = 0; i < x.size(); i++)
            x.storage().set(i, rng.nextGaussian());
        return x;
    }

    private static NdArray zeros(int... dims) { return NdArray.zeros(DType.F32, Shape.of(dims)); }
}
