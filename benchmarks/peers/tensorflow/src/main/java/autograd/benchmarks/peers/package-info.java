/** What is measured, done by TensorFlow Java. */
@NullMarked
package autograd.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
