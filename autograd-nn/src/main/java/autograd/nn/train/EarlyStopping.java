package autograd.nn.train;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Stops when what should fall has not fallen for some epochs, and gives the model the variables of the best
 * one when training ends. NaN is never the best, nor is a number equal to the best better. Prechelt, "Early
 * Stopping - But When?", 1998.
 */
public final class EarlyStopping implements TrainerCallback {
    private static final String SCORE = "score", MODEL = "model/";

    private final int patience;
    private final double minDelta;
    private final ToDoubleFunction<Epoch> watched;
    private Lowest best = Lowest.NONE;
    private int waited;
    private Map<String, Tensor> variables = Map.of();

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
        if (patience < 0 || !(minDelta >= 0 && minDelta < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("EarlyStopping: patience is " + patience + " and minDelta " + minDelta
                    + "; they must be finite and not negative");
        this.patience = patience;
        this.minDelta = minDelta;
        this.watched = watched;
    }

    @Override
    public void epoch(Trainer<?> trainer, Epoch epoch) {
        double value = watched.applyAsDouble(epoch);
        if (best.isAbove(value, minDelta)) {
            best = new Lowest(value);
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
        if (!variables.isEmpty())
            trainer.model().state().forEach((path, v) -> v.assign(variables.get(path)));
    }

    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        state.put(SCORE, Tensor.of(DType.F64, best.value(), waited));
        variables.forEach((path, value) -> state.put(MODEL + path, value));
        return state;
    }

    @Override
    public void restore(Trainer<?> trainer, Map<String, Tensor> state) {
        var saved = new CallbackState("EarlyStopping", state);
        Tensor score = saved.get(SCORE, DType.F64, Shape.of(2));
        var lowest = new Lowest(score.get(0));
        Map<String, Tensor> copy = new LinkedHashMap<>();
        if (!lowest.isNone())
            trainer.model().state().forEach((path, v) -> copy.put(path, saved.get(MODEL + path, v.dtype(), v.shape())));
        int epochs = saved.count(SCORE, score.get(1));
        saved.allRead();
        best = lowest;
        waited = epochs;
        variables = copy;
        stopIfDue(trainer);
    }
}
