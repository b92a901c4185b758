package autograd.check;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * What a {@link GradCheck} found, with the comparison that came out worst.
 *
 * @param name
 *            what was checked
 * @param seed
 *            gives the same random numbers again
 * @param verdict
 *            of all comparisons together
 * @param place
 *            where the worst comparison was made
 * @param analytic
 *            the tape's derivative
 * @param numeric
 *            the slope of the function
 * @param estimate
 *            of the error of the slope
 * @param tolerance
 *            how far the two may differ: a small multiple of the estimate, and a few roundings
 * @param kink
 *            whether slopes to the left and to the right seem to differ here
 * @param hint
 *            what the numbers suggest
 * @param compared
 *            how many comparisons were made
 * @param inconclusive
 *            how many of them were inconclusive
 */
@SuppressWarnings("exports") // annotations are not needed to use this module
public record Report(String name, long seed, Verdict verdict, Place place, double analytic, double numeric,
        double estimate, double tolerance, boolean kink, String hint, int compared, int inconclusive) {
    /** The verdict on a derivative. */
    public enum Verdict {
        /** It agrees with the slope as well as the slope is known. */
        PASSED,
        /** The slope is not known well enough: a kink, a pole or the edge of the domain is near. */
        INCONCLUSIVE,
        /** It differs from the slope by more than can be explained. */
        FAILED
    }

    /**
     * Where two derivatives were compared.
     *
     * @param order
     *            of the derivative
     * @param input
     *            which input moved; after the inputs themselves come the cotangents of the lower orders
     * @param cotangent
     *            whether it is one of those
     * @param element
     *            index of the element that moved, or null if all moved in a random direction
     * @param output
     *            index of the output, or null for a random combination of all
     */
    public record Place(int order, int input, boolean cotangent, @Nullable List<Integer> element,
            @Nullable List<Integer> output) {
        @Override
        public String toString() {
            return "derivative of order " + order + " of " + (output == null ? "<g, output>" : "output" + output)
                    + " by " + (cotangent ? "the cotangent" : "input " + input)
                    + (element == null ? " along a random direction" : element.toString());
        }
    }

    /** This and a later report of the same check as one: the worse, or the one that says more. */
    Report and(Report later) {
        int order = verdict.compareTo(later.verdict);
        if (order == 0)
            order = switch (verdict) {
                case PASSED -> Double.compare(excess(), later.excess());
                case INCONCLUSIVE -> Boolean.compare(kink, later.kink);
                case FAILED -> place.element == null || later.place.element == null
                        ? Boolean.compare(place.element != null, later.place.element != null)
                        : Double.compare(excess(), later.excess());
            };
        Report worse = order >= 0 ? this : later;
        return new Report(name, seed, worse.verdict, worse.place, worse.analytic, worse.numeric, worse.estimate,
                worse.tolerance, worse.kink, worse.hint, compared + later.compared, inconclusive + later.inconclusive);
    }

    /** The difference of the two derivatives, in tolerances; NaN counts as the largest. */
    private double excess() {
        return tolerance == 0 && analytic == numeric ? 0 : Math.abs(analytic - numeric) / tolerance;
    }

    /** Throws an AssertionError with this report, unless the check passed. */
    public void verify() {
        if (verdict != Verdict.PASSED)
            throw new AssertionError(toString());
    }

    @Override
    public String toString() {
        String counts = compared + " comparisons" + (inconclusive == 0 ? "" : ", " + inconclusive + " inconclusive");
        if (compared == 0)
            return verdict + ": " + name + " (nothing to compare)";
        return verdict + ": " + name + " (" + counts + ", seed " + seed + ")\n"
                + (verdict == Verdict.PASSED ? "  closest call: " : "  ") + place + "\n"
                + "    tape     " + analytic + "\n"
                + "    numeric  " + numeric + "  (estimated error " + brief(estimate) + ")\n"
                + "    apart    " + brief(Math.abs(analytic - numeric)) + "  (allowed " + brief(tolerance) + ")"
                + (hint.isEmpty() ? "" : "\n  " + hint);
    }

    static String brief(double x) {
        return Double.isFinite(x) ? String.format(Locale.ROOT, "%.2g", x) : Double.toString(x);
    }
}
