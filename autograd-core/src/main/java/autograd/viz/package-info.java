/**
 * Floor 3, the tape shown: {@link autograd.viz.Formula} writes what was computed as mathematics.
 *
 * <p>
 * Reading order: {@link autograd.viz.Formula}.
 */
@NullMarked
package autograd.viz;

import org.jspecify.annotations.NullMarked;
