/**
 * Floor 1, computations on arrays: the interface {@link autograd.kernels.Kernels} and its definition, the
 * scalar kernels. The implementation is chosen once, by {@code -Dautograd.kernels=scalar|vector}.
 *
 * <p>
 * Kernels know neither tape nor derivatives. Sources named {@code Float*} are also compiled as
 * {@code Double*}, by renaming at build time, so that no kernel is written twice.
 *
 * <p>
 * Reading order: {@link autograd.kernels.Kernels}, {@link autograd.kernels.ScalarKernels},
 * {@link autograd.kernels.Selection}.
 */
@NullMarked
package autograd.kernels;

import org.jspecify.annotations.NullMarked;
