/** Floor 3, the tape shown: {@link autograd.viz.Formula} writes what was computed as mathematics. */
@NullMarked
package autograd.viz;

import org.jspecify.annotations.NullMarked;
