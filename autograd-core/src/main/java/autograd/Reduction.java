package autograd;

import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Operations that combine the elements along some axes. Without axes they reduce all of them; a negative axis
 * counts from the last; with {@code keepDims} a reduced axis stays, with extent 1.
 */
public sealed interface Reduction extends Operand permits Tensor {
    /** The sum of the elements; 0 of none. */
    default Tensor sum(int... axes) { return sum(false, axes); }

    /** The sum of the elements, keeping reduced axes with extent 1 or not. */
    default Tensor sum(boolean keepDims, int... axes) {
        return apply(new Sum(shape().axes("sum", axes), keepDims));
    }

    record Sum(int[] axes, boolean keepDims) implements Op.Unary {
        public NdArray forward(NdArray... in) { return reduce(Kernels.Reduction.SUM, in[0], axes, keepDims); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return restoreAxes(g, x, axes).broadcastTo(x.shape()); }
    }

    /** The arithmetic mean of the elements; NaN of none. */
    default Tensor mean(int... axes) {
        return mean(false, axes);
    }

    /** The arithmetic mean of the elements, keeping reduced axes with extent 1 or not. */
    default Tensor mean(boolean keepDims, int... axes) {
        int count = count("mean", axes);
        return scaledIfLarge(count, 1, x -> x.sum(keepDims, axes).div(count));
    }

    /** The number of elements that are combined along some axes. */
    private int count(String op, int... axes) {
        int count = 1;
        for (int a : shape().axes(op, axes))
            count *= shape().dim(a);
        return count;
    }

    /**
     * A function of this tensor with f(s x) = s^degree f(x) that adds up some elements. If something in it
     * overflows, it is computed of smaller numbers.
     */
    private Tensor scaledIfLarge(int count, int degree, UnaryOperator<Tensor> f) {
        Tensor y = f.apply(self());
        Kernels k = Kernels.get();
        if (k.allFinite(y.array()) || !k.allFinite(self().array()))
            return y;
        int digits = Math.getExponent((float) count) + 3;
        double safe = Math.scalb(1.0, (dtype() == DType.F32 ? Float.MAX_EXPONENT : Double.MAX_EXPONENT) / 2 - digits);
        if (k.allFinite(k.map(v -> Math.abs(v) < safe ? 0 : Double.NaN, self().array())))
            return y; // 0 / 0, not an overflow
        return f.apply(self().mul(Math.scalb(1.0, -digits))).mul(Math.scalb(1.0, degree * digits));
    }

    /** The largest element; NaN if there is one. Equal largest elements share the cotangent evenly. */
    default Tensor max(int... axes) {
        return max(false, axes);
    }

    /** The largest element, keeping reduced axes with extent 1 or not. */
    default Tensor max(boolean keepDims, int... axes) {
        return apply(new Max(shape().nonEmpty("max", axes), keepDims));
    }

    record Max(int[] axes, boolean keepDims) implements Op.Unary {
        public NdArray forward(NdArray... in) { return reduce(Kernels.Reduction.MAX, in[0], axes, keepDims); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return share(g, x, y, axes); }
    }

    /** The smallest element; NaN if there is one. Equal smallest elements share the cotangent evenly. */
    default Tensor min(int... axes) {
        return min(false, axes);
    }

    /** The smallest element, keeping reduced axes with extent 1 or not. */
    default Tensor min(boolean keepDims, int... axes) {
        return apply(new Min(shape().nonEmpty("min", axes), keepDims));
    }

    record Min(int[] axes, boolean keepDims) implements Op.Unary {
        public NdArray forward(NdArray... in) { return reduce(Kernels.Reduction.MIN, in[0], axes, keepDims); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return share(g, x, y, axes); }
    }

    /** The cotangent of an extremum, in equal parts to the elements that attain it. */
    private static Tensor share(Tensor g, Tensor x, Tensor y, int[] axes) {
        return restoreAxes(g, x, axes).zmul(ties(x, restoreAxes(y, x, axes), axes));
    }

    /** 1 / n for the n elements that are equal to the extremum, else 0: a constant. */
    private static Tensor ties(Tensor x, Tensor extremum, int[] axes) {
        Tensor ties = x.eq(extremum).to(x.dtype());
        return ties.div(ties.apply(new Sum(axes, true)));
    }

    /** log(sum(exp(x))), without overflow. */
    default Tensor logSumExp(int... axes) { return logSumExp(false, axes); }

    /** log(sum(exp(x))), keeping reduced axes with extent 1 or not. */
    default Tensor logSumExp(boolean keepDims, int... axes) {
        return apply(new LogSumExp(shape().axes("logSumExp", axes), keepDims));
    }

