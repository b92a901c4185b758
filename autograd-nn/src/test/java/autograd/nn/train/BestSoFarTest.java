package autograd.nn.train;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Trainable;
import autograd.nn.io.Weights;
import autograd.nn.optim.Plateau;
import autograd.nn.optim.Sgd;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All classes that keep the best number agree: NaN is never the best, infinities count as numbers, and an
 * equal number is not better.
 */
class BestSoFarTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    /** A model whose only number counts the epochs of training. */
    private record Counter(Variable epochs) implements Trainable {
        Counter() { this(new Variable("epochs", Tensor.scalar(DType.F64, 0))); }
    }

    /** Trains one epoch for each score at most; a score is given as the validation loss. */
    private static List<Epoch> fit(Counter model, double[] scores, TrainerCallback... callbacks) {
        var trainer = Trainer.<Integer>of(model, (_, _) -> model.epochs, (x, _) -> x.neg(), new Sgd(1), new Rng(0));
        TrainerCallback[] all = Arrays.copyOf(callbacks, callbacks.length + 1);
        System.arraycopy(callbacks, 0, all, 1, callbacks.length);
        all[0] = (_, epoch) -> epoch.values().put("validation", scores[epoch.number() - 1]);
        return trainer.fit(_ -> List.of(1), List.of(), scores.length, all).epochs();
    }

    private static void assertStops(int epochs, int best, int patience, double... scores) {
        var model = new Counter();
        assertEquals(epochs, fit(model, scores, new EarlyStopping(patience).restoreBest()).size());
        assertEquals(best, model.epochs.item());
    }

    @Test
    void earlyStoppingAtTheEdges() {
        double nan = Double.NaN;
        assertStops(5, 5, 2, nan, 4, 3, 2, 1);
        assertStops(5, 5, 2, INFINITY, 4, 3, 2, 1);
        assertStops(4, 2, 2, 4, 3, 3, 3, 3);
        assertStops(4, 2, 2, nan, 3, nan, nan, 1);
        assertStops(3, 1, 2, -INFINITY, -5, -6, -7);
        assertStops(4, 4, 2, -1, -2, -3, -4);
        assertStops(2, 2, 2, nan, nan, 1); // none is the best: the model stays as it is
        assertStops(3, 1, 2, INFINITY, INFINITY, nan, 1);
        assertThrows(IllegalArgumentException.class, () -> new EarlyStopping(1).minDelta(INFINITY));
        assertThrows(IllegalArgumentException.class, () -> new EarlyStopping(1).minDelta(nan));
        assertThrows(IllegalArgumentException.class, () -> new EarlyStopping(-1));
    }

    /** The counts that Keras 3 gives for the same losses: the first epoch never stops, 0 counts as 1. */
    @Test
    void earlyStoppingCountsAsKeras() {
        double nan = Double.NaN;
        for (int patience : new int[]{0, 1}) {
            assertStops(2, 1, patience, 3, 4, 2, 1);
            assertStops(3, 2, patience, 3, 2, 2, 1);
            assertStops(4, 3, patience, nan, 2, 1, 5, 6);
            assertStops(2, 2, patience, nan, nan, 5);
        }
        assertStops(5, 2, 3, 3, 2, 2.5, 2.5, 2.5, 1);
        assertStops(6, 6, 3, 3, 2, 2.5, 2.5, 1, 0.5);
    }

    @Test
    void withoutRestoreBestTheModelKeepsItsLastVariables() {
        var model = new Counter();
        fit(model, new double[]{3, 4, 5, 6}, new EarlyStopping(2));
        assertEquals(3, model.epochs.item());
        assertEquals(Set.of("score"), new EarlyStopping(2).state().keySet());
    }

    @Test
    void aNumberThatShouldRiseIsWatchedByItsName() {
        var model = new Counter();
        double[] accuracies = {0.5, 0.7, 0.6, 0.69, 0.65};
        TrainerCallback accuracy = (_, e) -> e.values().put("accuracy", accuracies[e.number() - 1]);
        assertEquals(4, fit(model, new double[]{5, 4, 3, 2, 1}, accuracy,
                new EarlyStopping(2).watch("accuracy").rising().restoreBest()).size());
        assertEquals(2, model.epochs.item());
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> fit(model, new double[]{1}, new EarlyStopping(2).watch("accurracy"))), "accurracy",
                "validation");
    }

    private static double rate(Plateau plateau, double... metrics) {
        for (double metric : metrics)
            plateau.observe(metric);
        return plateau.rate(1, 0);
    }

    @Test
    void plateauAtTheEdges() {
        double[] falling = {INFINITY, 9, 8, 7, 6, 5, 4, 3, 2, 1}, minusOne = new double[20], rising = new double[10];
        Arrays.fill(minusOne, -1);
        Arrays.setAll(rising, i -> -falling[i]);
        assertEquals(1, rate(new Plateau(0.1, 0), falling));
        assertEquals(1, rate(new Plateau(0.1, 0).rising(), rising));
        assertEquals(1e-6, rate(new Plateau(0.1, 2), minusOne), 1e-12);
        assertEquals(0.1, rate(new Plateau(0.1, 0), Double.NaN, 3, 2, 1));
        assertEquals(1, rate(new Plateau(0.1, 1), Double.NaN, 3, Double.NaN, 2, 1));
        assertEquals(0.1, rate(new Plateau(0.1, 0), -1, -1.00005)); // not by a part of 1e-4
        assertEquals(1, rate(new Plateau(0.1, 0), -1, -1.0002));
        assertEquals(0.1, rate(new Plateau(0.1, 0).rising(), -1, -0.99995));
        assertEquals(1, rate(new Plateau(0.1, 0).rising(), -1, -0.9998));
        assertEquals(0.1, rate(new Plateau(0.1, 0).rising(), INFINITY, INFINITY));
        assertEquals(0.1, rate(new Plateau(0.1, 0), -INFINITY, -INFINITY));
        assertEquals(0.1, rate(new Plateau(0.1, 0), 0, 0));
        assertEquals(1, rate(new Plateau(0.1, 0), 0, -1e-300));
    }

    /** Exactly at the threshold is not better, in both directions. */
    @Test
    void plateauAtItsThreshold() {
        for (double best : new double[]{2, -2}) {
            assertEquals(0.5, rate(new Plateau(0.5, 0).threshold(0.25), best, best - 0.5));
            assertEquals(1, rate(new Plateau(0.5, 0).threshold(0.25), best, Math.nextDown(best - 0.5)));
            assertEquals(0.5, rate(new Plateau(0.5, 0).rising().threshold(0.25), best, best + 0.5));
            assertEquals(1, rate(new Plateau(0.5, 0).rising().threshold(0.25), best, Math.nextUp(best + 0.5)));
            assertEquals(0.5, rate(new Plateau(0.5, 0).absoluteThreshold(0.25), best, best - 0.25));
            assertEquals(1, rate(new Plateau(0.5, 0).absoluteThreshold(0.25), best, Math.nextDown(best - 0.25)));
            assertEquals(0.5, rate(new Plateau(0.5, 0).rising().absoluteThreshold(0.25), best, best + 0.25));
            assertEquals(1, rate(new Plateau(0.5, 0).rising().absoluteThreshold(0.25), best,
                    Math.nextUp(best + 0.25)));
        }
    }

    @Provide
    Arbitrary<List<Double>> scores() {
        return Arbitraries.of(Double.NaN, INFINITY, -INFINITY, -2.0, -1.0, -0.0, 0.0, 1.0, 2.0).list().ofMinSize(1)
                .ofMaxSize(9);
    }

    /**
     * The number of the best epoch, from 1, or 0 if there is none; and how many were no better in a row, after
     * each.
     */
    private static int best(List<Double> scores, int... waited) {
        int best = 0;
        for (int i = 0; i < scores.size(); i++) {
            boolean better = !scores.get(i).isNaN() && (best == 0 || scores.get(i) < scores.get(best - 1));
            best = better ? i + 1 : best;
            waited[i] = better ? 0 : (i == 0 ? 0 : waited[i - 1]) + 1;
        }
        return best;
    }

    @Property(tries = 100)
    void allKeepTheSame(@ForAll("scores") List<Double> scores, @ForAll @IntRange(max = 3) int patience)
            throws IOException {
        int[] waited = new int[scores.size()];
        int best = best(scores, waited);
        double[] values = scores.stream().mapToDouble(d -> d).toArray();

        try (var folder = new TempFolder()) {
            var checkpoints = new Checkpoints(folder.path());
            fit(new Counter(), values, checkpoints);
            var loaded = new Counter();
            Optional<Path> file = checkpoints.best();
            file.ifPresent(path -> Weights.load(path, loaded));
            assertEquals(best > 0, file.isPresent());
            assertEquals(best, loaded.epochs.item());
        }

        int stop = 0;
        while (stop < values.length && (stop == 0 || waited[stop] < Math.max(1, patience)))
            stop++;
        int epochs = Math.min(stop + 1, values.length);
        List<Double> seen = scores.subList(0, epochs);
        int of = best(seen, new int[epochs]);
        assertStops(epochs, of == 0 ? epochs : of, patience, values);

        double[] expected = new double[values.length], rates = new double[values.length],
                mirrored = new double[values.length];
        double rate = 1;
        int bad = 0, lowest = 0;
        Plateau falling = new Plateau(0.5, patience).threshold(0),
                rising = new Plateau(0.5, patience).rising().threshold(0);
        for (int i = 0; i < values.length; i++) {
            int now = best(scores.subList(0, i + 1), new int[i + 1]);
            bad = now > lowest ? 0 : bad + 1;
            lowest = now;
            if (bad > patience) {
                rate /= 2;
                bad = 0;
            }
            expected[i] = rate;
            rates[i] = rate(falling, values[i]);
            mirrored[i] = rate(rising, -values[i]);
        }
        assertArrayEquals(expected, rates);
        assertArrayEquals(expected, mirrored);
    }
}
