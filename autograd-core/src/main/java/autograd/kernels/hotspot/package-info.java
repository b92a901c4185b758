/**
 * What speed on HotSpot takes: copies of loops in which a function is a constant, and gates that keep code
 * over vectors unused until it is compiled. Not exported.
 */
@NullMarked
package autograd.kernels.hotspot;

import org.jspecify.annotations.NullMarked;