    record LogSumExp(int[] axes, boolean keepDims) implements Op.Unary, Op.Fused {
        public NdArray forward(NdArray... in) {
            Kernels k = Kernels.get();
            NdArray max = k.map(m -> Double.isInfinite(m) ? 0 : m, k.reduce(Kernels.Reduction.MAX, in[0], axes));
            NdArray e = k.map(new Functions.Exp(), k.map(new Elementwise.Sub(), in[0], max));
            NdArray large = k.reduce(Kernels.Reduction.SUM, k.map(t -> t < 0.5 ? 0 : t, e), axes);
            NdArray small = k.reduce(Kernels.Reduction.SUM, k.map(t -> t < 0.5 ? t : 0, e), axes);
            NdArray rest = k.map((l, s) -> l - 1 + s, large, small); // the sum without the largest, which is 1
            return squeeze(k.map((r, m) -> Math.log1p(r) + m, rest, max), in[0].shape(), axes, keepDims);
        }

        public Tensor definition(Tensor... in) { return in[0].exp().apply(new Sum(axes, keepDims)).log(); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            Tensor top = restoreAxes(y, x, axes), p = x.sub(top).exp();
            Mask finite = top.lt(Double.POSITIVE_INFINITY).and(top.gt(Double.NEGATIVE_INFINITY));
            if (!finite.all()) // Inf - Inf: elements of Inf share evenly, those of -Inf get nothing
                p = p.where(finite, ties(x, top, axes).where(top.gt(0), 0));
            return restoreAxes(g, x, axes).zmul(p);
        }
    }

    /** The product of the elements; 1 of none. Its derivative is exact also where elements are 0. */
    default Tensor prod(int... axes) {
        return prod(false, axes);
    }

    /** The product of the elements, keeping reduced axes with extent 1 or not. */
    default Tensor prod(boolean keepDims, int... axes) {
        int[] resolved = shape().axes("prod", axes);
        Tensor y = self();
        for (int axis : resolved)
            y = productTree(y, axis);
        return keepDims ? y : y.reshape(shape().reduce(resolved, false));
    }

    /** The product along an axis as a tree of products of halves, which needs no rule of its own. */
    private static Tensor productTree(Tensor x, int axis) {
        int n = x.shape().dim(axis);
        if (n == 0)
            return Tensor.ones(x.dtype(), x.shape().with(axis, 1));
        Tensor y = x;
        for (int half; n > 1; n -= half) {
            half = n / 2;
            Tensor product = y.slice(axis, 0, half).mul(y.slice(axis, half, 2 * half));
            y = n % 2 == 0 ? product : Tensor.concat(axis, product, y.slice(axis, n - 1, n));
        }
        return y;
    }

    /** Variance: the mean of the squared deviations from the mean. */
    default Tensor variance(int... axes) {
        return variance(0, false, axes);
    }

    /**
     * Variance with a correction: the sum of the squared deviations from the mean, divided by (count -
     * correction). A correction of 1 estimates the variance of the population that the elements are a sample of.
     */
    default Tensor variance(int correction, boolean keepDims, int... axes) {
        double freedom = degreesOfFreedom("variance", correction, axes);
        return scaledIfLarge(shape().size(), 2,
                x -> x.sub(x.mean(true, axes)).square().sum(keepDims, axes).div(freedom));
    }

    /**
     * Standard deviation: the square root of the {@link #variance}. Its derivative is taken as 0 where all
     * elements are equal; the second derivative is not finite there.
     */
    default Tensor std(int... axes) { return std(0, false, axes); }

    /** Standard deviation with a correction: the square root of the variance with that correction. */
    default Tensor std(int correction, boolean keepDims, int... axes) {
        double freedom = degreesOfFreedom("std", correction, axes);
        return scaledIfLarge(shape().size(), 1,
                x -> x.sub(x.mean(true, axes)).norm(2, keepDims, axes).div(Math.sqrt(freedom)));
    }

    private double degreesOfFreedom(String op, int correction, int... axes) {
        int count = count(op, axes);
        if (correction < 0)
            throw new IllegalArgumentException(op + ": the correction is " + correction + ", it must not be negative");
        return Math.max(0, count - correction);
    }

    /**
     * The p-norm (sum |x|^p)^(1/p), p at least 1, or Inf for the largest |x|; with derivative 0 at 0, and for p =
     * 2 an infinite second derivative there. As in NumPy and PyTorch the first number is p, never an axis.
     */
    default Tensor norm(double p, int... axes) { return norm(p, false, axes); }

    /** The p-norm, keeping reduced axes with extent 1 or not. */
    default Tensor norm(double p, boolean keepDims, int... axes) {
        if (!(p >= 1))
            throw new IllegalArgumentException("norm: p is " + p + ", it must be at least 1; axes come after it");
        int[] resolved = shape().axes("norm", axes);
        if (p == 1)
            return self().abs().sum(keepDims, resolved);
        if (p == Double.POSITIVE_INFINITY)
            return self().abs().max(keepDims, shape().nonEmpty("norm", resolved));
        return apply(new Norm(p, resolved, keepDims));
    }

