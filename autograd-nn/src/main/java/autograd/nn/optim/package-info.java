/** Optimizers: how variables follow their gradients. */
@NullMarked
package autograd.nn.optim;

import org.jspecify.annotations.NullMarked;
