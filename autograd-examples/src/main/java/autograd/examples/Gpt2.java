package autograd.examples;

import module autograd.nn;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * GPT-2 (Radford et al., 2019): loads a model from a folder in the format of Hugging Face, fine-tunes it on a
 * text, and generates text. Without a folder, a small model with random weights learns a text byte by byte.
 */
class Gpt2 {
    private static final String TEXT = """
            The tape remembers what the forward pass has done.
            It writes a line for every gate, and then it waits.
            The loss comes back along the lines, it skips not one,
            and tells each weight how much it owes to what it states.
            A weight that hears its share will move a little way,
            and when the tape is new, it tells another share.
            So many little steps, and at the end of day
            the words come out in order, and the lines are there.
            """;

    /**
     * The sizes of a model.
     *
     * @param vocabulary
     *            number of tokens that exist
     * @param positions
     *            maximal number of tokens of a text
     * @param width
     *            length of the vector of a position
     * @param heads
     *            number of attention heads, of equal width
     * @param blocks
     *            number of blocks
     * @param epsilon
     *            epsilon of layer normalization
     */
    record Config(int vocabulary, int positions, int width, int heads, int blocks, double epsilon) {
        /** Reads {@code config.json}; a setting that this model does not support is an error. */
        static Config read(Path folder) {
            Path file = folder.resolve("config.json");
            Map<String, String> json = json(file);
            Map<String, String> demanded = Map.of("model_type", "gpt2", "activation_function", "gelu_new",
                    "tie_word_embeddings", "true", "scale_attn_weights", "true", "scale_attn_by_inverse_layer_idx",
                    "false", "add_cross_attention", "false");
            demanded.forEach((name, value) -> {
                if (!json.getOrDefault(name, value).equals(value))
                    throw new IllegalArgumentException(file + ": " + name + " is " + json.get(name)
                            + "; in a GPT-2 it must be " + value);
            });
            int width = size(file, json, "n_embd"), heads = size(file, json, "n_head");
            int inner = json.containsKey("n_inner") && !json.get("n_inner").equals("null")
                    ? size(file, json, "n_inner")
                    : 4 * width;
            if (width % heads != 0 || inner != 4 * width)
                throw new IllegalArgumentException(file + ": n_embd is " + width + ", n_head is " + heads
                        + ", n_inner is " + inner + "; n_embd must be a multiple of n_head, n_inner 4 times n_embd");
            return new Config(size(file, json, "vocab_size"), size(file, json, "n_positions"), width, heads,
                    size(file, json, "n_layer"), Double.parseDouble(json.getOrDefault("layer_norm_epsilon", "1e-5")));
        }

        private static int size(Path file, Map<String, String> json, String name) {
            String value = json.get(name);
            if (value == null || !value.matches("[1-9][0-9]{0,8}"))
                throw new IllegalArgumentException(file + ": " + name + " is " + value + "; it must be above 0");
            return Integer.parseInt(value);
        }
    }

    /** The keys and values of the positions so far, of each block: [n, heads, length, width / heads]. */
    static class Cache {
        private final Map<Integer, Tensor> keys = new HashMap<>(), values = new HashMap<>();

        int length() { return keys.isEmpty() ? 0 : keys.get(0).shape().dim(2); }

        private static Tensor append(Map<Integer, Tensor> all, int block, Tensor added) {
            return all.merge(block, added, (before, after) -> Tensor.concat(2, before, after));
        }
    }

    /**
     * Attention of each position to itself and to earlier positions; one projection computes queries, keys and
     * values.
     */
    record Attention(Layer project, Dense out, int heads) implements Trainable {
        Tensor forward(Tensor x, Mask allowed, Cache cache, int block) {
            List<Tensor> parts = project.forward(x).chunk(-1, 3).stream().map(this::split).toList();
            Tensor keys = Cache.append(cache.keys, block, parts.get(1));
            Tensor values = Cache.append(cache.values, block, parts.get(2));
            Tensor scores = parts.get(0).matmul(keys.transpose()).div(Math.sqrt(keys.shape().dim(-1)));
            Tensor found = scores.where(allowed, Double.NEGATIVE_INFINITY).softmax(-1).matmul(values);
            return out.forward(found.transpose(1, 2).reshape(x.shape()));
        }

        /** [n, length, width] as [n, heads, length, width / heads]. */
        private Tensor split(Tensor x) {
            return x.reshape(x.shape().dim(0), x.shape().dim(1), heads, -1).transpose(1, 2);
        }
    }

