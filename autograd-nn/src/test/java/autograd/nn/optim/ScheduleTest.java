package autograd.nn.optim;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.LongStream;

class ScheduleTest {
    private static double[] rates(Schedule schedule, double base, int steps) {
        return LongStream.range(0, steps).mapToDouble(t -> schedule.rate(base, t)).toArray();
    }

    /** PyTorch changes the rate from step to step; here it is a function of the step. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void closedFormsAreTheRecursionsOfPyTorch(@ForAll @IntRange(min = 2, max = 30) int n,
            @ForAll @DoubleRange(min = 0.05, max = 0.95) double f,
            @ForAll @DoubleRange(min = 0.5, max = 3) double power,
            @ForAll @DoubleRange(min = 0.01, max = 1) double base) {
        double step = base, exponential = base, polynomial = base, warm = base * f;
        for (int t = 0; t <= n; t++) {
            assertEquals(step, Schedule.stepDecay(n / 2, f).rate(base, t), 1e-12);
            assertEquals(exponential, Schedule.exponentialDecay(f).rate(base, t), 1e-12);
            assertEquals(polynomial, Schedule.polynomialDecay(n, power).rate(base, t), 1e-12);
            assertEquals(warm, Schedule.linearWarmup(n, f).rate(base, t), 1e-12);
            step *= (t + 1) % (n / 2) == 0 ? f : 1;
            exponential *= f;
            polynomial *= t < n ? Math.pow((1 - (t + 1.0) / n) / (1 - (double) t / n), power) : 0;
            warm *= t < n ? 1 + (1 - f) / (n * f + t * (1 - f)) : 1;
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void cosineIsTheRecursionOfPyTorchAndRisesAgain(@ForAll @IntRange(min = 2, max = 30) int n,
            @ForAll @DoubleRange(min = 0, max = 0.1) double min) {
        double base = 0.3, rate = base;
        for (int t = 0; t < 3 * n; t++) {
            assertEquals(rate, Schedule.cosineDecay(n, min).rate(base, t), 1e-9);
            rate = (t - n) % (2 * n) == 0
                    ? rate + (base - min) * (1 - Math.cos(Math.PI / n)) / 2
                    : (1 + Math.cos(Math.PI * (t + 1) / n)) / (1 + Math.cos(Math.PI * t / n)) * (rate - min) + min;
        }
    }

    /** Ten steps with a peak of 1, by hand: up to step 2, down to step 9, with PyTorch's defaults. */
    @Test
    void oneCycleGoesUpAndDown() {
        double low = 1 / 25.0, last = low / 1e4;
        double[] expected = new double[12];
        for (int t = 0; t < 12; t++)
            expected[t] = t <= 2
                    ? 1 + (low - 1) / 2 * (1 + Math.cos(Math.PI * t / 2))
                    : last + (1 - last) / 2 * (1 + Math.cos(Math.PI * Math.min(t - 2, 7) / 7));
        assertArrayEquals(expected, rates(Schedule.oneCycle(10), 1, 12), 1e-15);
        assertEquals(0.5, Schedule.oneCycle(10).rate(0.5, 2), 1e-15);
    }

    @Test
    void oneCycleMayBeAllFallOrAllRise() {
        assertArrayEquals(new double[]{(1 + Math.cos(Math.PI / 4)) / 2, 0.5, (1 - Math.cos(Math.PI / 4)) / 2, 0},
                rates(Schedule.oneCycle(4, 0, 4, 1e12), 1, 4), 1e-11);
        assertArrayEquals(new double[]{0.25, 1 - 0.75 * 0.75, 1 - 0.75 * 0.25, 1, 1},
                rates(Schedule.oneCycle(4, 1, 4, 10), 1, 5), 1e-15);
        assertArrayEquals(new double[]{1, 0.5, 0}, rates(Schedule.oneCycle(3, 1.0 / 3, 4, 1e12), 1, 3), 1e-11);
    }

