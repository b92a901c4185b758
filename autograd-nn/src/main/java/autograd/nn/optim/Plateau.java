package autograd.nn.optim;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

import java.util.List;

/**
 * A schedule that makes the learning rate smaller when a loss, or another metric, is no longer getting
 * better: {@link #observe} it after every epoch. A loss is better than the best so far if it is below
 * {@code best - threshold |best|}; NaN is never better.
 */
public final class Plateau implements Schedule {
    /**
     * The best metric, how many epochs were no better, how many more are pardoned, how often the rate was cut.
     */
    private final Variable state = new Variable("plateau", Tensor.of(DType.F64, Double.NaN, 0, 0, 0), false);
    private final double factor;
    private final long patience;
    private double threshold = 1e-4, min;
    private boolean absolute, rising;
    private long cooldown;

    /**
     * Waits, then cuts the rate.
     *
     * @param factor
     *            the factor of the rate, below 1; PyTorch's default is 0.1
     * @param patience
     *            how many epochs may be no better than the best; one more and the rate is cut. PyTorch's default
     *            is 10
     */
    public Plateau(double factor, long patience) {
        this.factor = Optimizer.belowOne("factor", factor);
        this.patience = (long) Optimizer.notNegative("patience", patience);
    }

    /**
     * By which part of the best, without its sign, a loss must be below the best to be better.
     *
     * @param threshold
     *            at least 0 and below 1; 1e-4 if it is not set
     * @return this schedule
     */
    public Plateau threshold(double threshold) {
        this.threshold = Optimizer.belowOne("threshold", threshold);
        return this;
    }

    /**
     * By how much a loss must be below the best to be better: below {@code best - threshold}.
     *
     * @param threshold
     *            not negative
     * @return this schedule
     */
    public Plateau absoluteThreshold(double threshold) {
        this.threshold = Optimizer.notNegative("threshold", threshold);
        absolute = true;
        return this;
    }

    /**
     * Watches a metric that should rise, such as the accuracy.
     *
     * @return this schedule
     */
    public Plateau rising() {
        rising = true;
        return this;
    }

    /**
     * The number of epochs after a cut that do not count (cooldown).
     *
     * @param epochs
     *            not negative; 0 if it is not set
     * @return this schedule
     */
    public Plateau cooldown(long epochs) {
        this.cooldown = (long) Optimizer.notNegative("cooldown", epochs);
        return this;
    }

    /**
     * The lower bound of the rate.
     *
     * @param rate
     *            not negative; 0 if it is not set
     * @return this schedule
     */
    public Plateau min(double rate) {
        this.min = Optimizer.notNegative("min", rate);
        return this;
    }

    /**
     * Takes note of an epoch.
     *
     * @param metric
     *            what should fall, such as the loss on examples not trained on
     */
    public void observe(double metric) {
        double[] s = state.toDoubleArray();
        double best = s[0], bad = s[1] + 1, pardoned = s[2], cuts = s[3];
        if (better(metric, best)) {
            best = metric;
            bad = 0;
        }
        if (pardoned > 0) {
            pardoned--;
            bad = 0;
        }
        if (bad > patience) {
            cuts++;
            pardoned = cooldown;
            bad = 0;
        }
        state.assign(Tensor.of(DType.F64, best, bad, pardoned, cuts));
    }

    private boolean better(double metric, double best) {
        if (Double.isNaN(metric) || Double.isNaN(best)) // NaN is not better than anything; as the best it means none
                                                        // yet
            return !Double.isNaN(metric);
        if (Double.isInfinite(best)) // from which no margin can be taken
            return rising ? metric > best : metric < best;
        double margin = absolute ? threshold : threshold * Math.abs(best);
        return rising ? metric > best + margin : metric < best - margin;
    }

    @Override
    public double rate(double base, long step) {
        double rate = base;
        for (double cuts = state.get(3); cuts > 0; cuts--) {
            double cut = Math.max(rate * factor, min);
            if (rate - cut <= 1e-8) // too small a difference to make one, as in PyTorch
                break;
            rate = cut;
        }
        return rate;
    }

    @Override
    public List<Variable> state() { return List.of(state); }
}
