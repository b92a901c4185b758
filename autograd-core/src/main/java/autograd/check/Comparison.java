package autograd.check;

import autograd.Elementwise;
import autograd.GradientTape;
import autograd.Gradients;
import autograd.Node;
import autograd.Recorder;
import autograd.Tensor;
import autograd.Unconnected;
import autograd.array.Rng;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Compares the tape's gradients of one function, at one point, with its slopes. */
final class Comparison {
    /** A function with no more inputs and outputs than this is compared element by element as well. */
    private static final int SMALL = 32;
    /** In how many directions a larger one is compared. */
    private static final int DIRECTIONS = 3;
    /** A slope is believed if the estimate of its error is below this part of it. */
    private static final double BELIEVED = 1e-6;
    /** Not a round number: with round steps rounding errors repeat themselves and stay hidden. */
    private static final double ODD = Math.sqrt(0.7);
    private static final double EPSILON = Math.ulp(1.0);

    private final GradCheck check;
    private final Function<Tensor[], Tensor> f;
    private final Tensor[] in;
    private final int order;
    private final Shape shape;
    private final double[] y;
    private @Nullable Report worst;

    Comparison(GradCheck check, Function<Tensor[], Tensor> f, Tensor[] in, Tensor y, int order) {
        this.check = check;
        this.f = f;
        this.in = in;
        this.order = order;
        this.shape = y.shape();
        this.y = y.toDoubleArray();
    }

    /** Makes all comparisons. */
    Report report(Rng rng) {
        boolean small = y.length <= SMALL && Arrays.stream(in).mapToInt(Tensor::size).sum() <= SMALL;
        for (int n = 0; n < (small ? 1 : DIRECTIONS); n++)
            directions(rng);
        if (small)
            elements();
        return worst == null
                ? new Report(check.name(), check.seed(), Report.Verdict.PASSED,
                        new Report.Place(order, 0, false, null, null), 0, 0, 0, 0, false, "", 0, 0)
                : worst;
    }

    /** The slope of {@code <g, f(x)>} when one input moves in a random direction. */
    private void directions(Rng rng) {
        Tensor cotangent = GradCheck.cotangent(shape, rng);
        Played played = play(List.of(cotangent))[0];
        double[] g = cotangent.toDoubleArray();
        double size = 0;
        for (int k = 0; k < g.length; k++)
            size += Math.abs(g[k] * y[k]);
        for (int i = 0; i < in.length; i++) {
            double[] v = GradCheck.direction(in[i], rng).toDoubleArray();
            double analytic = dot(played.gradients[i], v);
            DoubleFunction<double[]> change = change(i, v);
            double[] sum = new double[1];
            Slope slope = Slope.of(t -> {
                double[] moves = change.apply(t);
                sum[0] = Math.max(sum[0], moved(g, moves) / Math.abs(t));
                return new double[]{dot(g, moves)};
            }, new double[]{size}, new double[]{played.rounded})[0];
            compare(i, null, null, analytic, slope, played.rounded + sum[0], 1);
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++)
            sum += a[k] * b[k];
        return sum;
    }

    /** The Jacobian matrix: how each output changes when one element moves. */
    private void elements() {
        Tensor[] units = new Tensor[y.length];
        for (int k = 0; k < units.length; k++) {
            double[] unit = new double[y.length];
            unit[k] = 1;
            units[k] = GradCheck.tensor(shape, unit);
        }
        Played[] rows = play(List.of(units));
        double[] size = Arrays.stream(y).map(Math::abs).toArray(),
                rounded = Arrays.stream(rows).mapToDouble(Played::rounded).toArray();
        for (int i = 0; i < in.length; i++) {
            double[] x = in[i].toDoubleArray();
            for (int j = 0; j < x.length; j++) {
                double[] v = new double[x.length];
                v[j] = ODD * Math.max(1, Math.abs(x[j]));
                Slope[] slopes = Slope.of(change(i, v), size, rounded);
                for (int k = 0; k < slopes.length; k++)
                    compare(i, index(in[i].shape(), j), index(shape, k), rows[k].gradients[i][j] * v[j], slopes[k],
                            rounded[k], v[j]);
            }
        }
    }

    /**
     * What one playback says: the gradients of the inputs, and how far the result moves, in units of EPSILON, if
     * every number on the way to it is off by one rounding. Linnainmaa, BIT 16, 1976, invented reverse mode for
     * the latter.
     */
    private record Played(double[][] gradients, double rounded) {}

    /** Plays the tape back with several cotangents. */
    private Played[] play(List<Tensor> cotangents) {
        double[] rounded = new double[1];
        Recorder roundings = new Recorder() {
            @Override
            public void played(Node node, Tensor g, Tensor[] cotangents) {
                rounded[0] += moved(g.toDoubleArray(), roundings(node));
            }
        };
        Played[] out = new Played[cotangents.size()];
        try (var tape = new GradientTape(roundings).persistent()) {
            Tensor[] at = GradCheck.watch(tape, in);
            Tensor result = f.apply(at.clone());
            for (int k = 0; k < out.length; k++) {
                rounded[0] = 0;
                Gradients gradients = tape.gradient(result, cotangents.get(k), List.of(at));
                double[][] of = new double[in.length][];
                for (int i = 0; i < in.length; i++) {
                    of[i] = gradients.of(at[i], Unconnected.ZERO).toDoubleArray();
                    rounded[0] += moved(of[i], in[i].toDoubleArray());
                }
                out[k] = new Played(of, rounded[0]);
            }
        }
        return out;
    }

