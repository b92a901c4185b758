/**
 * Copies, transpositions, gathers and scatters.
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.movement.ArrayLoops} (which loop),
 * {@link autograd.kernels.vector.movement.FloatArrayLoops} (the loops),
 * {@link autograd.kernels.vector.movement.IndexedSlices} (gathers of whole slices).
 */
@NullMarked
package autograd.kernels.vector.movement;

import org.jspecify.annotations.NullMarked;
