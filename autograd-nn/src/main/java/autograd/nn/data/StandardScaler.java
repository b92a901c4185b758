package autograd.nn.data;

import autograd.Tensor;

/**
 * Brings columns to mean 0 and standard deviation 1: {@code z = (x - mean) / std}. Fit it to the examples to
 * learn from, and use it on all.
 *
 * @param mean
 *            of each column, [columns]
 * @param std
 *            of each column, [columns]; 1 for a column that is constant
 */
public record StandardScaler(Tensor mean, Tensor std) {
    /** Checks that the shapes fit. */
    public StandardScaler {
        if (mean.shape().rank() != 1 || !mean.shape().equals(std.shape()))
            throw new IllegalArgumentException(
                    "StandardScaler: mean " + mean.shape() + " and std " + std.shape() + " must both be [columns]");
    }

    /**
     * Measures columns. A constant one will become 0.
     *
     * @param x
     *            at least one example in each row, [n, columns]
     * @return the scaler
     */
    public static StandardScaler fit(Tensor x) {
        if (x.shape().rank() != 2 || x.shape().dim(0) == 0)
            throw new IllegalArgumentException(
                    "StandardScaler: the examples " + x.shape() + " must be [n, columns], with at least one");
        Tensor first = x.slice(0, 0, 1).squeeze(0);
        var constant = x.eq(first).all(0); // its mean and deviation would be off by rounding
        Tensor mean = first.where(constant, x.mean(0)), std = x.std(0).where(constant.not(), 1);
        return new StandardScaler(mean.detach(), std.detach());
    }

    /** The scaled examples: {@code (x - mean) / std}. */
    public Tensor transform(Tensor x) {
        check(x);
        return x.sub(mean).div(std);
    }

    /** The examples that were scaled: {@code z std + mean}. */
    public Tensor inverse(Tensor z) {
        check(z);
        return z.mul(std).add(mean);
    }

    private void check(Tensor x) {
        if (x.shape().rank() == 0 || x.shape().dim(-1) != mean.size())
            throw new IllegalArgumentException("StandardScaler: the examples " + x.shape() + " must have "
                    + mean.size() + " columns, as those it was fitted to");
    }
}
