package autograd.kernels.vector;

import autograd.array.DType;
import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.array.Storage;
import autograd.kernels.Convolution;
import autograd.kernels.Kernels;
import autograd.kernels.Relation;
import autograd.kernels.Rows;
import autograd.kernels.vector.convolution.Convolutions;
import autograd.kernels.vector.elementwise.ComparisonLoop;
import autograd.kernels.vector.elementwise.ElementwiseLoop;
import autograd.kernels.vector.elementwise.Known;
import autograd.kernels.vector.gemm.BatchedMatmul;
import autograd.kernels.vector.movement.ArrayLoops;
import autograd.kernels.vector.movement.IndexedSlices;
import autograd.kernels.vector.optimizer.OptimizerLoops;
import autograd.kernels.vector.parallel.Chunks;
import autograd.kernels.vector.reduction.AxisLoops;
import autograd.kernels.vector.reduction.Reductions;
import autograd.kernels.vector.rows.Softmax;
import autograd.kernels.vector.rows.Standardize;

import java.util.Arrays;

/**
 * Kernels for large arrays in loops over vectors. Small ones, and what gains nothing, go to the scalar
 * kernels.
 */
public final class VectorKernels implements Kernels {
    /** Vector code is slow until it is compiled, so arrays that are mostly met in tests do not use it. */
    private static final int SMALL = 64;
    /** Of fewer elements plain code finds out in a microsecond whether they are finite. */
    private static final int LARGE = 4096;
    /** Fewer elements plain code reduces in a few microseconds, and sooner in a program that has just begun. */
    private static final int SUMS = 1 << 14;
    /** Whole numbers up to it are exact in F32. */
    private static final int LONG = 1 << 24;

    private final Kernels scalar;

    /**
     * Kernels that leave to others what they do not do better.
     *
     * @param scalar
     *            the scalar kernels
     */
    public VectorKernels(Kernels scalar) { this.scalar = scalar; }

    @Override
    public String name() { return "vector"; }

    private static NdArray empty(NdArray like) {
        Layout layout = like.layout();
        boolean fit = layout.isContiguous() && layout.offset() == 0;
        return NdArray.empty(like.dtype(), fit ? layout : Layout.of(like.shape()));
    }

    @Override
    public NdArray map(Fn1 f, NdArray x) {
        int n = x.size();
        Known known = n < SMALL ? null : Known.of(f, n);
        if (known == null)
            return scalar.map(f, x);
        NdArray from = contiguous(x), y = empty(from);
        Storage xs = from.storage(), ys = y.storage();
        int xo = from.layout().offset();
        ElementwiseLoop loop = known.loop(x.dtype());
        double p = Known.parameter(f, 0), q = Known.parameter(f, 1);
        Chunks.run(n, (i, part) -> loop.map(part, xs, xo + i, ys, i, p, q));
        return y;
    }

    @Override
    public NdArray map(Fn2 f, NdArray a, NdArray b) {
        boolean same = a.shape().equals(b.shape());
        Shape shape = same ? a.shape() : Shape.broadcast("map", a.shape(), b.shape());
        Known known = shape.size() < SMALL ? null : Known.of(f, shape.size());
        if (known == null)
            return scalar.map(f, a, b);
        ElementwiseLoop loop = known.loop(a.dtype());
        double p = Known.parameter(f, 0), q = Known.parameter(f, 1);
        NdArray y = same ? empty(a) : NdArray.empty(a.dtype(), Layout.of(shape));
        Storage ys = y.storage();
        pairs(shape, a, b,
                (n, as, ao, sa, bs, bo, sb, yo) -> loop.map(n, as, ao, sa, bs, bo, sb, ys, yo, p, q));
        return y;
    }

    /** A loop over n pairs of elements, where a step of 0 repeats one, into n neighbours. */
    private interface Pairs {
        void run(int n, Storage a, int ao, int as, Storage b, int bo, int bs, int yo);
    }

