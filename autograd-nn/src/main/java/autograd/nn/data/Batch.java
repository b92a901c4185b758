package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;

/**
 * Some examples with their labels.
 *
 * @param x
 *            one example along the first axis each
 * @param y
 *            their labels, one along the first axis each
 */
public record Batch(Tensor x, IntTensor y) {
    /**
     * How many examples there are.
     *
     * @return the extent of the first axis
     */
    public int size() { return y.shape().dim(0); }
}
