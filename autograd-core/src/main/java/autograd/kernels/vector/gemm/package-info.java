/** Products of matrices: BLAS levels 2 and 3. */
@NullMarked
package autograd.kernels.vector.gemm;

import org.jspecify.annotations.NullMarked;