    record Norm(double p, int[] axes, boolean keepDims) implements Op.Unary {
        public NdArray forward(NdArray... in) {
            if (p == 2)
                return squeeze(euclidean(in[0], 1, axes), in[0].shape(), axes, keepDims);
            Kernels k = Kernels.get();
            NdArray size = k.map(new Elementwise.Abs(), in[0]);
            NdArray max = k.map(m -> m > 0 && m < Double.POSITIVE_INFINITY ? m : 1,
                    k.reduce(Kernels.Reduction.MAX, size, axes)); // against overflow
            NdArray sum = k.reduce(Kernels.Reduction.SUM, k.map((a, m) -> Math.pow(a / m, p), size, max), axes);
            return squeeze(k.map((s, m) -> m * Math.pow(s, 1 / p), sum, max), in[0].shape(), axes, keepDims);
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            Tensor ratio = x.zdiv(restoreAxes(y, x, axes));
            return restoreAxes(g, x, axes).zmul(power(ratio));
        }

        /** sign(r) |r|^(p-1), which is smooth at 0 if p is even. */
        private Tensor power(Tensor r) {
            return p == 2 ? r : p % 2 == 0 ? r.pow(p - 1) : r.abs().pow(p - 1).mul(r.sign());
        }

        /**
         * The Euclidean norm along some axes, kept with extent 1, over the root of n. Only where squares over- or
         * underflow they are those of elements divided by a power of two, so that both ways give the same bits where
         * both can be gone.
         */
        static NdArray euclidean(NdArray x, int n, int[] axes) {
            Kernels k = Kernels.get();
            NdArray squares = k.reduce(Kernels.Reduction.SUM, k.map(new Functions.Square(), x), axes);
            if (isExact(squares))
                return n == 1 ? k.map(new Functions.Sqrt(), squares) : k.map(s -> Math.sqrt(s / n), squares);
            NdArray largest = k.reduce(Kernels.Reduction.MAX, k.map(new Elementwise.Abs(), x), axes);
            NdArray scale = k.map(m -> m > 0 && m < Double.POSITIVE_INFINITY ? Math.scalb(1.0, Math.getExponent(m)) : 1,
                    largest);
            NdArray sum = k.reduce(Kernels.Reduction.SUM, k.map((a, s) -> a / s * (a / s), x, scale), axes);
            return k.map((s, m) -> m * Math.sqrt(s / n), sum, scale);
        }

        /** Whether nothing that matters was lost in sums of squares. */
        private static boolean isExact(NdArray squares) {
            double least = squares.dtype() == DType.F32 ? 0x1p-100 : 0x1p-970;
            for (int i = 0; i < squares.size(); i++) {
                double s = squares.storage().get(squares.layout().offset() + i);
                if (!(s >= least && s < Double.POSITIVE_INFINITY))
                    return false;
            }
            return true;
        }
    }

    /** The sums of the elements up to each one along an axis. */
    default Tensor cumsum(int axis) {
        return apply(new Cumsum(shape().axis("cumsum", axis), false));
    }

    record Cumsum(int axis, boolean reverse) implements Op.Unary {
        public NdArray forward(NdArray... in) { return Kernels.get().cumsum(in[0], axis, reverse); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(new Cumsum(axis, !reverse)); }
    }

    /**
     * The products of the elements up to each one along an axis; the derivative is exact also where elements are
     * 0.
     */
    default Tensor cumprod(int axis) { return scan(shape().axis("cumprod", axis), Tensor::mul); }

    /** log(sum(exp(x))) of the elements up to each one along an axis, without overflow. */
    default Tensor logCumSumExp(int axis) {
        return scan(shape().axis("logCumSumExp", axis), (a, b) -> Tensor.stack(0, a, b).logSumExp(0));
    }

    /** The elements up to each one along an axis, combined by an associative function. */
    private Tensor scan(int at, BinaryOperator<Tensor> combine) {
        int n = shape().dim(at);
        Tensor y = self();
        for (int step = 1; step < n; step *= 2) // after each round an element combines the last 2 step ones
            y = Tensor.concat(at, y.slice(at, 0, step),
                    combine.apply(y.slice(at, step, n), y.slice(at, 0, n - step)));
        return y;
    }

    private static NdArray reduce(Kernels.Reduction reduction, NdArray x, int[] axes, boolean keepDims) {
        return squeeze(Kernels.get().reduce(reduction, x, axes), x.shape(), axes, keepDims);
    }

    private static NdArray squeeze(NdArray reduced, Shape from, int[] axes, boolean keepDims) {
        return keepDims ? reduced : reduced.view(Layout.of(from.reduce(axes, false)));
    }

    /** Restores the axes of a reduced tensor, with extent 1, so that it broadcasts against its operand. */
    private static Tensor restoreAxes(Tensor reduced, Tensor x, int[] axes) {
        return reduced.reshape(x.shape().reduce(axes, true));
    }
}
