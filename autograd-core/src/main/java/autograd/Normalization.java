package autograd;

import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Intrinsic;
import autograd.kernels.Kernels;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Operations that bring the elements along some axes to a common scale, and the losses that go with them. */
public sealed interface Normalization extends Operand permits Tensor {
    /** Softmax along an axis: e^x / sum(e^x), without overflow. */
    default Tensor softmax(int axis) {
        return apply(new Softmax(shape().axis("softmax", axis)));
    }

    record Softmax(int axis) implements Op.Unary, Op.Fused {
        public NdArray forward(NdArray... in) { return Kernels.get().softmax(in[0], axis, false); }

        public Tensor definition(Tensor... in) { return in[0].exp().div(in[0].exp().sum(true, axis)); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return vjp(g, y, axis); }

        /**
         * (g - mean) p with the mean of g by the weights p. It is subtracted twice: what rounding left of it the
         * first time may be all that there is where an element of p is rounded to 1.
         */
        private static Tensor vjp(Tensor g, Tensor p, int axis) {
            Tensor rest = g.sub(g.zmul(p).sum(true, axis));
            return rest.sub(rest.zmul(p).sum(true, axis)).zmul(p);
        }
    }

    /** The logarithm of softmax along an axis: x - log(sum(e^x)), without overflow. */
    default Tensor logSoftmax(int axis) {
        return apply(new LogSoftmax(shape().axis("logSoftmax", axis)));
    }

    record LogSoftmax(int axis) implements Op.Unary, Op.Fused {
        public NdArray forward(NdArray... in) { return Kernels.get().softmax(in[0], axis, true); }

        public Tensor definition(Tensor... in) { return in[0].sub(in[0].logSumExp(true, axis)); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return residual(g, y, axis).neg(); }

        /**
         * sum(t) p - t with p = e^logs, of which no digits are lost where p is nearly 1: (sum(t) - t) p - t (1 - p).
         * It adds up to 0, so p times its sum is what rounding lost of sum(t) - t.
         */
        private static Tensor residual(Tensor t, Tensor logs, int axis) {
            Tensor p = logs.exp(), rest = t.sum(true, axis).sub(t).zmul(p).add(t.zmul(logs.expm1()));
            return rest.sub(rest.sum(true, axis).zmul(p));
        }
    }

    /**
     * Vectors along an axis divided by their Euclidean norm, which is taken to be at least 1e-12: unit vectors.
     */
    default Tensor normalize(int axis) { return normalize(2, axis); }

    /** Vectors along an axis divided by their p-norm, p at least 1, which is taken to be at least 1e-12. */
    default Tensor normalize(double p, int axis) {
        int at = shape().axis("normalize", axis);
        if (!(p >= 1))
            throw new IllegalArgumentException("normalize: p is " + p + ", it must be at least 1");
        return Tensor.unit(p, self(), at, 1e-12);
    }

    /**
     * Mean 0 and variance 1 along some axes: (x - mean) / sqrt(variance + epsilon). The first number is epsilon,
     * never an axis; without axes all elements are standardized together.
     */
    default Tensor standardize(double epsilon, int... axes) {
        return apply(new Standardize(epsilon, shape().axes("standardize", axes)));
    }

    record Standardize(double epsilon, int[] axes) implements Op.Unary, Op.Fused {
        /** Makes numbers small enough for the sum of any array's elements. */
        private static final double SMALLER = 0x1p-40;

        public NdArray forward(NdArray... in) {
            Kernels k = Kernels.get();
            int n = count(in[0].shape(), axes);
            if (last(in[0].shape().rank()))
                return k.standardize(in[0], n, epsilon);
            NdArray centered = centered(in[0], n), scale = new RootMeanSquare(epsilon, axes).forward(centered);
            if (!k.allFinite(scale) && k.allFinite(in[0])) // differences or sums overflow
                return new Standardize(epsilon * SMALLER * SMALLER, axes).forward(k.map(x -> x * SMALLER, in[0]));
            return k.map(new Elementwise.Div(), centered, scale);
        }

        private NdArray centered(NdArray x, int n) {
            Kernels k = Kernels.get();
            NdArray mean = k.map(s -> s / n, k.reduce(Kernels.Reduction.SUM, x, axes));
            return k.map(new Elementwise.Sub(), x, mean);
        }

