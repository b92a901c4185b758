package autograd.kernels;

import autograd.array.DType;
import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.array.Storage;
import autograd.kernels.Convolution.Part;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The definition of each kernel, in plain loops. Faster kernels must agree with it. */
final class ScalarKernels implements Kernels {
    private static final Loops FLOAT = new FloatLoops(), DOUBLE = new DoubleLoops();
    /** The most elements of im2col scratch. */
    private static final int COLUMNS = 1 << 24;

    private static Loops loops(NdArray x) { return x.dtype().pick(FLOAT, DOUBLE); }

    @Override
    public String name() { return "scalar"; }

    @Override
    public String toString() { return "scalar kernels"; }

    @Override
    public NdArray map(Fn1 f, NdArray x) {
        if (x.size() == 1)
            return one(x, f.f(x.item()));
        FunctionLoops loops = FunctionLoops.of(f, x.dtype(), x.size());
        Layout from = x.layout();
        if (from.isContiguous()) {
            NdArray y = NdArray.zeros(x.dtype(), from.offset() == 0 ? from : Layout.of(x.shape()));
            loops.map(f, y.size(), x.storage(), from.offset(), 1, y.storage(), 0);
            return y;
        }
        NdArray y = NdArray.zeros(x.dtype(), x.shape());
        Rows rows = new Rows(from, y.layout());
        rows.forEach((i, k, _) -> loops.map(f, rows.length, x.storage(), i, rows.stepA, y.storage(), k));
        return y;
    }

    /** An array of one number; graphs of scalars consist of them. */
    private static NdArray one(NdArray like, double value) {
        Layout layout = like.layout();
        return NdArray.single(like.dtype(), layout.offset() == 0 ? layout : Layout.of(like.shape()), value);
    }

    @Override
    public NdArray map(Fn2 f, NdArray a, NdArray b) {
        if (a.size() == 1 && b.size() == 1 && a.shape().equals(b.shape()))
            return one(a, f.f(a.item(), b.item()));
        FunctionLoops loops = FunctionLoops.of(f, a.dtype(), Math.max(a.size(), b.size()));
        Layout la = a.layout(), lb = b.layout();
        boolean same = a.shape().equals(b.shape());
        if (same && la.isContiguous() && lb.isContiguous()) {
            NdArray y = NdArray.zeros(a.dtype(), la.offset() == 0 ? la : Layout.of(a.shape()));
            loops.map(f, y.size(), a.storage(), la.offset(), 1, b.storage(), lb.offset(), 1, y.storage(), 0);
            return y;
        }
        Shape shape = Shape.broadcast("map", a.shape(), b.shape());
        NdArray y = NdArray.zeros(a.dtype(), shape);
        Rows rows = new Rows(la.broadcastTo(shape), lb.broadcastTo(shape), y.layout());
        rows.forEach((i, j, k) -> loops.map(f, rows.length, a.storage(), i, rows.stepA, b.storage(), j, rows.stepB,
                y.storage(), k));
        return y;
    }

    @Override
    public Elements<boolean[]> test(Relation relation, NdArray a, NdArray b) {
        Shape shape = Shape.broadcast("comparison", a.shape(), b.shape());
        Elements<boolean[]> y = Elements.booleans(shape.size());
        Rows rows = new Rows(a.layout().broadcastTo(shape), b.layout().broadcastTo(shape), Layout.of(shape));
        FunctionLoops loops = FunctionLoops.of(relation, a.dtype(), shape.size());
        rows.forEach((i, j, k) -> loops.test(relation, rows.length, a.storage(), i, rows.stepA, b.storage(), j,
                rows.stepB, y.borrow(), k));
        return y;
    }

    @Override
    public NdArray select(boolean[] where, Layout layout, NdArray a, NdArray b) {
        Shape shape = Shape.broadcast("where", Shape.broadcast("where", layout.shape(), a.shape()), b.shape());
        NdArray y = copy(b.broadcastTo(shape));
        Rows rows = new Rows(layout.broadcastTo(shape), a.layout().broadcastTo(shape), y.layout());
        Loops loops = loops(a);
        rows.forEach((w, i, k) -> loops.choose(rows.length, where, w, rows.stepA, a.storage(), i, rows.stepB,
                y.storage(), k));
        return y;
    }

