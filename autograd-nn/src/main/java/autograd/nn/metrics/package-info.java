/** How good predictions are. */
@NullMarked
package autograd.nn.metrics;

import org.jspecify.annotations.NullMarked;
