/**
 * Initial values of variables.
 *
 * <p>
 * Reading order: {@link autograd.nn.init.Init}.
 */
@NullMarked
package autograd.nn.init;

import org.jspecify.annotations.NullMarked;
