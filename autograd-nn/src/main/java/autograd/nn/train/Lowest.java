package autograd.nn.train;

/**
 * The lowest number so far.
 *
 * @param value
 *            the number; NaN before the first
 */
record Lowest(double value) {
    static final Lowest NONE = new Lowest(Double.NaN);

    boolean isNone() { return Double.isNaN(value); }

    /** Whether a number is lower by more than a margin. NaN never is; the first other number always is. */
    boolean isAbove(double next, double margin) {
        return !Double.isNaN(next) && (isNone() || next < value - margin);
    }
}
