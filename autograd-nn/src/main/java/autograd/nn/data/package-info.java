/** Data sets: reading them, and serving them in batches. */
@NullMarked
package autograd.nn.data;

import org.jspecify.annotations.NullMarked;
