package autograd.nn.train;

import autograd.Tensor;
import autograd.nn.io.SafeTensors;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link Checkpoint} in a safetensors file, with the state of callbacks, and how far training is as texts.
 */
record SavedRun(Path file, Map<String, Tensor> tensors, Map<String, String> texts) {
    private static final String CALLBACKS = "callbacks/";

    static SavedRun read(Path file) {
        try (var saved = SafeTensors.open(file)) {
            return new SavedRun(file, saved.tensors(), saved.metadata());
        }
    }

    static void write(Path file, Trainer<?> trainer, Progression at, List<Callback> callbacks) {
        var tensors = Checkpoint.save(trainer.model(), trainer.optimizer(), trainer.rng());
        prefixes(callbacks).forEach((prefix, callback) -> callback.state()
                .forEach((name, value) -> tensors.put(prefix + name, value)));
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("epochs", "" + at.epochs());
        texts.put("batches", "" + at.batches());
        texts.put("steps", "" + at.steps());
        texts.put("sum", Double.toHexString(at.sum()));
        texts.put("examples", "" + at.examples());
        texts.put("seed", "" + trainer.rng().key());
        SafeTensors.write(file, tensors, texts);
    }

    /**
     * Brings a model, its optimizer and its generator to where they were; all is checked before anything changes.
     */
    Progression restore(Trainer<?> trainer) {
        try {
            var at = new Progression((int) number("epochs"), (int) number("batches"), number("steps"),
                    Double.parseDouble(texts.getOrDefault("sum", "")), number("examples"));
            long seed = number("seed"), own = trainer.rng().key();
            if (seed != own)
                throw new IllegalArgumentException(file + " is of training with new Rng(" + seed
                        + "), this trainer has new Rng(" + own + ")");
            trainer.rng().skipTo(
                    Checkpoint.restore(tensors, trainer.model(), trainer.optimizer()).position());
            return at;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(file + " is no checkpoint of a trainer: its texts are " + texts, e);
        }
    }

    private long number(String name) { return Long.parseLong(texts.getOrDefault(name, "")); }

    /** Gives callbacks what they saved, those of one class in their order. */
    void restore(Trainer<?> trainer, List<Callback> callbacks) {
        prefixes(callbacks).forEach((prefix, callback) -> {
            Map<String, Tensor> own = new LinkedHashMap<>();
            tensors.forEach((name, value) -> {
                if (name.startsWith(prefix))
                    own.put(name.substring(prefix.length()), value);
            });
            if (!own.isEmpty())
                callback.restore(trainer, own);
        });
    }

    private static Map<String, Callback> prefixes(List<Callback> callbacks) {
        Map<String, Callback> prefixes = new LinkedHashMap<>();
        for (Callback c : callbacks) {
            int n = 0;
            while (prefixes.putIfAbsent(CALLBACKS + c.getClass().getSimpleName() + "." + n + "/", c) != null)
                n++;
        }
        return prefixes;
    }
}