        /** sqrt(variance + epsilon), kept with extent 1. */
        private Tensor scale(Tensor x) {
            Kernels k = Kernels.get();
            Tensor scale = x.sub(x.mean(true, axes)).apply(new RootMeanSquare(epsilon, axes));
            if (k.allFinite(scale.array()) || !k.allFinite(x.array()))
                return scale;
            return new Standardize(epsilon * SMALLER * SMALLER, axes).scale(x.mul(SMALLER)).div(SMALLER);
        }

        private boolean last(int rank) { return axes.length == 0 || axes[0] == rank - axes.length; }

        public Tensor definition(Tensor... in) {
            return in[0].sub(in[0].mean(true, axes)).apply(new RmsNormalize(epsilon, axes));
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            Tensor centered = g.sub(g.mean(true, axes)).sub(g.zmul(y).mean(true, axes).zmul(y));
            return centered.zmul(scale(x).reciprocal());
        }
    }

    /** x / sqrt(mean(x^2) + epsilon), of which {@link #rmsNorm} is made. */
    record RmsNormalize(double epsilon, int[] axes) implements Op.Unary, Op.Fused {
        public NdArray forward(NdArray... in) {
            return Kernels.get().map(new Elementwise.Div(), in[0], new RootMeanSquare(epsilon, axes).forward(in));
        }

        public Tensor definition(Tensor... in) { return in[0].div(scale(in[0])); }

        private Tensor scale(Tensor x) { return x.apply(new RootMeanSquare(epsilon, axes)); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            return g.sub(g.zmul(y).mean(true, axes).zmul(y)).zmul(scale(x).reciprocal());
        }
    }

    /**
     * sqrt(mean(x^2) + epsilon) along some axes, kept with extent 1, without over- or underflow: what
     * normalizations divide by. It is smooth at 0 too if epsilon is above 0.
     */
    record RootMeanSquare(double epsilon, int[] axes) implements Op.Unary, Op.Fused {
        public NdArray forward(NdArray... in) {
            double least = Math.sqrt(epsilon);
            NdArray root = Reduction.Norm.euclidean(in[0], count(in[0].shape(), axes), axes);
            return Kernels.get().map(s -> distance(s, least), root);
        }

        /** As {@link Math#hypot} of numbers that are not negative, but less exact and several times as fast. */
        private static double distance(double a, double b) {
            double large = Math.max(a, b), ratio = Math.min(a, b) / large;
            return large == 0 ? 0 : large * Math.sqrt(1 + ratio * ratio);
        }

        public Tensor definition(Tensor... in) { return in[0].square().mean(true, axes).add(epsilon).sqrt(); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.div(count(x.shape(), axes)).zmul(x.zdiv(y)); }
    }

    /** The number of elements along some axes, or 1 if there are none. */
    private static int count(Shape shape, int[] axes) {
        return Math.max(1, shape.size() / Math.max(1, shape.reduce(axes, true).size()));
    }

