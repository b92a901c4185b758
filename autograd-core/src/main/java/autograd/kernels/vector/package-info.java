/**
 * The same kernels, faster: loops over vectors of the incubating {@code jdk.incubator.vector}. Not exported.
 * {@link autograd.kernels} loads it by name where that module is there.
 *
 * <p>
 * What HotSpot makes of such code depends on its form, so all of it keeps to these rules. Species are static
 * finals, never arguments: of the class that uses them, or FloatSpecies' where code begins without vectors. A
 * method that takes or returns a vector stays below 325 bytes of code, else it is not inlined and every
 * vector becomes an object. A loop stands in a small static method of its own. Where short arrays may hardly
 * ever enter it, it calls no such method, because what HotSpot has hardly seen it does not inline, nor later.
 * Compilations of loops begin at {@link autograd.kernels.vector.parallel.Chunks}: in one that begins at a
 * user's line, what a loop calls may be too deep to be inlined. Sums that a loop carries each begin as a
 * vector of their own: of those that begin as one, some stay objects after some histories (tiles begin as
 * one, but are tried before they are used). Some thirty operations are as much as goes into one method with
 * all that it calls. Every loop that calls a function is defined once for each function, as a hidden class in
 * which that function is a constant. Results have the same bits in interpreted and in compiled code, so
 * elementary functions are polynomials of our own, and no sum leaves the order of its terms to the machine.
 * What takes longest before it is compiled has a plain twin of the same bits, which runs until then
 * ({@link autograd.kernels.hotspot.CompileGate}).
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.VectorKernels} (what it covers),
 * {@link autograd.kernels.vector.elementwise.FloatElementwiseLoop} and
 * {@link autograd.kernels.vector.elementwise.FloatFunctions} (element by element),
 * {@link autograd.kernels.vector.gemm.FloatGemm} and {@link autograd.kernels.vector.gemm.FloatMicroKernel}
 * (products).
 */
@NullMarked
package autograd.kernels.vector;

import org.jspecify.annotations.NullMarked;
