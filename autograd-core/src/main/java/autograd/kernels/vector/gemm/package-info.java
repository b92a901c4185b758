/**
 * Matrix products: levels 2 and 3 of BLAS, blocked as Goto and van de Geijn describe.
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.gemm.FloatGemm} (blocks),
 * {@link autograd.kernels.vector.gemm.FloatPacking} (copies of panels),
 * {@link autograd.kernels.vector.gemm.FloatMicroKernel} (sums in registers),
 * {@link autograd.kernels.vector.gemm.FloatGemv} (a matrix times a vector).
 */
@NullMarked
package autograd.kernels.vector.gemm;

import org.jspecify.annotations.NullMarked;
