package autograd.nn.optim;

import autograd.Variable;

import java.util.Collection;

/**
 * NAdam: Adam that looks ahead along the momentum, after Nesterov. With Adam's m and v and a momentum that
 * rises, {@code mu(t) = beta1 (1 - 0.96^(t decay) / 2)}, and M the product of mu(1) to mu(t), it is
 * {@code w -= rate * (mu(t+1) m / (1 - M mu(t+1)) + (1 - mu(t)) g / (1 - M)) / (sqrt(v / (1 - beta2^t)) + epsilon)}.
 * Dozat, "Incorporating Nesterov Momentum into Adam", ICLR workshop 2016.
 */
public final class NAdam extends Optimizer {
    private double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, momentumDecay = 4e-3, weightDecay;
    private boolean decoupled;

    /** The product of mu(1) to mu(upTo), from which the next step's is one factor away. */
    private double product = 1;
    private long upTo;

    /**
     * NAdam with betas 0.9 and 0.999, epsilon 1e-8 and a momentum decay of 4e-3.
     *
     * @param learningRate
     *            how far a step goes, about
     */
    public NAdam(double learningRate) { super(learningRate); }

    /**
     * How slowly the running means forget.
     *
     * @param beta1
     *            for the gradient, below 1
     * @param beta2
     *            for its square, below 1
     * @return this optimizer
     */
    public NAdam betas(double beta1, double beta2) {
        this.beta1 = belowOne("beta1", beta1);
        this.beta2 = belowOne("beta2", beta2);
        restart();
        return this;
    }

    /**
     * Epsilon, added to the root to prevent division by 0.
     *
     * @param epsilon
     *            not negative
     * @return this optimizer
     */
    public NAdam epsilon(double epsilon) {
        this.epsilon = notNegative("epsilon", epsilon);
        return this;
    }

    /**
     * How fast the momentum rises from beta1 / 2 to beta1.
     *
     * @param momentumDecay
     *            not negative
     * @return this optimizer
     */
    public NAdam momentumDecay(double momentumDecay) {
        this.momentumDecay = notNegative("momentumDecay", momentumDecay);
        restart();
        return this;
    }

    /**
     * Adds {@code decay * w} to the gradient: an L2 penalty.
     *
     * @param decay
     *            not negative
     * @return this optimizer
     */
    public NAdam weightDecay(double decay) {
        this.weightDecay = notNegative("weightDecay", decay);
        return this;
    }

    /**
     * Lets the weights decay apart from the gradient, as in {@link AdamW}.
     *
     * @return this optimizer
     */
    public NAdam decoupled() {
        decoupled = true;
        return this;
    }

    private double mu(long t) { return beta1 * (1 - 0.5 * Math.pow(0.96, t * momentumDecay)); }

    private void restart() {
        product = 1;
        upTo = 0;
    }

    /** A function of t alone, whatever was asked before. */
    private double product(long t) {
        if (t < upTo)
            restart();
        while (upTo < t && product > 0x1p-60) // below that, 1 - product is 1
            product *= mu(++upTo);
        return product;
    }

    @Override
    protected int slots() { return 2; }

    @Override
    protected Variable.Update rule(long t) {
        double b1 = beta1, b2 = beta2, eps = epsilon, correction = 1 - Math.pow(beta2, t);
        double decay = decoupled ? 0 : weightDecay, shrink = decoupled ? learningRate() * weightDecay : 0;
        double ofGradient = learningRate() * (1 - mu(t)) / (1 - product(t));
        double ofMean = learningRate() * mu(t + 1) / (1 - product(t) * mu(t + 1));
        return (s, g) -> {
            double d = g + decay * s[0];
            s[1] = b1 * s[1] + (1 - b1) * d;
            s[2] = b2 * s[2] + (1 - b2) * d * d;
            s[0] -= shrink * s[0] + (ofGradient * d + ofMean * s[1]) / (Math.sqrt(s[2] / correction) + eps);
        };
    }

    @Override
    public NAdam learningRate(double learningRate) { return (NAdam) super.learningRate(learningRate); }

    @Override
    public NAdam schedule(Schedule schedule) { return (NAdam) super.schedule(schedule); }

    @Override
    public NAdam group(Collection<Variable> variables, Optimizer rule) { return (NAdam) super.group(variables, rule); }

    @Override
    public NAdam maximize() { return (NAdam) super.maximize(); }

    @Override
    public NAdam clip(Clip clip) { return (NAdam) super.clip(clip); }
}
