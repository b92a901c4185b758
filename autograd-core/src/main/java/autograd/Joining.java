package autograd;

import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Operations that put tensors together, take them apart, and repeat or surround them. */
public sealed interface Joining extends Operand permits Tensor {
    /** Tensors joined along an axis; their other extents must be the same. */
    static Tensor concat(int axis, Tensor... parts) {
        if (parts.length == 0)
            throw new IllegalArgumentException("concat: needs at least one tensor");
        Shape shape = parts[0].shape();
        int at = shape.axis("concat", axis);
        for (Tensor t : parts)
            if (t.shape().rank() != shape.rank() || !t.shape().with(at, 0).equals(shape.with(at, 0)))
                throw new IllegalArgumentException(
                        "concat: shapes " + shape + " and " + t.shape() + " differ in more than axis " + at);
        shape.with("concat", at, Stream.of(parts).mapToLong(t -> t.shape().dim(at)).sum());
        return parts[0].apply(new Concat(at), Arrays.copyOfRange(parts, 1, parts.length));
    }

    record Concat(int axis) implements Op {
        public NdArray forward(NdArray... in) {
            int total = Stream.of(in).mapToInt(x -> x.shape().dim(axis)).sum(), at = 0;
            NdArray y = NdArray.zeros(in[0].dtype(), in[0].shape().with(axis, total));
            for (NdArray x : in) {
                int count = x.shape().dim(axis);
                Kernels.get().write(y.view(y.layout().narrow(axis, at, count)), x);
                at += count;
            }
            return y;
        }

        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) {
            boolean[] wanted = new boolean[in.length];
            wanted[i] = true;
            return vjps(wanted, g, in, y)[i];
        }