    @Override
    public void write(NdArray target, NdArray source) {
        if (target.size() == 1) {
            target.storage().set(target.layout().offset(), source.item());
            return;
        }
        Rows rows = new Rows(source.layout(), target.layout());
        Storage from = source.storage(), to = target.storage();
        if (source.dtype() == target.dtype())
            rows.forEach((i, k, _) -> loops(source).copy(rows.length, from, i, rows.stepA, to, k, rows.stepB));
        else if (source.dtype() == DType.F32)
            rows.forEach(
                    (i, k, _) -> Casts.widen(rows.length, from.borrowFloats(), i, rows.stepA, to.borrowDoubles(), k,
                            rows.stepB));
        else
            rows.forEach(
                    (i, k, _) -> Casts.round(rows.length, from.borrowDoubles(), i, rows.stepA, to.borrowFloats(), k,
                            rows.stepB));
    }

    @Override
    public void accumulate(NdArray target, NdArray source) {
        if (target.size() == 1) {
            Storage sum = target.storage();
            int at = target.layout().offset();
            sum.set(at, sum.get(at) + source.item());
            return;
        }
        Rows rows = new Rows(source.layout(), target.layout());
        Loops loops = loops(source);
        rows.forEach((i, k, _) -> loops.accumulate(rows.length, source.storage(), i, rows.stepA, target.storage(), k,
                rows.stepB));
    }

    @Override
    public NdArray reduce(Reduction reduction, NdArray x, int... axes) {
        NdArray y = full(DType.F64, x.shape().reduce(axes, true), reduction.identity);
        combine(reduction, x, y);
        return x.dtype() == DType.F64 ? y : cast(y, x.dtype());
    }

    /** {@code y = combine(y, x)} for all elements of x that broadcasting y would meet. */
    private void combine(Reduction reduction, NdArray x, NdArray y) {
        if (x.size() / Math.max(1, y.size()) > Pairwise.TERMS) {
            int axis = longestReducedAxis(x.shape(), y.shape()), n = x.shape().dim(axis), half = n / 2;
            NdArray rest = full(DType.F64, y.shape(), reduction.identity);
            combine(reduction, x.view(x.layout().narrow(axis, 0, half)), y);
            combine(reduction, x.view(x.layout().narrow(axis, half, n - half)), rest);
            combine(reduction, rest, y);
            return;
        }
        Rows rows = new Rows(x.layout(), y.layout().broadcastTo(x.shape()));
        FunctionLoops loops = FunctionLoops.of(reduction, x.dtype(), x.size());
        rows.forEach((i, k, _) -> loops.reduce(reduction, rows.length, x.storage(), i, rows.stepA, y.storage(), k,
                rows.stepB));
    }

    private static int longestReducedAxis(Shape x, Shape y) {
        int longest = -1;
        for (int axis = 0; axis < x.rank(); axis++)
            if (y.dim(axis) == 1 && (longest < 0 || x.dim(axis) > x.dim(longest)))
                longest = axis;
        return longest;
    }

    @Override
    public NdArray cumsum(NdArray x, int axis, boolean reverse) {
        NdArray y = NdArray.zeros(x.dtype(), x.shape());
        int n = x.shape().dim(axis), first = reverse ? n - 1 : 0, sign = reverse ? -1 : 1;
        int xs = x.layout().stride(axis), ys = y.layout().stride(axis);
        Loops loops = loops(x);
        Rows rows = new Rows(start(x, axis), start(y, axis));
        rows.forEach((i, k, _) -> {
            for (int e = 0; e < rows.length; e++)
                loops.cumsum(n, x.storage(), i + e * rows.stepA + first * xs, sign * xs, y.storage(),
                        k + e * rows.stepB + first * ys, sign * ys);
        });
        return y;
    }

    @Override
    public Elements<int[]> argSort(NdArray x, int axis, boolean descending) {
        Layout out = Layout.of(x.shape());
        Elements<int[]> y = Elements.ints(x.size());
        int[] to = y.borrow();
        int n = x.shape().dim(axis), xs = x.layout().stride(axis), ys = out.stride(axis);
        Rows rows = new Rows(start(x, axis), start(new NdArray(out, x.storage()), axis));
        rows.forEach((i, k, _) -> {
            for (int e = 0; e < rows.length; e++) {
                int from = i + e * rows.stepA, first = k + e * rows.stepB;
                Comparator<Integer> order = Comparator.comparingDouble(p -> x.storage().get(from + p * xs) + 0.0);
                Integer[] line = IntStream.range(0, n).boxed().toArray(Integer[]::new);
                Arrays.sort(line, descending ? order.reversed() : order);
                for (int p = 0; p < n; p++)
                    to[first + p * ys] = line[p];
            }
        });
        return y;
    }

    /** The first element of each line along an axis. */
    private static Layout start(NdArray x, int axis) {
        return x.layout().narrow(axis, 0, 1);
    }

