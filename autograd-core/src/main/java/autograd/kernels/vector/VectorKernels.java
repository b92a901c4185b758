package autograd.kernels.vector;

import static autograd.kernels.hotspot.CompileGate.SMALL;

import autograd.array.DType;
import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.array.Storage;
import autograd.kernels.Convolution;
import autograd.kernels.IntrinsicStep;
import autograd.kernels.Kernels;
import autograd.kernels.Relation;
import autograd.kernels.vector.convolution.Convolutions;
import autograd.kernels.vector.elementwise.ComparisonLoop;
import autograd.kernels.vector.elementwise.ElementwiseLoop;
import autograd.kernels.vector.elementwise.SaturatingLoop;
import autograd.kernels.vector.gemm.BatchedMatmul;
import autograd.kernels.vector.lanes.FloatSpecies;
import autograd.kernels.vector.lanes.VectorRegisters;
import autograd.kernels.vector.movement.ArrayLoops;
import autograd.kernels.vector.movement.IndexedSlices;
import autograd.kernels.vector.movement.Pairs;
import autograd.kernels.vector.movement.Transpose;
import autograd.kernels.vector.optimizer.OptimizerLoops;
import autograd.kernels.vector.parallel.Chunks;
import autograd.kernels.vector.parallel.Team;
import autograd.kernels.vector.reduction.AxisLoops;
import autograd.kernels.vector.reduction.Reductions;
import autograd.kernels.vector.rows.Softmax;
import autograd.kernels.vector.rows.Standardize;

/**
 * Kernels for large arrays, in loops over vectors. Scalar kernels compute small arrays, and what would gain
 * nothing.
 */
public final class VectorKernels implements Kernels {
    /** Below, scalar kernels find out in a microsecond whether all elements are finite. */
    private static final int FINITE = 4096;
    /** Below, scalar kernels reduce in a few microseconds, and need no compiler to. */
    private static final int REDUCED = 1 << 14;
    /** Whole numbers up to it are exact in F32. */
    private static final int EXACT = 1 << 24;

    private final Kernels scalar;

    /** Vector kernels; small arrays and functions without a vector version use the scalar kernels. */
    public VectorKernels(Kernels scalar) {
        this.scalar = scalar;
    }

    @Override
    public String name() { return "vector"; }

    @Override
    public String toString() {
        return "vector kernels: " + FloatSpecies.S.vectorBitSize() + " bits a vector, " + VectorRegisters.COUNT
                + " registers, " + Team.threads() + " threads";
    }

    private static NdArray empty(NdArray like) {
        Layout layout = like.layout();
        boolean fit = layout.isContiguous() && layout.offset() == 0;
        return NdArray.empty(like.dtype(), fit ? layout : Layout.of(like.shape()));
    }

    // ---- element by element

    @Override
    public NdArray map(Fn1 f, NdArray x) {
        int n = x.size();
        ElementwiseLoop loop = n < SMALL ? null : ElementwiseLoop.of(f.intrinsic(), x.dtype(), n);
        if (loop == null)
            return scalar.map(f, x);
        NdArray from = contiguous(x), y = empty(from);
        Storage xs = from.storage(), ys = y.storage();
        int xo = from.layout().offset();
        double p = f.p(), q = f.q();
        Chunks.run(n, (i, m) -> loop.map(m, xs, xo + i, ys, i, p, q));
        return y;
    }

    @Override
    public NdArray map(Fn2 f, NdArray a, NdArray b) {
        boolean same = a.shape().equals(b.shape());
        Shape shape = same ? a.shape() : Shape.broadcast("map", a.shape(), b.shape());
        int size = shape.size();
        ElementwiseLoop loop = size < SMALL ? null : ElementwiseLoop.of(f.intrinsic(), a.dtype(), size);
        if (loop == null)
            return scalar.map(f, a, b);
        NdArray y = same ? empty(a) : NdArray.empty(a.dtype(), Layout.of(shape));
        Storage ys = y.storage();
        Pairs.forEach(this, shape, a, b,
                (n, as, ao, sa, bs, bo, sb, yo) -> loop.map(n, as, ao, sa, bs, bo, sb, ys, yo));
        return y;
    }