    /**
     * What one rounding of each output of an operation is relative to: itself, or where the operation adds terms
     * that may cancel, as a product of matrices does, the largest number it handles.
     */
    private static double[] roundings(Node node) {
        double[] y = node.output().toDoubleArray();
        if (node.op() instanceof Elementwise.Map1 || node.op() instanceof Elementwise.Map2)
            return y;
        double largest = Stream.concat(node.inputs().stream(), Stream.of(node.output())).map(Tensor::toDoubleArray)
                .flatMapToDouble(Arrays::stream).map(Math::abs).filter(Double::isFinite).max().orElse(0);
        Arrays.fill(y, largest);
        return y;
    }

    /** The sum of |g x| over finite terms; others are reported elsewhere. */
    private static double moved(double[] g, double[] x) {
        double sum = 0;
        for (int k = 0; k < g.length; k++) {
            double term = Math.abs(g[k] * x[k]);
            if (Double.isFinite(term))
                sum += term;
        }
        return sum;
    }

    /** The change of the outputs when input i changes by t v. */
    private DoubleFunction<double[]> change(int i, double[] v) {
        double[] x = in[i].toDoubleArray();
        return t -> {
            double[] moved = new double[x.length];
            for (int j = 0; j < x.length; j++)
                moved[j] = x[j] + t * v[j];
            Tensor[] near = in.clone();
            near[i] = GradCheck.tensor(in[i].shape(), moved);
            double[] out = GradCheck.evaluate(f, near).toDoubleArray();
            for (int k = 0; k < out.length; k++)
                out[k] -= y[k];
            return out;
        };
    }

    private void compare(int input, @Nullable List<Integer> element, @Nullable List<Integer> output, double analytic,
            Slope slope, double rounded, double unit) {
        double tolerance = 4 * slope.error() + 16 * EPSILON * rounded;
        Report.Verdict verdict;
        if (slope.kink() || !(slope.error() <= BELIEVED * slope.scale()) || Double.isInfinite(slope.error()))
            verdict = Report.Verdict.INCONCLUSIVE;
        else
            verdict = Math.abs(analytic - slope.value()) <= tolerance ? Report.Verdict.PASSED : Report.Verdict.FAILED;
        boolean cotangent = input >= in.length - (order - 1);
        Report one = new Report(check.name(), check.seed(), verdict,
                new Report.Place(order, input, cotangent, element, output), analytic / unit, slope.value() / unit,
                slope.error() / unit, tolerance / unit, slope.kink(), hint(verdict, input, analytic, slope, unit), 1,
                verdict == Report.Verdict.INCONCLUSIVE ? 1 : 0);
        worst = worst == null ? one : worst.and(one);
    }

    private String hint(Report.Verdict verdict, int input, double analytic, Slope slope, double unit) {
        if (verdict == Report.Verdict.PASSED)
            return "";
        if (slope.kink()) {
            double low = Math.min(slope.left(), slope.right()), high = Math.max(slope.left(), slope.right());
            return "there is a kink here: the slope is about " + (float) (slope.left() / unit) + " to the left and "
                    + (float) (slope.right() / unit) + " to the right; the tape's is "
                    + (analytic >= low && analytic <= high ? "" : "not ") + "between them";
        }
        if (verdict == Report.Verdict.INCONCLUSIVE)
            return Double.isNaN(slope.value())
                    ? "the function is not finite around these inputs"
                    : "the slope is not known well enough: a jump, a pole or the edge of the domain may be near, "
                            + "or the inputs are badly scaled; try others";
        if (Double.isNaN(analytic))
            return "the tape gives NaN where the function is smooth: a rule may multiply 0 by Inf or divide 0 by 0";
        if (analytic == 0)
            return unconnected(input).orElse("the tape gives exactly 0: a rule may lack a term");
        double ratio = analytic / slope.value();
        if (Math.abs(ratio + 1) < 1e-6)
            return "the tape gives the negative of the slope: the sign of a term is wrong";
        String factor = Double.isInfinite(ratio)
                ? "the slope is 0"
                : "the tape gives " + (Math.abs(ratio - 1) < 1e-4 ? "1 + " + Report.brief(ratio - 1) : (float) ratio)
                        + " times the slope";
        return order == 1
                ? factor
                : factor + "; lower orders are right, so a rule may use something that the tape does not see";
    }

    /** Why the tape sees no way from an input to the result, if so. */
    private Optional<String> unconnected(int input) {
        try (var tape = new GradientTape()) {
            Tensor[] at = GradCheck.watch(tape, in);
            Gradients gradients = tape.gradient(f.apply(at.clone()), GradCheck.tensor(shape, y), List.of(at));
            gradients.of(at[input]);
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of("the tape gives 0: " + e.getMessage());
        }
    }

    private static List<Integer> index(Shape shape, int flat) {
        Integer[] index = new Integer[shape.rank()];
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            index[axis] = flat % shape.dim(axis);
            flat /= shape.dim(axis);
        }
        return List.of(index);
    }
}
