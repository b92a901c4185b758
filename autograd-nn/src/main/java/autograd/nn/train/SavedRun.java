package autograd.nn.train;

import autograd.Tensor;
import autograd.nn.io.SafeTensors;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

    static void write(Path file, Trainer<?> trainer, Progression at, List<TrainerCallback> callbacks) {
        var tensors = Checkpoint.save(trainer.model(), trainer.optimizer(), trainer.rng());
        prefixes(callbacks).forEach((prefix, callback) -> callback.state()
                .forEach((name, value) -> tensors.put(prefix + name, value)));
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("epochs", "" + at.epochs());
        texts.put("batches", "" + at.batches());
        texts.put("steps", "" + at.steps());
        texts.put("sum", Double.toHexString(at.sum()));
        texts.put("examples", "" + at.examples());
        texts.put("learningRate", Double.toHexString(at.learningRate()));
        texts.put("seed", "" + trainer.rng().key());
        SafeTensors.write(file, tensors, texts);
    }

    /**
     * Brings a model, its optimizer and its generator to where they were; all is checked before anything changes.
     */
    Progression restore(Trainer<?> trainer) {
        try {
            var at = new Progression(number("epochs", Integer::valueOf), number("batches", Integer::valueOf),
                    number("steps", Long::valueOf), number("sum", Double::valueOf), number("examples", Long::valueOf),
                    number("learningRate", Double::valueOf));
            long seed = number("seed", Long::valueOf), own = trainer.rng().key();
            if (seed != own)
                throw new IllegalArgumentException("it is of training with new Rng(" + seed
                        + "), this trainer has new Rng(" + own + ")");
            trainer.rng().skipTo(Checkpoint.restore(tensors, trainer.model(), trainer.optimizer()).position());
            return at;
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
    }

    private IllegalArgumentException refused(IllegalArgumentException e) {
        return new IllegalArgumentException(file + " is not a checkpoint of this trainer: " + e.getMessage(), e);
    }

    private <T> T number(String name, Function<String, T> parse) {
        String text = texts.get(name);
        if (text == null)
            throw new IllegalArgumentException("its metadata lacks " + name);
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("its metadata says " + name + " is " + text, e);
        }
    }

    /** Gives callbacks what they saved, those of one class in their order. */
    void restore(Trainer<?> trainer, List<TrainerCallback> callbacks) {
        prefixes(callbacks).forEach((prefix, callback) -> {
            Map<String, Tensor> own = new LinkedHashMap<>();
            tensors.forEach((name, value) -> {
                if (name.startsWith(prefix))
                    own.put(name.substring(prefix.length()), value);
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
}
