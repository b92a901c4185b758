package autograd.nn.train;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Stops when a loss, or another number, has not improved for some epochs, counted as Keras does. The model
 * keeps its last variables, unless {@link #restoreBest} requests those of the best epoch:
 * {@code new EarlyStopping(3).watch("accuracy").rising().restoreBest()}. NaN is never the best, and a number
 * equal to the best is not better. Prechelt, "Early Stopping - But When?", 1998.
 */
public final class EarlyStopping implements TrainerCallback {
    private static final String SCORE = "score", MODEL = "model/";

    private final int patience;
    private double minDelta;
    private ToDoubleFunction<Epoch> watched = Epoch::watched;
    private boolean rising, restoring;
    private Lowest best = Lowest.NONE;
    private int waited;
    private Map<String, Tensor> variables = Map.of();

    /**
     * Watches the validation loss, or the loss if there is no validation set, and leaves the model as it is after
     * the last epoch.
     *
     * @param patience
     *            stops after this number of epochs in a row that are not better than the best; 0 counts as 1
     */
    public EarlyStopping(int patience) {
        if (patience < 0)
            throw new IllegalArgumentException("EarlyStopping: patience is " + patience + ": it must not be negative");
        this.patience = patience;
    }

    /**
     * Sets the smallest change that counts as an improvement.
     *
     * @param minDelta
     *            finite and not negative; 0 by default
     * @return this callback
     */
    public EarlyStopping minDelta(double minDelta) {
        if (!(minDelta >= 0 && minDelta < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException(
                    "EarlyStopping: minDelta is " + minDelta + ": it must be finite and not negative");
        this.minDelta = minDelta;
        return this;
    }

    /** Watches the value of an epoch with this name, for example {@code "accuracy"}; see {@link #rising}. */
    public EarlyStopping watch(String name) {
        return watch(epoch -> epoch.value(name));
    }

    /** Watches any number that should fall; with {@link #rising}, one that should rise. */
    public EarlyStopping watch(ToDoubleFunction<Epoch> watched) {
        this.watched = watched;
        return this;
    }

    /** The watched number should rise, like an accuracy. */
    public EarlyStopping rising() {
        rising = true;
        return this;
    }

    /** Restores the variables of the best epoch when training ends, early or not. */
    public EarlyStopping restoreBest() {
        restoring = true;
        return this;
    }

    @Override
    public void epoch(Trainer<?> trainer, Epoch epoch) {
        double value = watched.applyAsDouble(epoch) * (rising ? -1 : 1);
        if (best.isAbove(value, minDelta)) {
            best = new Lowest(value);
            waited = 0;
            if (restoring)
                variables = copy(trainer);
        } else {
            waited++;
            stopIfDue(trainer);
        }
    }

    private static Map<String, Tensor> copy(Trainer<?> trainer) {
        Map<String, Tensor> copy = new LinkedHashMap<>();
        trainer.model().state().forEach((path, v) -> copy.put(path, v.detach()));
        return copy;
    }

    private void stopIfDue(Trainer<?> trainer) {
        if (waited > 0 && waited >= patience && trainer.epochs() > 1) // the first epoch never stops, as in Keras
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
        if (restoring && !lowest.isNone())
            trainer.model().state().forEach((path, v) -> copy.put(path, saved.get(MODEL + path, v.dtype(), v.shape())));
        int epochs = saved.count(SCORE, score.get(1));
        saved.allRead();
        best = lowest;
        waited = epochs;
        variables = copy;
        stopIfDue(trainer);
    }
}
