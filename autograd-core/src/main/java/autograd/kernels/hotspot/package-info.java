/**
 * Code that the HotSpot compiler requires: specialized copies of loops in which a function is a constant, and
 * gates that keep vector code unused until it is compiled; and the options it runs with. Not exported.
 *
 * <p>
 * Reading order: {@link autograd.kernels.hotspot.Specialization},
 * {@link autograd.kernels.hotspot.CompileGate}, {@link autograd.kernels.hotspot.VmOptions}.
 */
@NullMarked
package autograd.kernels.hotspot;

import org.jspecify.annotations.NullMarked;
