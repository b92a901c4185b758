package autograd.nn;

import autograd.IntTensor;
import autograd.Tensor;

/** What training makes small: each the mean over a batch, a single number. */
public final class Losses {
    private Losses() {}

    /**
     * Cross-entropy of softmax with class labels: the mean of {@code -log softmax(logits)[label]}, without
     * overflow.
     *
     * @param logits
     *            shape [.., classes]
     * @param labels
     *            shape [..], each 0 .. classes-1
     * @return a single number
     */
    public static Tensor sparseSoftmaxCrossEntropy(Tensor logits, IntTensor labels) {
        int rank = logits.shape().rank();
        if (rank == 0 || !logits.shape().reduce(new int[]{rank - 1}, false).equals(labels.shape()))
            throw new IllegalArgumentException(
                    "sparseSoftmaxCrossEntropy: logits " + logits.shape() + " need labels of "
                            + "their shape without the last axis, got " + labels.shape());
        IntTensor column = labels.reshape(logits.shape().with(rank - 1, 1).dims());
        return logits.logSoftmax(-1).gather(-1, column).mean().neg();
    }

    /**
     * Mean squared error: the mean of {@code (prediction - target)^2}.
     *
     * @param prediction
     *            any shape
     * @param target
     *            of the same shape
     * @return a single number
     */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
        if (!prediction.shape().equals(target.shape()))
            throw new IllegalArgumentException("meanSquaredError: the prediction has shape " + prediction.shape()
                    + ", the target " + target.shape() + "; they must be the same");
        return prediction.sub(target).square().mean();
    }
}
