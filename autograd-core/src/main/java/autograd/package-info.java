/**
 * Floor 2, the nucleus: tensors, operations with their derivatives, and the tape.
 *
 * <p>
 * Reading order for {@code backward()}: {@link autograd.Op} (what an operation is), one family, for example
 * {@link autograd.Elementwise} (method, operation and rule together), then {@link autograd.Node} and
 * {@link autograd.GradientTape}, whose {@code play} is the whole of reverse mode.
 */
@NullMarked
package autograd;

import org.jspecify.annotations.NullMarked;
