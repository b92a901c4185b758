package autograd.nn.metrics;

import autograd.IntTensor;
import autograd.Tensor;

/** The fraction of predictions that are right. */
public final class Accuracy {
    private Accuracy() {}

    /**
     * The fraction of examples whose largest score is that of the label.
     *
     * @param scores
     *            logits or probabilities, [.., classes]
     * @param labels
     *            shape [..]
     * @return a number in 0 .. 1; NaN without examples
     */
    public static double of(Tensor scores, IntTensor labels) {
        if (scores.shape().rank() == 0 || !scores.argMax(-1).shape().equals(labels.shape()))
            throw new IllegalArgumentException("Accuracy: scores " + scores.shape() + " and labels " + labels.shape()
                    + " must be [.., classes] and [..]");
        return scores.argMax(-1).eq(labels).mean();
    }

    /**
     * The fraction of scores on the same side of a threshold as their targets.
     *
     * @param scores
     *            probabilities with threshold 0.5, or logits with threshold 0; any shape
     * @param targets
     *            of the same shape; 1 for above the threshold, 0 or -1 for below
     * @param threshold
     *            scores above it predict the positive class
     * @return a number in 0 .. 1; NaN without examples
     */
    public static double binary(Tensor scores, Tensor targets, double threshold) {
        if (!scores.shape().equals(targets.shape()))
            throw new IllegalArgumentException("Accuracy: scores " + scores.shape() + " and targets " + targets.shape()
                    + " must have the same shape");
        return scores.gt(threshold).eq(targets.gt(threshold)).mean();
    }
}