    /** Attention, then two layers for each position, each added to its input. */
    record Block(LayerNorm norm1, Attention attention, LayerNorm norm2, Dense expand, Dense shrink)
            implements
                Trainable {
        Tensor forward(Tensor x, Mask allowed, Cache cache, int block) {
            Tensor h = x.add(attention.forward(norm1.forward(x), allowed, cache, block));
            return h.add(shrink.forward(expand.forward(norm2.forward(h)).geluTanh()));
        }

        Block with(Layer project) {
            return new Block(norm1, new Attention(project, attention.out, attention.heads), norm2, expand, shrink);
        }
    }

    /**
     * A frozen layer plus a trained product of two narrow matrices: LoRA, Hu et al., ICLR 2022.
     */
    record LowRank(Dense base, Variable down, Variable up) implements Layer {
        private static final double SCALE = 2;

        static LowRank of(Rng rng, Dense base, int rank) {
            DType dtype = base.weight().dtype();
            int in = base.weight().shape().dim(0), out = base.weight().shape().dim(1);
            return new LowRank(base, new Variable("down", Tensor.randn(dtype, rng, in, rank).div(Math.sqrt(in))),
                    new Variable("up", Tensor.zeros(dtype, rank, out)));
        }

        @Override
        public Tensor forward(Tensor x, Pass pass) {
            return base.forward(x, pass).add(x.matmul(down).matmul(up).mul(SCALE));
        }

        /** Returns the same function as one layer. */
        Dense merged() {
            return new Dense(new Variable("weight", base.weight().add(down.matmul(up).mul(SCALE))), base.bias());
        }
    }

    /** The last layer shares the weights of the token embedding. */
    record Model(Embedding tokens, Embedding positions, List<Block> blocks, LayerNorm norm) implements Trainable {
        static Model of(DType dtype, Rng rng, Config sizes) {
            int width = sizes.width;
            Init init = Init.normal(0.02);
            return new Model(Embedding.of(dtype, rng, sizes.vocabulary, width, init),
                    Embedding.of(dtype, rng, sizes.positions, width, init),
                    Stream.generate(() -> new Block(norm(dtype, sizes),
                            new Attention(Dense.of(dtype, rng, width, 3 * width, init),
                                    Dense.of(dtype, rng, width, width, init), sizes.heads),
                            norm(dtype, sizes), Dense.of(dtype, rng, width, 4 * width, init),
                            Dense.of(dtype, rng, 4 * width, width, init))).limit(sizes.blocks).toList(),
                    norm(dtype, sizes));
        }

        private static LayerNorm norm(DType dtype, Config sizes) {
            return new LayerNorm(new Variable("weight", Tensor.ones(dtype, sizes.width)),
                    new Variable("bias", Tensor.zeros(dtype, sizes.width)), sizes.epsilon);
        }

        /** Reads the weights in a folder: one file, or several files and their index. */
        static Model read(DType dtype, Path folder) {
            Path file = folder.resolve("model.safetensors");
            Path index = folder.resolve("model.safetensors.index.json");
            return read(dtype, Config.read(folder), Files.exists(file) || Files.notExists(index) ? file : index);
        }

        static Model read(DType dtype, Config sizes, Path file) {
            Model model = of(dtype, new Rng(0), sizes);
            try (SafeTensors saved = SafeTensors.open(file)) {
                boolean prefixed = saved.names().contains("transformer.wte.weight");
                Mapping names = prefixed ? NAMES.rename("*", "transformer.*") : NAMES;
                Weights.load(file, model, names.ignore("lm_head.weight").ignore(prefixed
                        ? "transformer.h.*.attn.bias"
                        : "h.*.attn.bias")
                        .ignore(prefixed ? "transformer.h.*.attn.masked_bias" : "h.*.attn.masked_bias"));
            }
            return model;
        }

        /** Returns a model with the weights of this one, frozen, and adapters of a rank in each attention. */
        Model adapted(Rng rng, int rank) {
            freeze();
            return new Model(tokens, positions, blocks.stream()
                    .map(b -> b.with(LowRank.of(rng, (Dense) b.attention.project, rank))).toList(), norm);
        }

        /** Returns the model with its adapters, if any, added to the weights. */
        Model merged() {
            return new Model(tokens, positions, blocks.stream()
                    .map(b -> b.attention.project instanceof LowRank adapter ? b.with(adapter.merged()) : b).toList(),
                    norm);
        }