    @Test
    void schedulesCompose() {
        Schedule warm = Schedule.linearWarmup(2, 0), halves = Schedule.exponentialDecay(0.5);
        assertArrayEquals(new double[]{0, 4, 8, 4, 2}, rates(warm.then(2, halves), 8, 5));
        assertArrayEquals(new double[]{0, 2, 2, 1, 0.5}, rates(warm.and(halves), 8, 5));
        assertArrayEquals(new double[]{8, 8, 8, 4, 4}, rates(halves.every(3), 8, 5));
        assertArrayEquals(new double[]{8, 4, 2, 8, 4}, rates(halves.restarting(3), 8, 5));
        assertArrayEquals(new double[]{8, 4, 3, 3, 3}, rates(halves.then(2, (_, _) -> 3), 8, 5));
    }

    @Test
    void theStateOfPartsIsTheStateOfTheWhole() {
        var a = new Plateau(0.5, 1);
        var b = new Plateau(0.5, 1);
        assertEquals(List.of(), Schedule.exponentialDecay(0.5).every(2).state());
        assertEquals(List.of(a.state().getFirst(), b.state().getFirst()),
                a.every(3).then(5, b.and(a).restarting(7)).state());
    }

    @Test
    void anOptimizerFollowsItsSchedule() {
        var w = new Variable(Tensor.scalar(DType.F64, 0));
        Optimizer sgd = new Sgd(8).schedule(Schedule.exponentialDecay(0.5));
        double[] at = new double[4];
        for (int t = 0; t < at.length; t++) {
            assertEquals(t, sgd.steps());
            assertEquals(8 * Math.pow(0.5, t), sgd.learningRate());
            sgd.minimize(List.of(w), w::sum);
            at[t] = w.item();
        }
        assertArrayEquals(new double[]{-8, -12, -14, -15}, at);
        sgd.learningRate(16); // what the schedule starts from
        assertEquals(1, sgd.learningRate());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesInvalidSettings(double bad) {
        assertRefused(() -> Schedule.stepDecay(1, bad), "stepDecay", "" + bad);
        assertRefused(() -> Schedule.exponentialDecay(bad), "exponentialDecay", "" + bad);
        assertRefused(() -> Schedule.cosineDecay(1, bad), "cosineDecay", "" + bad);
        assertRefused(() -> Schedule.polynomialDecay(1, bad), "polynomialDecay", "" + bad);
        assertRefused(() -> Schedule.linearWarmup(1, bad), "linearWarmup", "" + bad);
        assertRefused(() -> Schedule.oneCycle(5, bad, 1, 1), "oneCycle", "" + bad);
        assertRefused(() -> Schedule.oneCycle(5, 1, bad, 1), "oneCycle", "" + bad);
        assertRefused(() -> Schedule.oneCycle(5, 1, 1, bad), "oneCycle", "" + bad);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -3})
    void refusesInvalidNumbersOfSteps(long bad) {
        Schedule some = Schedule.exponentialDecay(0.5);
        assertRefused(() -> Schedule.stepDecay(bad, 1), "stepDecay", "" + bad);
        assertRefused(() -> Schedule.cosineDecay(bad, 1), "cosineDecay", "" + bad);
        assertRefused(() -> Schedule.polynomialDecay(bad, 1), "polynomialDecay", "" + bad);
        assertRefused(() -> Schedule.linearWarmup(bad, 1), "linearWarmup", "" + bad);
        assertRefused(() -> Schedule.oneCycle(bad + 1), "oneCycle", "" + (bad + 1));
        assertRefused(() -> some.then(bad, some), "then", "" + bad);
        assertRefused(() -> some.every(bad), "every", "" + bad);
        assertRefused(() -> some.restarting(bad), "restarting", "" + bad);
        assertRefused(() -> Schedule.polynomialDecay(1, 0), "power", "positive");
        assertRefused(() -> Schedule.oneCycle(5, 1, 0, 1), "start", "positive");
    }

    private static void assertRefused(Executable make, String... says) {
        assertSays(assertThrows(IllegalArgumentException.class, make), says);
    }
}
