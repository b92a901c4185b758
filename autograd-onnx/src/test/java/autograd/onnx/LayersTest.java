package autograd.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.Activation;
import autograd.nn.AdaptiveAvgPool2d;
import autograd.nn.AvgPool2d;
import autograd.nn.BatchNorm;
import autograd.nn.Conv1d;
import autograd.nn.Conv2d;
import autograd.nn.ConvTranspose2d;
import autograd.nn.DecoderBlock;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Embedding;
import autograd.nn.EncoderBlock;
import autograd.nn.Flatten;
import autograd.nn.GlobalAvgPool2d;
import autograd.nn.GroupNorm;
import autograd.nn.Gru;
import autograd.nn.InstanceNorm;
import autograd.nn.Layer;
import autograd.nn.LayerNorm;
import autograd.nn.Lstm;
import autograd.nn.Masks;
import autograd.nn.MaxPool2d;
import autograd.nn.Mlp;
import autograd.nn.MultiHeadAttention;
import autograd.nn.Pass;
import autograd.nn.PositionalEncoding;
import autograd.nn.Recurrent;
import autograd.nn.Residual;
import autograd.nn.RmsNorm;
import autograd.nn.Rnn;
import autograd.nn.Sequential;
import autograd.nn.Trainable;
import autograd.nn.Upsample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every layer, in ONNX Runtime and here, for batches of 1, 3 and 64. */
class LayersTest {
    private static final Rng RNG = new Rng(7);

    @TempDir
    Path folder;

    private record Case(String name, Layer layer, int... shape) {
        @Override
        public String toString() { return name; }
    }

