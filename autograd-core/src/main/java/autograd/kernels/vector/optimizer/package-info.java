/**
 * Steps of optimizers, all elements in one pass.
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.optimizer.OptimizerLoops} (which rule),
 * {@link autograd.kernels.vector.optimizer.FloatOptimizerLoops} (the loops).
 */
@NullMarked
package autograd.kernels.vector.optimizer;

import org.jspecify.annotations.NullMarked;