    @Override
    public Elements<int[]> argMax(NdArray x, int axis) {
        Layout first = start(x, axis);
        int n = x.shape().dim(axis), step = x.layout().stride(axis);
        Elements<int[]> y = Elements.ints(first.shape().size());
        Rows rows = new Rows(first, Layout.of(first.shape()));
        rows.forEach((i, k, _) -> {
            for (int e = 0; e < rows.length; e++)
                y.borrow()[k + e] = argMax(x, n, i + e * rows.stepA, step);
        });
        return y;
    }

    private static int argMax(NdArray x, int n, int at, int step) {
        int best = 0;
        double max = x.storage().get(at);
        for (int p = 1; p < n && !Double.isNaN(max); p++) {
            double v = x.storage().get(at + p * step);
            if (v > max || Double.isNaN(v)) {
                max = v;
                best = p;
            }
        }
        return best;
    }

    @Override
    public NdArray matmul(NdArray a, NdArray b) {
        int ra = a.shape().rank(), rb = b.shape().rank(), m = a.shape().dim(-2), n = b.shape().dim(-1);
        Loops loops = loops(a);
        if (ra == 2 && rb == 2) {
            NdArray c = NdArray.zeros(a.dtype(), Shape.of("matmul", m, n));
            loops.matmul(a, a.layout().offset(), b, b.layout().offset(), c.storage(), 0);
            return c;
        }
        Shape batch = Shape.broadcast("matmul", a.shape().leading(ra - 2), b.shape().leading(rb - 2));
        NdArray c = NdArray.zeros(a.dtype(), batch.append("matmul", m, n));
        Rows rows = new Rows(matrices(a.layout(), ra).broadcastTo(batch), matrices(b.layout(), rb).broadcastTo(batch),
                Layout.of(batch));
        rows.forEach((i, j, k) -> {
            for (int e = 0; e < rows.length; e++)
                loops.matmul(a, i + e * rows.stepA, b, j + e * rows.stepB, c.storage(), (k + e) * m * n);
        });
        return c;
    }

    /** The first element of each matrix of a batch. */
    private static Layout matrices(Layout layout, int rank) {
        return layout.narrow(rank - 1, 0, 1).narrow(rank - 2, 0, 1).reshape(layout.shape().leading(rank - 2))
                .orElseThrow();
    }

    /**
     * By im2col, unless one row of windows needs too much scratch. By direct convolution, if the result is not
     * finite: then zeros of the padding or of the zeroAbsorbing may have made NaN.
     */
    @Override
    public NdArray convolve(Convolution of, Convolution.Part part, int zeroAbsorbing, NdArray a, NdArray b) {
        NdArray p = fromZero(a), q = fromZero(b);
        if (of.columnElements() <= COLUMNS) {
            NdArray y = add(of, part, p, q, (x, w, z) -> {
                if (a.dtype() == DType.F32)
                    new FloatIm2col(of, part, x.borrowFloats(), w.borrowFloats(), z.borrowFloats()).add();
                else
                    new DoubleIm2col(of, part, x.borrowDoubles(), w.borrowDoubles(), z.borrowDoubles()).add();
            });
            if (allFinite(y))
                return y;
        }
        return add(of, part, p, q, (x, w, z) -> {
            if (a.dtype() == DType.F32)
                new FloatDirectConvolution(of, part, zeroAbsorbing, x.borrowFloats(), w.borrowFloats(),
                        z.borrowFloats()).add();
            else
                new DoubleDirectConvolution(of, part, zeroAbsorbing, x.borrowDoubles(), w.borrowDoubles(),
                        z.borrowDoubles()).add();
        });
    }

    /** Loops over images, kernels and output; the one to compute holds zeros. */
    private interface Windows {
        void add(Storage x, Storage w, Storage y);
    }

    private static NdArray add(Convolution of, Part part, NdArray a, NdArray b, Windows loops) {
        NdArray c = NdArray.zeros(a.dtype(), of.shape(part));
        switch (part) {
            case IMAGE -> loops.add(c.storage(), a.storage(), b.storage());
            case KERNEL -> loops.add(a.storage(), c.storage(), b.storage());
            case OUTPUT -> loops.add(a.storage(), b.storage(), c.storage());
        }
        return c;
    }

    private NdArray fromZero(NdArray x) { return x.isContiguous() && x.layout().offset() == 0 ? x : copy(x); }

    @Override
    public Elements<int[]> argMaxPool(NdArray x, int size, int stride, int padding) {
        NdArray from = contiguous(x);
        int h = x.shape().dim(2), w = x.shape().dim(3), planes = x.shape().dim(0) * x.shape().dim(1);
        int each = (int) (Convolution.windows(h, size, stride, padding, 1)
                * Convolution.windows(w, size, stride, padding, 1));
        Elements<int[]> y = Elements.ints(planes * each);
        for (int i = 0, at = from.layout().offset(); i < planes; i++, at += h * w)
            if (x.dtype() == DType.F32)
                FloatArgMaxPool.argMax(from.storage().borrowFloats(), at, h, w, size, stride, padding, y.borrow(),
                        i * each);
            else
                DoubleArgMaxPool.argMax(from.storage().borrowDoubles(), at, h, w, size, stride, padding, y.borrow(),
                        i * each);
        return y;
    }

