package autograd.nn.optim;

import autograd.Variable;

import java.util.Collection;

/**
 * Adam whose weights decay apart from the gradient: {@code w -= rate * decay * w}, besides Adam's step.
 * Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.
 */
public final class AdamW extends Adam {
    /**
     * Adam's constants, and a weight decay of 0.01.
     *
     * @param learningRate
     *            how far a step goes, about
     */
    public AdamW(double learningRate) {
        super(learningRate);
        weightDecay(0.01);
    }

    /**
     * Takes {@code rate * decay} of every weight off it in each step.
     *
     * @param decay
     *            not negative
     * @return this optimizer
     */
    @Override
    public AdamW weightDecay(double decay) {
        super.weightDecay(decay);
        return this;
    }

    @Override
    boolean decoupled() { return true; }

    @Override
    public AdamW learningRate(double learningRate) { return (AdamW) super.learningRate(learningRate); }

    @Override
    public AdamW schedule(Schedule schedule) { return (AdamW) super.schedule(schedule); }

    @Override
    public AdamW group(Collection<Variable> variables, Optimizer rule) { return (AdamW) super.group(variables, rule); }

    @Override
    public AdamW maximize() { return (AdamW) super.maximize(); }

    @Override
    public AdamW clip(Clip clip) { return (AdamW) super.clip(clip); }

    @Override
    public AdamW betas(double beta1, double beta2) { return (AdamW) super.betas(beta1, beta2); }

    @Override
    public AdamW epsilon(double epsilon) { return (AdamW) super.epsilon(epsilon); }

    @Override
    public AdamW amsgrad() { return (AdamW) super.amsgrad(); }
}
