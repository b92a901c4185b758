/** Threads, and how work is cut up for them. */
@NullMarked
package autograd.kernels.vector.parallel;

import org.jspecify.annotations.NullMarked;
