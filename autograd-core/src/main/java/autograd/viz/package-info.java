/**
 * Floor 3, the tape shown: as text, {@link autograd.viz.Listing}; as a graph, {@link autograd.viz.Dot} and
 * {@link autograd.viz.Svg}; as a page to step through, {@link autograd.viz.TapePage}.
 * {@link autograd.viz.Formula} writes computations as mathematics.
 *
 * <p>
 * Reading order: {@link autograd.viz.TapeGraph} (the common model of nodes and playback),
 * {@link autograd.viz.Listing}, {@link autograd.viz.Dot}, {@link autograd.viz.Svg},
 * {@link autograd.viz.TapePage}; then {@link autograd.viz.Formula}.
 */
@NullMarked
package autograd.viz;

import org.jspecify.annotations.NullMarked;
