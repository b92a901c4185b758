/** Vectors of this machine: their species, floats as vectors of doubles, scratch arrays. */
@NullMarked
package autograd.kernels.vector.lanes;

import org.jspecify.annotations.NullMarked;
