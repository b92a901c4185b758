/** What is measured, done by LibTorch. */
@NullMarked
package autograd.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
