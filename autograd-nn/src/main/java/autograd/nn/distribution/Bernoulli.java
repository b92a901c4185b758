package autograd.nn.distribution;

import autograd.Mask;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.array.Shape;

/**
 * Distributions over true and false: the probability of true is the sigmoid of a logit.
 *
 * @param logits
 *            one for each value
 */
public record Bernoulli(Tensor logits) implements Distribution<Mask> {
    /**
     * Distributions by the probabilities of true.
     *
     * @param probabilities
     *            from 0 to 1
     * @return distributions whose logits are {@code log(p / (1 - p))}
     */
    public static Bernoulli ofProbabilities(Tensor probabilities) {
        if (!probabilities.ge(0).and(probabilities.le(1)).all())
            throw new IllegalArgumentException("Bernoulli: a probability is not from 0 to 1; logits go to "
                    + "new Bernoulli(logits)");
        return new Bernoulli(probabilities.log().sub(probabilities.neg().log1p()));
    }

    /** The probabilities of true. */
    public Tensor probabilities() { return logits.sigmoid(); }

    @Override
    public Shape shape() { return logits.shape(); }

    @Override
    public Mask sample(Rng rng) { return Mask.bernoulli(rng, probabilities()); }

    @Override
    public Tensor logProb(Mask value) {
        if (!value.shape().equals(shape()))
            throw new IllegalArgumentException(
                    "Bernoulli: a mask of shape " + value.shape() + " does not fit logits of "
                            + "shape " + shape() + "; they must be the same");
        return logits.where(value, logits.neg()).logSigmoid();
    }

    @Override
    public Tensor entropy() { return expected(logits.logSigmoid(), logits.neg().logSigmoid()).neg(); }

    @Override
    public Tensor kl(Distribution<Mask> other) {
        Tensor q = switch (other) {
            case Bernoulli bernoulli -> bernoulli.logits;
        };
        return expected(logits.logSigmoid().sub(q.logSigmoid()), logits.neg().logSigmoid().sub(q.neg().logSigmoid()));
    }

    /** What is expected of a function, given its values at true and at false. */
    private Tensor expected(Tensor atTrue, Tensor atFalse) {
        return Categorical.expected(logits.sigmoid(), atTrue)
                .add(Categorical.expected(logits.neg().sigmoid(), atFalse));
    }
}
