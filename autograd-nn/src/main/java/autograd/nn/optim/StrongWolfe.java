package autograd.nn.optim;

/**
 * A line search for the strong Wolfe conditions (Nocedal and Wright, Numerical Optimization, 2006, algorithms
 * 3.5 and 3.6), with cubic interpolation.
 */
final class StrongWolfe {
    /** The sufficient fraction of the expected decrease, and the fraction of the slope that may remain. */
    private static final double DECREASE = 1e-4, CURVATURE = 0.9;
    /** The relative rounding error of a loss: near a minimum, losses differ by less. */
    private static final double ROUNDING = 0x1p-50;
    private static final int MOST = 25;

    /** The function along a line. */
    @FunctionalInterface
    interface Line {
        Point at(double step);
    }

    /** A point of a line: the loss, its slope along the line, and its gradient. */
    record Point(double step, double loss, double slope, double[] gradient) {
        boolean isFinite() { return Double.isFinite(loss) && Double.isFinite(slope); }
    }

    private final Line line;
    private final Point start;
    private int evaluations;

    private StrongWolfe(Line line, Point start) {
        this.line = line;
        this.start = start;
    }

    /**
     * Searches a line that goes down.
     *
     * @param start
     *            the point at step 0
     * @param step
     *            the first step to try
     * @return a point that satisfies the conditions; if there is none, the lowest one seen
     */
    static Point search(Line line, Point start, double step) { return new StrongWolfe(line, start).search(step); }

    private Point at(double step) {
        evaluations++;
        return line.at(step);
    }

    private Point search(double step) {
        Point before = start;
        while (evaluations < MOST) {
            Point p = at(step);
            if (!p.isFinite() || isTooHigh(p) || evaluations > 1 && p.loss >= before.loss)
                return zoom(before, p);
            if (isFlat(p))
                return p;
            if (p.slope >= 0)
                return zoom(p, before);
            step = clamp(cubic(before, p), p.step + 0.01 * (p.step - before.step), 10 * p.step);
            before = p;
        }
        return before;
    }

    /** Narrows an interval that contains a solution: low is the lower end, which satisfies the decrease. */
    private Point zoom(Point low, Point high) {
        boolean wasNearEnd = false;
        while (evaluations < MOST) {
            double from = Math.min(low.step, high.step), to = Math.max(low.step, high.step), width = to - from;
            double step = high.isFinite() ? clamp(cubic(low, high), from, to) : from + width / 2;
            boolean isNearEnd = Math.min(step - from, to - step) < 0.1 * width;
            if (isNearEnd && (wasNearEnd || step <= from || step >= to))
                step = to - step < step - from ? to - 0.1 * width : from + 0.1 * width;
            wasNearEnd = isNearEnd;
            Point p = at(step);
            if (!p.isFinite() || isTooHigh(p) || p.loss >= low.loss) {
                high = p;
            } else {
                if (isFlat(p))
                    return p;
                if (p.slope * (high.step - low.step) >= 0)
                    high = low;
                low = p;
            }
        }
        return low;
    }

    private boolean isTooHigh(Point p) {
        return p.loss > start.loss + DECREASE * p.step * start.slope + ROUNDING * Math.abs(start.loss);
    }

    private boolean isFlat(Point p) { return Math.abs(p.slope) <= -CURVATURE * start.slope; }

    /** The minimum of the cubic through two points with their slopes; the middle if it has none. */
    private static double cubic(Point p, Point q) {
        double d = p.slope + q.slope - 3 * (p.loss - q.loss) / (p.step - q.step);
        double root = Math.sqrt(d * d - p.slope * q.slope) * Math.signum(q.step - p.step);
        double step = q.step - (q.step - p.step) * ((q.slope + root - d) / (q.slope - p.slope + 2 * root));
        return Double.isFinite(step) ? step : (p.step + q.step) / 2;
    }

    private static double clamp(double x, double low, double high) { return Math.max(low, Math.min(high, x)); }
}
