package autograd.check;

import java.util.Arrays;
import java.util.function.DoubleFunction;

/**
 * A numeric derivative at 0, with an estimate of its error and the slopes on either side.
 *
 * <p>
 * The five-point formula {@code (f(-2h) - 8 f(-h) + 8 f(h) - f(2h)) / 12h} is taken with h, h/2, h/4, ..: at
 * first its error falls by 16 each time, then rounding makes it double. The estimate is how much the formula
 * disagrees with itself at h/2 and 2h, whichever is worse, plus the rounding errors to be expected and those
 * seen at smaller h. The h with the smallest estimate wins; soon after it the search ends.
 *
 * @param value
 *            the slope, NaN if the function is not finite around 0
 * @param error
 *            estimate of the value's error, +Inf if there is none
 * @param scale
 *            of slopes here: what the error is small or large compared with
 * @param left
 *            the slope to the left of 0
 * @param right
 *            the slope to the right of 0
 * @param kink
 *            whether left and right seem to differ
 */
record Slope(double value, double error, double scale, double left, double right, boolean kink) {
    private static final double FIRST = 0x1p-4, EPSILON = Math.ulp(1.0);
    private static final int STEPS = 40;

    /**
     * The slopes at 0 of a function with several results.
     *
     * @param change
     *            {@code f(t) - f(0)}, a new array each time
     * @param size
     *            of f(0), for each result
     * @param rounded
     *            for each result, its rounding error to be expected around 0, in units of the machine epsilon
     * @return one slope for each result
     */
    static Slope[] of(DoubleFunction<double[]> change, double[] size, double[] rounded) {
        Search[] searches = new Search[size.length];
        Arrays.setAll(searches, k -> new Search(size[k], rounded[k]));
        double h = FIRST;
        boolean done = size.length == 0;
        for (int s = 0; s < STEPS && !done; s++, h /= 2) {
            double[] right = change.apply(h), left = change.apply(-h);
            done = true;
            for (int k = 0; k < size.length; k++)
                done &= searches[k].add(h, right[k], left[k]);
        }
        return Arrays.stream(searches).map(Search::slope).toArray(Slope[]::new);
    }

    /** The formula at ever smaller h, for one result. */
    private static final class Search {
        private final double size, rounded;
        private final double[] steps = new double[STEPS], right = new double[STEPS], left = new double[STEPS],
                formula = new double[STEPS];
        private int n;
        private double least = Double.POSITIVE_INFINITY;

        Search(double size, double rounded) {
            this.size = size;
            this.rounded = rounded;
        }

        /** Takes the function at the next, smaller h; true once still smaller ones will hardly be better. */
        boolean add(double h, double atRight, double atLeft) {
            int s = n++;
            steps[s] = h;
            right[s] = atRight;
            left[s] = atLeft;
            formula[s] = s == 0 ? Double.NaN : (8 * (atRight - atLeft) - (right[s - 1] - left[s - 1])) / (12 * h);
            if (s < 3)
                return false;
            if (isSpike(s)) {
                least = Double.POSITIVE_INFINITY; // what was seen so far says nothing
                return false;
            }
            double estimate = disagreement(s - 1) + rounding(s - 1);
            if (estimate < least)
                least = estimate;
            return estimate >= 8 * least && least <= 1e-9 * (size + Math.abs(formula[s - 1]))
                    || s >= 6 && least <= 1e-12 * scale(s - 1); // by then rounding has shown itself
        }

        /** Whether f(0) sticks out: all that happens may happen nearer to 0 than h. */
        private boolean isSpike(int s) {
            double bend = Math.abs(right[s] + left[s]);
            return bend > 0.6 * Math.abs(right[s - 1] + left[s - 1]) && bend > 64 * EPSILON * scale(s);
        }

        /** The differences of the formula from its values at h/2 and at 2h. */
        private double disagreement(int s) {
            return Math.max(Math.abs(formula[s] - formula[s + 1]), Math.abs(formula[s] - formula[s - 1]));
        }

        private double change(int s) { return Math.abs(right[s]) + Math.abs(left[s]); }

        private double scale(int s) { return size + change(s) / steps[s]; }

        /** The rounding error of a difference quotient. */
        private double rounding(int s) {
            return EPSILON * (rounded + scale(s)) / steps[s];
        }

        Slope slope() {
            int best = 0, last = n - 1;
            double error = Double.POSITIVE_INFINITY, noise = 0;
            for (int s = n - 2; s >= 2; s--) { // from the smallest h, where rounding shows how bad it really is
                double wobble = Math.abs(formula[s + 1] - formula[s]) * steps[s + 1];
                if (wobble > noise)
                    noise = wobble;
                double estimate = disagreement(s) + rounding(s) + noise / steps[s];
                if (estimate < error) {
                    error = estimate;
                    best = s;
                }
            }
            boolean kink = stays(last, error) && stays(last - 1, error);
            int first = 0;
            while (first < last && !Double.isFinite(change(first)))
                first++;
            return new Slope(formula[best], error,
                    rounded + Math.max(scale(first), Math.abs(formula[best])), leftSlope(last), rightSlope(last), kink);
        }

        private double rightSlope(int s) { return right[s] / steps[s]; }

        private double leftSlope(int s) { return -left[s] / steps[s]; }

        /** The difference of the two one-sided slopes halves with h where f is smooth, and stays at a kink. */
        private boolean stays(int s, double error) {
            double jump = Math.abs(rightSlope(s) - leftSlope(s)),
                    ratio = jump / Math.abs(rightSlope(s - 1) - leftSlope(s - 1));
            return jump > 32 * (rounding(s) + Math.min(error, jump)) && ratio > 0.75 && ratio < 1.5;
        }
    }
}
