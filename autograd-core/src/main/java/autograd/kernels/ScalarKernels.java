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

/** The definition of every kernel, in plain loops. Faster kernels must agree with it. */
final class ScalarKernels implements Kernels {
    private static final Loops FLOAT = new FloatLoops(), DOUBLE = new DoubleLoops();

    private static Loops loops(NdArray x) { return x.dtype() == DType.F32 ? FLOAT : DOUBLE; }

    @Override
    public String name() { return "scalar"; }

    @Override
    public NdArray map(Fn1 f, NdArray x) {
        if (x.size() == 1)
            return one(x, f.f(x.item()));
        Calls calls = Copies.of(f, x.dtype(), x.size());
        Layout from = x.layout();
        if (from.isContiguous()) {
            NdArray y = NdArray.zeros(x.dtype(), from.offset() == 0 ? from : Layout.of(x.shape()));
            calls.map(f, y.size(), x.storage(), from.offset(), 1, y.storage(), 0);
            return y;
        }
        NdArray y = NdArray.zeros(x.dtype(), x.shape());
        Rows rows = new Rows(from, y.layout());
        for (Rows.Walk at = rows.walk(); at.next();)
            calls.map(f, rows.length, x.storage(), at.a, rows.stepA, y.storage(), at.b);
        return y;
    }

    /** A single number of an array's shape and dtype, which graphs of scalars are made of. */
    private static NdArray one(NdArray like, double value) {
        Layout layout = like.layout();
        return NdArray.single(like.dtype(), layout.offset() == 0 ? layout : Layout.of(like.shape()), value);
    }

    @Override
    public NdArray map(Fn2 f, NdArray a, NdArray b) {
        if (a.size() == 1 && b.size() == 1 && a.shape().equals(b.shape()))
            return one(a, f.f(a.item(), b.item()));
        Calls calls = Copies.of(f, a.dtype(), Math.max(a.size(), b.size()));
        Layout la = a.layout(), lb = b.layout();
        boolean same = a.shape().equals(b.shape());
        if (same && la.isContiguous() && lb.isContiguous()) {
            NdArray y = NdArray.zeros(a.dtype(), la.offset() == 0 ? la : Layout.of(a.shape()));
            calls.map(f, y.size(), a.storage(), la.offset(), 1, b.storage(), lb.offset(), 1, y.storage(), 0);
            return y;
        }
        Shape shape = Shape.broadcast("map", a.shape(), b.shape());
        NdArray y = NdArray.zeros(a.dtype(), shape);
        Rows rows = new Rows(la.broadcastTo(shape), lb.broadcastTo(shape), y.layout());
        for (Rows.Walk at = rows.walk(); at.next();)
            calls.map(f, rows.length, a.storage(), at.a, rows.stepA, b.storage(), at.b, rows.stepB,
                    y.storage(), at.c);
        return y;
    }

    @Override
    public Elements<boolean[]> test(Relation relation, NdArray a, NdArray b) {
        Shape shape = Shape.broadcast("comparison", a.shape(), b.shape());
        Elements<boolean[]> y = Elements.booleans(shape.size());
        Rows rows = new Rows(a.layout().broadcastTo(shape), b.layout().broadcastTo(shape), Layout.of(shape));
        Calls calls = Copies.of(relation, a.dtype(), shape.size());
        for (Rows.Walk at = rows.walk(); at.next();)
            calls.test(relation, rows.length, a.storage(), at.a, rows.stepA, b.storage(), at.b,
                    rows.stepB, y.data(), at.c);
        return y;
    }

