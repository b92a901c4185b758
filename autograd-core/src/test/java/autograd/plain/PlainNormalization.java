package autograd.plain;

import static autograd.plain.Definitions.Trait.ROUGH;
import static autograd.plain.Plain.axes;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.insert;
import static autograd.plain.Plain.with;

import autograd.plain.Given.Ints;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Normalization along axes, and losses of logits. */
final class PlainNormalization extends Definitions {
    private static final double EPSILON = 0.01;

    PlainNormalization() {
        softmax();
        units();
        norms();
        losses();
    }

    private void softmax() {
        define("softmax", d -> {
            Plain x = d.array(d.dims(1, 4));
            return Given.of(x, d.axis(x));
        }, g -> softmax(g.x(), g.axisOf(1)));
        define("logSoftmax", d -> {
            Plain x = d.array(d.dims(1, 4));
            return Given.of(x, d.axis(x));
        }, g -> log(softmax(g.x(), g.axisOf(1))));
    }

    private static Plain log(Plain x) { return Plain.of(x.dims(), i -> Math.log(x.at(i))); }

    private static Plain softmax(Plain x, int at) {
        return Plain.of(x.dims(), i -> Math.exp(x.at(i))
                / DoubleStream.of(PlainReduction.line(x, at, i)).map(Math::exp).sum());
    }

    // ---- standardizing

    private void units() {
        define("normalize", PlainReduction::anyAxis, g -> normalized(g.x(), 2, g.axisOf(1)));
        define("normalize", d -> {
            Plain x = d.array(d.dims(1, 4));
            return Given.of(x, d.of(1.0, 1.5, 2.0, 3.0), d.axis(x));
        }, g -> {
            demand(g.number(1) >= 1, "a norm");
            return normalized(g.x(), g.number(1), g.axisOf(2));
        });
    }

    private static Plain normalized(Plain x, double p, int at) {
        return Plain.of(x.dims(), i -> x.at(i) / norm(PlainReduction.line(x, at, i), p));
    }

    static double norm(double[] v, double p) {
        return Math.pow(DoubleStream.of(v).map(a -> Math.pow(Math.abs(a), p)).sum(), 1 / p);
    }

    private void norms() {
        define("standardize", d -> {
            Plain x = d.array(d.dims(0, 4));
            return Given.of(x, EPSILON, d.axes(x.rank()));
        }, g -> standardized(g.x(), g.number(1), axes(g.integers(2), g.x().rank())), ROUGH);
        define("layerNorm", d -> {
            int[] dims = d.full(1, 4), last = last(d, dims);
            return Given.of(d.array(dims), d.array(last), d.array(last), EPSILON);
        }, g -> scaled(standardized(g.x(), g.number(3), lastAxes(g)), g.plain(1), g.plain(2)), ROUGH);
        define("rmsNorm", d -> {
            int[] dims = d.full(1, 4);
            return Given.of(d.array(dims), d.array(last(d, dims)), EPSILON);
        }, g -> {
            Plain x = g.x(), squares = Plain.of(x.dims(), i -> x.at(i) * x.at(i)),
                    mean = mean(squares, lastAxes(g)), weight = g.plain(1).broadcastTo(x.dims());
            return Plain.of(x.dims(), i -> x.at(i) / Math.sqrt(mean.at(i) + g.number(2)) * weight.at(i));
        }, ROUGH);
        define("batchNorm", d -> {
            int[] dims = d.full(2, 4);
            return Given.of(d.array(dims), d.array(dims[1]), d.array(dims[1]), EPSILON);
        }, g -> {
            int[] others = IntStream.range(0, g.x().rank()).filter(a -> a != 1).toArray();
            return scaled(standardized(g.x(), g.number(3), others), channels(g, 1), channels(g, 2));
        }, ROUGH);
        define("groupNorm", d -> {
            int groups = d.in(1, 3);
            int[] dims = with(d.full(2, 4), 1, groups * d.in(1, 2));
            return Given.of(d.array(dims), groups, d.array(dims[1]), d.array(dims[1]), EPSILON);
        }, g -> {
            Plain x = g.x();
            int groups = g.integer(1);
            demand(x.rank() >= 2 && groups >= 1 && x.dim(1) % groups == 0, "equal groups");
            Plain grouped = x.as(x.dim(0), groups, x.size() / x.dim(0) / groups);
            Plain y = standardized(grouped, g.number(4), new int[]{2}).as(Plain.longs(x.dims()));
            return scaled(y, channels(g, 2), channels(g, 3));
        }, ROUGH);
    }

