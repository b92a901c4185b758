package autograd.nn.optim;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.Tensor;
import autograd.Transaction;
import autograd.Unconnected;
import autograd.Variable;
import autograd.nn.Trainable;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The quasi-Newton method L-BFGS with a line search for the strong Wolfe conditions (Liu and Nocedal, On the
 * limited memory BFGS method for large scale optimization, 1989). For smooth losses that are the same at each
 * evaluation: all data in one batch, no dropout. It needs few evaluations where curvatures differ much. Use
 * F64 for a small gradient at the end.
 *
 * {@snippet :
 * double loss = new LBfgs().iterations(200).tolerance(1e-8)
 *         .minimize(List.of(w), () -> Losses.meanSquaredError(x.matmul(w), y));
 * }
 */
public final class LBfgs {
    /** A step between two points, the change of the gradient along it, and 1 / (step . change). */
    private record Pair(double[] step, double[] change, double inverse) {}

    private final Deque<Pair> pairs = new ArrayDeque<>();
    private int history = 10, iterations = 20;
    private double learningRate = 1, tolerance = 1e-7;
    private long evaluations;
    private List<Variable> variables = List.of();

    /** Starts with nothing kept, a history of 10 steps, and at most 20 iterations in a call. */
    public LBfgs() {}

    /** Sets the first step that each line search tries, positive; the first iteration tries a shorter one. */
    public LBfgs learningRate(double learningRate) {
        this.learningRate = Optimizer.positive("learningRate", learningRate);
        return this;
    }

    /** Sets how many steps the approximation of the curvature is made of, at least 1. */
    public LBfgs history(int steps) {
        history = atLeastOne("history", steps);
        return this;
    }

    /** Sets how many iterations one call of {@code minimize} makes at most. */
    public LBfgs iterations(int most) {
        iterations = atLeastOne("iterations", most);
        return this;
    }

    /** Sets the absolute value of the largest gradient at which to stop. */
    public LBfgs tolerance(double largestGradient) {
        tolerance = Optimizer.notNegative("tolerance", largestGradient);
        return this;
    }

    /** How often the loss and its gradients were computed, in all calls together. */
    public long evaluations() {
        return evaluations;
    }

    /**
     * Makes a loss of a model smaller.
     *
     * @param loss
     *            computes a single number, as at every evaluation of this call
     * @return the loss at the end
     */
    public double minimize(Trainable model, Supplier<Tensor> loss) { return minimize(model.variables(), loss); }

    /**
     * Makes a loss smaller by changing some trainable variables. If the loss is not finite at the start, or
     * throws, no variable changes.
     *
     * @param loss
     *            computes a single number, as at every evaluation of this call
     * @return the loss at the end
     */
    public double minimize(Collection<Variable> variables, Supplier<Tensor> loss) {
        List<Variable> trained = List.copyOf(variables);
        Optimizer.checkTrainable(trained);
        if (!trained.equals(this.variables))
            pairs.clear();
        this.variables = trained;
        try (var transaction = new Transaction()) {
            double end = iterate(loss);
            transaction.commit();
            return end;
        } catch (RuntimeException | Error e) {
            pairs.clear();
            throw e;
        }
    }

    private double iterate(Supplier<Tensor> loss) {
        double[] x = values();
        StrongWolfe.Point at = evaluate(loss, 0, x);
        if (!at.isFinite() || !Double.isFinite(sumOfAbsolutes(at.gradient())))
            throw new IllegalStateException("LBfgs.minimize: the loss is " + at.loss()
                    + " or has a gradient that is not finite; no variable has changed");
        for (int i = 0; i < iterations && largest(at.gradient()) > tolerance; i++) {
            double[] direction = direction(at.gradient()), from = x;
            double slope = dot(at.gradient(), direction);
            double step = pairs.isEmpty()
                    ? Math.min(1, 1 / sumOfAbsolutes(at.gradient())) * learningRate
                    : learningRate;
            StrongWolfe.Point next = StrongWolfe.search(t -> {
                StrongWolfe.Point p = evaluate(loss, t, plus(from, t, direction));
                return new StrongWolfe.Point(t, p.loss(), dot(p.gradient(), direction), p.gradient());
            }, new StrongWolfe.Point(0, at.loss(), slope, at.gradient()), step);
            if (next.step() == 0)
                break; // no point of the line is lower, but for rounding
            x = plus(from, next.step(), direction);
            keep(scaled(next.step(), direction), minus(next.gradient(), at.gradient()));
            at = next;
        }
        assign(x);
        return at.loss();
    }

