package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Compares the tape with a second implementation of the algorithm: to the bit, and with sums in another
 * order.
 */
class ReferencePlaybackTest {
    private static double[][] numbers(Tensor... tensors) {
        return Stream.of(tensors).map(Tensor::toDoubleArray).toArray(double[][]::new);
    }

    /** The gradients, and the gradients of their product with the cotangent and the inputs: order 2. */
    private static double[][] derivatives(Function<Tensor[], Tensor> f, Tensor g, Tensor[] in) {
        Function<Tensor[], Tensor> slope = at -> {
            Tensor sum = Tensor.scalar(DType.F64, 0);
            for (Tensor share : OpCase.vjps(f, at[0], List.of(at).subList(1, at.length).toArray(Tensor[]::new)))
                sum = sum.add(share.square().sum());
            return sum;
        };
        Tensor[] all = Stream.concat(Stream.of(g), Stream.of(in)).toArray(Tensor[]::new);
        return Stream.concat(Stream.of(numbers(OpCase.vjps(f, g, in))),
                Stream.of(numbers(OpCase.vjps(slope, Tensor.scalar(DType.F64, 1), all)))).toArray(double[][]::new);
    }

    private static void assertSameBits(Function<Tensor[], Tensor> f, Tensor g, Tensor[] in) {
        Function<Tensor[], Tensor> again = OpCase.of(new ReferencePlayback.Played(f), in).function();
        double[][] expected = derivatives(f, g, in), actual = derivatives(again, g, in);
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++)
            assertArrayEquals(expected[i], actual[i]);
    }

    @ForEveryOp
    void isTheEngineToTheBit(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        assertSameBits(c.function(), OpCase.cotangent(c.value().shape(), new Rng(seed)), c.in());
    }

    @Provide
    Arbitrary<RandomProgramTest.Program> programs() {
        return RandomProgramTest.programs(RandomProgramTest.Kind.right());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @AddLifecycleHook(RandomProgramTest.Tries.class)
    void isTheEngineToTheBitForPrograms(@ForAll("programs") RandomProgramTest.Program p, @ForAll int seed) {
        assertSameBits(p.function(), OpCase.cotangent(p.value().shape(), new Rng(seed)), p.in());
    }

    /** Without rules that contain differences, because these cancel, which the bound does not cover. */
    @Provide
    Arbitrary<RandomProgramTest.Program> products() {
        return RandomProgramTest.programs(RandomProgramTest.Kind.right().stream()
                .filter(k -> k != RandomProgramTest.Kind.SOFTMAX).toList());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @AddLifecycleHook(RandomProgramTest.Tries.class)
    void theOrderOfSharesMattersByRoundingAlone(@ForAll("products") RandomProgramTest.Program p, @ForAll int seed) {
        assertOrderMattersByRounding(p.function(), OpCase.cotangent(p.value().shape(), new Rng(seed)), p.in());
    }

    private static void assertOrderMattersByRounding(Function<Tensor[], Tensor> f, Tensor g, Tensor[] in) {
        Tensor[] forwards = OpCase.vjps(f, g, in), backwards = ReferencePlayback.reversed(f, g, in),
                errors = ReferencePlayback.roundingErrors(f, g, in);
        for (int i = 0; i < in.length; i++) {
            if (backwards[i] == null)
                continue;
            double[] a = forwards[i].toDoubleArray(), b = backwards[i].toDoubleArray(), e = errors[i].toDoubleArray();
            for (int j = 0; j < a.length; j++)
                assertEquals(a[j], b[j], 2 * e[j] + Double.MIN_VALUE); // both may be off
        }
    }

    /** Shares that cancel, so that the order of the sum changes every digit: numbers of 10^16 have ulps of 2. */
    @Example
    void anOrderThatShows() {
        Function<Tensor[], Tensor> f = in -> in[0].mul(1e16).add(in[0].mul(-1e16)).add(in[0]);
        Tensor g = Tensor.scalar(DType.F64, 1);
        Tensor[] in = {Tensor.scalar(DType.F64, 1)};
        double forwards = OpCase.vjps(f, g, in)[0].item(), backwards = ReferencePlayback.reversed(f, g, in)[0].item();
        assertNotEquals(forwards, backwards);
        assertOrderMattersByRounding(f, g, in);
        assertTrue(ReferencePlayback.roundingErrors(f, g, in)[0].item() < 100);
    }
}