    /** Row by row where rows are long enough, else after spreading both operands out. */
    private void pairs(Shape shape, NdArray a, NdArray b, Pairs loop) {
        if (a.shape().equals(b.shape()) && a.isContiguous() && b.isContiguous()) {
            pairs(a, b, loop);
            return;
        }
        Rows rows = new Rows(a.layout().broadcastTo(shape), b.layout().broadcastTo(shape), Layout.of(shape));
        int length = rows.length, sa = rows.stepA, sb = rows.stepB;
        Storage as = a.storage(), bs = b.storage();
        if (length < SMALL || (sa | sb) != 1)
            pairs(spread(a, shape), spread(b, shape), loop);
        else if (rows.count() == 1)
            rows.forEach((i, j, k) -> Chunks.run(length,
                    (first, n) -> loop.run(n, as, i + first * sa, sa, bs, j + first * sb, sb, k + first)));
        else
            Chunks.rows(rows.count(), length, (first, n) -> rows.forEach(first, first + n,
                    (i, j, k) -> loop.run(length, as, i, sa, bs, j, sb, k)));
    }

    /** Of the same shape and contiguous. */
    private static void pairs(NdArray a, NdArray b, Pairs loop) {
        Storage as = a.storage(), bs = b.storage();
        int ao = a.layout().offset(), bo = b.layout().offset();
        Chunks.run(a.size(), (i, n) -> loop.run(n, as, ao + i, 1, bs, bo + i, 1, i));
    }

