package autograd.nn.optim;

import autograd.Variable;

import java.util.Collection;

/**
 * Adamax: Adam by the largest gradient instead of the mean square. With {@code m = beta1 m + (1 - beta1) g}
 * and {@code u = max(beta2 u, |g| + epsilon)} it is {@code w -= rate / (1 - beta1^t) * m / u}. Kingma and Ba,
 * ICLR 2015, section 7.1; epsilon as in PyTorch.
 */
public final class Adamax extends Optimizer {
    private double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay;

    /**
     * Adamax with the paper's constants: betas 0.9 and 0.999, epsilon 1e-8.
     *
     * @param learningRate
     *            how far a step goes, about
     */
    public Adamax(double learningRate) { super(learningRate); }

    /**
     * How slowly the running means forget.
     *
     * @param beta1
     *            for the gradient, below 1
     * @param beta2
     *            for its largest size, below 1
     * @return this optimizer
     */
    public Adamax betas(double beta1, double beta2) {
        this.beta1 = belowOne("beta1", beta1);
        this.beta2 = belowOne("beta2", beta2);
        return this;
    }

    /**
     * Epsilon, added to the size of the gradient to prevent division by 0.
     *
     * @param epsilon
     *            not negative
     * @return this optimizer
     */
    public Adamax epsilon(double epsilon) {
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
    public Adamax weightDecay(double decay) {
        this.weightDecay = notNegative("weightDecay", decay);
        return this;
    }

    @Override
    protected int slots() { return 2; }

    @Override
    protected Variable.Update rule(long t) {
        double rate = learningRate() / (1 - Math.pow(beta1, t));
        double b1 = beta1, b2 = beta2, eps = epsilon, decay = weightDecay;
        return (s, g) -> {
            double d = g + decay * s[0];
            s[1] = b1 * s[1] + (1 - b1) * d;
            s[2] = Math.max(b2 * s[2], Math.abs(d) + eps);
            s[0] -= rate * s[1] / s[2];
        };
    }

    @Override
    public Adamax learningRate(double learningRate) { return (Adamax) super.learningRate(learningRate); }

    @Override
    public Adamax schedule(Schedule schedule) { return (Adamax) super.schedule(schedule); }

    @Override
    public Adamax group(Collection<Variable> variables, Optimizer rule) {
        return (Adamax) super.group(variables, rule);
    }

    @Override
    public Adamax maximize() { return (Adamax) super.maximize(); }

    @Override
    public Adamax clip(Clip clip) { return (Adamax) super.clip(clip); }
}
