/** Data-parallel training and prediction of the models of {@code autograd.nn} on Apache Spark. */
@NullMarked
package autograd.spark;

import org.jspecify.annotations.NullMarked;