        @Override
        public Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
            Tensor[] shares = new Tensor[in.length];
            for (int i = 0, begin = 0; i < in.length; i++) {
                int end = begin + in[i].shape().dim(axis);
                if (wanted[i])
                    shares[i] = g.slice(axis, begin, end);
                begin = end;
            }
            return shares;
        }
    }

    /** Tensors of one shape joined along a new axis. */
    static Tensor stack(int axis, Tensor... parts) {
        if (parts.length == 0)
            throw new IllegalArgumentException("stack: needs at least one tensor");
        for (Tensor t : parts)
            if (!t.shape().equals(parts[0].shape()))
                throw new IllegalArgumentException(
                        "stack: shapes " + parts[0].shape() + " and " + t.shape() + " differ");
        Tensor.sameDType("stack", parts);
        int rank = parts[0].shape().rank(), at = axis < 0 ? axis + rank + 1 : axis;
        if (at < 0 || at > rank)
            throw new IllegalArgumentException(
                    "stack: axis " + axis + " is out of range for shape " + parts[0].shape());
        return concat(at, Stream.of(parts).map(t -> t.unsqueeze(at)).toArray(Tensor[]::new));
    }

    /**
     * The coordinates of a grid: for vectors of m, n, .. elements one tensor [m, n, ..] for each, which repeats
     * it along the other axes; PyTorch's {@code indexing="ij"}.
     */
    static List<Tensor> meshgrid(Tensor... vectors) {
        for (Tensor v : vectors)
            if (v.shape().rank() != 1)
                throw new IllegalArgumentException("meshgrid: needs vectors, got shape " + v.shape());
        Tensor.sameDType("meshgrid", vectors);
        Shape grid = Shape.of("meshgrid", Stream.of(vectors).mapToLong(Tensor::size).toArray());
        return IntStream.range(0, vectors.length).mapToObj(i -> {
            int[] line = new int[vectors.length];
            Arrays.fill(line, 1);
            line[i] = vectors[i].size();
            return vectors[i].reshape(line).broadcastTo(grid);
        }).toList();
    }

    /** Consecutive parts of the given extents along an axis. */
    default List<Tensor> split(int axis, int... extents) {
        int at = shape().axis("split", axis);
        if (IntStream.of(extents).anyMatch(e -> e < 0) || IntStream.of(extents).asLongStream().sum() != shape().dim(at))
            throw new IllegalArgumentException("split: extents " + Arrays.toString(extents) + " do not add up to axis "
                    + axis + " of shape " + shape());
        List<Tensor> parts = new ArrayList<>();
        int begin = 0;
        for (int extent : extents)
            parts.add(self().slice(at, begin, begin += extent));
        return parts;
    }

    /** Consecutive parts along an axis, equally large but for the last, which may be smaller. */
    default List<Tensor> chunk(int axis, int count) {
        if (count < 1)
            throw new IllegalArgumentException("chunk: the count is " + count + ", it must be at least 1");
        int n = shape().dim(shape().axis("chunk", axis)), size = Math.max(1, Math.ceilDiv(n, count));
        return split(axis, IntStream.range(0, Math.ceilDiv(n, size)).map(i -> Math.min(size, n - i * size)).toArray());
    }

    /**
     * The elements along an axis moved on by a number of places; those pushed out come in again at the other end.
     */
    default Tensor roll(int shift, int axis) {
        int at = shape().axis("roll", axis), n = shape().dim(at), cut = n == 0 ? 0 : Math.floorMod(-(long) shift, n);
        return cut == 0 ? self() : concat(at, self().slice(at, cut, n), self().slice(at, 0, cut));
    }

    /** Room before and after each axis, filled with a number. */
    default Tensor pad(int[] before, int[] after, double value) {
        Shape padded = padded(before, after);
        int[] step = new int[before.length];
        Arrays.fill(step, 1);
        Tensor inside = apply(new Movement.Unslice(before.clone(), step, padded));
        if (value == 0)
            return inside;
        return inside.where(Tensor.ones(dtype(), shape()).pad(before, after, 0).gt(0), value);
    }

    /** How {@link #pad(int[], int[], Border)} continues beyond the border. */
    enum Border {
        /** By the mirror image, without repeating the element at the border. */
        REFLECT,
        /** By the element at the border. */
        EDGE
    }

    /** Room before and after each axis, filled by continuing the elements beyond the border. */
    default Tensor pad(int[] before, int[] after, Border border) {
        Shape padded = padded(before, after);
        Tensor y = self();
        for (int axis = 0; axis < shape().rank(); axis++) {
            int n = shape().dim(axis), from = before[axis], room = Math.max(from, after[axis]);
            if (room > 0 && (n == 0 || border == Border.REFLECT && room >= n))
                throw new IllegalArgumentException("pad: axis " + axis + " of shape " + shape() + " is too short for "
                        + border + " padding by " + room);
            if (room > 0)
                y = y.indexSelect(axis, IntTensor.of(IntStream.range(0, padded.dim(axis))
                        .map(i -> border == Border.EDGE ? Math.clamp(i - from, 0, n - 1) : mirror(i - from, n))
                        .toArray()));
        }
        return y;
    }

    private static int mirror(int i, int n) { return i < 0 ? -i : i < n ? i : n - 2 - (i - n); }

    private Shape padded(int[] before, int[] after) {
        int rank = shape().rank();
        if (before.length != rank || after.length != rank || IntStream.of(before).anyMatch(p -> p < 0)
                || IntStream.of(after).anyMatch(p -> p < 0))
            throw new IllegalArgumentException("pad: before " + Arrays.toString(before) + " and after "
                    + Arrays.toString(after) + " must have a non-negative entry for each axis of shape " + shape());
        return Shape.of("pad", IntStream.range(0, rank)
                .mapToLong(i -> (long) before[i] + shape().dim(i) + after[i]).toArray());
    }

    /**
     * The whole tensor repeated along each axis, as NumPy's: repeats and axes are aligned at the last, and where
     * one is missing it is 1.
     */
    default Tensor tile(int... repeats) {
        int rank = Math.max(repeats.length, shape().rank());
        int[] apart = new int[2 * rank], repeated = new int[2 * rank];
        long[] joined = new long[rank];
        for (int i = 0; i < rank; i++) {
            int r = i - (rank - repeats.length), d = i - (rank - shape().rank());
            apart[2 * i] = 1;
            repeated[2 * i] = r < 0 ? 1 : repeats[r];
            apart[2 * i + 1] = repeated[2 * i + 1] = d < 0 ? 1 : shape().dim(d);
            joined[i] = (long) repeated[2 * i] * apart[2 * i + 1];
        }
        if (IntStream.of(repeats).anyMatch(r -> r < 0))
            throw new IllegalArgumentException("tile: the repeats " + Arrays.toString(repeats)
                    + " of shape " + shape() + " must not be negative");
        Shape to = Shape.of("tile", joined);
        return self().reshape(Shape.of(apart)).broadcastTo(Shape.of(repeated)).reshape(to);
    }

    /** Each element repeated a number of times along an axis. */
    default Tensor repeat(int times, int axis) {
        int at = shape().axis("repeat", axis);
        if (times < 0)
            throw new IllegalArgumentException("repeat: " + times + " times is negative");
        Shape to = shape().with("repeat", at, (long) shape().dim(at) * times);
        Tensor apart = self().unsqueeze(at + 1);
        return apart.broadcastTo(apart.shape().with(at + 1, times)).reshape(to);
    }
}
