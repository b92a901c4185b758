/**
 * Floor 1, what can be computed on an array: the {@link autograd.kernels.Kernels} interface and its
 * definition, the scalar kernels. Which implementation runs is chosen once, by
 * {@code -Dautograd.kernels=scalar|vector}.
 *
 * <p>
 * Kernels know no tape and no derivative. Sources named {@code Float*} are also compiled as {@code Double*},
 * by renaming at build time, so that no kernel is written twice.
 *
 * <p>
 * Reading order: {@link autograd.kernels.Kernels}, {@link autograd.kernels.ScalarKernels},
 * {@link autograd.kernels.Selection}.
 */
@NullMarked
package autograd.kernels;

import org.jspecify.annotations.NullMarked;
