/**
 * Models from composable parts: a model is a record of layers, a layer a record of variables.
 *
 * <p>
 * Reading order: {@link autograd.nn.Trainable}, {@link autograd.nn.Layer}, {@link autograd.nn.Dense},
 * {@link autograd.nn.Mlp}, {@link autograd.nn.Losses}; then a layer of your choice, {@link autograd.nn.Cell}
 * before {@link autograd.nn.Recurrent}, and {@link autograd.nn.MultiHeadAttention} before
 * {@link autograd.nn.EncoderBlock}.
 */
@NullMarked
package autograd.nn;

import org.jspecify.annotations.NullMarked;
