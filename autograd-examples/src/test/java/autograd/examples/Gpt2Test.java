package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.examples.Gpt2.Cache;
import autograd.examples.Gpt2.Config;
import autograd.examples.Gpt2.Model;
import autograd.examples.Gpt2.Sampling;
import autograd.nn.Losses;
import autograd.nn.io.SafeTensors;
import autograd.nn.io.Weights;
import autograd.nn.optim.Adam;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares GPT-2 with the outputs of another framework for a small model with random weights. */
class Gpt2Test {
    private static final Path FOLDER = folder();
    private static final JsonNode EXPECTED = json("expected.json");
    private static final int[] IDS = ints(EXPECTED.get("ids"));

    @TempDir
    Path temporary;

    private static Path folder() {
        try {
            return Path.of(Gpt2Test.class.getResource("/gpt2-tiny").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(String file) {
        try {
            return new ObjectMapper().readTree(FOLDER.resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }

    private static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToDouble(JsonNode::doubleValue).toArray();
    }

    private static Model model(DType dtype) { return Model.read(dtype, FOLDER); }

    private static IntTensor batch(int... ids) { return IntTensor.of(ids, 1, ids.length); }

    /** The largest difference, relative to the largest number. */
    private static double error(double[] expected, Tensor y) {
        double[] found = y.toDoubleArray();
        assertEquals(expected.length, found.length);
        double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        return IntStream.range(0, found.length).mapToDouble(i -> Math.abs(found[i] - expected[i])).max().orElseThrow()
                / scale;
    }

    private static double tolerance(DType dtype) { return dtype == DType.F32 ? 1e-4 : 1e-9; }

    @ParameterizedTest
    @EnumSource(DType.class)
    void logitsAreThoseOfTheOtherFramework(DType dtype) {
        Tensor y = model(dtype).forward(batch(IDS), new Cache());
        double error = error(doubles(EXPECTED.get("logits")), y);
        assertTrue(error < tolerance(dtype), () -> "" + error);
    }

    @ParameterizedTest
    @CsvSource({"model-bf16.safetensors,logits_bf16_last", "f16/model.safetensors.index.json,logits_f16_last"})
    void halfPrecisionAndSeveralFilesAreRead(String file, String expected) {
        for (DType dtype : DType.values()) {
            Model model = Model.read(dtype, Config.read(FOLDER), FOLDER.resolve(file));
            double error = error(doubles(EXPECTED.get(expected)), model.next(IDS, new Cache()));
            assertTrue(error < tolerance(dtype), () -> dtype + ": " + error);
        }
    }

    @Test
    void lossAndGradientsAreThoseOfTheOtherFramework() {
        Model model = model(DType.F64);
        var names = Map.of("tokens", "wte", "positions", "wpe", "norm", "ln_f", "blocks", "h", "norm1", "ln_1",
                "norm2", "ln_2", "expand", "mlp.c_fc", "shrink", "mlp.c_proj", "project", "c_attn", "out", "c_proj");
        int last = IDS.length - 1;
        try (var tape = new GradientTape()) {
            Tensor logits = model.forward(batch(Arrays.copyOf(IDS, last)), new Cache());
            Tensor loss = Losses.sparseSoftmaxCrossEntropy(logits, batch(Arrays.copyOfRange(IDS, 1, last + 1)));
            assertEquals(EXPECTED.get("loss_next_token").doubleValue(), loss.item(), 1e-9);
            Gradients gradients = tape.gradients(loss);
            JsonNode norms = EXPECTED.get("grad_norms");
            assertEquals(norms.size(), model.variables().size());
            model.state().forEach((path, v) -> {
                String name = Stream.of(path.split("\\.")).map(part -> names.getOrDefault(part, part))
                        .collect(Collectors.joining(".")).replace("attention", "attn");
                assertEquals(norms.get(name).doubleValue(), gradients.of(v).norm(2).item(), 1e-8, name);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void greedyTextIsThatOfTheOtherFramework(DType dtype) {
        int[] greedy = ints(EXPECTED.get("greedy"));
        int[] text = Gpt2.write(model(dtype), IDS, greedy.length - IDS.length, new Sampling(0, 1), new Rng(0));
        assertArrayEquals(greedy, text);
    }

    /** A text in pieces, with a cache of keys and values, has the same logits as the whole text. */
    @Property(tries = 20)
    void theCacheChangesNothing(@ForAll long seed) {
        Model model = model(DType.F64);
        var rng = new Rng(seed);
        int[] text = rng.ints(1 + rng.nextInt(model.limit()), 0, 320).toArray();
        Tensor whole = model.forward(batch(text), new Cache());
        var cache = new Cache();
        for (int i = 0, n; i < text.length; i += n) {
            n = 1 + rng.nextInt(text.length - i);
            Tensor part = model.forward(batch(Arrays.copyOfRange(text, i, i + n)), cache);
            assertTrue(error(whole.slice(1, i, i + n).toDoubleArray(), part) < 1e-12);
        }
        assertEquals(text.length, cache.length());
    }

    @Test
    void aTextMayBeLongerThanThePositions() {
        Model model = model(DType.F64);
        int[] text = new Rng(1).ints(60, 0, 320).toArray();
        int[] more = Gpt2.write(model, text, 40, new Sampling(0, 1), new Rng(0));
        assertEquals(100, more.length);
        assertArrayEquals(text, Arrays.copyOf(more, 60));
        int[] end = Arrays.copyOfRange(text, 60 - model.limit(), 60);
        assertEquals(model.next(end, new Cache()).argMax(0).get(), more[60]);
        String error = assertThrows(IllegalArgumentException.class,
                () -> model.forward(batch(text), new Cache())).getMessage();
        assertTrue(error.contains("60") && error.contains("48"), error);
    }

    /** The frequency of each token is its probability among the most probable tokens. */
    @Test
    void tokensAreDrawnByTheirProbabilities() {
        Tensor logits = Tensor.of(1, 3, 2, -1);
        var rng = new Rng(5);
        int[] counts = new int[4];
        for (int i = 0; i < 4000; i++)
            counts[new Sampling(2, 2).draw(logits, rng)]++;
        double expected = 4000 / (1 + Math.exp(-0.5));
        assertEquals(0, counts[0] + counts[3]);
        assertEquals(expected, counts[1], 5 * Math.sqrt(4000 * 0.25));
        assertEquals(1, new Sampling(0, 4).draw(logits, rng));
        assertEquals(1, new Sampling(5, 1).draw(logits, rng));
    }

    /**
     * Adapters do not change the function before training; training changes only them; merging keeps the
     * function.
     */
    @Test
    void adaptersAreTrainedAlone() {
        Model base = model(DType.F64);
        Map<String, double[]> before = base.state().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toDoubleArray()));
        Tensor logits = base.forward(batch(IDS), new Cache());
        Model adapted = base.adapted(new Rng(3), 2);
        assertEquals(0, error(logits.toDoubleArray(), adapted.forward(batch(IDS), new Cache())));
        assertEquals(6, adapted.variables().size());

        int last = IDS.length - 1;
        IntTensor x = batch(Arrays.copyOf(IDS, last)), y = batch(Arrays.copyOfRange(IDS, 1, last + 1));
        var optimizer = new Adam(1e-2);
        double first = 0, loss = 0;
        for (int step = 0; step < 30; step++) {
            loss = optimizer.minimize(adapted,
                    () -> Losses.sparseSoftmaxCrossEntropy(adapted.forward(x, new Cache()), y));
            first = step == 0 ? loss : first;
        }
        assertTrue(loss < 0.8 * first, first + " became " + loss);
        base.state().forEach((path, v) -> assertArrayEquals(before.get(path), v.toDoubleArray(), path));
        double[] trained = adapted.forward(batch(IDS), new Cache()).toDoubleArray();
        Model merged = adapted.merged();
        assertEquals(base.state().keySet(), merged.state().keySet());
        assertTrue(error(trained, merged.forward(batch(IDS), new Cache())) < 1e-12);
        assertTrue(error(trained, base.forward(batch(IDS), new Cache())) > 1e-3);
    }

    @Test
    void savedWeightsHaveTheNamesAndLayoutsOfTheFile() {
        Path file = temporary.resolve("saved.safetensors");
        Weights.save(file, model(DType.F32), Gpt2.NAMES);
        Map<String, Tensor> original = SafeTensors.read(FOLDER.resolve("model.safetensors"));
        Map<String, Tensor> saved = SafeTensors.read(file);
        assertEquals(original.keySet(), saved.keySet());
        original.forEach((name, x) -> {
            assertEquals(x.shape(), saved.get(name).shape(), name);
            assertArrayEquals(x.toFloatArray(), saved.get(name).toFloatArray(), name);
        });
    }

    /**
     * In files of the whole language model each name has a prefix; older files contain masks and a tied head.
     */
    @Test
    void namesWithAPrefixAreRead() {
        Map<String, Tensor> original = SafeTensors.read(FOLDER.resolve("model.safetensors"));
        Map<String, Tensor> prefixed = original.entrySet().stream()
                .collect(Collectors.toMap(e -> "transformer." + e.getKey(), Map.Entry::getValue));
        prefixed.put("lm_head.weight", original.get("wte.weight"));
        prefixed.put("transformer.h.0.attn.bias", Tensor.ones(1, 1, 48, 48));
        prefixed.put("transformer.h.1.attn.masked_bias", Tensor.scalar(-1e4));
        Path file = temporary.resolve("prefixed.safetensors");
        SafeTensors.write(file, prefixed);
        Model model = Model.read(DType.F64, Config.read(FOLDER), file);
        assertTrue(error(doubles(EXPECTED.get("logits")), model.forward(batch(IDS), new Cache())) < 1e-9);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"gelu_new|relu|activation_function",
            "gpt2|llama|model_type", "\"n_head\": 4|\"n_head\": 5|n_embd",
            "\"n_layer\": 3|\"n_layer\": -3|n_layer", "n_positions|positions|n_positions",
            "{|[|config.json", "\"n_layer\": 3|\"n_layer\": 2|h.2.attn"})
    void messageOfAWrongConfigurationNamesItsFault(String from, String to, String named) throws IOException {
        for (String name : List.of("config.json", "model.safetensors"))
            Files.copy(FOLDER.resolve(name), temporary.resolve(name));
        String content = Files.readString(FOLDER.resolve("config.json"));
        assertTrue(content.contains(from));
        Files.writeString(temporary.resolve("config.json"),
                content.replaceFirst(java.util.regex.Pattern.quote(from), to));
        RuntimeException error = assertThrows(RuntimeException.class, () -> Model.read(DType.F32, temporary));
        assertTrue(error instanceof IllegalArgumentException || error instanceof UncheckedIOException, error::toString);
        assertTrue(error.getMessage().contains(named) && error.getMessage().contains(temporary.toString()),
                error::getMessage);
    }

    @Test
    void aFolderWithoutFilesIsRefused() {
        String error = assertThrows(IllegalArgumentException.class, () -> Model.read(DType.F32, temporary))
                .getMessage();
        assertTrue(error.contains("config.json") && error.contains("does not exist"), error);
    }

    @Test
    void aFolderIsRunFromTheCommandLine() throws Throwable {
        Path text = Files.writeString(temporary.resolve("text"), "the tape and the loss. ".repeat(20));
        Path saved = temporary.resolve("tuned.safetensors");
        List<String> lines = Run.printedBy(() -> new Gpt2().main(new String[]{"--model", FOLDER.toString(), "--train",
                text.toString(), "--rank", "4", "--steps", "60", "--lr", "1e-2", "--prompt", "the tape", "--tokens",
                "8",
                "--temperature", "0", "--save", saved.toString()}));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("the tape")), lines::toString);
        assertTrue(lines.getLast().matches("8 tokens, [0-9.]+ per second"), lines::toString);
        Model tuned = Model.read(DType.F32, Config.read(FOLDER), saved);
        assertFalse(error(doubles(EXPECTED.get("logits")), tuned.forward(batch(IDS), new Cache())) < 1e-3);
    }

    @Test
    void aSmallOneLearnsATextFromItsBytes() throws Throwable {
        List<String> lines = Run.printedBy(() -> new Gpt2().main(new String[]{"--steps", "50", "--tokens", "20"}));
        double loss = Double.parseDouble(lines.getFirst().replaceAll(".*: ", ""));
        assertTrue(loss < 4, lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("The tape")), lines::toString);
    }
}
