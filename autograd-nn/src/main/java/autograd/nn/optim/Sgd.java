package autograd.nn.optim;

import autograd.Updates;
import autograd.Variable;

import java.util.Collection;

/**
 * Stochastic gradient descent: {@code w -= rate * g}, with momentum if asked for:
 * {@code b = momentum * b + (1 - dampening) * g}, then {@code w -= rate * b}, or after Nesterov
 * {@code w -= rate * (g + momentum * b)}. Sutskever et al., ICML 2013.
 */
public final class Sgd extends Optimizer {
    private double momentum, dampening, weightDecay;
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
     * Lets less of the gradient into the momentum; all of the first one, which it starts with.
     *
     * @param dampening
     *            how much is left out, below 1
     * @return this optimizer
     */
    public Sgd dampening(double dampening) {
        this.dampening = belowOne("dampening", dampening);
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
        if (dampening != 0 && nesterov)
            throw new IllegalStateException("Sgd: nesterov() looks ahead along the whole momentum: without dampening");
        if (momentum == 0)
            return new Updates.Sgd(learningRate(), weightDecay);
        if (dampening == 0)
            return new Updates.Momentum(learningRate(), weightDecay, momentum, nesterov);
        double rate = learningRate(), decay = weightDecay, mu = momentum, part = t == 1 ? 1 : 1 - dampening;
        return (s, g) -> {
            s[1] = mu * s[1] + part * (g + decay * s[0]);
            s[0] -= rate * s[1];
        };
    }

    @Override
    public Sgd learningRate(double learningRate) { return (Sgd) super.learningRate(learningRate); }

    @Override
    public Sgd schedule(Schedule schedule) { return (Sgd) super.schedule(schedule); }

    @Override
    public Sgd group(Collection<Variable> variables, Optimizer rule) { return (Sgd) super.group(variables, rule); }

    @Override
    public Sgd maximize() { return (Sgd) super.maximize(); }

    @Override
    public Sgd clip(Clip clip) { return (Sgd) super.clip(clip); }
}
