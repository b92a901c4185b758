/** What a training loop shows and keeps. */
@NullMarked
package autograd.nn.train;

import org.jspecify.annotations.NullMarked;
