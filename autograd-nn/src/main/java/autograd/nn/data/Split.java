package autograd.nn.data;

/**
 * Examples in two parts.
 *
 * @param train
 *            to learn from
 * @param test
 *            not to be seen while learning
 * @param <X>
 *            the type of the inputs
 * @param <Y>
 *            the type of the targets
 */
public record Split<X, Y>(Dataset<X, Y> train, Dataset<X, Y> test) {}
