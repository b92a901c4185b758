/**
 * Sums, products, largest and smallest elements, and running sums.
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.reduction.Reductions} (which loop),
 * {@link autograd.kernels.vector.reduction.FloatReductionLoop} (the loops),
 * {@link autograd.kernels.vector.reduction.AxisLoops} (running sums along an axis).
 */
@NullMarked
package autograd.kernels.vector.reduction;

import org.jspecify.annotations.NullMarked;
