/**
 * Floor 2, the nucleus: tensors, operations with their derivatives, and the tape.
 *
 * <p>
 * Reading order for {@code backward()}: {@link autograd.Op} (what an operation is), one family, for example
 * {@link autograd.Elementwise} (method, operation and rule together), then {@link autograd.Recording} (what
 * is written down), {@link autograd.Node} (one line of it) and {@link autograd.GradientTape}, whose
 * {@code play} is the whole of reverse mode. After that {@link autograd.Tensor} and
 * {@link autograd.Variable}, the other families as needed, and {@link autograd.Functional}, which is built
 * from tapes.
 */
@NullMarked
package autograd;

import org.jspecify.annotations.NullMarked;
