package autograd.nn.train;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.Trainable;
import autograd.nn.io.SafeTensors;
import autograd.nn.optim.Optimizer;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Saves a run in one safetensors file, so that it can continue as if it had never been interrupted: the
 * variables of the model by their paths, the state of the optimizer ({@code optimizer/steps} and so on), and
 * the position of the generator. {@link Trainer#save} adds the progress of training and the state of its
 * callbacks. In your own loop, use:
 *
 * {@snippet :
 * Checkpoint.save(file, model, optimizer, rng);
 * Checkpoint.restore(file, model, optimizer, rng); // all three constructed as before saving
 * }
 */
public final class Checkpoint {
    private static final String CALLBACKS = "callbacks/", SEED = "seed", POSITION = "position";

    private final String name;
    final SequencedMap<String, Tensor> tensors;
    final SequencedMap<String, String> texts;

    /** The tensors to save, with the name that messages use. */
    Checkpoint(String name, SequencedMap<String, Tensor> tensors, SequencedMap<String, String> texts) {
        this.name = name;
        this.tensors = tensors;
        this.texts = texts;
    }

    /**
     * Saves a run, except gradients accumulated by {@code backward()} and the choice of frozen variables.
     *
     * @param file
     *            replaced when the new one is complete
     * @param model
     *            its variables are saved by their paths
     * @param optimizer
     *            see {@link Optimizer#save}
     * @param rng
     *            the generator of dropout, shuffling and so on
     */
    public static void save(Path file, Trainable model, Optimizer optimizer, Rng rng) {
        of(model, optimizer, rng).write(file);
    }

    /**
     * Restores a model, an optimizer and a generator. If something does not fit, none of them changes, and the
     * exception names it.
     *
     * @param file
     *            a file written by {@link #save} or {@link Trainer#save}
     * @param model
     *            constructed like the saved one
     * @param optimizer
     *            constructed with the same settings as the saved one
     * @param rng
     *            a generator with the seed of the saved one
     */
    public static void restore(Path file, Trainable model, Optimizer optimizer, Rng rng) {
        read(file).restore(model, optimizer, rng);
    }

    static Checkpoint of(Trainable model, Optimizer optimizer, Rng rng) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        model.state().forEach((path, v) -> tensors.put(path, v.detach()));
        tensors.putAll(optimizer.save(model));
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        texts.put(SEED, "" + rng.key());
        texts.put(POSITION, "" + rng.position());
        return new Checkpoint("the run", tensors, texts);
    }

    static Checkpoint of(Trainer<?> trainer, Progression at, List<TrainerCallback> callbacks) {
        Checkpoint run = of(trainer.model(), trainer.optimizer(), trainer.rng());
        at.write(run.texts);
        prefixes(callbacks).forEach((prefix, callback) -> callback.state()
                .forEach((name, value) -> run.tensors.put(prefix + name, value)));
        return run;
    }

    static Checkpoint read(Path file) {
        try (var saved = SafeTensors.open(file)) {
            return new Checkpoint(file.toString(), new LinkedHashMap<>(saved.tensors()),
                    new LinkedHashMap<>(saved.metadata()));
        }
    }

    void write(Path file) { SafeTensors.write(file, tensors, texts); }

    /** Validates everything before anything changes. */
    void restore(Trainable model, Optimizer optimizer, Rng rng) {
        try {
            long seed = number(SEED, Long::valueOf), own = rng.key(), position = number(POSITION, Long::valueOf);
            if (seed != own)
                throw new IllegalArgumentException("it is of training with new Rng(" + seed
                        + "), the generator here is new Rng(" + own + ")");
            var state = model.state();
            state.forEach(this::checkFits);
            optimizer.restore(model, tensors);
            state.forEach((path, v) -> v.assign(get(path)));
            rng.skipTo(position);
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
    }

    /** The same for a trainer; returns its progress. */
    Progression restore(Trainer<?> trainer) {
        Progression at;
        try {
            at = Progression.read(this);
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
        restore(trainer.model(), trainer.optimizer(), trainer.rng());
        return at;
    }

    /** Restores the state of callbacks; several callbacks of one class in their order. */
    void restore(Trainer<?> trainer, List<TrainerCallback> callbacks) {
        prefixes(callbacks).forEach((prefix, callback) -> {
            Map<String, Tensor> own = new LinkedHashMap<>();
            tensors.forEach((path, value) -> {
                if (path.startsWith(prefix))
                    own.put(path.substring(prefix.length()), value);
            });
            if (own.isEmpty())
                return;
            try {
                callback.restore(trainer, own);
            } catch (IllegalArgumentException e) {
                throw refused(e);
            }
        });
    }

    private static Map<String, TrainerCallback> prefixes(List<TrainerCallback> callbacks) {
        Map<String, TrainerCallback> prefixes = new LinkedHashMap<>();
        for (TrainerCallback c : callbacks) {
            int n = 0;
            while (prefixes.putIfAbsent(CALLBACKS + c.getClass().getSimpleName() + "." + n + "/", c) != null)
                n++;
        }
        return prefixes;
    }

    /** A number in the metadata. */
    <T> T number(String key, Function<String, T> parse) {
        String text = texts.get(key);
        if (text == null)
            throw new IllegalArgumentException("its metadata lacks " + key);
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("its metadata says " + key + " is " + text, e);
        }
    }

    private void checkFits(String path, Variable v) {
        Tensor value = get(path);
        if (!value.shape().equals(v.shape()) || value.dtype() != v.dtype())
            throw new IllegalArgumentException("restore: " + path + " is " + value.shape() + " " + value.dtype()
                    + ", the model has " + v.shape() + " " + v.dtype());
    }

    private Tensor get(String path) {
        Tensor value = tensors.get(path);
        if (value == null)
            throw new IllegalArgumentException(
                    "restore: there is no " + path + ": make the model as it was, and save all of the run");
        return value;
    }

    private IllegalArgumentException refused(IllegalArgumentException e) {
        return new IllegalArgumentException(name + " is not a checkpoint of this model, optimizer and generator: "
                + e.getMessage(), e);
    }
}