        /** Returns the logits of the next tokens after each of [n, length], which continue the tokens in a cache. */
        Tensor forward(IntTensor x, Cache cache) {
            return hidden(x, cache).matmul(tokens.weight().transpose());
        }

        private Tensor hidden(IntTensor x, Cache cache) {
            int past = cache.length(), all = past + x.shape().dim(1);
            if (all > limit())
                throw new IllegalArgumentException("GPT-2: " + all + " tokens, this model has " + limit()
                        + " positions");
            boolean[] seen = new boolean[(all - past) * all];
            for (int i = 0; i < all - past; i++)
                Arrays.fill(seen, i * all, i * all + past + i + 1, true);
            Mask allowed = Mask.of(seen, all - past, all);
            Tensor h = tokens.forward(x).add(positions.weight().slice(0, past, all));
            for (int i = 0; i < blocks.size(); i++)
                h = blocks.get(i).forward(h, allowed, cache, i);
            return norm.forward(h);
        }

        /** Returns the logits of the token after a text: [vocabulary]. */
        Tensor next(int[] text, Cache cache) {
            Tensor hidden = hidden(IntTensor.of(text, 1, text.length), cache);
            return hidden.slice(1, text.length - 1, text.length).matmul(tokens.weight().transpose()).flatten();
        }

        int limit() { return positions.weight().shape().dim(0); }
    }

    /** The names of the weights in files of Hugging Face; the layouts are the same. */
    static final Mapping NAMES = Mapping.same().rename("tokens", "wte").rename("positions", "wpe")
            .rename("norm", "ln_f").rename("blocks", "h").rename("h.*.norm1", "h.*.ln_1")
            .rename("h.*.norm2", "h.*.ln_2").rename("h.*.attention.project", "h.*.attn.c_attn")
            .rename("h.*.attention.out", "h.*.attn.c_proj").rename("h.*.expand", "h.*.mlp.c_fc")
            .rename("h.*.shrink", "h.*.mlp.c_proj");

