package autograd.nn.optim;

import autograd.Updates;
import autograd.Variable;

import java.util.Collection;

/**
 * Adam: steps along the running mean of the gradient, divided by the root of the running mean of its square,
 * both corrected for their start at 0. Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR
 * 2015.
 */
public sealed class Adam extends Optimizer permits AdamW {
    private double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay;
    private boolean amsgrad;

    /**
     * Adam with the paper's constants: betas 0.9 and 0.999, epsilon 1e-8.
     *
     * @param learningRate
     *            how far a step goes, about
     */
    public Adam(double learningRate) { super(learningRate); }

    /**
     * How slowly the running means forget.
     *
     * @param beta1
     *            for the gradient, below 1
     * @param beta2
     *            for its square, below 1
     * @return this optimizer
     */
    public Adam betas(double beta1, double beta2) {
        this.beta1 = belowOne("beta1", beta1);
        this.beta2 = belowOne("beta2", beta2);
        return this;
    }

    /**
     * Epsilon, added to the root to prevent division by 0.
     *
     * @param epsilon
     *            not negative
     * @return this optimizer
     */
    public Adam epsilon(double epsilon) {
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
    public Adam weightDecay(double decay) {
        this.weightDecay = notNegative("weightDecay", decay);
        return this;
    }

    /**
     * Divides by the largest running mean of the square so far, so that steps do not grow again. Reddi, Kale and
     * Kumar, "On the Convergence of Adam and Beyond", ICLR 2018.
     *
     * @return this optimizer
     */
    public Adam amsgrad() {
        amsgrad = true;
        return this;
    }

    /** Whether the weights decay apart from the gradient. */
    boolean decoupled() { return false; }

    @Override
    protected final int slots() { return amsgrad ? 3 : 2; }

    @Override
    protected final Variable.Update rule(long t) {
        var adam = Updates.Adam.at(t, learningRate(), beta1, beta2, epsilon, decoupled() ? 0 : weightDecay,
                decoupled() ? weightDecay : 0);
        if (!amsgrad)
            return adam;
        return (s, g) -> {
            double d = g + adam.decay() * s[0];
            s[1] = adam.beta1() * s[1] + (1 - adam.beta1()) * d;
            s[2] = adam.beta2() * s[2] + (1 - adam.beta2()) * d * d;
            s[3] = Math.max(s[3], s[2]);
            s[0] -= adam.shrink() * s[0] + adam.rate() * s[1] / (Math.sqrt(s[3]) / adam.root() + adam.epsilon());
        };
    }

    @Override
    public Adam learningRate(double learningRate) { return (Adam) super.learningRate(learningRate); }

    @Override
    public Adam schedule(Schedule schedule) { return (Adam) super.schedule(schedule); }

    @Override
    public Adam group(Collection<Variable> variables, Optimizer rule) { return (Adam) super.group(variables, rule); }

    @Override
    public Adam maximize() { return (Adam) super.maximize(); }

    @Override
    public Adam clip(Clip clip) { return (Adam) super.clip(clip); }
}
