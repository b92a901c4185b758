package autograd.nn.metrics;

import autograd.IntTensor;
import autograd.Tensor;

/** The fraction of predictions that are right. */
public final class Accuracy {
    private Accuracy() {}

    /**
     * How often the largest score is the label's.
     *
     * @param scores
     *            logits or probabilities, [.., classes]
     * @param labels
     *            shape [..]
     * @return 0 .. 1; NaN of none
     */
    public static double of(Tensor scores, IntTensor labels) {
        if (scores.shape().rank() == 0 || !scores.argMax(-1).shape().equals(labels.shape()))
            throw new IllegalArgumentException("Accuracy: scores " + scores.shape() + " and labels " + labels.shape()
                    + " must be [.., classes] and [..]");
        return scores.argMax(-1).eq(labels).mean();
    }

    /**
     * How often scores are on the targets' side of a threshold.
     *
     * @param scores
     *            probabilities with threshold 0.5, or logits with threshold 0; any shape
     * @param targets
     *            of the same shape; above the threshold, as 1 is, or not, as 0 and -1 are
     * @param threshold
     *            above which the answer is yes
     * @return 0 .. 1; NaN of none
     */
    public static double binary(Tensor scores, Tensor targets, double threshold) {
        if (!scores.shape().equals(targets.shape()))
            throw new IllegalArgumentException("Accuracy: scores " + scores.shape() + " and targets " + targets.shape()
                    + " must have the same shape");
        return scores.gt(threshold).eq(targets.gt(threshold)).mean();
    }
}
