package autograd.nn.optim;

import autograd.Variable;

/**
 * Stochastic gradient descent: {@code w -= rate * g}, with momentum if asked for:
 * {@code b = momentum * b + g}, then {@code w -= rate * b}, or after Nesterov
 * {@code w -= rate * (g + momentum * b)}. Sutskever et al., ICML 2013.
 */
public final class Sgd extends Optimizer {
    private double momentum, weightDecay;
    private boolean nesterov;

    /**
     * Plain gradient descent.
     *
     * @param learningRate
     *            how far a step goes
     */
    public Sgd(double learningRate) { super(learningRate); }

    /**
     * Adds momentum.
     *
     * @param momentum
     *            how much of the last step is kept, below 1
     * @return this optimizer
     */
    public Sgd momentum(double momentum) {
        this.momentum = belowOne("momentum", momentum);
        return this;
    }

    /**
     * Looks ahead along the momentum, after Nesterov.
     *
     * @return this optimizer
     */
    public Sgd nesterov() {
        nesterov = true;
        return this;
    }

    /**
     * Adds {@code decay * w} to the gradient: an L2 penalty.
     *
     * @param decay
     *            not negative
     * @return this optimizer
     */
    public Sgd weightDecay(double decay) {
        this.weightDecay = notNegative("weightDecay", decay);
        return this;
    }

    @Override
    protected int slots() { return momentum == 0 ? 0 : 1; }

    @Override
    protected Variable.Update rule(long t) {
        double rate = learningRate(), mu = momentum, decay = weightDecay;
        if (mu == 0 && nesterov)
            throw new IllegalStateException("Sgd: nesterov() looks ahead along the momentum: set momentum(..) too");
        if (mu == 0)
            return (s, g) -> s[0] -= rate * (g + decay * s[0]);
        boolean ahead = nesterov;
        return (s, g) -> {
            double d = g + decay * s[0];
            s[1] = mu * s[1] + d;
            s[0] -= rate * (ahead ? d + mu * s[1] : s[1]);
        };
    }
}
