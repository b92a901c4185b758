/**
 * Floor 2, the nucleus: tensors, operations with their derivatives, and the tape.
 *
 * <p>
 * Reading order for {@code backward()}: {@link autograd.Op} (what an operation is),
 * {@link autograd.Elementwise} (some of them: method, operation and rule together), {@link autograd.Tensor};
 * then how an operation is recorded, {@link autograd.Recording}, which asks {@link autograd.Levels} and adds
 * a {@link autograd.Node}; then how a {@link autograd.GradientTape}, with its {@link autograd.OpenTape}, is
 * played back: {@link autograd.Playback} is reverse mode, {@link autograd.Movement} undoes broadcasting,
 * {@link autograd.Gradients} collects what a {@link autograd.Variable} adds up. The members that matter are
 * in docs/architecture.md.
 *
 * <p>
 * Made for speed, and not needed to understand the rest: {@link autograd.FastRecording},
 * {@link autograd.SmallNode}, {@link autograd.SingleNumbers}, {@link autograd.RecyclingPlayback}. After that
 * the other families as needed, and {@link autograd.Functional}, which is built from tapes.
 */
@NullMarked
package autograd;

import org.jspecify.annotations.NullMarked;
