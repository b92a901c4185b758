package autograd;

import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Operations that move elements and compute nothing: another shape, another order, a part.
 */
public sealed interface Movement extends Operand permits Tensor {
    /**
     * The same elements, row-major, in another shape of the same size; one extent may be -1, to be worked out.
     */
    default Tensor reshape(int... dims) { return reshape(infer(shape(), dims)); }

    /** The same elements, row-major, in another shape of the same size. */
    default Tensor reshape(Shape shape) {
        checkSize(shape(), shape);
        return isItself(shape) ? self() : apply(new Reshape(shape));
    }

    /**
     * Whether a movement to a shape changes nothing; of a variable it makes a view, which does not change with
     * it.
     */
    private boolean isItself(Shape shape) { return shape.equals(shape()) && !(self() instanceof Variable); }

    record Reshape(Shape shape) implements Op.Unary {
        public NdArray forward(NdArray... in) {
            Optional<Layout> view = in[0].layout().reshape(shape);
            return view.isPresent() ? in[0].view(view.get()) : Kernels.get().copy(in[0]).view(Layout.of(shape));
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.reshape(x.shape()); }
    }

    private static void checkSize(Shape from, Shape to) {
        if (from.size() != to.size())
            throw new IllegalArgumentException(
                    "reshape: " + from + " has " + from.size() + " elements, " + to + " has " + to.size());
    }

    /** The shape to give elements of another, with an extent given as -1 worked out. */
    static Shape infer(Shape from, int... dims) {
        int[] out = dims.clone();
        int unknown = -1;
        long rest = 1;
        for (int i = 0; i < out.length; i++) {
            if (out[i] < -1)
                throw new IllegalArgumentException("reshape: " + Arrays.toString(dims) + " has a negative extent");
            if (out[i] != -1)
                rest = Math.min(rest * out[i], 1L << 31); // no size is larger
            else if (unknown < 0)
                unknown = i;
            else
                throw new IllegalArgumentException("reshape: " + Arrays.toString(dims) + " has more than one -1");
        }
        if (unknown >= 0) {
            if (rest <= 0 || from.size() % rest != 0)
                throw new IllegalArgumentException("reshape: no extent in place of -1 makes " + Arrays.toString(dims)
                        + " hold the " + from.size() + " elements of " + from);
            out[unknown] = (int) (from.size() / rest);
        }
        Shape to = Shape.of("reshape", IntStream.of(out).asLongStream().toArray());
        checkSize(from, to);
        return to;
    }

    /** All elements in one axis, row-major. */
    default Tensor flatten() { return reshape(-1); }

    /** The axes from the given one on made one, row-major. */
    default Tensor flatten(int axis) {
        int at = shape().axis("flatten", axis);
        int[] flat = Arrays.copyOf(shape().dims(), at + 1);
        return reshape(Shape.of(flat).with("flatten", at, size(at, shape().rank())));
    }

    /** The product of the extents of some axes. */
    private long size(int begin, int end) {
        return Arrays.stream(shape().dims(), begin, end).asLongStream()
                .reduce(1, (a, b) -> Math.min(a * b, Integer.MAX_VALUE + 1L));
    }

    /** Without any axis of extent 1. */
    default Tensor squeeze() {
        return reshape(Shape.of(IntStream.of(shape().dims()).filter(d -> d != 1).toArray()));
    }

    /** A new axis of extent 1 before the given one; -1 puts it last. */
    default Tensor unsqueeze(int axis) {
        int rank = shape().rank();
        if (axis < -rank - 1 || axis > rank)
            throw new IllegalArgumentException("unsqueeze: axis " + axis + " is out of range for shape " + shape());
        int at = axis < 0 ? axis + rank + 1 : axis;
        int[] dims = IntStream.rangeClosed(0, rank).map(i -> i == at ? 1 : shape().dim(i < at ? i : i - 1)).toArray();
        return reshape(Shape.of(dims));
    }

    /** Without an axis, which must have extent 1. */
    default Tensor squeeze(int axis) {
        int at = shape().axis("squeeze", axis);
        if (shape().dim(at) != 1)
            throw new IllegalArgumentException(
                    "squeeze: axis " + axis + " of shape " + shape() + " is not of extent 1");
        return reshape(shape().reduce(new int[]{at}, false));
    }

