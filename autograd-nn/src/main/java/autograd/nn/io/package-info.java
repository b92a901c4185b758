/**
 * Tensors in files that other programs read too: safetensors, NumPy's npz and npy; the weights of models.
 *
 * <p>
 * Reading order: {@link autograd.nn.io.Weights}, {@link autograd.nn.io.Mapping},
 * {@link autograd.nn.io.SafeTensors}, {@link autograd.nn.io.Npz}, {@link autograd.nn.io.Npy},
 * {@link autograd.nn.io.AtomicFile}.
 */
@NullMarked
package autograd.nn.io;

import org.jspecify.annotations.NullMarked;
