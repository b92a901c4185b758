package autograd.nn.data;

/**
 * Examples in two parts.
 *
 * @param train
 *            to learn from
 * @param test
 *            not to be seen while learning
 */
public record Split(Dataset train, Dataset test) {}
