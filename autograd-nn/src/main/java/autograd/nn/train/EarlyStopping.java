package autograd.nn.train;

import autograd.Tensor;
import autograd.array.DType;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Stops when what should fall has not fallen for some epochs, and gives the model the variables of the best
 * one when training ends. Prechelt, "Early Stopping - But When?", 1998.
 */
public final class EarlyStopping implements Callback {
    private static final String SCORE = "score", MODEL = "model/";

    private final int patience;
    private final double minDelta;
    private final ToDoubleFunction<Epoch> watched;
    private double best = Double.POSITIVE_INFINITY;
    private int waited;
    private @Nullable Map<String, Tensor> variables;

    /**
     * Watches the validation loss, or the loss if there are no examples held back.
     *
     * @param patience
     *            how many epochs in a row may be no better than the best; with one more it stops
     * @param minDelta
     *            by how much an epoch must be below the best to be better, not negative
     */
    public EarlyStopping(int patience, double minDelta) { this(patience, minDelta, Epoch::watched); }

    /**
     * Watches any number.
     *
     * @param patience
     *            how many epochs in a row may be no better than the best; with one more it stops
     * @param minDelta
     *            by how much an epoch must be below the best to be better, not negative
     * @param watched
     *            what should fall, for example {@code epoch -> -epoch.values().get("accuracy")}
     */
    public EarlyStopping(int patience, double minDelta, ToDoubleFunction<Epoch> watched) {
        if (patience < 0 || !(minDelta >= 0))
            throw new IllegalArgumentException("EarlyStopping: patience is " + patience + " and minDelta " + minDelta
                    + ", they must not be negative");
        this.patience = patience;
        this.minDelta = minDelta;
        this.watched = watched;
    }

    @Override
    public void epoch(Trainer<?> trainer, Epoch epoch) {
        double value = watched.applyAsDouble(epoch);
        if (variables == null || value < best - minDelta) {
            best = value;
            waited = 0;
            Map<String, Tensor> copy = new LinkedHashMap<>();
            trainer.model().state().forEach((path, v) -> copy.put(path, v.detach()));
            variables = copy;
        } else {
            waited++;
            stopIfDue(trainer);
        }
    }

    private void stopIfDue(Trainer<?> trainer) {
        if (waited > patience)
            trainer.stop();
    }

    @Override
    public void end(Trainer<?> trainer) {
        if (variables != null) {
            Map<String, Tensor> best = variables;
            trainer.model().state().forEach((path, v) -> v.assign(best.get(path)));
        }
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        if (variables != null) {
            state.put(SCORE, Tensor.of(DType.F64, best, waited));
            variables.forEach((path, value) -> state.put(MODEL + path, value));
        }
        return state;
    }

    @Override
    public void restore(Trainer<?> trainer, Map<String, Tensor> state) {
        Map<String, Tensor> saved = new LinkedHashMap<>();
        trainer.model().state().keySet().forEach(path -> saved.put(path, state.get(MODEL + path)));
        best = state.get(SCORE).toDoubleArray()[0];
        waited = (int) state.get(SCORE).toDoubleArray()[1];
        variables = saved;
        stopIfDue(trainer);
    }
}
