package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.data.Dataset;
import autograd.nn.init.Init;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

import java.util.stream.Stream;

/** A size that is impossible for an array is an error that names it, before memory is allocated. */
class ExtremeSizesTest {
    private static final int MOST = Integer.MAX_VALUE;
    private static final String LARGE = "has more than 2^31 - 1 elements";

    private record Case(Executable call, String... parts) {
        DynamicTest test() {
            return dynamicTest(String.join(", ", parts),
                    () -> assertSays(assertThrows(IllegalArgumentException.class, call), parts));
        }
    }

    @TestFactory
    Stream<DynamicTest> sizes() {
        Rng rng = new Rng(1);
        Tensor image = Tensor.zeros(1, 2, 4, 4);
        return Stream.of( //
                new Case(() -> PositionalEncoding.sinusoidal(-1, 5), "PositionalEncoding", "[-1, 5]", "negative"),
                new Case(() -> PositionalEncoding.sinusoidal(46341, 46341), "PositionalEncoding", "[46341, 46341]",
                        LARGE),
                new Case(() -> PositionalEncoding.sinusoidal(1 << 16, 1 << 16), "[65536, 65536]", LARGE),
                new Case(() -> PositionalEncoding.learned(rng, 46341, 46341), "[46341, 46341]", LARGE),
                new Case(() -> Masks.lengths(MOST, 1, 2), "lengths", "[2, 2147483647]", LARGE),
                new Case(() -> Masks.lengths(-1), "lengths", "[0, -1]", "negative"),
                new Case(() -> Masks.causal(46341), "causal", "[1, 46341, 46341]", LARGE),
                new Case(() -> Lstm.of(rng, 1, 1 << 30), "Lstm", "[1073741824, 4294967296]", LARGE),
                new Case(() -> Gru.of(rng, 1, 1431655766), "Gru", "[1431655766, 4294967298]", LARGE),
                new Case(() -> Recurrent.bidirectional(2, 1, 1 << 30, (in, width) -> Rnn.of(rng, in, width)),
                        "Recurrent", "[2147483648]", LARGE),
                new Case(() -> Dense.of(rng, 1 << 16, 1 << 16), "[65536, 65536]", LARGE),
                new Case(() -> Conv2d.of(rng, 1, 1, 46341), "[1, 1, 46341, 46341]", LARGE),
                new Case(() -> Conv2d.of(rng, 2, 1, 1, Sliding.DEFAULT.padding(MOST)).forward(image), "conv2d", LARGE),
                new Case(
                        () -> new Embedding(new Variable(Tensor.zeros(1, 1 << 15)))
                                .forward(IntTensor.of(new int[1 << 16])),
                        "Embedding", "[65536, 32768]", LARGE),
                new Case(() -> Init.orthogonal().draw(DType.F32, rng, 2, 1 << 16, 1 << 16), "[2, 65536, 65536]", LARGE),
                new Case(() -> Dataset.of(Tensor.zeros(1).broadcastTo(1, 1 << 30), IntTensor.of(0)).batch(0, 0, 0),
                        "[3, 1073741824]", LARGE))
                .map(Case::test);
    }
}
