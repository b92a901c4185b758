package autograd.nn.metrics;

import autograd.IntTensor;
import autograd.Tensor;

/**
 * The fraction of examples whose label is among the k largest scores, counted batch by batch. Of equal
 * scores, the one of the lower class counts as larger, as in {@code argMax}.
 */
public final class TopK {
    private final int k;
    private long right, total;

    /**
     * A metric without examples.
     *
     * @param k
     *            the number of largest scores, at least 1
     */
    public TopK(int k) {
        if (k < 1)
            throw new IllegalArgumentException("TopK: k is " + k + ", it must be at least 1");
        this.k = k;
    }

    /**
     * Counts a batch.
     *
     * @param scores
     *            logits or probabilities, [.., classes]; a label whose score is NaN does not count
     * @param labels
     *            the true classes, [..]
     * @return this metric
     */
    public TopK add(Tensor scores, IntTensor labels) {
        int last = scores.shape().rank() - 1;
        if (last < 0 || !scores.shape().reduce(new int[]{last}, false).equals(labels.shape()))
            throw new IllegalArgumentException("TopK: scores " + scores.shape() + " and labels " + labels.shape()
                    + " must be [.., classes] and [..]");
        double[] s = scores.toDoubleArray();
        int[] y = labels.toArray();
        int classes = scores.shape().dim(-1);
        for (int label : y)
            if (label < 0 || label >= classes)
                throw new IndexOutOfBoundsException("TopK: no class " + label + ", there are 0.." + (classes - 1));
        for (int row = 0; row < y.length; row++)
            if (rank(s, row * classes, classes, y[row]) < k)
                right++;
        total += y.length;
        return this;
    }

    /** The number of classes that rank before the label. */
    private static int rank(double[] s, int from, int classes, int label) {
        double own = s[from + label];
        if (Double.isNaN(own))
            return Integer.MAX_VALUE;
        int rank = 0;
        for (int c = 0; c < classes; c++) {
            double other = s[from + c];
            if (!(other < own) && (other != own || c < label))
                rank++;
        }
        return rank;
    }

    /** The fraction of examples whose label is among the k largest scores; NaN without examples. */
    public double value() {
        return right / (double) total;
    }
}
