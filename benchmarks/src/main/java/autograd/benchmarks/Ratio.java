package autograd.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two quantities measured in turn, pair by pair.
 *
 * @param ours
 *            this framework's, one of each pair
 * @param peer
 *            the other's
 */
record Ratio(List<Double> ours, List<Double> peer) {
    private static final double ONE_SIDED = 0.05;

    Ratio() { this(new ArrayList<>(), new ArrayList<>()); }

    void add(double our, double theirs) {
        ours.add(our);
        peer.add(theirs);
    }

    /** How many times as much the peer takes, by medians. */
    double value() { return median(peer) / median(ours); }

    /**
     * With probability 95 % the median of the ratio of a pair is not below this: the order statistic whose rank a
     * binomial distribution gives. With fewer than 5 pairs there is none, and this is NaN.
     */
    double low() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++)
            ratios.add(peer.get(i) / ours.get(i));
        ratios.sort(null);
        double chance = Math.pow(0.5, ratios.size()), below = 0;
        int rank = 0;
        while (below + chance <= ONE_SIDED) {
            below += chance;
            chance *= (double) (ratios.size() - rank) / (rank + 1);
            rank++;
        }
        return rank == 0 ? Double.NaN : ratios.get(rank - 1);
    }

    /** The line that Compare prints. */
    String line(String work, String peerName, int threads, Isa isa, String unit) {
        return String.format(Locale.ROOT,
                "work=%s peer=%s threads=%d isa=%s ours_%s=%.2f peer_%s=%.2f ratio=%.3f low=%.3f runs=%d", work,
                peerName, threads, isa, unit, median(ours), unit, median(peer), value(), low(), ours.size());
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    }
}
