/**
 * Softmax, cross-entropy and standardization of rows.
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.rows.Softmax} (which loop),
 * {@link autograd.kernels.vector.rows.FloatSoftmax} (rows of any length),
 * {@link autograd.kernels.vector.rows.FloatNarrowSoftmax} (many short rows),
 * {@link autograd.kernels.vector.rows.FloatStandardize}.
 */
@NullMarked
package autograd.kernels.vector.rows;

import org.jspecify.annotations.NullMarked;
