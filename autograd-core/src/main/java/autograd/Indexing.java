package autograd;

import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Operations that pick elements by integer position, and their transpose, which adds elements into positions.
 */
public sealed interface Indexing extends Operand permits Tensor {
    /**
     * Along an axis, the elements at given positions: {@code y[i, j] = x[index[i, j], j]} for axis 0, and so on.
     * The index has x's rank, and elsewhere extents no larger than x's.
     */
    default Tensor gather(int axis, IntTensor index) {
        int at = shape().axis("gather", axis);
        checkIndex("gather", index.shape(), shape(), at);
        return apply(new Gather(at, index));
    }

    /**
     * Where the positions of a {@link Gather} come from, for those who translate a recording: a function of the
     * tensor itself, by name and numbers, or no name for positions that were given.
     */
    record Positions(String function, List<Integer> numbers) {
        static final Positions GIVEN = new Positions("", List.of());
    }

    record Gather(int axis, IntTensor index, Positions positions) implements Op.Unary {
        Gather(int axis, IntTensor index) { this(axis, index, Positions.GIVEN); }

        public NdArray forward(NdArray... in) {
            return Kernels.get().gather(in[0], axis, index.data(), index.layout());
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(new ScatterAdd(axis, index, x.shape())); }
    }

    /** Whole slices along an axis: those at the given positions, in that order; the index has one axis. */
    default Tensor indexSelect(int axis, IntTensor index) {
        int at = shape().axis("indexSelect", axis);
        if (index.shape().rank() != 1)
            throw new IllegalArgumentException("indexSelect: the index must have one axis, got shape " + index.shape());
        for (int i : index.toArray())
            if (i < 0 || i >= shape().dim(at))
                throw new IndexOutOfBoundsException("indexSelect: index " + i + " is out of range for axis " + at
                        + " of shape " + shape() + "; it must be in 0.." + (shape().dim(at) - 1));
        Shape to = shape().with("indexSelect", at, index.size());
        int[] line = new int[shape().rank()];
        Arrays.fill(line, 1);
        line[at] = index.size();
        return apply(new Gather(at, index.reshape(line).broadcastTo(to)));
    }

    /**
     * The transpose of {@link #gather}: zeros of a shape, with this tensor's elements added at given positions
     * along an axis; positions named several times receive the sum.
     */
    default Tensor scatterAdd(int axis, IntTensor index, Shape shape) {
        int at = shape.axis("scatterAdd", axis);
        checkIndex("scatterAdd", index.shape(), shape, at);
        if (!index.shape().equals(shape()))
            throw new IllegalArgumentException(
                    "scatterAdd: the index has shape " + index.shape() + ", the elements " + shape());
        return apply(new ScatterAdd(at, index, shape));
    }

    record ScatterAdd(int axis, IntTensor index, Shape shape) implements Op.Unary {
        public NdArray forward(NdArray... in) {
            return Kernels.get().scatterAdd(in[0], axis, index.data(), index.layout(), shape);
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(new Gather(axis, index)); }
    }

    /**
     * This tensor with values put at given positions along an axis: for axis 0
     * {@code y[index[i, j], j] = values[i, j]}, and so on. Of several values for one position the last stays, in
     * row-major order. The index has this tensor's rank, and elsewhere extents no larger.
     */
    default Tensor scatter(int axis, IntTensor index, Tensor values) {
        return scatter("scatter", axis, index, values, false);
    }

    /**
     * The largest of the elements of this tensor and the values named for their positions along an axis; NaN if
     * there is one. Of equal ones this tensor's gets the cotangent, then the first.
     */
    default Tensor scatterMax(int axis, IntTensor index, Tensor values) {
        return scatter("scatterMax", axis, index, values, true);
    }

    /** Picks each element from this tensor's or from the values, laid one after the other. */
    private Tensor scatter(String op, int axis, IntTensor index, Tensor values, boolean largest) {
        Shape x = shape(), part = index.shape();
        int at = x.axis(op, axis), n = x.size();
        checkIndex(op, part, x, at);
        if (!part.equals(values.shape()))
            throw new IllegalArgumentException(op + ": the index has shape " + part + ", the values " + values.shape());
        Tensor.sameDType(op, self(), values);
        Tensor all = Tensor.concat(0, self().flatten(), values.flatten());
        double[] numbers = all.toDoubleArray();
        int[] from = IntStream.range(0, n).toArray(), positions = index.toArray();
        for (int k = 0; k < positions.length; k++) {
            if (positions[k] < 0 || positions[k] >= x.dim(at))
                throw new IndexOutOfBoundsException(op + ": index " + positions[k] + " is out of range for axis " + at
                        + " of shape " + x + "; it must be in 0.." + (x.dim(at) - 1));
            int to = 0;
            for (int i = x.rank() - 1, rest = k, stride = 1; i >= 0; rest /= part.dim(i), stride *= x.dim(i), i--)
                to += (i == at ? positions[k] : rest % part.dim(i)) * stride;
            double old = numbers[from[to]], put = numbers[n + k];
            if (!largest || old < put || put != put && old == old)
                from[to] = n + k;
        }
        return all.gather(0, IntTensor.of(from, Shape.of(n))).reshape(x);
    }

    private static void checkIndex(String op, Shape index, Shape x, int axis) {
        boolean fits = index.rank() == x.rank();
        for (int i = 0; fits && i < x.rank(); i++)
            fits = i == axis || index.dim(i) <= x.dim(i);
        if (!fits)
            throw new IllegalArgumentException(op + ": index of shape " + index + " does not fit " + x + " along axis "
                    + axis + ": same rank, and extents no larger elsewhere");
    }
}
