/**
 * Probability distributions: draws, log-probabilities, entropies and divergences.
 *
 * <p>
 * Reading order: {@link autograd.nn.distribution.Distribution}, {@link autograd.nn.distribution.Normal},
 * {@link autograd.nn.distribution.Categorical}, {@link autograd.nn.distribution.Bernoulli}.
 */
@NullMarked
package autograd.nn.distribution;

import org.jspecify.annotations.NullMarked;
