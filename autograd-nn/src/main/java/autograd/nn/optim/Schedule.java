package autograd.nn.optim;

import autograd.Variable;

import java.util.List;
import java.util.stream.Stream;

/**
 * How the learning rate changes from step to step:
 * {@code new Adam(1e-3).schedule(Schedule.cosineDecay(1000, 0))}. A function of the number of the step, so
 * that nothing is lost when a run is interrupted.
 */
@FunctionalInterface
public interface Schedule {
    /**
     * The learning rate of a step.
     *
     * @param base
     *            the optimizer's own learning rate
     * @param step
     *            the number of the step, from 0
     * @return the rate to use instead
     */
    double rate(double base, long step);

    /** State besides the step, to be saved with the optimizer; most schedules have none. */
    default List<Variable> state() {
        return List.of();
    }

    /** Multiplies the rate by a factor once in so many steps: {@code base factor^floor(t / every)}. */
    static Schedule stepDecay(long every, double factor) {
        positive("stepDecay", every);
        Optimizer.notNegative("stepDecay: the factor", factor);
        return (base, t) -> base * Math.pow(factor, t / every);
    }

    /** Multiplies the rate by a factor in every step: {@code base factor^t}. */
    static Schedule exponentialDecay(double factor) {
        Optimizer.notNegative("exponentialDecay: the factor", factor);
        return (base, t) -> base * Math.pow(factor, t);
    }

    /**
     * Half a cosine from the rate down to {@code min}: {@code min + (base - min) (1 + cos(pi t / steps)) / 2}. As
     * in PyTorch it rises again after that, unless something else follows: {@code then(steps, (base, t) -> min)},
     * or {@code restarting(steps)}. Loshchilov and Hutter, ICLR 2017.
     */
    static Schedule cosineDecay(long steps, double min) {
        positive("cosineDecay", steps);
        Optimizer.notNegative("cosineDecay: the smallest rate", min);
        return (base, t) -> min + (base - min) * (1 + Math.cos(Math.PI * t / steps)) / 2;
    }

    /** Falls to 0 as {@code base (1 - t / steps)^power}, and stays there. */
    static Schedule polynomialDecay(long steps, double power) {
        positive("polynomialDecay", steps);
        Optimizer.positive("polynomialDecay: the power", power);
        return (base, t) -> base * Math.pow(1 - Math.min((double) t / steps, 1), power);
    }

    /** Rises in a line from {@code from base} to the rate, which is reached at step {@code steps} and kept. */
    static Schedule linearWarmup(long steps, double from) {
        positive("linearWarmup", steps);
        Optimizer.notNegative("linearWarmup: the first factor", from);
        return (base, t) -> base * (from + (1 - from) * Math.min((double) t / steps, 1));
    }

    /**
     * One cycle of so many steps, with the learning rate as its peak: from peak / 25 up in the first three
     * tenths, then down to peak / 250000.
     */
    static Schedule oneCycle(long steps) { return oneCycle(steps, 0.3, 25, 1e4); }

    /**
     * One cycle: half a cosine from peak / {@code start} up to the peak, which is the learning rate, then another
     * one down to peak / ({@code start} {@code end}). Smith and Topin, "Super-Convergence", 2017.
     *
     * @param steps
     *            how many the cycle has; after them the last rate is kept
     * @param rise
     *            which part of the steps the way up takes, 0 .. 1
     * @param start
     *            how many times smaller than the peak the first rate is
     * @param end
     *            how many times smaller than the first rate the last one is
     * @return the schedule
     */
    static Schedule oneCycle(long steps, double rise, double start, double end) {
        if (steps < 2)
            throw new IllegalArgumentException("oneCycle: " + steps + " steps have no way up and down: at least 2");
        Optimizer.positive("oneCycle: start", start);
        Optimizer.positive("oneCycle: end", end);
        if (!(rise >= 0 && rise <= 1))
            throw new IllegalArgumentException("oneCycle: the rise takes " + rise + " of the steps, not within 0..1");
        double top = rise * steps - 1, last = steps - 1;
        return (base, t) -> {
            double first = base / start;
            return top > 0 && (t <= top || top == last)
                    ? halfCosine(first, base, Math.min(t, last) / top)
                    : halfCosine(base, first / end, (Math.min(t, last) - top) / (last - top));
        };
    }

    /** This schedule for the steps before {@code at}, then another one, which counts from there. */
    default Schedule then(long at, Schedule next) {
        positive("then", at);
        return of(this, next, (base, t) -> t < at ? rate(base, t) : next.rate(base, t - at));
    }

    /** Both schedules at once: the other one's rate, with this one's as its base. */
    default Schedule and(Schedule other) {
        return of(this, other, (base, t) -> other.rate(rate(base, t), t));
    }

    /** This schedule, slower: it advances once every given number of steps, such as those of an epoch. */
    default Schedule every(long steps) {
        positive("every", steps);
        return of(this, this, (base, t) -> rate(base, t / steps));
    }

    /** This schedule from its beginning, again and again after so many steps. */
    default Schedule restarting(long steps) {
        positive("restarting", steps);
        return of(this, this, (base, t) -> rate(base, t % steps));
    }

    private static double halfCosine(double from, double to, double part) {
        return to + (from - to) * (1 + Math.cos(Math.PI * part)) / 2;
    }

    private static Schedule of(Schedule a, Schedule b, Schedule rates) {
        List<Variable> state = Stream.of(a, b).flatMap(s -> s.state().stream()).distinct().toList();
        return new Schedule() {
            @Override
            public double rate(double base, long step) { return rates.rate(base, step); }

            @Override
            public List<Variable> state() { return state; }
        };
    }

    private static void positive(String what, long steps) {
        if (steps < 1)
            throw new IllegalArgumentException(what + ": the number of steps is " + steps + ", it must be at least 1");
    }
}
