/** The kernels again, faster, by the Vector API; not exported. */
@NullMarked
package autograd.kernels.vector;

import org.jspecify.annotations.NullMarked;
