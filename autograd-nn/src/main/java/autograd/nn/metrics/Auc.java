package autograd.nn.metrics;

import autograd.IntTensor;
import autograd.Tensor;

import java.util.Arrays;

/**
 * The area under the receiver operating characteristic: the probability that a positive example scores higher
 * than a negative one; equal scores count one half. It is exact, computed from the ranks of all scores, which
 * take 8 bytes per example. Hanley and McNeil, Radiology 1982.
 */
public final class Auc {
    private double[] positives = new double[16], negatives = new double[16];
    private int positive, negative;

    /** A metric without examples. */
    public Auc() {}

    /**
     * Adds a batch.
     *
     * @param scores
     *            logits or probabilities of the positive class, any shape, no NaN
     * @param labels
     *            1 for a positive example, 0 for a negative one, of the same shape
     * @return this metric
     */
    public Auc add(Tensor scores, IntTensor labels) {
        if (!scores.shape().equals(labels.shape()))
            throw new IllegalArgumentException("Auc: scores " + scores.shape() + " and labels " + labels.shape()
                    + " must have the same shape");
        double[] s = scores.toDoubleArray();
        int[] y = labels.toArray();
        for (int i = 0; i < y.length; i++)
            if (Double.isNaN(s[i]) || y[i] != 0 && y[i] != 1)
                throw new IllegalArgumentException("Auc: element " + i + " has score " + s[i] + " and label " + y[i]
                        + "; scores must not be NaN, labels must be 0 or 1");
        for (int i = 0; i < y.length; i++) {
            double score = s[i] + 0.0; // turns -0 into 0, because sorting distinguishes them
            if (y[i] == 1)
                positives = put(positives, positive++, score);
            else
                negatives = put(negatives, negative++, score);
        }
        return this;
    }

    private static double[] put(double[] all, int at, double score) {
        double[] room = at < all.length ? all : Arrays.copyOf(all, 2 * all.length);
        room[at] = score;
        return room;
    }

    /**
     * The area, 0 .. 1; 0.5 for random scores; NaN without positive or without negative examples.
     */
    public double value() {
        double[] high = Arrays.copyOf(positives, positive), low = Arrays.copyOf(negatives, negative);
        Arrays.sort(high);
        Arrays.sort(low);
        long halves = 0; // counts pairs: two if the positive is higher, one if both are equal
        int below = 0, notAbove = 0;
        for (double score : high) {
            while (below < low.length && low[below] < score)
                below++;
            while (notAbove < low.length && low[notAbove] <= score)
                notAbove++;
            halves += below + notAbove;
        }
        return halves / 2.0 / ((double) positive * negative);
    }
}
