package autograd.benchmarks.jmh;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.Losses;
import autograd.nn.Mlp;
import autograd.nn.optim.Adam;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the tape costs, and a training step as users write it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dautograd.threads=1"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class TapeBenchmark {
    private static final int OPS = 100;

    private final Rng rng = new Rng(0);
    private final Variable scalar = new Variable(Tensor.scalar(0.5));
    private final Mlp model = Mlp.of(rng, 784, 128, 10);
    private final List<Variable> variables = model.variables();
    private final Adam optimizer = new Adam(1e-3);
    private final Tensor x = Tensor.rand(rng, 64, 784);
    private final IntTensor y = IntTensor.of(IntStream.range(0, 64).map(i -> i % 10).toArray());
    private final Variable weight = new Variable(Tensor.randn(rng, 784, 128));
    private final Variable mean = new Variable(Tensor.zeros(784, 128));
    private final Tensor gradient = Tensor.randn(rng, 784, 128);

    /** An operation on a scalar, not recorded. */
    @Benchmark
    @OperationsPerInvocation(OPS)
    public Tensor scalarOp() { return chain(); }

    /** The same, recorded. */
    @Benchmark
    @OperationsPerInvocation(OPS)
    public Tensor scalarOpRecorded() {
        try (var _ = new GradientTape()) {
            return chain();
        }
    }

    /** The same, recorded and played back. */
    @Benchmark
    @OperationsPerInvocation(OPS)
    public Tensor scalarOpPlayedBack() {
        try (var tape = new GradientTape()) {
            return tape.gradient(chain(), scalar);
        }
    }

    private Tensor chain() {
        Tensor h = scalar;
        for (int i = 0; i < OPS; i++)
            h = h.mul(scalar);
        return h;
    }

    /** One step of an optimizer with a slot on 100,352 elements: the kernel under every optimizer. */
    @Benchmark
    public Variable update() {
        weight.update((s, g) -> {
            s[1] = 0.9 * s[1] + g;
            s[0] -= 1e-3 * s[1];
        }, gradient, mean);
        return weight;
    }

    /** A training step of a 784-128-10 perceptron with Adam, batch 64. */
    @Benchmark
    public Tensor trainingStep() {
        try (var tape = new GradientTape()) {
            Tensor loss = Losses.sparseSoftmaxCrossEntropy(model.forward(x), y);
            optimizer.apply(tape.gradient(loss, variables));
            return loss;
        }
    }

    /** The optimizer alone, as far as it can be had alone: the gradient of a sum of products comes with it. */
    @Benchmark
    public Variable adam() {
        try (var tape = new GradientTape()) {
            optimizer.apply(tape.gradient(weight.mul(gradient).sum(), List.of(weight)));
            return weight;
        }
    }
}
