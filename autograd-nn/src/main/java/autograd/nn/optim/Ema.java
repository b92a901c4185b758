package autograd.nn.optim;

import autograd.Tensor;
import autograd.Transaction;
import autograd.Variable;
import autograd.nn.Trainable;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * The exponential moving average of a model's variables, {@code a = decay a + (1 - decay) v} at each
 * {@link #update}. Averaged weights often generalize better than the last ones (Polyak and Juditsky,
 * Acceleration of stochastic approximation by averaging, 1992).
 *
 * {@snippet :
 * var ema = new Ema(model, 0.999);
 * for (Batch batch : batches) {
 *     optimizer.minimize(model, rng, pass -> loss(batch, pass));
 *     ema.update();
 * }
 * double accuracy = ema.averaged(() -> accuracy(model));
 * }
 */
public final class Ema {
    private final double decay;
    private final SequencedMap<String, Variable> variables = new LinkedHashMap<>();
    private final SequencedMap<String, Variable> averages = new LinkedHashMap<>();
    private final Map<Variable, Integer> lent = new IdentityHashMap<>();
    private boolean swapped, evaluating;

    /**
     * Starts from the variables as they are.
     *
     * @param model
     *            whose variables are averaged, frozen ones too, but for running statistics
     * @param decay
     *            from 0 to below 1, for example 0.999
     */
    public Ema(Trainable model, double decay) {
        this.decay = Optimizer.belowOne("decay", decay);
        model.state().forEach((path, v) -> {
            if (v.trainable() || v.frozen()) {
                variables.put(path, v);
                averages.put(path, new Variable(path, v.detach(), false));
            }
        });
        if (variables.isEmpty())
            throw new IllegalArgumentException("Ema: the model has no variables");
    }

    /** Moves the averages towards the variables, after a step of training. */
    public void update() {
        if (swapped)
            throw new IllegalStateException("update: the model holds the averages; call swap() first");
        averages.forEach((path, a) -> a.assign(a.mul(decay).add(variables.get(path).detach().mul(1 - decay))));
    }

    /**
     * Exchanges the variables and their averages. A second call changes them back; it is an error if the model
     * was trained in between.
     */
    public void swap() {
        if (evaluating)
            throw new IllegalStateException("swap: averaged(..) lends the averages to the model and takes them back");
        lent.forEach((v, version) -> {
            if (v.version() != version)
                throw new IllegalStateException("swap: " + v.label() + " was changed while the model held the "
                        + "averages: train after changing them back");
        });
        exchange();
    }

    private void exchange() {
        try (var all = new Transaction()) {
            variables.forEach((path, v) -> {
                Variable a = averages.get(path);
                Tensor value = v.detach(); // a view: the variable gets a fresh array
                v.assign(a);
                a.assign(value);
            });
            all.commit();
        }
        swapped = !swapped;
        lent.clear();
        if (swapped)
            variables.values().forEach(v -> lent.put(v, v.version()));
    }

    /**
     * The result of a computation during which the model holds the averages, for example an evaluation. The
     * variables have their values again afterwards, also if it throws.
     */
    public <T> T averaged(Supplier<T> evaluation) {
        if (swapped)
            return evaluation.get();
        exchange();
        evaluating = true;
        try {
            return evaluation.get();
        } finally {
            evaluating = false;
            exchange();
        }
    }

    /**
     * The averages, for a run that is to go on later.
     *
     * @return copies by name, all starting with {@code ema/}
     */
    public SequencedMap<String, Tensor> save() {
        SequencedMap<String, Tensor> saved = new LinkedHashMap<>();
        (swapped ? variables : averages).forEach((path, a) -> saved.put("ema/" + path, a.detach()));
        return saved;
    }

    /**
     * Takes over averages that were saved. Nothing changes if they do not fit.
     *
     * @param saved
     *            as {@link #save} gave it; other names may be among them
     */
    public void restore(Map<String, Tensor> saved) {
        if (swapped)
            throw new IllegalStateException("restore: the model holds the averages; call swap() first");
        averages.forEach((path, a) -> {
            Tensor value = saved.get("ema/" + path);
            if (value == null || !value.shape().equals(a.shape()) || value.dtype() != a.dtype())
                throw new IllegalArgumentException("restore: ema/" + path + " is "
                        + (value == null ? "missing" : value.label()) + ", the model has " + a.label());
        });
        averages.forEach((path, a) -> a.assign(saved.get("ema/" + path)));
    }
}
