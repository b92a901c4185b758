package autograd.nn.train;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.Trainable;
import autograd.nn.optim.Optimizer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * All that a run needs to go on as if it had never been interrupted: variables, optimizer, generator. Tensors
 * by name, as file formats take them: {@code hidden.weight}, {@code optimizer/steps}, {@code rng/key}.
 */
public final class Checkpoint {
    private static final String KEY = "rng/key", POSITION = "rng/position";
    private static final long LOW = 0xFFFFFFFFL;

    private Checkpoint() {}

    /**
     * What there is to save. Gradients that {@code backward()} has added up are not in it.
     *
     * @param model
     *            whose variables are saved by their paths
     * @param optimizer
     *            see {@link Optimizer#save}
     * @param rng
     *            what dropout, shuffling and the like draw from
     * @return a copy: training may go on
     */
    public static SequencedMap<String, Tensor> save(Trainable model, Optimizer optimizer, Rng rng) {
        SequencedMap<String, Tensor> saved = new LinkedHashMap<>();
        model.state().forEach((path, v) -> saved.put(path, v.detach()));
        saved.putAll(optimizer.save(model));
        saved.put(KEY, halves(rng.key()));
        saved.put(POSITION, halves(rng.position()));
        return saved;
    }

    /**
     * Brings a model and an optimizer, made alike, to where they were. They stay as they are if something does
     * not fit.
     *
     * @param saved
     *            as {@link #save} gave it
     * @param model
     *            takes the values of its variables
     * @param optimizer
     *            see {@link Optimizer#restore}
     * @return a generator that goes on where the saved one stood
     */
    public static Rng restore(Map<String, Tensor> saved, Trainable model, Optimizer optimizer) {
        var state = model.state();
        state.forEach((path, v) -> checkFits(path, v, get(saved, path)));
        var rng = new Rng(whole(KEY, saved), whole(POSITION, saved));
        optimizer.restore(model, saved);
        state.forEach((path, v) -> v.assign(get(saved, path)));
        return rng;
    }

    private static void checkFits(String path, Variable v, Tensor value) {
        if (!value.shape().equals(v.shape()) || value.dtype() != v.dtype())
            throw new IllegalArgumentException("restore: " + path + " is " + value.shape() + " " + value.dtype()
                    + ", the model has " + v.shape() + " " + v.dtype());
    }

    private static Tensor get(Map<String, Tensor> saved, String name) {
        Tensor value = saved.get(name);
        if (value == null)
            throw new IllegalArgumentException(
                    "restore: there is no " + name + ": make the model as it was, and save all of the run");
        return value;
    }

    /** 64 bits as two numbers that F64 holds exactly. */
    private static Tensor halves(long bits) {
        return Tensor.of(DType.F64, bits >>> 32, bits & LOW);
    }

    private static long whole(String name, Map<String, Tensor> saved) {
        Tensor halves = get(saved, name);
        if (!halves.shape().equals(Shape.of(2)) || halves.dtype() != DType.F64)
            throw new IllegalArgumentException("restore: " + name + " is " + halves.shape() + " " + halves.dtype()
                    + ", it must be the two halves of a number in F64");
        return half(name, halves.get(0)) << 32 | half(name, halves.get(1));
    }

    private static long half(String name, double value) {
        if (!(value >= 0 && value <= LOW && value == Math.rint(value)))
            throw new IllegalArgumentException("restore: " + name + " holds " + value + " where 32 bits must be");
        return (long) value;
    }
}
