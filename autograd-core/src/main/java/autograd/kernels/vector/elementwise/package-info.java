/**
 * Functions of one or two elements, and comparisons.
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.elementwise.FloatElementwiseLoop} (the loops),
 * {@link autograd.kernels.vector.elementwise.FloatFunctions} (the functions),
 * {@link autograd.kernels.vector.elementwise.Elementary} (exponentials, logarithms, tangents),
 * {@link autograd.kernels.vector.elementwise.FloatErf}.
 */
@NullMarked
package autograd.kernels.vector.elementwise;

import org.jspecify.annotations.NullMarked;