    @Override
    public NdArray mapSaturating(Fn2 f, Fn2 far, NdArray a, NdArray b, NdArray x) {
        if (b.size() < SMALL)
            return scalar.mapSaturating(f, far, a, b, x);
        NdArray from = contiguous(x), y = empty(b);
        Storage xs = from.storage(), ys = y.storage();
        int xo = from.layout().offset();
        Pairs.forEach(this, b.shape(), a, contiguous(b), (n, as, ao, sa, bs, bo, _, yo) -> SaturatingLoop
                .map(f.intrinsic(), far.intrinsic(), n, as, ao, sa, bs, bo, xs, xo + yo, ys, yo));
        return y;
    }

    @Override
    public Elements<boolean[]> test(Relation relation, NdArray a, NdArray b) {
        Shape shape = Shape.broadcast("comparison", a.shape(), b.shape());
        if (shape.size() < SMALL)
            return scalar.test(relation, a, b);
        Elements<boolean[]> y = Elements.booleans(shape.size());
        boolean[] to = y.borrow();
        ComparisonLoop loop = ComparisonLoop.of(relation, a.dtype());
        Pairs.forEach(this, shape, a, b,
                (n, as, ao, sa, bs, bo, sb, yo) -> loop.test(n, as, ao, sa, bs, bo, sb, to, yo));
        return y;
    }

    @Override
    public NdArray select(boolean[] where, Layout layout, NdArray a, NdArray b) {
        Shape shape = layout.shape();
        if (shape.size() < SMALL || !layout.isContiguous() || !Shape.broadcast("where", shape, a.shape()).equals(shape)
                || !Shape.broadcast("where", shape, b.shape()).equals(shape))
            return scalar.select(where, layout, a, b);
        NdArray p = Pairs.broadcast(this, a, shape), q = Pairs.broadcast(this, b, shape), y = empty(p);
        Storage ps = p.storage(), qs = q.storage(), ys = y.storage();
        int po = p.layout().offset(), qo = q.layout().offset();
        ArrayLoops loops = ArrayLoops.of(a.dtype());
        Chunks.run(y.size(), (i, n) -> loops.select(n, where, layout.offset() + i, ps, po + i, qs, qo + i, ys, i));
        return y;
    }

    @Override
    public void accumulate(NdArray target, NdArray source) {
        int n = source.size(), xo = source.layout().offset(), yo = target.layout().offset();
        if (n < SMALL || !source.isContiguous() || !target.isContiguous()) {
            scalar.accumulate(target, source);
            return;
        }
        Storage xs = source.storage(), ys = target.storage();
        ArrayLoops loops = ArrayLoops.of(source.dtype());
        Chunks.run(n, (i, m) -> loops.accumulate(m, xs, xo + i, ys, yo + i));
    }

    @Override
    public void update(Step step, NdArray gradient, NdArray... slots) {
        if (!(step instanceof IntrinsicStep known) || gradient.size() < SMALL || !fromStart(slots)) {
            scalar.update(step, gradient, slots);
            return;
        }
        NdArray g = contiguous(gradient);
        Storage[] all = new Storage[slots.length];
        for (int k = 0; k < all.length; k++)
            all[k] = slots[k].storage();
        Storage gs = g.storage();
        int go = g.layout().offset();
        OptimizerLoops loops = OptimizerLoops.of(g.dtype());
        Chunks.run(g.size(), (i, n) -> loops.step(known, n, i, gs, go, all));
    }

    private static boolean fromStart(NdArray... slots) {
        for (NdArray slot : slots)
            if (!slot.isContiguous() || slot.layout().offset() != 0)
                return false;
        return true;
    }

    @Override
    public boolean allFinite(NdArray x) {
        return x.size() < FINITE || !x.isContiguous()
                ? scalar.allFinite(x)
                : ArrayLoops.of(x.dtype()).allFinite(x.size(), x.storage(), x.layout().offset());
    }

    // ---- copies

    @Override
    public void write(NdArray target, NdArray source) {
        if (!Transpose.write(target, source))
            scalar.write(target, source);
    }

    @Override
    public NdArray cast(NdArray x, DType dtype) {
        NdArray y = NdArray.empty(dtype, Layout.of(x.shape()));
        write(y, x);
        return y;
    }

    @Override
    public NdArray gather(NdArray x, int axis, int[] index, Layout layout) {
        IndexedSlices slices = IndexedSlices.of(x.shape(), axis, index, layout);
        if (slices == null)
            return scalar.gather(x, axis, index, layout);
        NdArray y = NdArray.empty(x.dtype(), Layout.of(layout.shape()));
        slices.gather(contiguous(x), y);
        return y;
    }

