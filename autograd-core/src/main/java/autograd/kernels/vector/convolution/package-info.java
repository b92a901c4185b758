/** Convolution and pooling of images. */
@NullMarked
package autograd.kernels.vector.convolution;

import org.jspecify.annotations.NullMarked;