    @Override
    public NdArray softmax(NdArray x, int axis, boolean log) {
        NdArray y = NdArray.zeros(x.dtype(), x.shape());
        if (y.size() == 0)
            return y;
        int n = x.shape().dim(axis);
        Rows rows = new Rows(start(x, axis), start(y, axis));
        Loops loops = loops(x);
        rows.forEach((i, k, _) -> {
            for (int e = 0; e < rows.length; e++)
                loops.softmax(log, n, x.storage(), i + e * rows.stepA, x.layout().stride(axis), y.storage(),
                        k + e * rows.stepB, y.layout().stride(axis));
        });
        return y;
    }

    @Override
    public NdArray standardize(NdArray x, int n, double epsilon) {
        NdArray from = contiguous(x), y = NdArray.zeros(x.dtype(), x.shape());
        for (int i = 0; i < x.size(); i += n)
            loops(x).standardize(n, epsilon, from.storage(), from.layout().offset() + i, y.storage(), i);
        return y;
    }

    @Override
    public NdArray gather(NdArray x, int axis, int[] index, Layout layout) {
        NdArray y = NdArray.zeros(x.dtype(), layout.shape());
        check("gather", index, layout, x.shape(), axis);
        Rows rows = new Rows(fixed(x.layout(), axis, layout.shape()), layout, y.layout());
        Loops loops = loops(x);
        int along = x.layout().stride(axis);
        rows.forEach((i, j, k) -> loops.gather(rows.length, x.storage(), i, rows.stepA, along, index, j, rows.stepB,
                y.storage(), k, rows.stepC));
        return y;
    }

    @Override
    public NdArray scatterAdd(NdArray x, int axis, int[] index, Layout layout, Shape shape) {
        NdArray y = NdArray.zeros(x.dtype(), shape);
        check("scatterAdd", index, layout, shape, axis);
        Rows rows = new Rows(x.layout(), layout, fixed(y.layout(), axis, layout.shape()));
        Loops loops = loops(x);
        int along = y.layout().stride(axis);
        rows.forEach((i, j, k) -> loops.scatterAdd(rows.length, x.storage(), i, rows.stepA, index, j, rows.stepB,
                y.storage(), k, rows.stepC, along));
        return y;
    }

    /** The first elements along the axis, cut to the shape along other axes and repeated along this one. */
    private static Layout fixed(Layout layout, int axis, Shape to) {
        Layout first = layout;
        for (int i = 0; i < to.rank(); i++)
            first = first.narrow(i, 0, i == axis ? 1 : to.dim(i));
        return first.broadcastTo(to);
    }

    private static void check(String op, int[] index, Layout layout, Shape shape, int axis) {
        int extent = shape.dim(axis);
        Rows rows = new Rows(layout, layout);
        int length = rows.stepA == 0 ? 1 : rows.length;
        rows.forEach((i, _, _) -> {
            for (int e = 0; e < length; e++) {
                int at = index[i + e * rows.stepA];
                if (at < 0 || at >= extent)
                    throw new IndexOutOfBoundsException(op + ": index " + at + " is out of range for axis " + axis
                            + " of shape " + shape + "; it must be in 0.." + (extent - 1));
            }
        });
    }

    @Override
    public boolean allFinite(NdArray x) {
        boolean[] finite = {true};
        Rows rows = new Rows(x.layout(), x.layout());
        Loops loops = loops(x);
        rows.forEach((i, _, _) -> finite[0] &= loops.allFinite(rows.length, x.storage(), i, rows.stepA));
        return finite[0];
    }

    @Override
    public void update(Step step, NdArray gradient, NdArray... slots) {
        Storage[] storages = new Storage[slots.length];
        for (int k = 0; k < slots.length; k++)
            storages[k] = fromStart(slots[k]).storage();
        NdArray g = fromZero(gradient);
        FunctionLoops.of(step, g.dtype(), g.size()).update(step, g.size(), g.storage(), storages);
    }

    private static NdArray fromStart(NdArray slot) {
        if (slot.isContiguous() && slot.layout().offset() == 0)
            return slot;
        throw new IllegalArgumentException(
                "update: a slot of shape " + slot.shape() + " is a view; it must be contiguous from position 0");
    }
}
