/**
 * Metrics of predictions.
 *
 * <p>
 * Reading order: {@link autograd.nn.metrics.Accuracy}, {@link autograd.nn.metrics.ConfusionMatrix},
 * {@link autograd.nn.metrics.TopK}, {@link autograd.nn.metrics.Auc}, {@link autograd.nn.metrics.Regression}.
 */
@NullMarked
package autograd.nn.metrics;

import org.jspecify.annotations.NullMarked;
