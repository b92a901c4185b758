package autograd.nn.optim;

import autograd.Variable;

import java.util.Collection;

/**
 * Adadelta: a step is the gradient times the root of the running mean of squared steps, by that of squared
 * gradients. With {@code v = rho v + (1 - rho) g^2} and {@code d = sqrt(u + epsilon) / sqrt(v + epsilon) * g}
 * it is {@code w -= rate * d}, then {@code u = rho u + (1 - rho) d^2}. Zeiler, 2012.
 */
public final class Adadelta extends Optimizer {
    private double rho = 0.9, epsilon = 1e-6, weightDecay;

    /**
     * Adadelta with rho 0.9 and epsilon 1e-6.
     *
     * @param learningRate
     *            the factor of a step; 1 in the paper
     */
    public Adadelta(double learningRate) { super(learningRate); }

    /**
     * How slowly the running means forget.
     *
     * @param rho
     *            below 1
     * @return this optimizer
     */
    public Adadelta rho(double rho) {
        this.rho = belowOne("rho", rho);
        return this;
    }

    /**
     * Epsilon, added to the means, so that the first step is not 0.
     *
     * @param epsilon
     *            not negative
     * @return this optimizer
     */
    public Adadelta epsilon(double epsilon) {
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
    public Adadelta weightDecay(double decay) {
        this.weightDecay = notNegative("weightDecay", decay);
        return this;
    }

    @Override
    protected int slots() { return 2; }

    @Override
    protected Variable.Update rule(long t) {
        double rate = learningRate(), r = rho, eps = epsilon, decay = weightDecay;
        return (s, g) -> {
            double d = g + decay * s[0];
            s[1] = r * s[1] + (1 - r) * d * d;
            double step = Math.sqrt(s[2] + eps) / Math.sqrt(s[1] + eps) * d;
            s[2] = r * s[2] + (1 - r) * step * step;
            s[0] -= rate * step;
        };
    }

    @Override
    public Adadelta learningRate(double learningRate) { return (Adadelta) super.learningRate(learningRate); }

    @Override
    public Adadelta schedule(Schedule schedule) { return (Adadelta) super.schedule(schedule); }

    @Override
    public Adadelta group(Collection<Variable> variables, Optimizer rule) {
        return (Adadelta) super.group(variables, rule);
    }

    @Override
    public Adadelta maximize() { return (Adadelta) super.maximize(); }

    @Override
    public Adadelta clip(Clip clip) { return (Adadelta) super.clip(clip); }
}
