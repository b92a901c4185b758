/** Programs to run on a cluster or, for a try, on one machine. */
@NullMarked
package autograd.spark.examples;

import org.jspecify.annotations.NullMarked;
