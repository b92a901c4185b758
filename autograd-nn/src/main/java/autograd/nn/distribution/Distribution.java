package autograd.nn.distribution;

import autograd.Tensor;
import autograd.array.Rng;
import autograd.array.Shape;

/**
 * Independent random values, one for each element of a shape. Densities, entropies and divergences are in
 * nats and differentiable by the distribution's parameters; values are not, but for {@link Normal#rsample}.
 *
 * @param <T>
 *            what a draw is: a tensor of numbers, of integers, or a mask
 */
public sealed interface Distribution<T> permits Normal, Categorical, Bernoulli {
    /** The shape of a draw. */
    Shape shape();

    /** Draws a value; a constant to every tape. */
    T sample(Rng rng);

    /** The logarithm of the probability of each value, or of its density. */
    Tensor logProb(T value);

    /** The expected {@code -log p} of each value. */
    Tensor entropy();

    /**
     * The Kullback-Leibler divergence of each value: the expected {@code log p - log q}, where q is another
     * distribution of the same kind, and p this one.
     */
    Tensor kl(Distribution<T> other);
}