    /**
     * The way to sample a token.
     *
     * @param temperature
     *            divisor of the logits; below 1e-6 the most probable token is chosen
     * @param topK
     *            sample from this many of the most probable tokens; ties with the last one are included
     */
    record Sampling(double temperature, int topK) {
        Sampling {
            if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY) || topK < 1)
                throw new IllegalArgumentException("--temperature is " + temperature + " and --top-k is " + topK
                        + "; they must be at least 0 and 1");
        }

        int draw(Tensor logits, Rng rng) {
            if (temperature < 1e-6)
                return logits.argMax(0).get();
            double[] sorted = logits.toDoubleArray();
            Arrays.sort(sorted);
            double least = sorted[Math.max(0, sorted.length - topK)], largest = sorted[sorted.length - 1];
            Tensor p = logits.sub(largest).div(temperature).where(logits.ge(least), Double.NEGATIVE_INFINITY)
                    .softmax(0);
            Tensor sums = p.cumsum(0);
            return sums.gt(rng.nextDouble() * sums.get(-1)).to(DType.F32).argMax(0).get();
        }
    }

    /** Appends tokens to a text of at least one; if it gets too long, continues from its second half. */
    static int[] write(Model model, int[] prompt, int count, Sampling sampling, Rng rng) {
        int[] text = Arrays.copyOf(prompt, prompt.length + count);
        var cache = new Cache();
        int read = Math.max(0, prompt.length - model.limit());
        for (int i = prompt.length; i < text.length; i++) {
            if (i - read + cache.length() > model.limit()) {
                cache = new Cache();
                read = i - Math.max(1, model.limit() / 2);
            }
            text[i] = sampling.draw(model.next(Arrays.copyOfRange(text, read, i), cache), rng);
            read = i;
        }
        return text;
    }

    /** The numbers, strings and booleans of a JSON object; nested values are skipped. */
    private static Map<String, String> json(Path file) {
        Map<String, String> found = new LinkedHashMap<>();
        JsonFactory factory = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
        try (JsonParser json = factory.createParser(text(file))) {
            if (json.nextToken() != JsonToken.START_OBJECT)
                throw new IllegalArgumentException(file + " must hold a JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken().isStructStart())
                    json.skipChildren();
                else
                    found.put(name, json.getText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
        return found;
    }

    private static String text(Path file) {
        if (Files.notExists(file))
            throw new IllegalArgumentException("cannot read " + file + ": it does not exist; a model's folder holds "
                    + "config.json, vocab.json, merges.txt and model.safetensors");
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e, e);
        }
    }

    @Option(names = "--model", description = "folder of a GPT-2 in Hugging Face's format; default: train a small model")
    private @Nullable Path folder;

    @Option(names = "--train", description = "text file to train on before generating")
    private @Nullable Path train;

    @Option(names = "--rank", description = "train only adapters of this rank; 0: all weights (${DEFAULT-VALUE})")
    private int rank = 0;

    @Option(names = "--steps", description = "number of training steps (${DEFAULT-VALUE})")
    private int steps = 500;

    @Option(names = "--lr", description = "learning rate of AdamW (${DEFAULT-VALUE})")
    private double learningRate = 1e-3;

    @Option(names = "--save", description = "file for the weights, with Hugging Face's names: NAME.safetensors")
    private @Nullable Path save;

    @Option(names = "--prompt", description = "beginning of the text (${DEFAULT-VALUE})")
    private String prompt = "The tape";

    @Option(names = "--tokens", description = "number of tokens to write (${DEFAULT-VALUE})")
    private int count = 100;

    @Option(names = "--temperature", description = "temperature of sampling; 0: the most probable token (${DEFAULT-VALUE})")
    private double temperature = 0.8;

    @Option(names = "--top-k", description = "sample from this many of the most probable tokens (${DEFAULT-VALUE})")
    private int topK = 40;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 0;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);
        if (rank < 0 || count < 0)
            throw new IllegalArgumentException("--rank is " + rank + " and --tokens is " + count
                    + "; they must be at least 0");
        var sampling = new Sampling(temperature, topK);
        var rng = new Rng(seed);
        BytePairEncoding tokens = folder == null
                ? BytePairEncoding.bytes()
                : BytePairEncoding.read(folder.resolve("vocab.json"), folder.resolve("merges.txt"));
        Model model = folder == null
                ? Model.of(DType.F32, rng, new Config(tokens.size(), 64, 64, 4, 2, 1e-5))
                : Model.read(DType.F32, folder);
        if (model.tokens.weight().shape().dim(0) < tokens.size())
            throw new IllegalArgumentException(folder + ": vocab.json has " + tokens.size() + " tokens, vocab_size is "
                    + model.tokens.weight().shape().dim(0));
        int[] begin = tokens.encode(prompt);
        if (begin.length == 0)
            throw new IllegalArgumentException("--prompt is empty: a text begins with at least one token");

        if (train != null || folder == null) {
            if (rank > 0)
                model = model.adapted(rng, rank);
            train(model, tokens.encode(train == null ? TEXT : text(train)), rng);
            model = model.merged();
        }
        if (save != null)
            Weights.save(save, model, NAMES);

        long start = System.nanoTime();
        int[] text = write(model, begin, count, sampling, rng);
        double seconds = (System.nanoTime() - start) * 1e-9;
        System.out.println(tokens.decode(text));
        System.out.printf(Locale.ROOT, "%d tokens, %.1f per second%n", count, count / seconds);
    }

    private void train(Model model, int[] text, Rng rng) {
        int length = Math.min(64, model.limit()), n = 8;
        if (text.length <= length)
            throw new IllegalArgumentException((train == null ? "the text" : train) + " has " + text.length
                    + " tokens; training needs more than " + length);
        var optimizer = new AdamW(learningRate);
        double mean = Double.NaN;
        for (int step = 1; step <= steps; step++) {
            int[] begin = rng.ints(n, 0, text.length - length).toArray();
            IntTensor x = windows(text, begin, length), y = windows(text, later(begin), length);
            double loss = optimizer.minimize(model,
                    () -> Losses.sparseSoftmaxCrossEntropy(model.forward(x, new Cache()), y));
            mean = step == 1 ? loss : 0.95 * mean + 0.05 * loss;
            if (step % 50 == 0 || step == steps)
                System.out.printf(Locale.ROOT, "Step %4d, loss: %.4f%n", step, mean);
        }
    }

    private static int[] later(int... begin) { return Arrays.stream(begin).map(b -> b + 1).toArray(); }

    /** Pieces of a text: [n, length]. */
    private static IntTensor windows(int[] text, int[] begin, int length) {
        return IntTensor.of(Arrays.stream(begin).flatMap(b -> Arrays.stream(text, b, b + length)).toArray(),
                begin.length, length);
    }
}