    /** The transpose: the last two axes exchanged. */
    default Tensor transpose() {
        if (shape().rank() < 2)
            throw new IllegalArgumentException("transpose: needs at least two axes, got shape " + shape());
        return transpose(-2, -1);
    }

    /** Two axes exchanged. */
    default Tensor transpose(int a, int b) {
        int[] axes = IntStream.range(0, shape().rank()).toArray();
        int p = shape().axis("transpose", a), q = shape().axis("transpose", b);
        axes[p] = q;
        axes[q] = p;
        return permute(axes);
    }

    /** The axes in another order: axis i of the result is axis {@code axes[i]} of this. */
    default Tensor permute(int... axes) {
        int[] resolved = IntStream.of(axes).map(a -> shape().axis("permute", a)).toArray();
        if (resolved.length != shape().rank() || IntStream.of(resolved).distinct().count() < resolved.length)
            throw new IllegalArgumentException(
                    "permute: " + Arrays.toString(axes) + " does not name each axis of shape " + shape() + " once");
        return apply(new Permute(resolved));
    }

    record Permute(int... axes) implements Op.Unary {
        public NdArray forward(NdArray... in) { return in[0].permute(axes); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            int[] inverse = new int[axes.length];
            for (int i = 0; i < axes.length; i++)
                inverse[axes[i]] = i;
            return g.permute(inverse);
        }
    }

    /** Repeated along axes of extent 1 and along new leading axes. */
    default Tensor broadcastTo(Shape shape) {
        return isItself(shape) ? self() : apply(new BroadcastTo(shape));
    }

    /** Repeated along axes of extent 1 and along new leading axes. */
    default Tensor broadcastTo(int... dims) {
        return broadcastTo(Shape.of(dims));
    }

    record BroadcastTo(Shape shape) implements Op.Unary {
        public NdArray forward(NdArray... in) { return in[0].broadcastTo(shape); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g; } // the tape sums the copies
    }

    /** The transpose of {@link #broadcastTo}: summed along the axes that broadcasting repeats. */
    default Tensor sumTo(Shape shape) {
        if (isItself(shape))
            return self();
        if (!shape.broadcastsTo(shape()))
            throw new IllegalArgumentException("sumTo: shape " + shape + " does not broadcast to " + shape());
        return apply(new SumTo(shape));
    }

    record SumTo(Shape shape) implements Op.Unary {
        public NdArray forward(NdArray... in) {
            Shape from = in[0].shape();
            int lead = from.rank() - shape.rank(), count = 0;
            int[] axes = new int[from.rank()];
            for (int i = 0; i < axes.length; i++)
                if (i < lead || shape.dim(i - lead) != from.dim(i))
                    axes[count++] = i;
            return Kernels.get().reduce(Kernels.Reduction.SUM, in[0], Arrays.copyOf(axes, count))
                    .view(Layout.of(shape));
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.broadcastTo(x.shape()); }
    }

    /**
     * Every {@code step}-th element from {@code begin} (included) to {@code end} (excluded) along each axis, as
     * NumPy slices: negative positions count from the end, those out of range are clamped, steps may be negative.
     */
    default Tensor slice(int[] begin, int[] end, int[] step) {
        int rank = shape().rank();
        if (begin.length != rank || end.length != rank || step.length != rank)
            throw new IllegalArgumentException("slice: begin " + Arrays.toString(begin) + ", end "
                    + Arrays.toString(end)
                    + " and step " + Arrays.toString(step) + " must have one entry for each axis of shape " + shape());
        int[] first = new int[rank], count = new int[rank];
        for (int i = 0; i < rank; i++) {
            if (step[i] == 0)
                throw new IllegalArgumentException("slice: the step of axis " + i + " is 0");
            int d = shape().dim(i), back = step[i] < 0 ? 1 : 0;
            first[i] = Math.clamp(begin[i] < 0 ? (long) begin[i] + d : begin[i], -back, d - back);
            int last = Math.clamp(end[i] < 0 ? (long) end[i] + d : end[i], -back, d - back);
            count[i] = (int) Math.max(0, ((long) last - first[i] + step[i] - Integer.signum(step[i])) / step[i]);
        }
        return apply(new Slice(first, count, step.clone()));
    }

