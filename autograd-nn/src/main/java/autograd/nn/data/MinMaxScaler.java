package autograd.nn.data;

import autograd.Tensor;

/**
 * Brings columns into 0 .. 1: {@code z = (x - min) / range}. Fit it to the examples to learn from, and use it
 * on all; others may then lie outside.
 *
 * @param min
 *            of each column, [columns]
 * @param range
 *            largest minus smallest of each column, [columns]; 1 for a column that is constant
 */
public record MinMaxScaler(Tensor min, Tensor range) {
    /** Checks that the shapes fit. */
    public MinMaxScaler {
        if (min.shape().rank() != 1 || !min.shape().equals(range.shape()))
            throw new IllegalArgumentException(
                    "MinMaxScaler: min " + min.shape() + " and range " + range.shape() + " must both be [columns]");
    }

    /**
     * Measures columns. A constant one will become 0.
     *
     * @param x
     *            at least one example in each row, [n, columns]
     * @return the scaler
     */
    public static MinMaxScaler fit(Tensor x) {
        if (x.shape().rank() != 2 || x.shape().dim(0) == 0)
            throw new IllegalArgumentException(
                    "MinMaxScaler: the examples " + x.shape() + " must be [n, columns], with at least one");
        Tensor min = x.min(0), range = x.max(0).sub(min);
        return new MinMaxScaler(min.detach(), range.where(range.eq(0).not(), 1).detach());
    }

    /** The scaled examples: {@code (x - min) / range}. */
    public Tensor transform(Tensor x) {
        check(x);
        return x.sub(min).div(range);
    }

    /** The examples that were scaled: {@code z range + min}. */
    public Tensor inverse(Tensor z) {
        check(z);
        return z.mul(range).add(min);
    }

    private void check(Tensor x) {
        if (x.shape().rank() == 0 || x.shape().dim(-1) != min.size())
            throw new IllegalArgumentException("MinMaxScaler: the examples " + x.shape() + " must have " + min.size()
                    + " columns, as those it was fitted to");
    }
}
