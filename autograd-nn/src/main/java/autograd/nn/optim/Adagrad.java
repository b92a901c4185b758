package autograd.nn.optim;

import autograd.Variable;

import java.util.Collection;

/**
 * Adagrad: divides the gradient by the root of the sum of all its squares, {@code v += g^2}, then
 * {@code w -= rate * g / (sqrt(v) + epsilon)}. Duchi, Hazan and Singer, JMLR 2011.
 */
public final class Adagrad extends Optimizer {
    private double rateDecay, start, epsilon = 1e-10, weightDecay;

    /**
     * Adagrad with epsilon 1e-10, from sums of 0.
     *
     * @param learningRate
     *            how far the first step goes
     */
    public Adagrad(double learningRate) { super(learningRate); }

    /**
     * Makes the rate smaller with the steps: {@code rate / (1 + (t - 1) rateDecay)} for step t.
     *
     * @param rateDecay
     *            not negative
     * @return this optimizer
     */
    public Adagrad rateDecay(double rateDecay) {
        this.rateDecay = notNegative("rateDecay", rateDecay);
        return this;
    }

    /**
     * The initial value of the sums of squares.
     *
     * @param start
     *            not negative; set before the first step
     * @return this optimizer
     */
    public Adagrad start(double start) {
        this.start = notNegative("start", start);
        return this;
    }

    /**
     * Epsilon, added to the root to prevent division by 0.
     *
     * @param epsilon
     *            not negative
     * @return this optimizer
     */
    public Adagrad epsilon(double epsilon) {
        this.epsilon = notNegative("epsilon", epsilon);
        return this;
    }

    /**
     * Adds {@code decay * w} to the gradient: an L2 penalty.
     *
     * @param decay
     *            not negative
     * @return this optimizer
     */
    public Adagrad weightDecay(double decay) {
        this.weightDecay = notNegative("weightDecay", decay);
        return this;
    }

    @Override
    protected int slots() { return 1; }

    @Override
    protected Variable.Update rule(long t) {
        double rate = learningRate() / (1 + (t - 1) * rateDecay), first = t == 1 ? start : 0;
        double eps = epsilon, decay = weightDecay;
        return (s, g) -> {
            double d = g + decay * s[0];
            s[1] += first + d * d;
            s[0] -= rate * d / (Math.sqrt(s[1]) + eps);
        };
    }

    @Override
    public Adagrad learningRate(double learningRate) { return (Adagrad) super.learningRate(learningRate); }

    @Override
    public Adagrad schedule(Schedule schedule) { return (Adagrad) super.schedule(schedule); }

    @Override
    public Adagrad group(Collection<Variable> variables, Optimizer rule) {
        return (Adagrad) super.group(variables, rule);
    }

    @Override
    public Adagrad maximize() { return (Adagrad) super.maximize(); }

    @Override
    public Adagrad clip(Clip clip) { return (Adagrad) super.clip(clip); }
}