    private static int[] last(Draw d, int[] dims) {
        return Arrays.copyOfRange(dims, d.in(0, dims.length - 1), dims.length);
    }

    /** The last axes, as many as the weight has. */
    private static int[] lastAxes(Given g) {
        return IntStream.range(g.x().rank() - g.plain(1).rank(), g.x().rank()).toArray();
    }

    /** A vector of channels, as wide as the receiver. */
    private static Plain channels(Given g, int i) {
        return Plain.of(g.x().dims(), at -> g.plain(i).at(at[1]));
    }

    /** For each element the mean over the given axes. */
    private static Plain mean(Plain x, int... axes) {
        int count = Plain.size(IntStream.of(axes).map(x::dim).toArray());
        Plain sums = Plain.zeros(Plain.longs(first(x.dims(), axes, 1)));
        Plain.forEach(x.dims(), i -> sums.add(x.at(i), first(i, axes, 0)));
        return Plain.of(x.dims(), i -> sums.at(first(i, axes, 0)) / count);
    }

    private static int[] first(int[] index, int[] axes, int value) {
        int[] out = index.clone();
        for (int a : axes)
            out[a] = value;
        return out;
    }

    private static Plain standardized(Plain x, double epsilon, int... axes) {
        Plain mean = mean(x, axes), apart = Plain.of(x.dims(), i -> x.at(i) - mean.at(i)),
                variance = mean(Plain.of(x.dims(), i -> apart.at(i) * apart.at(i)), axes);
        return Plain.of(x.dims(), i -> apart.at(i) / Math.sqrt(variance.at(i) + epsilon));
    }

    private static Plain scaled(Plain x, Plain weight, Plain bias) {
        Plain w = weight.broadcastTo(x.dims()), b = bias.broadcastTo(x.dims());
        return Plain.of(x.dims(), i -> x.at(i) * w.at(i) + b.at(i));
    }

    // ---- losses

    private void losses() {
        define("softmaxCrossEntropy", d -> {
            int[] dims = d.dims(1, 3);
            return Given.of(d.array(dims), d.positive(dims));
        }, g -> {
            int last = g.x().rank() - 1;
            Plain log = log(softmax(g.x(), last));
            return Plain.of(Arrays.copyOf(g.x().dims(), last), i -> -IntStream.range(0, g.x().dim(last))
                    .mapToDouble(k -> g.plain(1).at(insert(i, last, k)) * log.at(insert(i, last, k))).sum());
        });
        define("sparseSoftmaxCrossEntropy", d -> {
            int[] dims = d.full(1, 3);
            return Given.of(d.array(dims), d.indices(dims[dims.length - 1], Arrays.copyOf(dims, dims.length - 1)));
        }, g -> {
            int last = g.x().rank() - 1;
            Ints labels = g.indices(1);
            PlainIndexing.inRange(labels, g.x().dim(last));
            Plain log = log(softmax(g.x(), last));
            return Plain.of(labels.dims(), i -> -log.at(insert(i, last, labels.at(i))));
        });
        define("binaryCrossEntropyWithLogits", d -> {
            int[] dims = d.dims(0, 3);
            return Given.of(d.array(dims), d.within(0, 1, dims));
        }, g -> Plain.of(g.x().dims(), i -> {
            double p = 1 / (1 + Math.exp(-g.x().at(i))), t = g.plain(1).at(i);
            return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
        }));
    }
}
