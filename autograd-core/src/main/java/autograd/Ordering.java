package autograd;

import autograd.array.Shape;
import autograd.kernels.Kernels;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Operations that compare elements with one another. The results are elements that are picked by position, so
 * the cotangent goes to those.
 */
public sealed interface Ordering extends Operand permits Tensor {
    /** The elements along an axis in ascending order, NaN last; equal ones keep their order. */
    default Tensor sort(int axis) {
        return sort(axis, false);
    }

    /** The elements along an axis in order, ascending or descending; equal ones keep their order. */
    default Tensor sort(int axis, boolean descending) {
        int at = shape().axis("sort", axis);
        return sorted(at, argSort(at, descending), descending);
    }

    /** The elements at the positions of {@link #argSort(int, boolean)}, or at the first of them. */
    private Tensor sorted(int axis, IntTensor positions, boolean descending) {
        return apply(new Indexing.Gather(axis, positions,
                new Indexing.Positions("argSort", List.of(descending ? 1 : 0))));
    }

    /** The positions that {@link #sort(int)} takes the elements from. Not differentiable. */
    default IntTensor argSort(int axis) {
        return argSort(axis, false);
    }

    /** The positions that {@link #sort(int, boolean)} takes the elements from. Not differentiable. */
    default IntTensor argSort(int axis, boolean descending) {
        int at = shape().axis("argSort", axis);
        return IntTensor.of(Kernels.get().argSort(self().array(), at, descending), shape());
    }

    /** The k largest elements along an axis, largest first. */
    default TopK topK(int k, int axis) {
        int at = shape().axis("topK", axis);
        if (k < 0 || k > shape().dim(at))
            throw new IllegalArgumentException("topK: k is " + k + ", axis " + axis + " of shape " + shape() + " has "
                    + shape().dim(at) + " elements");
        IntTensor positions = argSort(at, true).slice(at, 0, k);
        return new TopK(sorted(at, positions, true), positions);
    }

    /**
     * The largest elements along an axis.
     *
     * @param values
     *            the elements, largest first; differentiable
     * @param indices
     *            where they came from
     */
    record TopK(Tensor values, IntTensor indices) {}

    /**
     * Where along an axis the smallest element lies: the first of equals, or the first NaN. Not differentiable.
     */
    default IntTensor argMin(int axis) {
        int at = shape().axis("argMin", axis);
        shape().nonEmpty("argMin", at);
        return self().detach().neg().argMax(at);
    }

    /**
     * Where along an axis the largest element lies: the first of equals, or the first NaN. Not differentiable.
     */
    default IntTensor argMax(int axis) {
        int resolved = shape().axis("argMax", axis);
        int[] axes = shape().nonEmpty("argMax", resolved);
        return IntTensor.of(Kernels.get().argMax(self().array(), resolved), shape().reduce(axes, false));
    }

    /**
     * The largest of the elements up to each one along an axis; NaN from the first NaN on. Of equal largest
     * elements the last one gets the cotangent.
     */
    default Tensor cumMax(int axis) {
        int at = shape().axis("cumMax", axis), n = shape().dim(at), inner = 1;
        for (int i = at + 1; i < shape().rank(); i++)
            inner *= shape().dim(i);
        double[] x = self().toDoubleArray();
        int[] largest = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            int k = i / inner % n, before = k == 0 ? 0 : largest[i - inner];
            largest[i] = k > 0 && isLess(x[i], x[i - (k - before) * inner]) ? before : k;
        }
        return self().gather(at, IntTensor.of(largest, shape()));
    }

    /** Whether a comes before b in ascending order, NaN last. */
    private static boolean isLess(double a, double b) {
        return a < b || b != b && a == a;
    }

    /**
     * The median: the middle element in ascending order, or the mean of the two in the middle, of which PyTorch
     * takes the smaller; NaN if there is one.
     */
    default Tensor median(int... axes) { return median(false, axes); }

    /** The median, keeping reduced axes with extent 1 or not. */
    default Tensor median(boolean keepDims, int... axes) {
        return quantile("median", 0.5, keepDims, axes);
    }

    /**
     * The q-quantile, q from 0 to 1: the element at position q (n - 1) in ascending order, interpolated linearly
     * between its neighbours; NaN if there is one. As in NumPy and PyTorch the first number is q, never an axis.
     */
    default Tensor quantile(double q, int... axes) { return quantile(q, false, axes); }

    /** The q-quantile, keeping reduced axes with extent 1 or not. */
    default Tensor quantile(double q, boolean keepDims, int... axes) {
        if (!(q >= 0 && q <= 1))
            throw new IllegalArgumentException("quantile: q is " + q + ", it must be from 0 to 1; axes come after it");
        return quantile("quantile", q, keepDims, axes);
    }

    private Tensor quantile(String op, double q, boolean keepDims, int[] axes) {
        int[] over = shape().nonEmpty(op, axes);
        Shape to = shape().reduce(over, keepDims);
        int[] order = IntStream.concat(
                IntStream.range(0, shape().rank()).filter(i -> Arrays.binarySearch(over, i) < 0), IntStream.of(over))
                .toArray();
        int n = IntStream.of(over).map(shape()::dim).reduce(1, (a, b) -> a * b), below = (int) (q * (n - 1));
        double beyond = q * (n - 1) - below;
        Tensor lines = self().permute(order).reshape(Shape.of(op, to.size(), n));
        int[] sorted = lines.argSort(1).toArray();
        Tensor y = lines.gather(1, place(lines, sorted, below));
        if (beyond > 0)
            y = y.mul(1 - beyond).add(lines.gather(1, place(lines, sorted, below + 1)).mul(beyond));
        return y.reshape(to);
    }

    /** Where the k-th element in order lies in each line, or a NaN if there is one: it is the last. */
    private static IntTensor place(Tensor lines, int[] sorted, int k) {
        int rows = lines.shape().dim(0), n = lines.shape().dim(1);
        return IntTensor.of(IntStream.range(0, rows).map(i -> {
            int last = sorted[i * n + n - 1];
            return Double.isNaN(lines.get(i, last)) ? last : sorted[i * n + k];
        }).toArray(), Shape.of(rows, 1));
    }

    /** For each value the number of elements of this ascending vector that are less. Not differentiable. */
    default IntTensor searchSorted(Tensor values) {
        return searchSorted(values, false);
    }

    /**
     * Where to insert values into this ascending vector so that it stays in order: before the elements equal to
     * them, or after those ({@code right}). NaN comes last. Not differentiable.
     */
    default IntTensor searchSorted(Tensor values, boolean right) {
        if (shape().rank() != 1)
            throw new IllegalArgumentException("searchSorted: the tensor must have one axis, got shape " + shape());
        Tensor.sameDType("searchSorted", self(), values);
        double[] sorted = self().toDoubleArray(), wanted = values.toDoubleArray();
        for (int i = 1; i < sorted.length; i++)
            if (isLess(sorted[i], sorted[i - 1]))
                throw new IllegalArgumentException("searchSorted: element " + i + " is " + sorted[i] + " after "
                        + sorted[i - 1] + "; the elements must ascend, as sort(0) orders them");
        return IntTensor.of(Arrays.stream(wanted).mapToInt(v -> {
            int low = 0;
            for (int high = sorted.length; low < high;) {
                int middle = (low + high) >>> 1;
                if (right ? isLess(v, sorted[middle]) : !isLess(sorted[middle], v))
                    high = middle;
                else
                    low = middle + 1;
            }
            return low;
        }).toArray(), values.shape());
    }
}
