/** Copies, transpositions, gathers and scatters. */
@NullMarked
package autograd.kernels.vector.movement;

import org.jspecify.annotations.NullMarked;
