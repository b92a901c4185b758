/** Functions of one or two elements, and comparisons. */
@NullMarked
package autograd.kernels.vector.elementwise;

import org.jspecify.annotations.NullMarked;
