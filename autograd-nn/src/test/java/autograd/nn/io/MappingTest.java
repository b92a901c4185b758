package autograd.nn.io;

import static autograd.nn.Message.assertSays;
import static autograd.nn.io.Golden.assertSame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.BatchNorm;
import autograd.nn.Conv1d;
import autograd.nn.Conv2d;
import autograd.nn.ConvTranspose2d;
import autograd.nn.DecoderBlock;
import autograd.nn.Dense;
import autograd.nn.Embedding;
import autograd.nn.EncoderBlock;
import autograd.nn.GroupNorm;
import autograd.nn.Gru;
import autograd.nn.InstanceNorm;
import autograd.nn.Layer;
import autograd.nn.LayerNorm;
import autograd.nn.Lstm;
import autograd.nn.Mlp;
import autograd.nn.MultiHeadAttention;
import autograd.nn.Pass;
import autograd.nn.Recurrent;
import autograd.nn.Rnn;
import autograd.nn.Sequential;
import autograd.nn.Trainable;
import autograd.nn.init.Init;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Weights with other names and layouts: PyTorch's modules, compared with PyTorch's outputs. */
class MappingTest {
    private static final Init INIT = Init.xavierUniform();

    private static Path fixture(String name) {
        try {
            return Path.of(MappingTest.class.getResource("/pytorch-modules/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private record Module<M extends Trainable>(Function<DType, M> model, BiFunction<M, Tensor, Tensor> forward) {
        Tensor output(Trainable made, Tensor x) {
            @SuppressWarnings("unchecked")
            M own = (M) made;
            return forward.apply(own, x);
        }
    }

    private static <L extends Layer> Module<L> layer(Function<DType, L> model) {
        return new Module<>(model, Layer::forward);
    }

    /** The modules of the fixtures, by the names of their files. */
    private enum PyTorch {
        LINEAR(layer(d -> Dense.of(d, rng(), 5, 3, INIT))), //
        MLP(layer(d -> Sequential.of(Dense.of(d, rng(), 6, 8, INIT), Activation.RELU, Dense.of(d, rng(), 8, 3, INIT)))), //
        CONV2D(layer(d -> Conv2d.of(d, rng(), 2, 4, 3, Sliding.DEFAULT.padding(1), INIT))), //
        CONV1D(layer(d -> Conv1d.of(d, rng(), 3, 5, 3, Sliding.DEFAULT.padding(1), INIT))), //
        CONV_TRANSPOSE2D(layer(
                d -> ConvTranspose2d.of(d, rng(), 3, 2, 3, Sliding.DEFAULT.stride(2).padding(1), INIT))), //
        BATCH_NORM2D(layer(d -> BatchNorm.of(d, 3))), //
        LAYER_NORM(layer(d -> LayerNorm.of(d, 6))), //
        GROUP_NORM(layer(d -> GroupNorm.of(d, 2, 6))), //
        EMBEDDING(new Module<>(d -> Embedding.of(d, rng(), 11, 4, INIT), (e, x) -> e.forward(ints(x)))), //
        LSTM(new Module<>(d -> Lstm.of(d, rng(), 4, 5, INIT), (m, x) -> m.forward(x).y())), //
        GRU(new Module<>(d -> Gru.of(d, rng(), 4, 5, INIT), (m, x) -> m.forward(x).y())), //
        RNN(new Module<>(d -> Rnn.of(d, rng(), 4, 5, INIT), (m, x) -> m.forward(x).y())), //
        MULTIHEAD_ATTENTION(new Module<>(d -> MultiHeadAttention.of(d, rng(), 8, 2, INIT),
                MultiHeadAttention::forward)), //
        ENCODER_LAYER(layer(d -> EncoderBlock.of(d, rng(), 8, 2, 16, 0, false)));

        final Module<?> module;

        PyTorch(Module<?> module) { this.module = module; }

        Path file() { return fixture(name().toLowerCase(Locale.ROOT) + ".safetensors"); }
    }

    private static Rng rng() { return new Rng(1); }

    private static IntTensor ints(Tensor x) {
        return IntTensor.of(IntStream.range(0, x.size()).map(i -> (int) x.toDoubleArray()[i]).toArray(),
                x.shape().dims());
    }

    private static JsonNode fixtureCase(String module) throws IOException {
        for (JsonNode c : new ObjectMapper().readTree(fixture("cases.json").toFile()).get("cases"))
            if (c.get("module").asText().equalsIgnoreCase(module))
                return c;
        throw new AssertionError(module);
    }

    private static Tensor tensor(JsonNode json) {
        double[] data = new double[json.get("data").size()];
        for (int i = 0; i < data.length; i++)
            data[i] = json.get("data").get(i).asDouble();
        int[] shape = IntStream.range(0, json.get("shape").size()).map(i -> json.get("shape").get(i).asInt()).toArray();
        return Tensor.of(DType.F64, data, shape);
    }

    @TempDir
    private Path folder;

    /** Weights of F32, computed in F64. */
    @ParameterizedTest
    @EnumSource
    void aModuleOfPyTorchComputesTheSame(PyTorch torch) throws IOException {
        Trainable model = torch.module.model.apply(DType.F64);
        var report = Weights.load(torch.file(), model, Mapping.pyTorch());
        assertEquals(model.state().keySet(), Set.copyOf(report.loaded()));
        JsonNode c = fixtureCase(torch.name());
        Tensor expected = tensor(c.get("output")), got = torch.module.output(model, tensor(c.get("input")));
        assertEquals(expected.shape(), got.shape());
        assertArrayEquals(expected.toDoubleArray(), got.toDoubleArray(), 1e-12);
    }

    /** Saving for PyTorch and loading again is the identity; the reverse, too, unless tensors are added. */
    @ParameterizedTest
    @EnumSource
    void aRoundTripIsTheIdentity(PyTorch torch) throws IOException {
        Trainable model = torch.module.model.apply(DType.F32), back = torch.module.model.apply(DType.F32);
        Path file = folder.resolve("m.safetensors");
        Weights.load(torch.file(), model, Mapping.pyTorch());
        Weights.save(file, model, Mapping.pyTorch());
        Weights.load(file, back, Mapping.pyTorch());
        model.state().forEach((path, v) -> assertSame(v, back.state().get(path)));
        try (var written = SafeTensors.open(file); var original = SafeTensors.open(torch.file())) {
            assertEquals(List.copyOf(original.names()), List.copyOf(written.names()));
            for (String name : original.names()) {
                assertEquals(original.shape(name), written.shape(name), name);
                assertEquals(original.dtype(name), written.dtype(name), name);
            }
            assertEquals(original.metadata(), written.metadata());
        }
        if (Set.of(PyTorch.LSTM, PyTorch.RNN, PyTorch.BATCH_NORM2D).contains(torch))
            return; // two biases become one; batches are not counted here
        assertArrayEquals(Files.readAllBytes(torch.file()), Files.readAllBytes(file));
        assertSays(assertThrows(IllegalArgumentException.class, () -> Weights.load(file, back)), "format: pt",
                "Mapping.pyTorch()");
    }

    @Test
    void aLayerWithoutABiasIsAModuleWithoutOne() throws IOException {
        var model = Dense.of(DType.F64, rng(), 5, 2, INIT).withoutBias();
        Weights.load(fixture("linear_no_bias.safetensors"), model, Mapping.pyTorch());
        JsonNode c = fixtureCase("linear_no_bias");
        assertArrayEquals(tensor(c.get("output")).toDoubleArray(),
                model.forward(tensor(c.get("input"))).toDoubleArray(), 1e-12);
    }

    private record NewLayers(MultiHeadAttention attention, Conv2d conv, InstanceNorm norm, Embedding words,
            Layer function)
            implements
                Trainable {}

    /** Those of nn.MultiheadAttention(bias=False), Conv2d(bias=False), InstanceNorm2d(affine=True), Embedding. */
    @Test
    void layersWithoutBiasAndWithoutVariablesHaveTheirNames() {
        var rng = rng();
        var q = Dense.of(rng, 4, 4).withoutBias();
        var model = new NewLayers(new MultiHeadAttention(q, Dense.of(rng, 4, 4).withoutBias(),
                Dense.of(rng, 4, 4).withoutBias(), Dense.of(rng, 4, 4).withoutBias(), 2),
                Conv2d.of(rng, 1, 2, 3).withoutBias(), InstanceNorm.of(2), Embedding.of(rng, 3, 2).padding(0),
                Layer.of(Tensor::square));
        Path file = folder.resolve("new.safetensors");
        Weights.save(file, model, Mapping.pyTorch());
        assertEquals(Set.of("attention.in_proj_weight", "attention.out_proj.weight", "conv.weight", "norm.weight",
                "norm.bias", "words.weight"), SafeTensors.read(file).keySet());
    }

    private record Nested(Sequential body, List<Lstm> cells, Recurrent<Lstm.State> both, DecoderBlock decoder, Mlp mlp)
            implements
                Trainable {}

    @Test
    void partsAreNamedAsModulesAre() {
        var rng = rng();
        var model = new Nested(Sequential.of(Activation.RELU, Sequential.of(Dense.of(rng, 2, 2), BatchNorm.of(2))),
                List.of(Lstm.of(rng, 2, 3)), Recurrent.bidirectional(2, 2, 3, (in, width) -> Lstm.of(rng, in, width)),
                DecoderBlock.of(rng, 4, 2, 8, 0), Mlp.of(rng, 2, 3, 4, 5));
        Path file = folder.resolve("m.safetensors");
        Weights.save(file, model, Mapping.pyTorch());
        Set<String> expected = new TreeSet<>(List.of("body.1.0.weight", "body.1.0.bias", "body.1.1.weight",
                "body.1.1.bias", "body.1.1.running_mean", "body.1.1.running_var", "body.1.1.num_batches_tracked",
                "cells.0.weight_ih_l0", "cells.0.weight_hh_l0", "cells.0.bias_ih_l0", "cells.0.bias_hh_l0"));
        for (String layer : List.of("_l0", "_l1", "_l0_reverse", "_l1_reverse"))
            for (String kind : List.of("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
                expected.add("both." + kind + layer);
        for (String kind : List.of("weight", "bias")) {
            for (String part : List.of("norm1", "norm2", "norm3", "linear1", "linear2", "self_attn.out_proj",
                    "multihead_attn.out_proj"))
                expected.add("decoder." + part + "." + kind);
            expected.add("decoder.self_attn.in_proj_" + kind);
            expected.add("decoder.multihead_attn.in_proj_" + kind);
            for (int i : new int[]{0, 2, 4})
                expected.add("mlp." + i + "." + kind);
        }
        assertEquals(expected, new TreeSet<>(SafeTensors.read(file).keySet()));
        try (var open = SafeTensors.open(file)) {
            assertEquals(List.of(12, 6),
                    List.of(open.shape("both.weight_ih_l1").dim(0), open.shape("both.weight_ih_l1").dim(1)));
        }
    }

    // ---- other names and layouts

    private record Block(Dense query, Dense key, Dense value, LayerNorm norm) implements Trainable {
        static Block of(long seed) {
            var rng = new Rng(seed);
            return new Block(Dense.of(rng, 4, 3, Init.normal(1)), Dense.of(rng, 4, 3, Init.normal(1)),
                    Dense.of(rng, 4, 3, Init.normal(1)), LayerNorm.of(3));
        }
    }

    private record Net(List<Block> blocks, Dense head) implements Trainable {
        static Net of(long seed) {
            return new Net(List.of(Block.of(seed), Block.of(seed + 1)), Dense.of(new Rng(seed), 3, 2));
        }
    }

    private static Mapping gpt() {
        return Mapping.same().transpose("blocks.*.key.weight").transpose("blocks.*.query.weight")
                .transpose("blocks.*.value.weight")
                .pack("blocks.*.attn.weight", 1, "blocks.*.query.weight", "blocks.*.key.weight",
                        "blocks.*.value.weight")
                .pack("blocks.*.attn.bias", 0, "blocks.*.query.bias", "blocks.*.key.bias", "blocks.*.value.bias")
                .rename("blocks", "transformer.h").rename("transformer.h.*.norm", "transformer.h.*.ln_1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.safetensors", "m.npz"})
    void namesArePatternsAndTensorsArePacked(String name) {
        Path file = folder.resolve(name);
        Net model = Net.of(1), back = Net.of(5);
        Weights.save(file, model, gpt());
        Map<String, Tensor> saved = name.endsWith("npz") ? Npz.read(file) : SafeTensors.read(file);
        assertEquals(Set.of("transformer.h.0.attn.weight", "transformer.h.0.attn.bias", "transformer.h.0.ln_1.weight",
                "transformer.h.0.ln_1.bias", "transformer.h.1.attn.weight", "transformer.h.1.attn.bias",
                "transformer.h.1.ln_1.weight", "transformer.h.1.ln_1.bias", "head.weight", "head.bias"),
                saved.keySet());
        Block second = model.blocks.get(1);
        assertSame(Tensor.concat(1, second.query.weight(), second.key.weight(), second.value.weight()).transpose(),
                saved.get("transformer.h.1.attn.weight"));
        assertSame(model.head.weight(), saved.get("head.weight"));
        Weights.load(file, back, gpt());
        model.state().forEach((path, v) -> assertSame(v, back.state().get(path)));
    }

    private record Gates(Variable weight, Variable bias) implements Trainable {}

    /** Keras's GRU has z, r, h, where PyTorch has r, z, n. */
    @Test
    void gatesMayHaveAnotherOrder() {
        Path file = folder.resolve("m.npz");
        Mapping mapping = Mapping.same().reorder("weight", 2, 0, 1).transpose("weight").reorder("bias", 2, 0, 1);
        var model = new Gates(new Variable(Tensor.of(new double[][]{{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}})),
                new Variable(Tensor.of(1, 2, 3)));
        Weights.save(file, model, mapping);
        assertSame(Tensor.of(new double[][]{{5, 11}, {6, 12}, {1, 7}, {2, 8}, {3, 9}, {4, 10}}),
                Npz.read(file).get("weight"));
        assertSame(Tensor.of(3, 1, 2), Npz.read(file).get("bias"));
        var back = new Gates(new Variable(Tensor.zeros(2, 6)), new Variable(Tensor.zeros(3)));
        Weights.load(file, back, mapping);
        assertSame(model.weight, back.weight);
        assertSame(model.bias, back.bias);
    }

    @Test
    void partialMappingLoadsMatchingTensors() {
        Path file = folder.resolve("m.safetensors");
        Net model = Net.of(1);
        Weights.save(file, model);
        record Tuned(List<Block> blocks, Dense head, Dense extra) implements Trainable {}
        var tuned = new Tuned(List.of(Block.of(7)), Dense.of(rng(), 3, 9), Dense.of(rng(), 1, 1));
        Tensor head = tuned.head.weight().detach();
        var report = Weights.load(file, tuned, Mapping.same().partial("blocks"));
        assertTrue(report.loaded().containsAll(List.of("blocks.0.query.weight", "blocks.0.norm.bias")));
        assertEquals(8, report.loaded().size());
        assertEquals(List.of("extra.weight", "extra.bias"), report.missing());
        assertEquals(List.of("head.weight", "head.bias"), report.misshapen());
        assertEquals(8, report.unexpected().size());
        assertSame(model.blocks.get(0).key.weight(), tuned.blocks.get(0).key.weight());
        assertSame(head, tuned.head.weight());
        var e = assertThrows(IllegalArgumentException.class,
                () -> Weights.load(file, tuned, Mapping.same().partial("extra", "head")));
        assertSays(e, file.toString(), "lacks [extra.weight, extra.bias]", "head.weight is f32 [3, 2]", "f32 [3, 9]");
        assertEquals(1, tuned.blocks.get(0).key.weight().version(), "nothing has changed the second time");
    }

    @Test
    void tensorsMayBeIgnored() {
        Path file = folder.resolve("m.safetensors");
        var saved = new LinkedHashMap<String, Tensor>();
        saved.put("weight", Tensor.ones(2, 2));
        saved.put("bias", Tensor.ones(2));
        saved.put("h.0.mask", Tensor.ones(3));
        saved.put("h.1.mask", Tensor.ones(3));
        SafeTensors.write(file, saved);
        Dense model = Dense.of(rng(), 2, 2);
        assertSays(assertThrows(IllegalArgumentException.class, () -> Weights.load(file, model)), "h.0.mask");
        assertEquals(List.of(), Weights.load(file, model, Mapping.same().ignore("h.*.mask")).unexpected());
        assertSame(Tensor.ones(2, 2), model.weight());
    }

    /** Widening is exact and allowed; narrowing is refused. */
    @Test
    void numbersAreNotRounded() {
        Path file = folder.resolve("m.safetensors");
        Dense single = Dense.of(rng(), 2, 2), wide = Dense.of(DType.F64, rng(), 2, 2, INIT);
        for (FloatType type : List.of(FloatType.F16, FloatType.BF16, FloatType.F32)) {
            SafeTensors.write(file, single.state(), Map.of(), type);
            Weights.load(file, wide, Mapping.same());
            assertSame(SafeTensors.read(file).get("weight").to(DType.F64), wide.weight());
            if (type != FloatType.F32)
                Weights.load(file, single);
        }
        Weights.save(file, wide);
        assertSays(assertThrows(IllegalArgumentException.class, () -> Weights.load(file, single, Mapping.same())),
                "weight is f64 [2, 2]", "must be f32 [2, 2]");
    }

    @Test
    void aModelInSeveralFilesIsLoaded() throws IOException {
        Dense saved = Dense.of(rng(), 2, 3), model = Dense.of(new Rng(9), 2, 3);
        SafeTensors.write(folder.resolve("1.safetensors"), Map.of("weight", saved.weight()));
        SafeTensors.write(folder.resolve("2.safetensors"), Map.of("bias", saved.bias().add(1)));
        Path index = Files.writeString(folder.resolve("m.safetensors.index.json"),
                "{\"weight_map\": {\"weight\": \"1.safetensors\", \"bias\": \"2.safetensors\"}}");
        Weights.load(index, model);
        assertSame(saved.weight(), model.weight());
        assertSame(Tensor.ones(3), model.bias());
        assertSays(assertThrows(IllegalArgumentException.class, () -> Weights.save(index, model)), "index");
    }

    @Test
    void mappingsThatDoNotFitAreRefused() {
        Path file = folder.resolve("m.safetensors");
        Net model = Net.of(1);
        Map<String, Mapping> wrong = Map.of("no variable none", Mapping.same().transpose("none"), //
                "are not a matrix", Mapping.same().transpose("head.bias"), //
                "both be called", Mapping.same().rename("head.weight", "head.bias"), //
                "not 5 parts", Mapping.same().reorder("head.weight", 4, 3, 2, 1, 0), //
                "side by side", Mapping.same().pack("x", 0, "head.weight", "head.bias"), //
                "all or none",
                Mapping.same().transpose("head.weight").pack("x", 0, "head.weight", "blocks.0.key.weight"), //
                "no variable head.more", Mapping.same().pack("x", 0, "head.weight", "head.more"), //
                "no variable more", Mapping.same().pack("x", 0, "more"));
        wrong.forEach((says, mapping) -> {
            var e = assertThrows(IllegalArgumentException.class, () -> Weights.save(file, model, mapping));
            assertSays(e, says.replace("both be called", "two variables would be called"));
        });
        for (var e : List.of(assertThrows(IllegalArgumentException.class, () -> Mapping.same().rename("a.*", "b")),
                assertThrows(IllegalArgumentException.class, () -> Mapping.same().pack("a", 0, "b.*"))))
            assertSays(e, "as many *");
        assertSays(assertThrows(IllegalArgumentException.class, () -> Mapping.same().reorder("a", 0, 2)), "[0, 2]");
    }
}