    static final List<Case> LAYERS = List.of(new Case("Dense", Dense.of(RNG, 5, 3), 5),
            new Case("Dense of sequences", Dense.of(RNG, 5, 3), 4, 5), new Case("Mlp", Mlp.of(RNG, 6, 8, 3), 6),
            new Case("Conv1d", Conv1d.of(RNG, 3, 4, 3, Sliding.DEFAULT.padding(1)), 3, 9),
            new Case("Conv2d", Conv2d.of(RNG, 4, 6, 3, new Sliding(2, 1, 1, 2)), 4, 9, 7),
            new Case("Conv2d, same padding", Conv2d.of(RNG, 2, 3, 4, Sliding.DEFAULT.samePadding()), 2, 6, 7),
            new Case("Conv2d, other columns", Conv2d.of(RNG, 2, 3, 3, Sliding.DEFAULT.stride(2, 1).padding(0, 2)), 2, 6,
                    7),
            new Case("Conv1d, same padding", Conv1d.of(RNG, 2, 3, 4, Sliding.DEFAULT.samePadding()), 2, 7),
            new Case("ConvTranspose2d, other columns",
                    ConvTranspose2d.of(RNG, 3, 2, 3, Sliding.DEFAULT.stride(1, 2).padding(1, 0)), 3, 4, 5),
            new Case("InstanceNorm", trained(InstanceNorm.of(3)), 3, 4, 5),
            new Case("AdaptiveAvgPool2d", AdaptiveAvgPool2d.of(3), 2, 7, 8),
            new Case("Upsample", new Upsample(2, Upsample.Mode.NEAREST), 2, 3, 4),
            new Case("Upsample, bilinear", new Upsample(3, Upsample.Mode.BILINEAR), 2, 3, 4),
            new Case("Conv2d dilated", Conv2d.of(RNG, 2, 3, 2, Sliding.DEFAULT.dilation(2)), 2, 6, 6),
            new Case("ConvTranspose2d", ConvTranspose2d.of(RNG, 3, 2, 3, Sliding.DEFAULT.stride(2).padding(1)), 3, 4,
                    5),
            new Case("MaxPool2d", MaxPool2d.of(2), 3, 6, 8), new Case("MaxPool2d odd", MaxPool2d.of(3), 2, 7, 8),
            new Case("AvgPool2d", AvgPool2d.of(2), 3, 6, 8),
            new Case("GlobalAvgPool2d", new GlobalAvgPool2d(), 3, 4, 5),
            new Case("BatchNorm", trained(BatchNorm.of(4)), 4),
            new Case("BatchNorm of images", trained(BatchNorm.of(3)), 3, 5, 4),
            new Case("LayerNorm", trained(LayerNorm.of(6)), 4, 6),
            new Case("LayerNorm of two axes", trained(LayerNorm.of(4, 6)), 4, 6),
            new Case("GroupNorm", trained(GroupNorm.of(2, 6)), 6, 4, 3),
            new Case("RmsNorm", trained(RmsNorm.of(6)), 4, 6),
            new Case("Dropout", new Dropout(0.5), 6), new Case("Flatten", new Flatten(), 3, 2, 2),
            new Case("Residual", new Residual(Dense.of(RNG, 5, 5)), 5),
            new Case("Sequential", Sequential.of(Conv2d.of(RNG, 1, 4, 3), trained(BatchNorm.of(4)), Activation.RELU,
                    MaxPool2d.of(2), new Flatten(), new Dropout(0.3), Dense.of(RNG, 36, 4)), 1, 8, 8),
            new Case("EncoderBlock", EncoderBlock.of(RNG, 8, 2, 16, 0.1), 5, 8),
            new Case("EncoderBlock, norm first", EncoderBlock.of(DType.F32, RNG, 8, 2, 16, 0.1, true), 5, 8),
            layer("MultiHeadAttention", MultiHeadAttention.of(RNG, 8, 2), a -> x -> a.forward(x), 5, 8),
            layer("MultiHeadAttention, causal", MultiHeadAttention.of(RNG, 8, 2),
                    a -> x -> a.forward(x, Masks.causal(5)), 5, 8),
            new Case("PositionalEncoding", PositionalEncoding.sinusoidal(20, 8), 5, 8),
            layer("Lstm", Lstm.of(RNG, 4, 6), m -> x -> m.forward(x).y(), 5, 4),
            layer("Lstm, last state", Lstm.of(RNG, 4, 6), m -> x -> {
                var last = m.forward(x).last();
                return Tensor.concat(1, last.h(), last.c());
            }, 5, 4), layer("Gru", Gru.of(RNG, 4, 6), m -> x -> m.forward(x).y(), 5, 4),
            layer("Gru, last state", Gru.of(RNG, 4, 6), m -> x -> m.forward(x).last().h(), 5, 4),
            layer("Rnn", Rnn.of(RNG, 4, 6), m -> x -> m.forward(x).y(), 5, 4),
            layer("Lstm from another state", Lstm.of(RNG, 4, 6), m -> x -> m.forward(x, new Lstm.State(
                    Tensor.full(0.5, x.shape().dim(0), 6), Tensor.full(-0.5, x.shape().dim(0), 6))).y(), 5, 4),
            layer("Lstm, one step", Lstm.of(RNG, 4, 6),
                    m -> x -> m.step(x, m.zeroState(x.shape().dim(0))).h(), 4),
            layer("Recurrent", new Recurrent<>(List.of(Lstm.of(RNG, 4, 6), Lstm.of(RNG, 12, 6)),
                    List.of(Lstm.of(RNG, 4, 6), Lstm.of(RNG, 12, 6)), new Dropout(0)),
                    r -> x -> r.run(x, null, Pass.EVAL).y(), 5, 4));

    private static <M extends Trainable> Case layer(String name, M model, Function<M, Function<Tensor, Tensor>> forward,
            int... shape) {
        record Wrapped<M extends Trainable>(M model, Function<M, Function<Tensor, Tensor>> function) implements Layer {
            @Override
            public Tensor forward(Tensor x, Pass pass) { return function.apply(model).apply(x); }

            @Override
            public SequencedMap<String, Variable> state() { return model.state(); }

            @Override
            public SequencedMap<String, Trainable> parts() { return model.parts(); }
        }
        return new Case(name, new Wrapped<>(model, forward), shape);
    }

