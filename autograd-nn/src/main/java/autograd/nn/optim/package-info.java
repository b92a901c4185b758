/**
 * Optimizers: how variables follow their gradients.
 *
 * <p>
 * Reading order: {@link autograd.nn.optim.Sgd} (the shortest rule), {@link autograd.nn.optim.Optimizer} (who
 * calls it), {@link autograd.nn.optim.Adam}.
 */
@NullMarked
package autograd.nn.optim;

import org.jspecify.annotations.NullMarked;
