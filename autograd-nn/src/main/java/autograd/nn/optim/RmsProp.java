package autograd.nn.optim;

import autograd.Updates;
import autograd.Variable;

import java.util.Collection;

/**
 * RMSProp: divides the gradient by the root of the running mean of its square,
 * {@code v = alpha v + (1 - alpha) g^2}, then {@code w -= rate * g / (sqrt(v) + epsilon)}. Tieleman and
 * Hinton, Coursera lecture 6.5, 2012; centered after Graves, 2013.
 */
public final class RmsProp extends Optimizer {
    private double alpha = 0.99, epsilon = 1e-8, momentum, weightDecay;
    private boolean centered;

    /**
     * RMSProp with alpha 0.99 and epsilon 1e-8, without momentum.
     *
     * @param learningRate
     *            how far a step goes, about
     */
    public RmsProp(double learningRate) { super(learningRate); }

    /**
     * How slowly the running mean forgets.
     *
     * @param alpha
     *            below 1
     * @return this optimizer
     */
    public RmsProp alpha(double alpha) {
        this.alpha = belowOne("alpha", alpha);
        return this;
    }

    /**
     * Epsilon, added to the root to prevent division by 0.
     *
     * @param epsilon
     *            not negative
     * @return this optimizer
     */
    public RmsProp epsilon(double epsilon) {
        this.epsilon = notNegative("epsilon", epsilon);
        return this;
    }

    /**
     * Adds momentum: steps along {@code b = momentum * b + g / root}.
     *
     * @param momentum
     *            how much of the last step is kept, below 1
     * @return this optimizer
     */
    public RmsProp momentum(double momentum) {
        this.momentum = belowOne("momentum", momentum);
        return this;
    }

    /**
     * Divides by the running standard deviation of the gradient: its mean is taken off.
     *
     * @return this optimizer
     */
    public RmsProp centered() {
        centered = true;
        return this;
    }

    /**
     * Adds {@code decay * w} to the gradient: an L2 penalty.
     *
     * @param decay
     *            not negative
     * @return this optimizer
     */
    public RmsProp weightDecay(double decay) {
        this.weightDecay = notNegative("weightDecay", decay);
        return this;
    }

    @Override
    protected int slots() { return 1 + (centered ? 1 : 0) + (momentum == 0 ? 0 : 1); }

    @Override
    protected Variable.Update rule(long t) {
        double a = alpha, eps = epsilon, mu = momentum, rate = learningRate(), decay = weightDecay;
        if (mu == 0)
            return centered
                    ? new Updates.CenteredRmsProp(rate, decay, a, eps)
                    : new Updates.RmsProp(rate, decay, a, eps);
        int mean = centered ? 2 : 0, last = slots();
        return (s, g) -> {
            double d = g + decay * s[0];
            s[1] = a * s[1] + (1 - a) * d * d;
            double variance = s[1];
            if (mean > 0) {
                s[mean] = a * s[mean] + (1 - a) * d;
                variance = Math.max(0, variance - s[mean] * s[mean]); // rounding may leave less
            }
            s[last] = mu * s[last] + d / (Math.sqrt(variance) + eps);
            s[0] -= rate * s[last];
        };
    }

    @Override
    public RmsProp learningRate(double learningRate) { return (RmsProp) super.learningRate(learningRate); }

    @Override
    public RmsProp schedule(Schedule schedule) { return (RmsProp) super.schedule(schedule); }

    @Override
    public RmsProp group(Collection<Variable> variables, Optimizer rule) {
        return (RmsProp) super.group(variables, rule);
    }

    @Override
    public RmsProp maximize() { return (RmsProp) super.maximize(); }

    @Override
    public RmsProp clip(Clip clip) { return (RmsProp) super.clip(clip); }
}