    /** Contiguous, with axes of extent 1 repeated, one at a time from the last. */
    private NdArray spread(NdArray x, Shape shape) {
        NdArray y = contiguous(x);
        int lead = shape.rank() - x.shape().rank(), outer = x.size(), inner = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int from = axis < lead ? 1 : x.shape().dim(axis - lead), times = shape.dim(axis);
            outer /= from;
            if (from < times)
                y = repeat(y, outer, times, inner);
            inner *= times;
        }
        return y.shape().equals(shape) ? y : y.view(y.layout().reshape(shape).orElseThrow());
    }

    private static NdArray repeat(NdArray x, int m, int times, int n) {
        NdArray y = NdArray.empty(x.dtype(), Layout.of(Shape.of(m, times, n)));
        ArrayLoops.of(x.dtype()).repeat(m, times, n, x.storage(), x.layout().offset(), y.storage());
        return y;
    }

    @Override
    public Elements<boolean[]> test(Relation relation, NdArray a, NdArray b) {
        Shape shape = Shape.broadcast("comparison", a.shape(), b.shape());
        if (shape.size() < SMALL)
            return scalar.test(relation, a, b);
        Elements<boolean[]> y = Elements.booleans(shape.size());
        boolean[] to = y.data();
        ComparisonLoop comparer = ComparisonLoop.of(relation, a.dtype());
        pairs(shape, a, b, (n, as, ao, sa, bs, bo, sb, yo) -> comparer.test(n, as, ao, sa, bs, bo, sb, to, yo));
        return y;
    }

    @Override
    public NdArray select(boolean[] where, Layout layout, NdArray a, NdArray b) {
        Shape shape = layout.shape();
        if (shape.size() < SMALL || !layout.isContiguous() || !Shape.broadcast("where", shape, a.shape()).equals(shape)
                || !Shape.broadcast("where", shape, b.shape()).equals(shape))
            return scalar.select(where, layout, a, b);
        NdArray x = spread(a, shape), z = spread(b, shape), y = NdArray.empty(a.dtype(), Layout.of(shape));
        ArrayLoops moves = ArrayLoops.of(a.dtype());
        Storage xs = x.storage(), ys = y.storage(), zs = z.storage();
        Chunks.run(y.size(), (i, n) -> moves.select(n, where, layout.offset() + i, xs, x.layout().offset() + i, zs,
                z.layout().offset() + i, ys, i));
        return y;
    }

    @Override
    public void write(NdArray target, NdArray source) {
        Layout x = source.layout(), y = target.layout();
        int last = x.shape().rank() - 1, turned = source.dtype() == target.dtype() ? turned(x, y) : -1;
        if (turned < 0) {
            scalar.write(target, source);
            return;
        }
        int m = x.shape().dim(turned), n = x.shape().dim(last);
        Rows rows = new Rows(matrices(x, turned, last), matrices(y, turned, last));
        ArrayLoops moves = ArrayLoops.of(source.dtype());
        rows.forEach((i, k, _) -> {
            for (int e = 0; e < rows.length; e++)
                moves.transpose(m, n, source.storage(), i + e * rows.stepA, x.stride(last), target.storage(),
                        k + e * rows.stepB, y.stride(turned));
        });
    }

    /** The axis along which x is dense, while y is along the last; -1 if there is none or little to gain. */
    private static int turned(Layout x, Layout y) {
        int last = x.shape().rank() - 1;
        if (x.shape().size() < SMALL || last < 1 || y.stride(last) != 1 || x.stride(last) == 1)
            return -1;
        for (int axis = 0; axis < last; axis++)
            if (x.stride(axis) == 1 && x.shape().dim(axis) * x.shape().dim(last) >= SMALL)
                return axis;
        return -1;
    }

    /** Where each matrix along two axes begins. */
    private static Layout matrices(Layout x, int down, int right) {
        int[] step = new int[x.shape().rank()];
        Arrays.fill(step, 1);
        return x.slice(new int[step.length], x.shape().with(down, 1).with(right, 1).dims(), step);
    }

    @Override
    public NdArray cast(NdArray x, DType dtype) {
        NdArray y = NdArray.empty(dtype, Layout.of(x.shape()));
        write(y, x);
        return y;
    }

    @Override
    public void accumulate(NdArray target, NdArray source) {
        if (source.size() >= SMALL && source.isContiguous() && target.isContiguous()) {
            Storage xs = source.storage(), ys = target.storage();
            int xo = source.layout().offset(), yo = target.layout().offset();
            Chunks.run(source.size(),
                    (i, n) -> ArrayLoops.of(source.dtype()).accumulate(n, xs, xo + i, ys, yo + i));
        } else {
            scalar.accumulate(target, source);
        }
    }

    @Override
    public NdArray reduce(Reduction reduction, NdArray x, int... axes) {
        if (x.size() >= SUMS) {
            Reductions reductions = Reductions.of(reduction);
            NdArray y = full(DType.F64, x.shape().reduce(axes, true), reductions.identity());
            if (reductions.reduce(x, y))
                return x.dtype() == DType.F64 ? y : cast(y, x.dtype());
        }
        return scalar.reduce(reduction, x, axes);
    }

    @Override
    public NdArray cumsum(NdArray x, int axis, boolean reverse) {
        int n = x.shape().dim(axis), inner = inner(x.shape(), axis);
        if (x.size() < SMALL || inner > 1 && inner < AxisLoops.SHORT)
            return scalar.cumsum(x, axis, reverse);
        NdArray from = contiguous(x), y = empty(from);
        Storage s = from.storage(), t = y.storage();
        int xo = from.layout().offset();
        Chunks.rows(x.size() / n / inner, n * inner,
                (first, m) -> AxisLoops.of(x.dtype()).cumsum(m, n, inner, reverse, s,
                        xo + first * n * inner, t, first * n * inner));
        return y;
    }

    /** How many elements each element along an axis stands for: those of the axes after it. */
    private static int inner(Shape shape, int axis) {
        int inner = 1;
        for (int i = axis + 1; i < shape.rank(); i++)
            inner *= shape.dim(i);
        return inner;
    }

    @Override
    public Elements<int[]> argSort(NdArray x, int axis, boolean descending) {
        return scalar.argSort(x, axis, descending);
    }

    @Override
    public Elements<int[]> argMax(NdArray x, int axis) {
        int n = x.shape().dim(axis), inner = inner(x.shape(), axis);
        if (x.size() < SMALL || inner > 1 && inner < AxisLoops.SHORT || n > LONG)
            return scalar.argMax(x, axis);
        NdArray from = contiguous(x);
        Elements<int[]> y = Elements.ints(x.size() / n);
        int[] to = y.data();
        Storage xs = from.storage();
        int xo = from.layout().offset(), size = n * inner;
        Chunks.rows(to.length / inner, size,
                (first, m) -> AxisLoops.of(x.dtype()).argMax(m, n, inner, xs, xo + first * size,
                        to, first * inner));
        return y;
    }

    @Override
    public NdArray matmul(NdArray a, NdArray b) { return BatchedMatmul.matmul(a, b); }

    @Override
    public NdArray convolve(Convolution of, Convolution.Part part, int annihilator, NdArray a, NdArray b) {
        return Convolutions.convolve(scalar, of, part, annihilator, a, b);
    }

    @Override
    public Elements<int[]> argMaxPool(NdArray x, int size, int stride, int padding) {
        return Convolutions.argMaxPool(scalar, x, size, stride, padding);
    }

    @Override
    public NdArray softmax(NdArray x, int axis, boolean log) {
        int n = x.shape().dim(axis);
        if (x.size() < SMALL || n < 2 || axis != x.shape().rank() - 1)
            return scalar.softmax(x, axis, log);
        NdArray from = contiguous(x), y = empty(from);
        Storage xs = from.storage(), ys = y.storage();
        Chunks.rows(x.size() / n, n, (first, m) -> Softmax.of(x.dtype()).rows(log, m, n, xs,
                from.layout().offset() + first * n, ys, first * n));
        return y;
    }

    @Override
    public NdArray crossEntropy(NdArray x, int[] labels) {
        int last = x.shape().rank() - 1, n = x.shape().dim(last);
        if (x.size() < SMALL || n < 2)
            return scalar.crossEntropy(x, labels);
        NdArray from = contiguous(x), y = NdArray.empty(x.dtype(), Layout.of(x.shape().reduce(new int[]{last}, false)));
        Storage xs = from.storage(), ys = y.storage();
        int xo = from.layout().offset();
        Chunks.rows(y.size(), n, new Chunks.Run() { // a lambda is slow to link where programs begin
            @Override
            public void run(int first, int m) {
                Softmax.of(x.dtype()).losses(m, n, xs, xo + first * n, labels, first, ys, first);
            }
        });
        return y;
    }

    @Override
    public NdArray crossEntropyVjp(NdArray g, NdArray x, int[] labels) {
        int n = x.shape().dim(-1);
        if (x.size() < SMALL || n < 2)
            return scalar.crossEntropyVjp(g, x, labels);
        NdArray from = contiguous(x), y = empty(from);
        Storage gs = g.storage(), xs = from.storage(), ys = y.storage();
        int go = g.layout().offset(), xo = from.layout().offset();
        Chunks.rows(g.size(), n, new Chunks.Run() {
            @Override
            public void run(int first, int m) {
                Softmax.of(x.dtype()).vjps(m, n, gs, go + first, xs, xo + first * n, labels, first, ys, first * n);
            }
        });
        return y;
    }

    @Override
    public NdArray standardize(NdArray x, int n, double epsilon) {
        if (x.size() < SMALL || n < Standardize.SHORT)
            return scalar.standardize(x, n, epsilon);
        NdArray from = contiguous(x), y = empty(from);
        Storage s = from.storage(), t = y.storage();
        int xo = from.layout().offset();
        Chunks.rows(x.size() / n, n,
                (first, m) -> Standardize.of(x.dtype()).standardize(m, n, epsilon, s, xo + first * n,
                        t, first * n));
        return y;
    }

    @Override
    public NdArray gather(NdArray x, int axis, int[] index, Layout layout) {
        IndexedSlices picks = layout.shape().size() < SMALL ? null : IndexedSlices.of(x.shape(), axis, index, layout);
        if (picks == null)
            return scalar.gather(x, axis, index, layout);
        NdArray y = NdArray.empty(x.dtype(), Layout.of(layout.shape()));
        picks.gather(ArrayLoops.of(x.dtype()), contiguous(x), y);
        return y;
    }

    @Override
    public NdArray scatterAdd(NdArray x, int axis, int[] index, Layout layout, Shape shape) {
        IndexedSlices picks = layout.shape().size() < SMALL ? null : IndexedSlices.of(shape, axis, index, layout);
        if (picks == null)
            return scalar.scatterAdd(x, axis, index, layout, shape);
        NdArray y = NdArray.zeros(x.dtype(), shape);
        picks.scatterAdd(ArrayLoops.of(x.dtype()), contiguous(x), y);
        return y;
    }

    @Override
    public void update(Step step, NdArray gradient, NdArray... slots) {
        Known known = Known.rule(step);
        if (known == null || gradient.size() < SMALL || !fromStart(slots)) {
            scalar.update(step, gradient, slots);
            return;
        }
        NdArray g = contiguous(gradient);
        Storage[] all = new Storage[slots.length];
        for (int k = 0; k < all.length; k++)
            all[k] = slots[k].storage();
        double[] c = step.parameters();
        Storage gs = g.storage();
        OptimizerLoops updater = OptimizerLoops.of(g.dtype());
        Chunks.run(g.size(), new Chunks.Run() {
            @Override
            public void run(int first, int n) { updater.step(known.name(), c, n, first, gs, g.layout().offset(), all); }
        });
    }

    private static boolean fromStart(NdArray... slots) {
        for (NdArray slot : slots)
            if (!slot.isContiguous() || slot.layout().offset() != 0)
                return false;
        return true;
    }

    @Override
    public boolean allFinite(NdArray x) {
        return x.size() < LARGE || !x.isContiguous()
                ? scalar.allFinite(x)
                : ArrayLoops.of(x.dtype()).allFinite(x.size(), x.storage(), x.layout().offset());
    }
}
