package autograd.nn.distribution;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.array.Shape;

import java.util.Arrays;

/**
 * Distributions over classes 0, 1, ..: their probabilities are the softmax of logits along the last axis.
 *
 * @param logits
 *            of shape [.., classes]; a draw has shape [..]
 */
public record Categorical(Tensor logits) implements Distribution<IntTensor> {
    /** Checks the parameters. */
    public Categorical {
        if (logits.shape().rank() == 0 || logits.shape().dim(-1) == 0)
            throw new IllegalArgumentException(
                    "Categorical: logits of shape " + logits.shape() + " have no last axis with classes");
    }

    /**
     * Distributions by their probabilities.
     *
     * @param probabilities
     *            of shape [.., classes], not negative; rows are divided by their sums
     * @return distributions whose logits are the logarithms
     */
    public static Categorical ofProbabilities(Tensor probabilities) {
        if (!probabilities.ge(0).all())
            throw new IllegalArgumentException("Categorical: a probability is negative or NaN; logits go to "
                    + "new Categorical(logits)");
        Tensor sums = probabilities.sum(-1);
        if (!sums.gt(0).all() || !sums.lt(Double.POSITIVE_INFINITY).all())
            throw new IllegalArgumentException(
                    "Categorical: the probabilities of a row add up to 0 or are infinite; one must be positive");
        return new Categorical(probabilities.log());
    }

    /** The probabilities, of the shape of the logits. */
    public Tensor probabilities() { return logits.softmax(-1); }

    private Tensor logs() { return logits.logSoftmax(-1); }

    @Override
    public Shape shape() {
        int[] dims = logits.shape().dims();
        return Shape.of(Arrays.copyOf(dims, dims.length - 1));
    }

    @Override
    public IntTensor sample(Rng rng) { return IntTensor.categorical(rng, probabilities()); }

    @Override
    public Tensor logProb(IntTensor value) {
        if (!value.shape().equals(shape()))
            throw new IllegalArgumentException(
                    "Categorical: classes of shape " + value.shape() + " do not fit logits of "
                            + "shape " + logits.shape() + ", it must be " + shape());
        return logs().gather(-1, value.reshape(shape().append("logProb", 1).dims())).squeeze(-1);
    }

    @Override
    public Tensor entropy() { return expected(probabilities(), logs()).sum(-1).neg(); }

    @Override
    public Tensor kl(Distribution<IntTensor> other) {
        Tensor q = switch (other) {
            case Categorical categorical -> categorical.logs();
        };
        if (!q.shape().equals(logits.shape()))
            throw new IllegalArgumentException("Categorical: kl of logits of shapes " + logits.shape() + " and "
                    + q.shape() + "; they must be the same");
        return expected(probabilities(), logs().sub(q)).sum(-1);
    }

    /** Probabilities times logarithms: 0 where the probability is 0, though the logarithm is infinite. */
    static Tensor expected(Tensor p, Tensor log) {
        return p.mul(log.where(p.gt(0), 0));
    }
}
