package autograd.nn.optim;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

class PlateauTest {
    /** The rate after each metric, from 1. */
    private static double[] rates(Plateau plateau, double... metrics) {
        return Arrays.stream(metrics).map(m -> {
            plateau.observe(m);
            return plateau.rate(1, 0);
        }).toArray();
    }

    @Test
    void waitsThenCuts() {
        assertArrayEquals(new double[]{1, 1, 1, 0.5, 0.5, 0.5, 0.25},
                rates(new Plateau(0.5, 2), 5, 5, 6, 7, 5, 5, 5));
    }

    @Test
    void improvementRestartsTheWait() {
        assertArrayEquals(new double[]{1, 1, 1, 1, 1, 1, 0.5}, rates(new Plateau(0.5, 1), 5, 6, 4, 6, 3, 3, 3));
    }

    @Test
    void aThresholdIsAPartOfTheBestOrADifference() {
        double[] metrics = {10, 9.5, 8.9, 8.5};
        assertArrayEquals(new double[]{1, 0.5, 0.5, 0.25}, rates(new Plateau(0.5, 0).threshold(0.1), metrics));
        assertArrayEquals(new double[]{1, 0.5, 0.5, 0.5},
                rates(new Plateau(0.5, 0).absoluteThreshold(1), 10, 9.5, 8.9, 7.8));
        assertArrayEquals(new double[]{1, 0.5, 0.5}, rates(new Plateau(0.5, 0), 1, 0.99995, 0.9998));
    }

    @Test
    void anAccuracyShouldRise() {
        assertArrayEquals(new double[]{1, 1, 0.5, 0.5, 0.25},
                rates(new Plateau(0.5, 0).rising().threshold(0.1), 0.5, 0.6, 0.65, 0.7, 0.1));
    }

    @Test
    void aCooldownPardons() {
        assertArrayEquals(new double[]{1, 0.5, 0.5, 0.5, 0.25, 0.25},
                rates(new Plateau(0.5, 0).cooldown(2), 1, 2, 3, 4, 5, 6));
    }

    @Test
    void theRateDoesNotFallBelowTheSmallest() {
        assertArrayEquals(new double[]{1, 0.1, 0.05, 0.05}, rates(new Plateau(0.1, 0).min(0.05), 1, 1, 1, 1), 1e-15);
        assertArrayEquals(new double[]{1, 1, 1}, rates(new Plateau(0.1, 0).min(2), 1, 1, 1));
    }

    /** NaN is better than nothing and worse than anything. */
    @Test
    void nanLossIsNotAnImprovement() {
        assertArrayEquals(new double[]{1, 0.5, 0.25}, rates(new Plateau(0.5, 0), 1, Double.NaN, Double.NaN));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesInvalidSettings(double bad) {
        var plateau = new Plateau(0.1, 1);
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Plateau(bad, 1)), "factor", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> plateau.threshold(bad)), "threshold");
        assertSays(assertThrows(IllegalArgumentException.class, () -> plateau.absoluteThreshold(bad)), "threshold");
        assertSays(assertThrows(IllegalArgumentException.class, () -> plateau.min(bad)), "min", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Plateau(0.1, -1)), "patience", "-1");
        assertSays(assertThrows(IllegalArgumentException.class, () -> plateau.cooldown(-1)), "cooldown", "-1");
    }
}
