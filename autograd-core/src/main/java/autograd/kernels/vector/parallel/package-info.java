/**
 * Threads, and how work is divided among them.
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.parallel.Team} (the threads),
 * {@link autograd.kernels.vector.parallel.Chunks} (how work is divided).
 */
@NullMarked
package autograd.kernels.vector.parallel;

import org.jspecify.annotations.NullMarked;
