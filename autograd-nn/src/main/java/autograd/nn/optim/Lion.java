package autograd.nn.optim;

import autograd.Variable;

import java.util.Collection;

/**
 * Lion: steps of one size, against the sign of {@code beta1 m + (1 - beta1) g}, then
 * {@code m = beta2 m + (1 - beta2) g}; weights decay apart from the gradient. Chen et al., "Symbolic
 * Discovery of Optimization Algorithms", NeurIPS 2023.
 */
public final class Lion extends Optimizer {
    private double beta1 = 0.9, beta2 = 0.99, weightDecay;

    /**
     * Lion with the paper's betas, 0.9 and 0.99, without weight decay.
     *
     * @param learningRate
     *            how far a step goes; a tenth to a third of Adam's
     */
    public Lion(double learningRate) { super(learningRate); }

    /**
     * How slowly the momentum forgets.
     *
     * @param beta1
     *            for the sign, below 1
     * @param beta2
     *            for the momentum that is kept, below 1
     * @return this optimizer
     */
    public Lion betas(double beta1, double beta2) {
        this.beta1 = belowOne("beta1", beta1);
        this.beta2 = belowOne("beta2", beta2);
        return this;
    }

    /**
     * Takes {@code rate * decay} of every weight off it in each step.
     *
     * @param decay
     *            not negative
     * @return this optimizer
     */
    public Lion weightDecay(double decay) {
        this.weightDecay = notNegative("weightDecay", decay);
        return this;
    }

    @Override
    protected int slots() { return 1; }

    @Override
    protected Variable.Update rule(long t) {
        double rate = learningRate(), b1 = beta1, b2 = beta2, decay = weightDecay;
        return (s, g) -> {
            s[0] -= rate * (Math.signum(b1 * s[1] + (1 - b1) * g) + decay * s[0]);
            s[1] = b2 * s[1] + (1 - b2) * g;
        };
    }

    @Override
    public Lion learningRate(double learningRate) { return (Lion) super.learningRate(learningRate); }

    @Override
    public Lion schedule(Schedule schedule) { return (Lion) super.schedule(schedule); }

    @Override
    public Lion group(Collection<Variable> variables, Optimizer rule) { return (Lion) super.group(variables, rule); }

    @Override
    public Lion maximize() { return (Lion) super.maximize(); }

    @Override
    public Lion clip(Clip clip) { return (Lion) super.clip(clip); }
}
