package autograd.nn.data;

/**
 * Some examples with their targets, one along the first axis each.
 *
 * @param x
 *            the inputs: a tensor, an integer tensor, a mask, or a record of those
 * @param y
 *            the targets, of the same kinds
 * @param <X>
 *            the type of the inputs
 * @param <Y>
 *            the type of the targets
 */
public record Batch<X, Y>(X x, Y y) {
    /** Checks that there is a target for each example. */
    public Batch {
        if (Rows.count(x) != Rows.count(y))
            throw new IllegalArgumentException("Batch: examples " + Rows.text(x) + " and targets " + Rows.text(y)
                    + " must be [count, ..], with one count");
    }

    /**
     * The number of examples.
     *
     * @return the extent of the first axis
     */
    public int size() { return Rows.count(y); }
}
