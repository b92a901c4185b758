/** How fast this framework is, alone and beside others; nothing that users need. */
@NullMarked
package autograd.benchmarks;

import org.jspecify.annotations.NullMarked;
