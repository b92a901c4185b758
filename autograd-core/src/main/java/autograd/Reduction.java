package autograd;

import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

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

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return spread(g, x, axes).broadcastTo(x.shape()); }
    }

    /** The arithmetic mean of the elements; NaN of none. */
    default Tensor mean(int... axes) {
        return mean(false, axes);
    }

    /** The arithmetic mean of the elements, keeping reduced axes with extent 1 or not. */
    default Tensor mean(boolean keepDims, int... axes) {
        int count = 1;
        for (int a : shape().axes("mean", axes))
            count *= shape().dim(a);
        return sum(keepDims, axes).div(count);
    }

    /** The largest element; NaN if there is one. Equal largest elements share the cotangent evenly. */
    default Tensor max(int... axes) {
        return max(false, axes);
    }

    /** The largest element, keeping reduced axes with extent 1 or not. */
    default Tensor max(boolean keepDims, int... axes) {
        return apply(new Max(nonEmpty("max", shape(), axes), keepDims));
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
        return apply(new Min(nonEmpty("min", shape(), axes), keepDims));
    }

    record Min(int[] axes, boolean keepDims) implements Op.Unary {
        public NdArray forward(NdArray... in) { return reduce(Kernels.Reduction.MIN, in[0], axes, keepDims); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return share(g, x, y, axes); }
    }

    /** The cotangent of an extremum, in equal parts to the elements that attain it. */
    private static Tensor share(Tensor g, Tensor x, Tensor y, int[] axes) {
        Tensor ties = x.eq(spread(y, x, axes)).to(x.dtype());
        return spread(g, x, axes).zmul(ties.div(ties.sum(true, axes)));
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
            NdArray sum = k.reduce(Kernels.Reduction.SUM, k.map((x, m) -> Math.exp(x - m), in[0], max), axes);
            return squeeze(k.map((s, m) -> Math.log(s) + m, sum, max), in[0].shape(), axes, keepDims);
        }

        public Tensor definition(Tensor... in) { return in[0].exp().sum(keepDims, axes).log(); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            return spread(g, x, axes).zmul(x.sub(spread(y, x, axes)).exp());
        }
    }

    /**
     * Where along an axis the largest element lies: the first of equals, or the first NaN. Not differentiable.
     */
    default IntTensor argMax(int axis) {
        int resolved = shape().axis("argMax", axis);
        int[] axes = nonEmpty("argMax", shape(), resolved);
        return IntTensor.of(Kernels.get().argMax(self().array(), resolved), shape().reduce(axes, false));
    }

    private static int[] nonEmpty(String op, Shape shape, int... axes) {
        int[] resolved = shape.axes(op, axes);
        for (int a : resolved)
            if (shape.dim(a) == 0)
                throw new IllegalArgumentException(op + ": axis " + a + " of shape " + shape + " has no elements");
        return resolved;
    }

    private static NdArray reduce(Kernels.Reduction reduction, NdArray x, int[] axes, boolean keepDims) {
        return squeeze(Kernels.get().reduce(reduction, x, axes), x.shape(), axes, keepDims);
    }

    private static NdArray squeeze(NdArray reduced, Shape from, int[] axes, boolean keepDims) {
        return keepDims ? reduced : reduced.view(Layout.of(from.reduce(axes, false)));
    }

    /** Gives a reduced tensor its axes back, with extent 1, so that it broadcasts against what it came from. */
    private static Tensor spread(Tensor reduced, Tensor x, int[] axes) {
        return reduced.reshape(x.shape().reduce(axes, true));
    }
}