    /** Layer normalization over the weight's axes, the last ones. Ba, Kiros and Hinton, 2016. */
    default Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
        int[] axes = last("layerNorm", weight);
        if (!bias.shape().equals(weight.shape()))
            throw new IllegalArgumentException(
                    "layerNorm: the bias " + bias.shape() + " must have the shape of the weight " + weight.shape());
        Tensor.sameDType("layerNorm", self(), weight, bias);
        return self().standardize(epsilon, axes).mul(weight).add(bias);
    }

    /** Root mean square normalization over the weight's axes, the last ones. Zhang and Sennrich, NeurIPS 2019. */
    default Tensor rmsNorm(Tensor weight, double epsilon) {
        int[] axes = last("rmsNorm", weight);
        Tensor.sameDType("rmsNorm", self(), weight);
        return apply(new RmsNormalize(epsilon, axes)).mul(weight);
    }

    /** The last axes, as many as a weight has, after checking that its extents are theirs. */
    private int[] last(String op, Tensor weight) {
        int rank = shape().rank(), n = weight.shape().rank();
        if (n < 1 || n > rank || !weight.shape().equals(shape().reduce(IntStream.range(0, rank - n).toArray(), false)))
            throw new IllegalArgumentException(
                    op + ": the weight " + weight.shape() + " must have the last extents of the input " + shape());
        return IntStream.range(rank - n, rank).toArray();
    }

    /**
     * Batch normalization by the statistics of this batch, for each channel, axis 1. Ioffe and Szegedy, ICML
     * 2015.
     */
    default Tensor batchNorm(Tensor weight, Tensor bias, double epsilon) {
        int[] line = channels("batchNorm", weight, bias);
        int[] others = new int[shape().rank() - 1];
        Arrays.setAll(others, i -> i == 0 ? 0 : i + 1);
        return self().standardize(epsilon, others).mul(weight.reshape(line)).add(bias.reshape(line));
    }

    /**
     * Group normalization: channels, axis 1, in equal groups, each standardized by itself. Wu and He, ECCV 2018.
     */
    default Tensor groupNorm(int groups, Tensor weight, Tensor bias, double epsilon) {
        int[] line = channels("groupNorm", weight, bias);
        int n = shape().dim(0), c = shape().dim(1), inner = shape().reduce(new int[]{0, 1}, false).size();
        if (groups < 1 || c % groups != 0)
            throw new IllegalArgumentException("groupNorm: " + c + " channels of shape " + shape()
                    + " do not divide into " + groups + " groups");
        Shape grouped = Shape.of("groupNorm", n, groups, (long) c / groups * inner);
        Tensor y = self().reshape(grouped).standardize(epsilon, 2).reshape(shape());
        return y.mul(weight.reshape(line)).add(bias.reshape(line));
    }

    /** The shape that puts a vector of channels along axis 1. */
    private int[] channels(String op, Tensor weight, Tensor bias) {
        if (shape().rank() < 2 || !weight.shape().equals(Shape.of(shape().dim(1)))
                || !bias.shape().equals(weight.shape()))
            throw new IllegalArgumentException(op + ": weight " + weight.shape() + " and bias " + bias.shape()
                    + " must have the extent of axis 1 of shape " + shape());
        Tensor.sameDType(op, self(), weight, bias);
        int[] line = new int[shape().rank()];
        Arrays.fill(line, 1);
        line[1] = shape().dim(1);
        return line;
    }

    // ---- losses from logits

    /** Cross-entropy along the last axis of softmax with target probabilities: -sum(t log softmax(x)). */
    default Tensor softmaxCrossEntropy(Tensor targets) {
        if (shape().rank() == 0 || !shape().equals(targets.shape()))
            throw new IllegalArgumentException("softmaxCrossEntropy: logits " + shape() + " and targets "
                    + targets.shape() + " must have one shape, classes last");
        return apply(new SoftmaxCrossEntropy(), targets);
    }

    record SoftmaxCrossEntropy() implements Op.Binary, Op.Fused {
        public NdArray forward(NdArray... in) {
            Kernels k = Kernels.get();
            int last = in[0].shape().rank() - 1;
            NdArray terms = k.map((l, t) -> t == 0 ? 0 : -t * l, k.softmax(in[0], last, true), in[1]);
            NdArray sum = k.reduce(Kernels.Reduction.SUM, terms, last);
            return sum.view(sum.layout().reshape(sum.shape().reduce(new int[]{last}, false)).orElseThrow());
        }

        public Tensor definition(Tensor... in) { return in[1].zmul(in[0].logSoftmax(-1)).sum(-1).neg(); }

        public Tensor vjpA(Tensor g, Tensor x, Tensor t, Tensor y) {
            return g.unsqueeze(-1).zmul(LogSoftmax.residual(t, x.logSoftmax(-1), -1));
        }

        public Tensor vjpB(Tensor g, Tensor x, Tensor t, Tensor y) {
            return g.neg().unsqueeze(-1).zmul(x.logSoftmax(-1));
        }
    }

    /** Cross-entropy along the last axis of softmax with labels: -log softmax(x)[label]. */
    default Tensor sparseSoftmaxCrossEntropy(IntTensor labels) {
        int last = shape().rank() - 1;
        if (last < 0 || !labels.shape().equals(shape().reduce(new int[]{last}, false)))
            throw new IllegalArgumentException("sparseSoftmaxCrossEntropy: logits " + shape()
                    + " need labels of their shape without the last axis, got " + labels.shape());
        for (int label : labels.rowMajor())
            if (label < 0 || label >= shape().dim(last))
                throw new IndexOutOfBoundsException("sparseSoftmaxCrossEntropy: label " + label
                        + " is out of range for logits " + shape() + "; the classes are 0.." + (shape().dim(last) - 1));
        return apply(new SparseSoftmaxCrossEntropy(labels));
    }

    record SparseSoftmaxCrossEntropy(IntTensor labels) implements Op.Unary, Op.Fused {
        public NdArray forward(NdArray... in) { return Kernels.get().crossEntropy(in[0], labels.rowMajor()); }

        public Tensor definition(Tensor... in) {
            int[] column = in[0].shape().with(in[0].shape().rank() - 1, 1).dims();
            return in[0].logSoftmax(-1).gather(-1, labels.reshape(column)).squeeze(-1).neg();
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(new SparseSoftmaxCrossEntropyVjp(labels), x); }
    }

    /** g (softmax(x) - oneHot(labels)), in one pass. */
    record SparseSoftmaxCrossEntropyVjp(IntTensor labels) implements Op.Binary, Op.Fused {
        public NdArray forward(NdArray... in) {
            Kernels k = Kernels.get();
            return k.crossEntropyVjp(k.contiguous(in[0]), in[1], labels.rowMajor());
        }

        public Tensor definition(Tensor... in) {
            return in[0].unsqueeze(-1).zmul(in[1].softmax(-1).sub(oneHot(in[1])));
        }

        private Tensor oneHot(Tensor x) { return labels.oneHot(x.dtype(), x.shape().dim(-1)); }

        private Tensor slope(Tensor x) { return LogSoftmax.residual(oneHot(x), x.logSoftmax(-1), -1); }

        public Tensor vjpA(Tensor h, Tensor g, Tensor x, Tensor r) { return h.zmul(slope(x)).sum(-1); }

        public Tensor vjpB(Tensor h, Tensor g, Tensor x, Tensor r) {
            return Softmax.vjp(h.zmul(g.unsqueeze(-1)), x.softmax(-1), -1);
        }
    }

    /** Binary cross-entropy of sigmoid with target probabilities: softplus(x) - t x, without overflow. */
    default Tensor binaryCrossEntropyWithLogits(Tensor targets) {
        if (!shape().equals(targets.shape()))
            throw new IllegalArgumentException("binaryCrossEntropyWithLogits: logits " + shape() + " and targets "
                    + targets.shape() + " must have one shape");
        return apply(new BinaryCrossEntropyWithLogits(), targets);
    }

    record BinaryCrossEntropyWithLogits() implements Elementwise.Map2, Op.Fused {
        public double f(double x, double t) {
            double size = Math.abs(x), miss = x > 0 ? 1 - t : t; // max(x, 0) - x t = |x| miss
            return (miss == 0 ? 0 : size * miss) + Math.log1p(Math.exp(-size));
        }

        public Tensor definition(Tensor... in) { return in[0].softplus().sub(in[0].mul(in[1])); }

        public Tensor vjpA(Tensor g, Tensor x, Tensor t, Tensor y) { return g.zmul(x.apply(new SigmoidSub(), t)); }

        public Tensor vjpB(Tensor g, Tensor x, Tensor t, Tensor y) { return g.zmul(x.neg()); }
    }

    /** sigmoid(x) - t in one pass: no digits are lost where both are nearly 1. */
    record SigmoidSub() implements Elementwise.Map2, Op.Fused {
        public double f(double x, double t) {
            double e = Math.exp(-Math.abs(x)), less = e / (1 + e); // the sigmoid of -|x|
            return x >= 0 ? 1 - t - less : less - t;
        }

        public Tensor definition(Tensor... in) { return in[0].sigmoid().sub(in[1]); }

        public Tensor vjpA(Tensor g, Tensor x, Tensor t, Tensor y) {
            return g.zmul(x.sigmoid().mul(x.neg().sigmoid()));
        }

        public Tensor vjpB(Tensor g, Tensor x, Tensor t, Tensor y) { return g.neg(); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.SIGMOID_SUB; }
    }
}