    @Override
    public NdArray scatterAdd(NdArray x, int axis, int[] index, Layout layout, Shape shape) {
        IndexedSlices slices = IndexedSlices.of(shape, axis, index, layout);
        if (slices == null)
            return scalar.scatterAdd(x, axis, index, layout, shape);
        NdArray y = NdArray.zeros(x.dtype(), shape);
        slices.scatterAdd(contiguous(x), y);
        return y;
    }

    // ---- along axes

    @Override
    public NdArray reduce(Reduction reduction, NdArray x, int... axes) {
        if (x.size() >= REDUCED) {
            NdArray y = full(DType.F64, x.shape().reduce(axes, true), reduction.identity);
            if (new Reductions(reduction, x).to(y))
                return x.dtype() == DType.F64 ? y : cast(y, x.dtype());
        }
        return scalar.reduce(reduction, x, axes);
    }

    @Override
    public NdArray cumsum(NdArray x, int axis, boolean reverse) {
        int n = x.shape().dim(axis), inner = inner(x.shape(), axis), size = n * inner;
        if (x.size() < SMALL || inner > 1 && inner < AxisLoops.SHORT)
            return scalar.cumsum(x, axis, reverse);
        NdArray from = contiguous(x), y = empty(from);
        Storage xs = from.storage(), ys = y.storage();
        int xo = from.layout().offset();
        AxisLoops loops = AxisLoops.of(x.dtype());
        Chunks.rows(x.size() / size, size,
                (i, m) -> loops.cumsum(m, n, inner, reverse, xs, xo + i * size, ys, i * size));
        return y;
    }

    /** The number of elements behind an index along an axis. */
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
        int n = x.shape().dim(axis), inner = inner(x.shape(), axis), size = n * inner;
        if (x.size() < SMALL || inner > 1 && inner < AxisLoops.SHORT || n > EXACT)
            return scalar.argMax(x, axis);
        NdArray from = contiguous(x);
        Elements<int[]> y = Elements.ints(x.size() / n);
        int[] to = y.borrow();
        Storage xs = from.storage();
        int xo = from.layout().offset();
        AxisLoops loops = AxisLoops.of(x.dtype());
        Chunks.rows(x.size() / size, size,
                (i, m) -> loops.argMax(m, n, inner, xs, xo + i * size, to, i * inner));
        return y;
    }

    // ---- rows

    @Override
    public NdArray softmax(NdArray x, int axis, boolean log) {
        int n = x.shape().dim(axis);
        if (x.size() < SMALL || n < 2 || axis != x.shape().rank() - 1)
            return scalar.softmax(x, axis, log);
        NdArray from = contiguous(x), y = empty(from);
        Storage xs = from.storage(), ys = y.storage();
        int xo = from.layout().offset();
        Softmax loops = Softmax.of(x.dtype());
        Chunks.rows(x.size() / n, n, (i, m) -> loops.rows(log, m, n, xs, xo + i * n, ys, i * n));
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
        Softmax loops = Softmax.of(x.dtype());
        Chunks.rows(y.size(), n, (i, m) -> loops.losses(m, n, xs, xo + i * n, labels, i, ys, i));
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
        Softmax loops = Softmax.of(x.dtype());
        Chunks.rows(g.size(), n, (i, m) -> loops.vjps(m, n, gs, go + i, xs, xo + i * n, labels, i, ys, i * n));
        return y;
    }

    @Override
    public NdArray standardize(NdArray x, int n, double epsilon) {
        if (x.size() < SMALL || n < Standardize.SHORT)
            return scalar.standardize(x, n, epsilon);
        NdArray from = contiguous(x), y = empty(from);
        Storage xs = from.storage(), ys = y.storage();
        int xo = from.layout().offset();
        Standardize loops = Standardize.of(x.dtype());
        Chunks.rows(x.size() / n, n, (i, m) -> loops.standardize(m, n, epsilon, xs, xo + i * n, ys, i * n));
        return y;
    }

    // ---- products and windows

    @Override
    public NdArray matmul(NdArray a, NdArray b) { return BatchedMatmul.matmul(a, b); }

    @Override
    public NdArray convolve(Convolution of, Convolution.Part part, int zeroAbsorbing, NdArray a, NdArray b) {
        return Convolutions.convolve(scalar, of, part, zeroAbsorbing, a, b);
    }

    @Override
    public Elements<int[]> argMaxPool(NdArray x, int size, int stride, int padding) {
        return Convolutions.argMaxPool(scalar, x, size, stride, padding);
    }
}
