/**
 * The vectors of this machine: their species and registers, floats as vectors of doubles, scratch arrays.
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.lanes.FloatSpecies},
 * {@link autograd.kernels.vector.lanes.VectorRegisters}, {@link autograd.kernels.vector.lanes.DoubleLanes},
 * {@link autograd.kernels.vector.lanes.FloatScratch}.
 */
@NullMarked
package autograd.kernels.vector.lanes;

import org.jspecify.annotations.NullMarked;
