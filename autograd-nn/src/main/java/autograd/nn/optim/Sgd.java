package autograd.nn.optim;

import autograd.Updates;
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
        if (momentum == 0 && nesterov)
            throw new IllegalStateException("Sgd: nesterov() looks ahead along the momentum: set momentum(..) too");
        return momentum == 0
                ? new Updates.Sgd(learningRate(), weightDecay)
                : new Updates.Momentum(learningRate(), weightDecay, momentum, nesterov);
    }
}
