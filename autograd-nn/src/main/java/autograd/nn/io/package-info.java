/** Tensors in files that other programs read too: safetensors, NumPy's npz and npy; the weights of models. */
@NullMarked
package autograd.nn.io;

import org.jspecify.annotations.NullMarked;
