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
        return logits.sparseSoftmaxCrossEntropy(labels).mean();
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