    /** Values that are neither 0 nor 1, so that a mistake shows. */
    private static <T extends Trainable> T trained(T layer) {
        layer.state().values().forEach(v -> v.assign(Tensor.rand(v.dtype(), RNG, v.shape().dims()).add(0.5)));
        return layer;
    }

    private static int[] with(int batch, int... shape) {
        return IntStream.concat(IntStream.of(batch), IntStream.of(shape)).toArray();
    }

    @ParameterizedTest
    @FieldSource("LAYERS")
    void theRuntimeComputesTheSame(Case c) {
        for (int opset : List.of(20, 21)) {
            Path file = folder.resolve("layer" + opset + ".onnx");
            Onnx.write(file, c.layer, Tensor.randn(new Rng(1), with(1, c.shape)), Onnx.Options.DEFAULT.opset(opset));
            try (var runtime = new OnnxRuntime(file)) {
                for (int batch : List.of(1, 3, 64)) {
                    Tensor x = Tensor.randn(new Rng(batch), with(batch, c.shape));
                    double error = OnnxRuntime.error(c.layer.forward(x, Pass.EVAL), runtime.run(x));
                    assertTrue(error < 1e-5, () -> "batch " + batch + ": error " + error);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activationsAreTheSame(Activation activation) {
        theRuntimeComputesTheSame(new Case(activation.name(), activation, 7));
    }

    /** Operators of a file, by name. */
    private List<String> operators(Layer layer, int... shape) throws IOException {
        Path file = folder.resolve("operators.onnx");
        Onnx.write(file, layer, Tensor.randn(new Rng(1), with(1, shape)));
        return ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getNodeList().stream()
                .map(NodeProto::getOpType).toList();
    }

    @Test
    void layersWithAnOperatorOfTheirOwnAreThatOperator() throws IOException {
        assertEquals(List.of("BatchNormalization", "Identity"), operators(trained(BatchNorm.of(3)), 3, 4, 4));
        assertEquals(List.of("LayerNormalization", "Identity"), operators(trained(LayerNorm.of(6)), 4, 6));
        for (String name : List.of("Lstm", "Gru", "Rnn")) {
            Case c = LAYERS.stream().filter(l -> l.name.equals(name)).findFirst().orElseThrow();
            List<String> all = operators(c.layer, c.shape);
            assertEquals(List.of("Transpose", name.toUpperCase(Locale.ROOT), "Squeeze", "Transpose",
                    "Identity"), all);
        }
        assertTrue(operators(MaxPool2d.of(2), 3, 6, 8).contains("MaxPool"));
    }

    @Test
    void integersAndSeveralInputsAreTaken() {
        record Net(Embedding words, Embedding places, Dense out) implements Trainable {}
        var net = new Net(Embedding.of(RNG, 11, 4), Embedding.of(RNG, 5, 4), Dense.of(RNG, 7, 3));
        Onnx.Model model = in -> net.out.forward(Tensor.concat(-1,
                net.words.forward(in.ints(0)).add(net.places.forward(IntTensor.of(0, 1, 2, 3, 4))), in.tensor(1)));
        Path file = folder.resolve("several.onnx");
        Onnx.write(file, net, model, Onnx.Inputs.of(IntTensor.of(new int[]{3, 1, 4, 1, 5}, 1, 5),
                Tensor.zeros(1, 5, 3)), Onnx.Options.DEFAULT.inputs("tokens", "features").output("logits"));
        try (var runtime = new OnnxRuntime(file)) {
            assertEquals(List.of("tokens", "features"), runtime.inputs());
            assertEquals(List.of("logits"), runtime.outputs());
            for (int batch : List.of(1, 3, 64)) {
                IntTensor words = IntTensor.of(new Rng(batch).ints(5 * batch, 0, 11).toArray(), batch, 5);
                Tensor features = Tensor.randn(new Rng(batch), batch, 5, 3);
                Tensor y = model.forward(Onnx.Inputs.of(words, features));
                assertTrue(OnnxRuntime.error(y, runtime.run(words, features)) < 1e-5);
            }
        }
    }

    @Test
    void aDecoderTakesItsMemory() {
        var block = DecoderBlock.of(RNG, 8, 2, 16, 0.1);
        Onnx.Model model = in -> block.forward(in.tensor(0), in.tensor(1), Pass.EVAL);
        Path file = folder.resolve("decoder.onnx");
        Onnx.write(file, block, model, Onnx.Inputs.of(Tensor.zeros(1, 4, 8), Tensor.zeros(1, 6, 8)),
                Onnx.Options.DEFAULT);
        try (var runtime = new OnnxRuntime(file)) {
            for (int batch : List.of(1, 3, 64)) {
                Tensor x = Tensor.randn(RNG, batch, 4, 8), memory = Tensor.randn(RNG, batch, 6, 8);
                assertTrue(OnnxRuntime.error(block.forward(x, memory, Pass.EVAL), runtime.run(x, memory)) < 1e-5);
            }
        }
    }

    /** A function of one tensor, without variables. */
    private record Formula(String name, Function<Tensor, Tensor> function) implements Layer {
        @Override
        public Tensor forward(Tensor x, Pass pass) { return function.apply(x); }

        @Override
        public String toString() { return name; }

        static Formula of(String name, Function<Tensor, Tensor> f) { return new Formula(name, f); }

        @Override
        public SequencedMap<String, Variable> state() { return new LinkedHashMap<>(); }

        @Override
        public SequencedMap<String, Trainable> parts() { return new LinkedHashMap<>(); }
    }

    static final List<Formula> FORMULAS = List.of(Formula.of("sort", x -> x.sort(1)),
            Formula.of("descending", x -> x.sort(-1, true)), Formula.of("topK", x -> x.topK(2, 2).values()),
            Formula.of("median of pairs", x -> x.flatten(1).sort(1).slice(1, 11, 13).mean(1)),
            Formula.of("mean of the batch", x -> x.sub(x.mean(true, 0))), Formula.of("mean", x -> x.mean()),
            Formula.of("last example", x -> x.slice(0, x.shape().dim(0) - 1, x.shape().dim(0)).add(x)),
            Formula.of("flip the batch", x -> x.flip(0)), Formula.of("flip", x -> x.flip(1, 2)),
            Formula.of("fold the batch", x -> x.reshape(-1, 6).softmax(-1).reshape(x.shape())),
            Formula.of("two unknown extents", x -> x.reshape(x.shape().dim(0), 1, x.shape().size() / x.shape().dim(0))
                    .broadcastTo(x.shape().dim(0), x.shape().dim(0), 24).sum(1)),
            Formula.of("ones of the batch", x -> Tensor.concat(1, x, Tensor.ones(x.shape().dim(0), 1, 6))),
            Formula.of("pad", x -> x.pad(new int[]{0, 1, 2}, new int[]{0, 0, 1}, 3)),
            Formula.of("gelu", Tensor::gelu), Formula.of("geluTanh", Tensor::geluTanh),
            Formula.of("silu", Tensor::silu),
            Formula.of("mish", Tensor::mish), Formula.of("logSumExp", x -> x.logSumExp(1)),
            Formula.of("std", x -> x.std(2)),
            Formula.of("einsum", x -> Tensor.einsum("nij,nkj->nik", x, x)),
            Formula.of("unfold", x -> x.unfold(2, 3, 2, 1)),
            Formula.of("tril", x -> x.tril(0)), Formula.of("cumprod", x -> x.cumprod(1)),
            Formula.of("tile", x -> x.tile(1, 2, 3)),
            Formula.of("repeat", x -> x.repeat(2, 1)), Formula.of("roll", x -> x.roll(1, 1)),
            Formula.of("diagonal", x -> x.diagonal(0, 1, 2)),
            Formula.of("mean of what the batch has", x -> x.sub(x.mean(0, 1).reshape(1, 1, 6))),
            Formula.of("clamp", x -> x.clamp(-0.5, 0.5).mul(2)));

    @ParameterizedTest
    @FieldSource("FORMULAS")
    void formulasAreTheSame(Formula formula) { theRuntimeComputesTheSame(new Case(formula.name, formula, 4, 6)); }

    @Test
    void frozenWeightsAreWrittenToo() {
        record Net(Embedding words, Dense out) implements Trainable {
            Tensor forward(IntTensor x) { return out.forward(words.forward(x)); }
        }
        var net = new Net(Embedding.of(RNG, 11, 4), Dense.of(RNG, 4, 3));
        net.freeze();
        Path file = folder.resolve("frozen.onnx");
        Onnx.write(file, net, net::forward, IntTensor.of(new int[]{0, 0}, 1, 2));
        assertTrue(net.variables().isEmpty());
        try (var runtime = new OnnxRuntime(file)) {
            IntTensor x = IntTensor.of(new int[]{3, 9, 10, 0, 1, 2}, 3, 2);
            assertTrue(OnnxRuntime.error(net.forward(x), runtime.run(x)) < 1e-6);
        }
    }

    @Test
    void doublesAreWritten() {
        var layer = Mlp.of(DType.F64, RNG, Activation.RELU, 5, 4, 3);
        Path file = folder.resolve("doubles.onnx");
        Onnx.write(file, layer, Tensor.zeros(DType.F64, 1, 5));
        try (var runtime = new OnnxRuntime(file)) {
            Tensor x = Tensor.randn(DType.F64, RNG, 3, 5);
            assertTrue(OnnxRuntime.error(layer.forward(x), runtime.run(x)) < 1e-14);
        }
    }

    @Test
    void weightsHaveTheNamesOfTheirPaths() throws IOException {
        Path file = folder.resolve("names.onnx");
        Onnx.write(file, Mlp.of(RNG, 5, 4, 3), Tensor.zeros(1, 5));
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        assertEquals(10, model.getIrVersion());
        assertEquals(20, model.getOpsetImport(0).getVersion());
        List<String> names = model.getGraph().getInitializerList().stream().map(t -> t.getName()).toList();
        assertTrue(names.containsAll(List.of("layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias")),
                names::toString);
        assertEquals("batch",
                model.getGraph().getInput(0).getType().getTensorType().getShape().getDim(0).getDimParam());
        assertEquals("batch",
                model.getGraph().getOutput(0).getType().getTensorType().getShape().getDim(0).getDimParam());
    }

    // ---- what is refused

    private void refuses(Function<Tensor, Tensor> f, String... facts) {
        Path file = folder.resolve("refused.onnx");
        String error = assertThrows(IllegalArgumentException.class,
                () -> Onnx.write(file, Formula.of("", f), Tensor.randn(new Rng(1), 2, 4))).getMessage();
        for (String fact : facts)
            assertTrue(error.contains(fact), () -> fact + ": " + error);
        assertTrue(Files.notExists(file));
    }

    private static String here(int more) {
        return "LayersTest.java:" + (StackWalker.getInstance()
                .walk(s -> s.skip(1).findFirst().orElseThrow().getLineNumber()) + more);
    }

    @Test
    void whatDependsOnTheDataIsRefusedByOperationAndLine() {
        String line = here(1);
        refuses(x -> x.where(x.gt(0), 0), "where at " + line, "mask");
        line = here(1);
        refuses(x -> x.gather(1, x.argMax(1).reshape(-1, 1)), "gather at " + line, "positions");
        line = here(1);
        refuses(x -> x.mul(x.gt(0).to(DType.F32)), "mul at " + line, "data");
        line = here(1);
        refuses(x -> x.mul(x.max().item()), "mul at " + line, "data");
        line = here(1);
        refuses(x -> x.add(x.detach().exp()), "add at " + line, "detach");
        refuses(x -> x.get(0, 0) > 0 ? x.exp() : x.mul(2).tanh(), "at LayersTest.java", "another run");
        refuses(x -> {
            Tensor y = x;
            for (int i = 0; i < x.shape().dim(0); i++)
                y = y.sin();
            return y;
        }, "sin at LayersTest.java", "batch");
        refuses(x -> x.detach().exp(), "output", "detached");
        refuses(x -> x.slice(0, 0, 2).reshape(2, 4).sub(x.shape().dim(0) * x.shape().dim(0)), "sub at");
        refuses(x -> x.matmul(Tensor.ones(4, 4)).solve(x), "");
    }

    @Test
    void wrongOptionsAreRefused() {
        for (Runnable wrong : Stream.<Runnable>of(() -> Onnx.Options.DEFAULT.opset(19),
                () -> Onnx.Options.DEFAULT.inputs("output"), () -> Onnx.Options.DEFAULT.output(" "),
                () -> Onnx.write(folder.resolve("x"), new Flatten(), Tensor.zeros(2, 2),
                        Onnx.Options.DEFAULT.inputs("a", "b")),
                () -> Onnx.write(folder.resolve("x"), new Flatten(), Tensor.scalar(1)),
                () -> Onnx.write(folder.resolve("x"), new Flatten(), Tensor.zeros(0, 2)),
                () -> Onnx.Inputs.of("text"),
                () -> Onnx.write(folder.resolve("x"), Dense.of(RNG, 3, 2), Tensor.zeros(1, 4)),
                () -> Onnx.write(folder.resolve("x"), new Flatten(), _ -> Tensor.zeros(1), new Onnx.Inputs(List.of()),
                        Onnx.Options.DEFAULT))
                .toList()) {
            String error = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
            assertTrue(error.startsWith("onnx: "), error);
        }
        assertTrue(Files.notExists(folder.resolve("x")));
    }

    /** A fixed batch may have a model that asks for it. */
    @Test
    void aFixedBatchIsThatOfTheExample() {
        var formula = Formula.of("pairs", x -> x.reshape(2, 2, 3).sum(0));
        Path file = folder.resolve("fixed.onnx");
        Tensor x = Tensor.randn(RNG, 4, 3);
        String error = assertThrows(IllegalArgumentException.class, () -> Onnx.write(file, formula, x)).getMessage();
        assertTrue(error.contains("fixedBatch"), error);
        Onnx.write(file, formula, x, Onnx.Options.DEFAULT.fixedBatch());
        try (var runtime = new OnnxRuntime(file)) {
            assertTrue(OnnxRuntime.error(formula.forward(x), runtime.run(x)) < 1e-6);
        }
    }

    @Test
    void anErrorLeavesAFileAsItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("kept.onnx"), "before");
        assertThrows(IllegalArgumentException.class,
                () -> Onnx.write(file, Formula.of("", x -> x.where(x.gt(0), 0)), Tensor.randn(RNG, 2, 3)));
        assertEquals("before", Files.readString(file));
        try (Stream<Path> all = Files.list(folder)) {
            assertEquals(List.of(file), all.toList());
        }
    }

    /** Masks that are the same for all data are in the file, also those that grow with the batch. */
    @Test
    void constantMasksAreWritten() {
        theRuntimeComputesTheSame(new Case("mask", Formula.of("mask", x -> x.where(
                Mask.of(new boolean[]{true, false, true, true}, 4), 7)), 4));
        theRuntimeComputesTheSame(new Case("mask of the batch", Formula.of("mask", x -> {
            boolean[] all = new boolean[4 * x.shape().dim(0)];
            for (int i = 0; i < all.length; i += 4)
                Arrays.fill(all, i, i + 2, true);
            return x.where(Mask.of(all, Shape.of(x.shape().dim(0), 4).dims()), 7);
        }), 4));
    }
}
