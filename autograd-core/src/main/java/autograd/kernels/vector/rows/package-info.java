/** Softmax, cross-entropy and standardization of rows. */
@NullMarked
package autograd.kernels.vector.rows;

import org.jspecify.annotations.NullMarked;