    @Override
    public NdArray select(boolean[] where, Layout layout, NdArray a, NdArray b) {
        Shape shape = Shape.broadcast("where", Shape.broadcast("where", layout.shape(), a.shape()), b.shape());
        NdArray y = copy(b.broadcastTo(shape));
        Rows rows = new Rows(layout.broadcastTo(shape), a.layout().broadcastTo(shape), y.layout());
        Loops loops = loops(a);
        for (Rows.Walk at = rows.walk(); at.next();)
            loops.choose(rows.length, where, at.a, rows.stepA, a.storage(), at.b, rows.stepB,
                    y.storage(), at.c);
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
        int n = rows.length, is = rows.stepA, ks = rows.stepB;
        if (source.dtype() == target.dtype()) {
            Loops loops = loops(source);
            for (Rows.Walk at = rows.walk(); at.next();)
                loops.copy(n, from, at.a, is, to, at.b, ks);
        } else if (source.dtype() == DType.F32) {
            for (Rows.Walk at = rows.walk(); at.next();)
                widen(n, from.floats(), at.a, is, to.doubles(), at.b, ks);
        } else {
            for (Rows.Walk at = rows.walk(); at.next();)
                round(n, from.doubles(), at.a, is, to.floats(), at.b, ks);
        }
    }

    private static void widen(int n, float[] x, int xo, int xStep, double[] y, int yo, int yStep) {
        if (xStep == 1 && yStep == 1)
            for (int i = 0; i < n; i++)
                y[yo + i] = x[xo + i];
        else
            for (int i = 0; i < n; i++)
                y[yo + i * yStep] = x[xo + i * xStep];
    }

    private static void round(int n, double[] x, int xo, int xStep, float[] y, int yo, int yStep) {
        if (xStep == 1 && yStep == 1)
            for (int i = 0; i < n; i++)
                y[yo + i] = (float) x[xo + i];
        else
            for (int i = 0; i < n; i++)
                y[yo + i * yStep] = (float) x[xo + i * xStep];
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
        for (Rows.Walk at = rows.walk(); at.next();)
            loops.accumulate(rows.length, source.storage(), at.a, rows.stepA, target.storage(), at.b,
                    rows.stepB);
    }

    @Override
    public NdArray reduce(Reduction reduction, NdArray x, int... axes) {
        NdArray y = full(DType.F64, x.shape().reduce(axes, true), reduction.identity);
        Rows rows = new Rows(x.layout(), y.layout().broadcastTo(x.shape()));
        Calls calls = Copies.of(reduction, x.dtype(), x.size());
        for (Rows.Walk at = rows.walk(); at.next();)
            calls.reduce(reduction, rows.length, x.storage(), at.a, rows.stepA, y.storage(), at.b,
                    rows.stepB);
        return x.dtype() == DType.F64 ? y : cast(y, x.dtype());
    }

    @Override
    public NdArray cumsum(NdArray x, int axis, boolean reverse) {
        NdArray y = NdArray.zeros(x.dtype(), x.shape());
        int n = x.shape().dim(axis), first = reverse ? n - 1 : 0, sign = reverse ? -1 : 1;
        int xs = x.layout().stride(axis), ys = y.layout().stride(axis);
        Loops loops = loops(x);
        Rows rows = new Rows(start(x, axis), start(y, axis));
        for (Rows.Walk at = rows.walk(); at.next();)
            for (int e = 0; e < rows.length; e++)
                loops.cumsum(n, x.storage(), at.a + e * rows.stepA + first * xs, sign * xs, y.storage(),
                        at.b + e * rows.stepB + first * ys, sign * ys);
        return y;
    }

    @Override
    public Elements<int[]> argSort(NdArray x, int axis, boolean descending) {
        Layout out = Layout.of(x.shape());
        Elements<int[]> y = Elements.ints(x.size());
        int[] to = y.data();
        int n = x.shape().dim(axis), xs = x.layout().stride(axis), ys = out.stride(axis);
        Rows rows = new Rows(start(x, axis), start(new NdArray(out, x.storage()), axis));
        for (Rows.Walk at = rows.walk(); at.next();)
            for (int e = 0; e < rows.length; e++) {
                int from = at.a + e * rows.stepA, first = at.b + e * rows.stepB;
                Comparator<Integer> order = Comparator.comparingDouble(p -> x.storage().get(from + p * xs) + 0.0);
                Integer[] line = IntStream.range(0, n).boxed().toArray(Integer[]::new);
                Arrays.sort(line, descending ? order.reversed() : order);
                for (int p = 0; p < n; p++)
                    to[first + p * ys] = line[p];
            }
        return y;
    }