    /** Keeps a step if the curvature along it is positive. */
    private void keep(double[] step, double[] change) {
        double curvature = dot(step, change);
        if (!(curvature > 1e-10))
            return;
        if (pairs.size() == history)
            pairs.removeFirst();
        pairs.addLast(new Pair(step, change, 1 / curvature));
    }

    /** The two-loop recursion: minus the inverse of the approximate Hessian, times the gradient. */
    private double[] direction(double[] gradient) {
        double[] q = scaled(-1, gradient), factors = new double[pairs.size()];
        int k = pairs.size();
        for (Iterator<Pair> newest = pairs.descendingIterator(); newest.hasNext();) {
            Pair pair = newest.next();
            factors[--k] = dot(pair.step, q) * pair.inverse;
            q = plus(q, -factors[k], pair.change);
        }
        if (!pairs.isEmpty()) {
            Pair last = pairs.getLast();
            q = scaled(1 / (last.inverse * dot(last.change, last.change)), q);
        }
        for (Pair pair : pairs)
            q = plus(q, factors[k++] - dot(pair.change, q) * pair.inverse, pair.step);
        return q;
    }

    // ---- all variables as one vector

    private StrongWolfe.Point evaluate(Supplier<Tensor> loss, double step, double[] x) {
        assign(x);
        evaluations++;
        try (var tape = new GradientTape().scoped()) {
            Tensor y = loss.get();
            Gradients found = tape.gradient(y, variables);
            if (variables.stream().noneMatch(found::has))
                found.of(variables.getFirst()); // says why
            double[] gradient = new double[x.length];
            int at = 0;
            for (Variable v : variables) {
                double[] g = found.of(v, Unconnected.ZERO).toDoubleArray();
                System.arraycopy(g, 0, gradient, at, g.length);
                at += g.length;
            }
            return new StrongWolfe.Point(step, y.item(), 0, gradient);
        }
    }

    private double[] values() {
        return variables.stream().flatMapToDouble(v -> Arrays.stream(v.toDoubleArray())).toArray();
    }

    private void assign(double[] x) {
        int at = 0;
        for (Variable v : variables) {
            double[] part = Arrays.copyOfRange(x, at, at + v.size());
            v.assign(Tensor.of(v.dtype(), part).reshape(v.shape().dims()));
            at += part.length;
        }
    }

    private static double[] plus(double[] x, double factor, double[] y) {
        double[] sum = x.clone();
        for (int i = 0; i < x.length; i++)
            sum[i] += factor * y[i];
        return sum;
    }

    private static double[] minus(double[] x, double[] y) { return plus(x, -1, y); }

    private static double[] scaled(double factor, double[] x) { return plus(new double[x.length], factor, x); }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    private static double largest(double[] x) {
        double largest = 0;
        for (double v : x)
            largest = Math.max(largest, Math.abs(v));
        return largest;
    }

    private static double sumOfAbsolutes(double[] x) {
        double sum = 0;
        for (double v : x)
            sum += Math.abs(v);
        return sum;
    }

    private static int atLeastOne(String name, int value) {
        if (value < 1)
            throw new IllegalArgumentException(name + " is " + value + ": it must be at least 1");
        return value;
    }
}
