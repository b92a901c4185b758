/** Initial values of variables. */
@NullMarked
package autograd.nn.init;

import org.jspecify.annotations.NullMarked;
