package autograd.nn.optim;

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
}
