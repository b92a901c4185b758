/**
 * Faster kernels: loops over vectors of the incubating {@code jdk.incubator.vector}. Not exported;
 * {@link autograd.kernels} loads them by name if that module is present.
 *
 * <p>
 * Each wing is a package: {@code gemm}, {@code elementwise}, {@code reduction}, {@code rows},
 * {@code convolution}, {@code movement}, {@code optimizer}. Below them are {@code parallel} (threads) and
 * {@code lanes} (species, scratch). A wing's loops have an interface with one implementation for each dtype.
 *
 * <p>
 * The form of the code decides whether HotSpot compiles it well. These rules hold throughout:
 * <ul>
 * <li>Species are static finals, never arguments: a method that sees two species is slow for ever.
 * <li>A method that takes or returns a vector has less than 325 bytes of bytecode, else HotSpot does not
 * inline it and the vector becomes an object.
 * <li>A loop is a small static method of its own.
 * <li>In a loop that is rarely entered, loads are written out: HotSpot never inlines a call at a cold call
 * site.
 * <li>Compilations begin at {@link autograd.kernels.vector.parallel.Chunks}. If one begins in a user's code,
 * the calls in the loop may be too deep to be inlined.
 * <li>Each accumulator of a loop gets an initial vector of its own: of accumulators that share one, HotSpot
 * leaves some as objects after some histories. Micro-kernels share one, but they are timed before they are
 * used.
 * <li>One method, with all that it inlines, has at most about thirty vector operations.
 * <li>A loop that calls a function is copied for each function, as a hidden class in which the function is a
 * constant ({@link autograd.kernels.hotspot.Specialization}).
 * <li>Results have the same bits in interpreted and in compiled code: elementary functions are polynomials of
 * our own, and no sum leaves the order of its terms to the machine.
 * <li>Code that is slowest before it is compiled has a plain version with the same bits, which runs until
 * then ({@link autograd.kernels.hotspot.CompileGate}).
 * </ul>
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.VectorKernels} (what is covered),
 * {@link autograd.kernels.vector.elementwise} (one function at each element),
 * {@link autograd.kernels.vector.gemm} (products).
 */
@NullMarked
package autograd.kernels.vector;

import org.jspecify.annotations.NullMarked;
