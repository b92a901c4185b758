/**
 * Convolution and pooling of images, over shifted planes instead of columns.
 *
 * <p>
 * Reading order: {@link autograd.kernels.vector.convolution.Convolutions} (which kernel),
 * {@link autograd.kernels.vector.convolution.PolyphaseLayout} (strides become planes),
 * {@link autograd.kernels.vector.convolution.FloatConvolution},
 * {@link autograd.kernels.vector.convolution.FloatConvolutionMicroKernel},
 * {@link autograd.kernels.vector.convolution.FloatPooling}.
 */
@NullMarked
package autograd.kernels.vector.convolution;

import org.jspecify.annotations.NullMarked;
