/** Microbenchmarks of kernels, operations and the tape, for JMH. */
@NullMarked
package autograd.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
