/**
 * What a training loop shows and keeps.
 *
 * <p>
 * Reading order: {@link autograd.nn.train.Progress}.
 */
@NullMarked
package autograd.nn.train;

import org.jspecify.annotations.NullMarked;