    /** Where each line along an axis begins. */
    private static Layout start(NdArray x, int axis) {
        return x.layout().slice(new int[x.shape().rank()], x.shape().with(axis, 1).dims(), ones(x));
    }

    @Override
    public Elements<int[]> argMax(NdArray x, int axis) {
        Layout line = x.layout(),
                first = line.slice(new int[x.shape().rank()], x.shape().with(axis, 1).dims(), ones(x));
        int n = x.shape().dim(axis), step = line.stride(axis);
        Elements<int[]> y = Elements.ints(first.shape().size());
        Rows rows = new Rows(first, Layout.of(first.shape()));
        for (Rows.Walk at = rows.walk(); at.next();)
            for (int e = 0; e < rows.length; e++)
                y.data()[at.b + e] = argMax(x, n, at.a + e * rows.stepA, step);
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

    private static int[] ones(NdArray x) {
        int[] ones = new int[x.shape().rank()];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Override
    public NdArray matmul(NdArray a, NdArray b) {
        int ra = a.shape().rank(), rb = b.shape().rank(), m = a.shape().dim(-2), n = b.shape().dim(-1);
        Loops loops = loops(a);
        if (ra == 2 && rb == 2) {
            NdArray c = NdArray.zeros(a.dtype(), Shape.of(m, n));
            loops.matmul(a, a.layout().offset(), b, b.layout().offset(), c.storage(), 0);
            return c;
        }
        Shape batch = Shape.broadcast("matmul", lead(a.shape()), lead(b.shape()));
        int[] dims = Arrays.copyOf(batch.dims(), batch.rank() + 2);
        dims[batch.rank()] = m;
        dims[batch.rank() + 1] = n;
        NdArray c = NdArray.zeros(a.dtype(), Shape.of(dims));
        Rows rows = new Rows(matrices(a.layout(), ra).broadcastTo(batch), matrices(b.layout(), rb).broadcastTo(batch),
                Layout.of(batch));
        for (Rows.Walk at = rows.walk(); at.next();)
            for (int e = 0; e < rows.length; e++)
                loops.matmul(a, at.a + e * rows.stepA, b, at.b + e * rows.stepB, c.storage(), (at.c + e) * m * n);
        return c;
    }

    private static Shape lead(Shape s) { return Shape.of(Arrays.copyOf(s.dims(), s.rank() - 2)); }

    /** Where each matrix of a batch begins: the leading axes alone. */
    private static Layout matrices(Layout layout, int rank) {
        int[] one = layout.shape().dims(), begin = new int[rank], step = new int[rank];
        one[rank - 1] = 1;
        one[rank - 2] = 1;
        Arrays.fill(step, 1);
        return layout.slice(begin, one, step).reshape(lead(layout.shape())).orElseThrow();
    }

    /** By columns, then by the definition if zeros of the padding or of an annihilator may have mattered. */
    @Override
    public NdArray convolve(Convolution of, Convolution.Part part, int annihilator, NdArray a, NdArray b) {
        NdArray p = fromZero(a), q = fromZero(b), y = add(of, part, p, q, (x, w, z) -> {
            if (a.dtype() == DType.F32)
                new FloatColumns(of, part, x.floats(), w.floats(), z.floats()).add();
            else
                new DoubleColumns(of, part, x.doubles(), w.doubles(), z.doubles()).add();
        });
        return allFinite(y) ? y : add(of, part, p, q, (x, w, z) -> {
            if (a.dtype() == DType.F32)
                new FloatConvolution(of, part, annihilator, x.floats(), w.floats(), z.floats()).add();
            else
                new DoubleConvolution(of, part, annihilator, x.doubles(), w.doubles(), z.doubles()).add();
        });
    }

    /** Loops between images, kernels and output, one of which begins with zeros. */
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
        int each = ((h + 2 * padding - size) / stride + 1) * ((w + 2 * padding - size) / stride + 1);
        Elements<int[]> y = Elements.ints(planes * each);
        for (int i = 0, at = from.layout().offset(); i < planes; i++, at += h * w)
            if (x.dtype() == DType.F32)
                FloatPooling.argMax(from.storage().floats(), at, h, w, size, stride, padding, y.data(), i * each);
            else
                DoublePooling.argMax(from.storage().doubles(), at, h, w, size, stride, padding, y.data(), i * each);
        return y;
    }

    @Override
    public NdArray softmax(NdArray x, int axis, boolean log) {
        NdArray y = NdArray.zeros(x.dtype(), x.shape());
        if (y.size() == 0)
            return y;
        int n = x.shape().dim(axis);
        int[] zero = new int[x.shape().rank()], one = x.shape().with(axis, 1).dims(), step = ones(x);
        Rows rows = new Rows(x.layout().slice(zero, one, step), y.layout().slice(zero, one, step));
        Loops loops = loops(x);
        for (Rows.Walk at = rows.walk(); at.next();)
            for (int e = 0; e < rows.length; e++)
                loops.softmax(log, n, x.storage(), at.a + e * rows.stepA, x.layout().stride(axis), y.storage(),
                        at.b + e * rows.stepB, y.layout().stride(axis));
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
        for (Rows.Walk at = rows.walk(); at.next();)
            loops.gather(rows.length, x.storage(), at.a, rows.stepA, along, index, at.b, rows.stepB,
                    y.storage(), at.c, rows.stepC);
        return y;
    }

    @Override
    public NdArray scatterAdd(NdArray x, int axis, int[] index, Layout layout, Shape shape) {
        NdArray y = NdArray.zeros(x.dtype(), shape);
        check("scatterAdd", index, layout, shape, axis);
        Rows rows = new Rows(x.layout(), layout, fixed(y.layout(), axis, layout.shape()));
        Loops loops = loops(x);
        int along = y.layout().stride(axis);
        for (Rows.Walk at = rows.walk(); at.next();)
            loops.scatterAdd(rows.length, x.storage(), at.a, rows.stepA, index, at.b, rows.stepB,
                    y.storage(), at.c, rows.stepC, along);
        return y;
    }

    /** The first elements along the axis, of the extents that indices have elsewhere, repeated along the axis. */
    private static Layout fixed(Layout layout, int axis, Shape to) {
        int[] ones = new int[to.rank()];
        Arrays.fill(ones, 1);
        return layout.slice(new int[to.rank()], to.with(axis, 1).dims(), ones).broadcastTo(to);
    }

    private static void check(String op, int[] index, Layout layout, Shape shape, int axis) {
        int extent = shape.dim(axis);
        Rows rows = new Rows(layout, layout);
        int length = rows.stepA == 0 ? 1 : rows.length;
        for (Rows.Walk row = rows.walk(); row.next();)
            for (int e = 0; e < length; e++) {
                int at = index[row.a + e * rows.stepA];
                if (at < 0 || at >= extent)
                    throw new IndexOutOfBoundsException(op + ": index " + at + " is out of range for axis " + axis
                            + " of shape " + shape + "; it must be in 0.." + (extent - 1));
            }
    }

    @Override
    public boolean allFinite(NdArray x) {
        boolean finite = true;
        Rows rows = new Rows(x.layout(), x.layout());
        Loops loops = loops(x);
        for (Rows.Walk at = rows.walk(); at.next();)
            finite &= loops.allFinite(rows.length, x.storage(), at.a, rows.stepA);
        return finite;
    }

    @Override
    public void update(Step step, NdArray gradient, NdArray... slots) {
        Storage[] storages = new Storage[slots.length];
        for (int k = 0; k < slots.length; k++)
            storages[k] = fromStart(slots[k]).storage();
        NdArray g = fromZero(gradient);
        Copies.of(step, g.dtype(), g.size()).update(step, g.size(), g.storage(), storages);
    }

    private static NdArray fromStart(NdArray slot) {
        if (slot.isContiguous() && slot.layout().offset() == 0)
            return slot;
        throw new IllegalArgumentException(
                "update: a slot of shape " + slot.shape() + " is a view; it must be contiguous from position 0");
    }
}
