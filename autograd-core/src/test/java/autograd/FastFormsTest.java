package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The fast forms of recording and playback agree to the bit with the plain ones, which define the behaviour:
 * values, gradients of orders 1 and 2, the nodes of a tape, and errors.
 */
class FastFormsTest {
    /** Runs something with the plain recording. */
    private static <T> T plainly(Supplier<T> body) {
        Recording fast = Recording.current();
        Recording.OF_THREAD.set(new Recording());
        try {
            return body.get();
        } finally {
            Recording.OF_THREAD.set(fast);
        }
    }

    /** Everything that a user can observe about a function and its gradients. */
    private static List<Object> seen(Function<Tensor[], Tensor> f, Tensor g, Tensor[] in, DType dtype) {
        List<Object> seen = new ArrayList<>();
        List<Variable> at = Stream.of(in).map(x -> new Variable(x.to(dtype))).toList();
        Supplier<Tensor> y = () -> f.apply(at.toArray(Tensor[]::new));
        try {
            firstOrder(y, g.to(dtype), at, seen);
            secondOrder(y, g.to(dtype), at, seen);
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            seen.add(e.toString()); // a value that rounding to F32 takes out of the domain
        }
        return seen;
    }

    private static void firstOrder(Supplier<Tensor> f, Tensor g, List<Variable> at, List<Object> seen) {
        try (var tape = new GradientTape()) {
            Tensor y = f.get();
            for (Node node : tape.nodes())
                seen.add(node + " of " + node.inputs().stream().map(Tensor::label).toList() + ", shared "
                        + node.output().array().storage().isShared());
            seen.add(bits(y));
            Gradients gradients = tape.gradient(y, g, at);
            for (Variable v : at)
                seen.add(gradients.has(v) ? bits(gradients.of(v)) : "no gradient");
        }
    }

    private static void secondOrder(Supplier<Tensor> f, Tensor g, List<Variable> at, List<Object> seen) {
        try (var outer = new GradientTape(); var inner = new GradientTape()) {
            Gradients slopes = inner.gradient(f.get(), g, at);
            Tensor sum = Tensor.scalar(g.dtype(), 0);
            for (Variable v : at)
                sum = sum.add(slopes.of(v, Unconnected.ZERO).square().sum());
            Gradients gradients = outer.gradient(sum, at);
            for (Variable v : at)
                seen.add(gradients.has(v) ? bits(gradients.of(v)) : "no gradient");
        }
    }

    private static String bits(Tensor x) {
        return x.dtype() + " " + x.shape() + " "
                + Arrays.toString(Arrays.stream(x.toDoubleArray()).mapToLong(Double::doubleToLongBits).toArray());
    }

    private static void assertFormsAgree(Function<Tensor[], Tensor> f, Tensor g, Tensor[] in) {
        for (DType dtype : DType.values())
            assertEquals(plainly(() -> seen(f, g, in, dtype)), seen(f, g, in, dtype));
    }

    @ForEveryOp
    void onEveryOperation(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        assertFormsAgree(c.function(), OpCase.cotangent(c.value().shape(), new Rng(seed)), c.in());
    }

    /** Uses an intermediate result twice, so that its cotangents are added in place. */
    @ForEveryOp
    void onEveryOperationInAGraph(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        Function<Tensor[], Tensor> graph = in -> {
            Tensor y = c.function().apply(Stream.of(in).map(x -> x.add(0)).toArray(Tensor[]::new));
            return y.mul(y).add(y).sub(y.mul(0.5));
        };
        assertFormsAgree(graph, OpCase.cotangent(c.value().shape(), new Rng(seed)), c.in());
    }

    @Provide
    Arbitrary<RandomProgramTest.Program> programs() {
        return RandomProgramTest.programs(RandomProgramTest.Kind.right());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @AddLifecycleHook(RandomProgramTest.Tries.class)
    void onRandomPrograms(@ForAll("programs") RandomProgramTest.Program p, @ForAll int seed) {
        assertFormsAgree(p.function(), OpCase.cotangent(p.value().shape(), new Rng(seed)), p.in());
    }

    @Example
    void bothFormsAreReallyUsed() {
        Variable w = new Variable(Tensor.ones(3));
        assertInstanceOf(FastRecording.class, Recording.current());
        try (var tape = new GradientTape()) {
            assertInstanceOf(SmallNode.class, w.mul(2).node());
            assertInstanceOf(RecyclingPlayback.class, Recording.current().playback(tape.open, false, new Gradients()));
        }
        plainly(() -> {
            try (var tape = new GradientTape()) {
                assertSame(Node.class, w.mul(2).node().getClass());
                assertSame(Playback.class, Recording.current().playback(tape.open, false, new Gradients()).getClass());
                return w;
            }
        });
    }
}
