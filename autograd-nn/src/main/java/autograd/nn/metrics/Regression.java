package autograd.nn.metrics;

import autograd.Tensor;

/**
 * Errors of predicted numbers, batch by batch: mean squared and mean absolute error, and the coefficient of
 * determination. The variance of the targets is updated by Welford's method (Technometrics 1962), so a large
 * mean does not cost accuracy.
 */
public final class Regression {
    private long count;
    private double squares, absolutes, mean, deviations;

    /** A metric without examples. */
    public Regression() {}

    /**
     * Adds a batch.
     *
     * @param predicted
     *            any shape
     * @param targets
     *            the true numbers, of the same shape
     * @return this metric
     */
    public Regression add(Tensor predicted, Tensor targets) {
        if (!predicted.shape().equals(targets.shape()))
            throw new IllegalArgumentException("Regression: predictions " + predicted.shape() + " and targets "
                    + targets.shape() + " must have the same shape");
        double[] p = predicted.toDoubleArray(), y = targets.toDoubleArray();
        for (int i = 0; i < y.length; i++) {
            double error = p[i] - y[i];
            squares += error * error;
            absolutes += Math.abs(error);
            double delta = y[i] - mean;
            mean += delta / ++count;
            deviations += delta * (y[i] - mean);
        }
        return this;
    }

    /** The mean squared error; NaN without examples. */
    public double mse() { return squares / count; }

    /** The mean absolute error; NaN without examples. */
    public double mae() { return absolutes / count; }

    /**
     * The coefficient of determination: {@code R^2 = 1 - sum (p - y)^2 / sum (y - mean y)^2}.
     *
     * @return 1 for a perfect prediction, 0 for one as good as the mean, less for worse; NaN or minus infinity if
     *         the targets are all equal
     */
    public double r2() { return 1 - squares / deviations; }
}
