/** What is measured, done by DJL. */
@NullMarked
package autograd.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
