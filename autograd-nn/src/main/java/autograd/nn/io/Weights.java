package autograd.nn.io;

import autograd.Tensor;
import autograd.Variable;
import autograd.nn.Trainable;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SequencedMap;

/**
 * The weights of a model in a file: all of its {@link Trainable#state() state}, those that are only kept,
 * such as running means, among them. The name of the file says the format: {@code .safetensors} or
 * {@code .npz}.
 */
public final class Weights {
    private Weights() {}

    /** Saves all variables of a model by their paths; the file is replaced when the new one is complete. */
    public static void save(Path file, Trainable model) {
        if (isNpz(file))
            Npz.write(file, model.state());
        else
            SafeTensors.write(file, model.state());
    }

    /**
     * Gives all variables of a model the values that were saved.
     *
     * @param file
     *            as {@link #save} writes it, or another program that uses the same names and shapes; one that
     *            PyTorch wrote is refused, because its layers keep their weights transposed
     * @param model
     *            of the same paths, shapes and dtypes as the file; else an error says what is different, and no
     *            variable has changed
     */
    public static void load(Path file, Trainable model) {
        SequencedMap<String, Variable> state = model.state();
        Map<String, Tensor> saved = isNpz(file) ? Npz.read(file) : safeTensors(file);
        Set<String> missing = without(state.keySet(), saved.keySet()), extra = without(saved.keySet(), state.keySet());
        if (!missing.isEmpty() || !extra.isEmpty())
            throw new IllegalArgumentException(file + " is of another model: " + (missing.isEmpty()
                    ? ""
                    : "it lacks " + missing + (extra.isEmpty() ? "" : ", and "))
                    + (extra.isEmpty() ? "" : "it holds " + extra + ", which the model has not"));
        state.forEach((path, variable) -> {
            Tensor value = saved.get(path);
            if (!value.shape().equals(variable.shape()) || value.dtype() != variable.dtype())
                throw new IllegalArgumentException(file + " is of another model: " + path + " is " + value.dtype() + " "
                        + value.shape() + " in the file and " + variable.dtype() + " " + variable.shape()
                        + " in the model");
        });
        state.forEach((path, variable) -> variable.assign(saved.get(path)));
    }

    private static Map<String, Tensor> safeTensors(Path file) {
        try (SafeTensors saved = SafeTensors.open(file)) {
            if ("pt".equals(saved.metadata().get("format")))
                throw new IllegalArgumentException(file + " was written by PyTorch (its metadata says format: pt): the "
                        + "weight of a Linear is [out, in] there and [in, out] here; read it with SafeTensors.read, "
                        + "transpose what differs, and assign it");
            return saved.tensors();
        }
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        var rest = new LinkedHashSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static boolean isNpz(Path file) {
        String name = file.toString();
        if (!name.endsWith(".npz") && !name.endsWith(".safetensors"))
            throw new IllegalArgumentException("weights: the name of " + file + " must end in .safetensors or .npz");
        return name.endsWith(".npz");
    }
}