    /** The elements from {@code begin} (included) to {@code end} (excluded) along one axis. */
    default Tensor slice(int axis, int begin, int end) {
        int[] from = new int[shape().rank()], to = shape().dims(), step = new int[shape().rank()];
        int at = shape().axis("slice", axis);
        Arrays.fill(step, 1);
        from[at] = begin;
        to[at] = end;
        return slice(from, to, step);
    }

    /** The part at one position along an axis, without that axis; a negative position counts from the end. */
    default Tensor select(int axis, int index) {
        int at = shape().axis("select", axis), i = shape().position("select", at, index);
        return slice(at, i, i + 1).reshape(shape().reduce(new int[]{at}, false));
    }

    record Slice(int[] begin, int[] count, int[] step) implements Op.Unary {
        public NdArray forward(NdArray... in) { return in[0].view(in[0].layout().slice(begin, count, step)); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(new Unslice(begin, step, x.shape())); }
    }

    /** The transpose of a slice: zeros with the elements put back where they came from. */
    record Unslice(int[] begin, int[] step, Shape shape) implements Op.Unary {
        public NdArray forward(NdArray... in) {
            NdArray y = NdArray.zeros(in[0].dtype(), shape);
            Kernels.get().write(y.view(y.layout().slice(begin, in[0].shape().dims(), step)), in[0]);
            return y;
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(new Slice(begin, x.shape().dims(), step)); }
    }

    /** The elements along some axes in reverse order, along all without arguments. */
    default Tensor flip(int... axes) {
        int[] begin = new int[shape().rank()], count = shape().dims(), step = new int[shape().rank()];
        Arrays.fill(step, 1);
        for (int a : shape().axes("flip", axes)) {
            begin[a] = count[a] - 1;
            step[a] = -1;
        }
        return apply(new Slice(begin, count, step));
    }

    /** The elements (i, i + offset) of the first two axes, as a new last axis. */
    default Tensor diagonal(int offset) {
        return diagonal(offset, 0, 1);
    }

    /** The main diagonal of the first two axes, as a new last axis. */
    default Tensor diagonal() { return diagonal(0); }

    /** The elements (i, i + offset) of two axes, as a new last axis. */
    default Tensor diagonal(int offset, int axis1, int axis2) {
        int p = shape().axis("diagonal", axis1), q = shape().axis("diagonal", axis2);
        if (p == q)
            throw new IllegalArgumentException("diagonal: axes " + axis1 + " and " + axis2 + " are the same");
        int[] order = IntStream.concat(IntStream.range(0, shape().rank()).filter(i -> i != p && i != q),
                IntStream.of(p, q)).toArray();
        int rows = shape().dim(p), columns = shape().dim(q);
        int row = Math.clamp(-(long) offset, 0, rows), column = Math.clamp(offset, 0, columns);
        int length = Math.min(rows - row, columns - column);
        Tensor flat = permute(order).flatten(-2);
        int last = flat.shape().rank() - 1, begin = row * columns + column;
        int[] from = new int[last + 1], count = flat.shape().dims(), step = new int[last + 1];
        Arrays.fill(step, 1);
        from[last] = length == 0 ? 0 : begin;
        count[last] = length;
        step[last] = columns + 1;
        return flat.apply(new Slice(from, count, step));
    }

    /** The sum of the main diagonal of the first two axes. */
    default Tensor trace() {
        if (shape().rank() < 2)
            throw new IllegalArgumentException("trace: needs two axes, got shape " + shape());
        return diagonal().sum(-1);
    }

    /** The lower triangle of the last two axes, up to and including a diagonal; 0 above it. */
    default Tensor tril(int diagonal) {
        return self().where(triangle("tril", diagonal), 0);
    }

    /** The upper triangle of the last two axes, from a diagonal on; 0 below it. */
    default Tensor triu(int diagonal) {
        return self().where(triangle("triu", diagonal - 1L).not(), 0);
    }

    /** Where column - row is at most the given number. */
    private Mask triangle(String op, long diagonal) {
        if (shape().rank() < 2)
            throw new IllegalArgumentException(op + ": needs two axes, got shape " + shape());
        int rows = shape().dim(-2), columns = shape().dim(-1);
        return Mask.of(i -> i % columns - i / columns <= diagonal, Shape.of(op, rows, columns));
    }
}
