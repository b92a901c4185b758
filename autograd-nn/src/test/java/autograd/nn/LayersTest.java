package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.nn.init.Init;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Small layers and options of layers: values by hand or by another layer, slopes, messages. */
class LayersTest {
    private final Rng rng = new Rng(1);

    private Tensor randn(int... dims) { return Tensor.randn(DType.F64, rng, dims); }

    private static void assertNear(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), 1e-12);
    }

    // ---- options

    @Test
    void withoutBiasALayerIsLinear() {
        var dense = Dense.of(rng, 3, 2).withoutBias();
        var conv = Conv2d.of(rng, 2, 3, 2).withoutBias();
        var line = Conv1d.of(rng, 2, 3, 2).withoutBias();
        var transposed = ConvTranspose2d.of(rng, 2, 3, 2).withoutBias();
        for (Trainable layer : List.of(dense, conv, line, transposed))
            assertEquals(List.of("weight"), List.copyOf(layer.state().keySet()));
        assertEquals(0, dense.forward(Tensor.zeros(4, 3)).abs().max().item());
        assertEquals(0, conv.forward(Tensor.zeros(1, 2, 4, 4)).abs().max().item());
        assertEquals(0, line.forward(Tensor.zeros(1, 2, 4)).abs().max().item());
        assertEquals(0, transposed.forward(Tensor.zeros(1, 2, 4, 4)).abs().max().item());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 1", "4, 1", "5, 2", "2, 3"})
    void samePaddingKeepsExtents(int size, int dilation) {
        Conv2d conv = Conv2d.of(DType.F64, rng, 2, 3, size, Sliding.DEFAULT, Init.heNormal()).dilation(dilation)
                .samePadding();
        Tensor x = randn(2, 2, 9, 6);
        int all = (size - 1) * dilation, before = all / 2, after = all - before;
        Tensor padded = x.pad(new int[]{0, 0, before, before}, new int[]{0, 0, after, after}, 0);
        assertEquals(Shape.of(2, 3, 9, 6), conv.forward(x).shape());
        assertNear(conv.padding(0).forward(padded), conv.forward(x));
        GradCheck.of(in -> conv.forward(in)).verify(randn(1, 2, 4, 3));
        Conv1d line = Conv1d.of(DType.F64, rng, 2, 3, size, Sliding.DEFAULT, Init.heNormal()).dilation(dilation)
                .samePadding();
        Tensor sequence = x.select(2, 0);
        assertNear(line.padding(0).forward(padded.select(2, before)), line.forward(sequence));
    }

    @Test
    void samePaddingNeedsStrideOne() {
        var conv = Conv2d.of(rng, 1, 1, 3);
        assertSays(assertThrows(IllegalArgumentException.class, () -> conv.stride(2).samePadding()), "stride 1",
                "padding");
        var transposed = ConvTranspose2d.of(rng, 1, 1, 3);
        assertSays(assertThrows(IllegalArgumentException.class, transposed::samePadding), "ConvTranspose2d", "padding");
        var line = Conv1d.of(rng, 1, 1, 3);
        assertSays(assertThrows(IllegalArgumentException.class, () -> line.stride(1, 2)), "Conv1d", "one axis");
    }

    /** Along an axis of extent 1, what slides along the other one is a convolution of sequences. */
    @Test
    void eachAxisHasItsStridePaddingAndDilation() {
        Conv2d conv = Conv2d.of(DType.F64, rng, 2, 3, 1, 3, Sliding.DEFAULT, Init.heNormal()).stride(1, 2).padding(0, 1)
                .dilation(1, 2);
        var line = new Conv1d(new Variable(conv.weight().squeeze(2)), conv.bias(), Sliding.DEFAULT).stride(2).padding(1)
                .dilation(2);
        Tensor x = randn(2, 2, 1, 9);
        assertNear(line.forward(x.squeeze(2)), conv.forward(x).squeeze(2));
        assertNear(line.forward(x.squeeze(2)), new Conv2d(new Variable(conv.weight().transpose()), conv.bias(),
                Sliding.DEFAULT).stride(2, 1).padding(1, 0).dilation(2, 1).forward(x.transpose()).squeeze(3));
    }

    // ---- layers

    @Test
    void instanceNormIsGroupNormOfEachChannel() {
        InstanceNorm norm = InstanceNorm.of(DType.F64, 3);
        norm.weight().assign(randn(3));
        norm.bias().assign(randn(3));
        Tensor x = randn(2, 3, 4, 5);
        assertNear(new GroupNorm(3, norm.weight(), norm.bias(), 1e-5).forward(x), norm.forward(x));
        Tensor each = x.slice(0, 1, 2).slice(1, 2, 3), y = each.sub(each.mean()).div(each.variance().add(1e-5).sqrt());
        assertNear(y.mul(norm.weight().get(2)).add(norm.bias().get(2)), norm.forward(x).slice(0, 1, 2).slice(1, 2, 3));
        assertSays(assertThrows(IllegalArgumentException.class, () -> norm.forward(x.transpose(1, 2))), "InstanceNorm",
                "[2, 4, 3, 5]", "[n, 3, ..]");
    }

    @Test
    void adaptivePoolingTakesMeansOfRegions() {
        Tensor x = randn(2, 3, 6, 8);
        assertNear(x.avgPool2d(2, 2, 0), new AdaptiveAvgPool2d(3, 4).forward(x));
        assertNear(x.mean(true, 2, 3), AdaptiveAvgPool2d.of(1).forward(x));
        assertNear(Tensor.of(DType.F64, 1, 2.5, 4).reshape(1, 1, 1, 3),
                new AdaptiveAvgPool2d(1, 3).forward(Tensor.of(DType.F64, 0.5, 1.5, 3.5, 4.5).reshape(1, 1, 1, 4)));
        assertNear(x, new AdaptiveAvgPool2d(6, 8).forward(x));
        GradCheck.of(in -> new AdaptiveAvgPool2d(2, 5).forward(in)).verify(randn(1, 2, 3, 4));
        var pool = AdaptiveAvgPool2d.of(2);
        assertSays(assertThrows(IllegalArgumentException.class, () -> pool.forward(Tensor.zeros(1, 2, 0, 4))),
                "AdaptiveAvgPool2d", "[1, 2, 0, 4]");
    }

    /** The values are PyTorch's, of Upsample(scale_factor=2, mode="bilinear") and so on. */
    @Test
    void upsampling() {
        Tensor x = Tensor.of(DType.F64, 1, 2, 3, 4).reshape(1, 1, 2, 2);
        assertNear(Tensor.of(DType.F64, 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4).reshape(1, 1, 4, 4),
                Upsample.nearest(2).forward(x));
        assertNear(Tensor.of(DType.F64, 1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4)
                .reshape(1, 1, 4, 4), Upsample.bilinear(2).forward(x));
        assertNear(x, Upsample.bilinear(1).forward(x));
        GradCheck.of(in -> Upsample.bilinear(3).forward(in)).verify(randn(1, 2, 2, 3));
        var up = Upsample.nearest(2);
        assertSays(assertThrows(IllegalArgumentException.class, () -> up.forward(Tensor.zeros(2, 3))), "Upsample",
                "[2, 3]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> Upsample.nearest(0)), "Upsample", "scale");
    }

    // ---- functions as layers

    private record Net(Dense dense, Layer square, Dense out) implements Layer {
        @Override
        public Tensor forward(Tensor x, Pass pass) {
            return out.forward(square.forward(dense.forward(x, pass), pass), pass);
        }
    }

    @Test
    void aFunctionIsALayerWithoutState() {
        int power = 2;
        double shift = 1;
        for (Layer layer : List.of(Layer.of(Tensor::square), Layer.of(x -> x.pow(power)),
                Layer.of(x -> x.add(shift).square().sub(shift).sub(x).sub(x)))) {
            assertTrue(layer.state().isEmpty());
            assertEquals(9, layer.forward(Tensor.of(3.0)).item());
            var net = new Net(Dense.of(rng, 2, 3), layer, Dense.of(rng, 3, 1));
            assertEquals(List.of("dense.weight", "dense.bias", "out.weight", "out.bias"),
                    List.copyOf(net.state().keySet()));
            assertEquals(4, net.parts().size());
            assertEquals(1, layer.parts().size());
        }
    }

    @Test
    void aFunctionThatCapturesSomethingTrainableIsAnError() {
        var dense = Dense.of(rng, 2, 2);
        var w = new Variable("w", Tensor.ones(2));
        var map = Map.of("w", w);
        Object hidden = w;
        Rng generator = rng;
        UnaryOperator<Tensor> local = new UnaryOperator<>() {
            private final Trainable inner = dense;

            @Override
            public Tensor apply(Tensor x) { return ((Dense) inner).forward(x); }
        };
        List<UnaryOperator<Tensor>> functions = List.of(dense::forward, x -> dense.forward(x), x -> x.mul(w),
                x -> x.mul(map.get("w")), x -> x.mul((Tensor) hidden), local, x -> x.mul(generator.nextDouble()));
        for (UnaryOperator<Tensor> f : functions)
            assertSays(assertThrows(IllegalArgumentException.class, () -> Layer.of(f)), "Layer.of", "captures",
                    "make the layer a record");
    }

    // ---- text

    private record Model(Dense hidden, Activation activation, Dense out) {}

    @Test
    void aModelPrintsItsLayersWithoutWeights() {
        var model = new Model(Dense.of(rng, 784, 128), Activation.RELU, Dense.of(rng, 128, 10).withoutBias());
        assertEquals("Model[hidden=Dense(784 -> 128), 100,480, activation=RELU, out=Dense(128 -> 10, no bias), 1,280]",
                model.toString());
        assertEquals("Variable(weight [784, 128] f32)", model.hidden.weight().toString());
        assertEquals("Conv2d(3 -> 16, 3x3, stride 2, padding [1, 0]), 448",
                Conv2d.of(rng, 3, 16, 3).stride(2).padding(1, 0).toString());
        assertEquals("Mlp(784 -> 128 -> 10, RELU), 101,770", Mlp.of(rng, 784, 128, 10).toString());
        assertEquals("Recurrent(2 -> 3, Gru x2, bidirectional), 324",
                Recurrent.bidirectional(2, 2, 3, (in, width) -> Gru.of(rng, in, width)).toString());
    }

    /** The name of the layer, one line, and how many numbers it holds; to print it changes nothing. */
    @Test
    void everyLayerIsOneLine() {
        List<Trainable> layers = List.of(Dense.of(rng, 2, 3), Conv1d.of(rng, 1, 2, 3), Conv2d.of(rng, 1, 2, 3),
                ConvTranspose2d.of(rng, 1, 2, 3).stride(2).outputPadding(1), BatchNorm.of(2), LayerNorm.of(2, 3),
                GroupNorm.of(1, 2), InstanceNorm.of(2), RmsNorm.of(2), Embedding.of(rng, 3, 2).padding(0),
                Lstm.of(rng, 1, 2), Gru.of(rng, 1, 2), Rnn.of(rng, 1, 2),
                Recurrent.of(1, 1, 2, (in, width) -> Lstm.of(rng, in, width)), MultiHeadAttention.of(rng, 4, 2),
                EncoderBlock.of(rng, 4, 2, 3, 0.1), DecoderBlock.of(rng, 4, 2, 3, 0.1), Mlp.of(rng, 1, 2),
                Neuron.of(rng, 2, Activation.TANH), PositionalEncoding.learned(rng, 3, 2), Sequential.of(Dense.of(rng,
                        1, 2)),
                new Residual(Dense.of(rng, 2, 2)), new Dropout(0.5), new Flatten(), new GlobalAvgPool2d(),
                MaxPool2d.of(2), AvgPool2d.of(2), AdaptiveAvgPool2d.of(2), Upsample.nearest(2));
        for (Trainable layer : layers) {
            String text = layer.toString();
            long numbers = layer.state().values().stream().mapToLong(Variable::size).sum();
            assertTrue(text.startsWith(layer.getClass().getSimpleName() + "("), text);
            assertTrue(text.endsWith(numbers == 0 ? ")" : "), " + numbers), text);
            assertTrue(text.lines().count() == 1 && text.length() < 80, text);
        }
    }

    /** A part of a model that is printed does not rename its variables for messages. */
    @Test
    void printingTellsNoVariableItsPath() {
        var dense = new Dense(new Variable("w", Tensor.ones(2, 2)), null);
        assertTrue(dense.toString().contains("2 -> 2"));
        assertEquals("variable w [2, 2]", dense.weight().label());
    }
}
