/** Steps of optimizers. */
@NullMarked
package autograd.kernels.vector.optimizer;

import org.jspecify.annotations.NullMarked;
