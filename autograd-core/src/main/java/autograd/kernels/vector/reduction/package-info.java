/** Sums, products, largest and smallest elements, and running sums. */
@NullMarked
package autograd.kernels.vector.reduction;

import org.jspecify.annotations.NullMarked;
