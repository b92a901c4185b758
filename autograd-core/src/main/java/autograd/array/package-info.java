/**
 * Floor 0, what an array is: a {@link autograd.array.Shape} laid out with strides over a flat
 * {@link autograd.array.Storage}. Nothing here computes; views are O(1).
 *
 * <p>
 * Reading order: {@link autograd.array.Shape}, {@link autograd.array.Layout}, {@link autograd.array.Storage},
 * {@link autograd.array.NdArray}.
 */
@NullMarked
package autograd.array;

import org.jspecify.annotations.NullMarked;
