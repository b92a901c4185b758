/**
 * How good predictions are.
 *
 * <p>
 * Reading order: {@link autograd.nn.metrics.Accuracy}, {@link autograd.nn.metrics.ConfusionMatrix}.
 */
@NullMarked
package autograd.nn.metrics;

import org.jspecify.annotations.NullMarked;
