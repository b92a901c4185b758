package autograd;

import autograd.array.DType;
import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.array.Text;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * An n-dimensional array of integers: labels, positions, arg-max. Immutable, and not differentiable, by type.
 */
public final class IntTensor {
    private final Elements<int[]> data;
    private final Layout layout;

    private IntTensor(Elements<int[]> data, Layout layout) {
        this.data = data;
        this.layout = layout;
    }

    /** A vector of integers. */
    public static IntTensor of(int... values) {
        return of(values.clone(), Shape.of(values.length));
    }

    /** Integers in a shape, row-major; the array is copied. */
    public static IntTensor of(int[] values, int... shape) {
        return of(values.clone(), Shape.of(shape));
    }

    /** A vector of unsigned bytes, for example labels from a file. */
    public static IntTensor ofUnsigned(byte[] values) {
        return of(IntStream.range(0, values.length).map(i -> values[i] & 0xFF).toArray(), Shape.of(values.length));
    }

    static IntTensor of(int[] kept, Shape shape) { return of(new Elements<>(kept), shape); }

    static IntTensor of(Elements<int[]> kept, Shape shape) {
        int n = kept.size();
        if (n != shape.size())
            throw new IllegalArgumentException(
                    n + " values do not fill shape " + shape + ", which has " + shape.size());
        return new IntTensor(kept, Layout.of(shape));
    }

    /** The shape. */
    public Shape shape() { return layout.shape(); }

    /** How many elements there are. */
    public int size() { return shape().size(); }

    /** Where each element lies in {@link #data()}. */
    Layout layout() { return layout; }

    /** The live elements, in the order of {@link #layout()}. */
    int[] data() { return data.borrow(); }

    /** All elements, row-major, live where they lie so. */
    int[] rowMajor() {
        return layout.isContiguous() && data().length == size() ? data() : toArray();
    }

    /** One element. */
    public int get(int... index) { return data()[layout.at(index)]; }

    /** All elements, row-major. */
    public int[] toArray() {
        if (layout.isContiguous())
            return Arrays.copyOfRange(data(), layout.offset(), layout.offset() + size());
        int[] out = new int[size()];
        Layout flat = Layout.of(shape());
        visit(0, layout.offset(), flat, 0, out);
        return out;
    }

    private void visit(int axis, int from, Layout flat, int to, int[] out) {
        if (axis == shape().rank()) {
            out[to] = data()[from];
            return;
        }
        for (int i = 0; i < shape().dim(axis); i++)
            visit(axis + 1, from + i * layout.stride(axis), flat, to + i * flat.stride(axis), out);
    }

    /** The same elements, row-major, in another shape; one extent may be -1. */
    public IntTensor reshape(int... dims) {
        Shape to = Movement.infer(shape(), dims);
        return layout.reshape(to).map(view -> new IntTensor(data, view)).orElseGet(() -> of(toArray(), to));
    }

    /** Repeated along axes of extent 1 and along new leading axes. */
    public IntTensor broadcastTo(Shape shape) {
        return new IntTensor(data, layout.broadcastTo(shape));
    }

    /** The elements from {@code begin} (included) to {@code end} (excluded) along the first axis. */
    public IntTensor slice(int begin, int end) {
        return slice(0, begin, end);
    }

    /** The elements from {@code begin} (included) to {@code end} (excluded) along an axis. */
    public IntTensor slice(int axis, int begin, int end) {
        int at = shape().axis("slice", axis);
        if (begin < 0 || end < begin || end > shape().dim(at))
            throw new IndexOutOfBoundsException(
                    "slice: " + begin + ".." + end + " is not within axis " + axis + " of shape " + shape());
        return new IntTensor(data, layout.narrow(at, begin, end - begin));
    }

    /** Rows with 1 at the position each element names and 0 elsewhere, along a new last axis. */
    public Tensor oneHot(DType dtype, int classes) {
        if (classes < 0)
            throw new IllegalArgumentException("oneHot: " + classes + " classes for shape " + shape());
        int[] values = toArray();
        for (int value : values)
            if (value < 0 || value >= classes)
                throw new IndexOutOfBoundsException("oneHot: " + value + " is not one of " + classes + " classes");
        NdArray out = NdArray.zeros(dtype, shape().append("oneHot", classes));
        for (int i = 0; i < values.length; i++)
            out.storage().set(i * classes + values[i], 1);
        return new Tensor(out, Origin.INTEGERS);
    }

    /** Whether the elements are equal to another's; shapes must be the same. */
    public Mask eq(IntTensor other) {
        if (!shape().equals(other.shape()))
            throw new IllegalArgumentException("eq: shapes " + shape() + " and " + other.shape() + " differ");
        int[] a = toArray(), b = other.toArray();
        return Mask.of(i -> a[i] == b[i], shape());
    }

    /** Whether each element equals a number. */
    public Mask eq(int value) {
        int[] a = toArray();
        return Mask.of(i -> a[i] == value, shape());
    }

    /** The arithmetic mean of the elements; NaN of none. */
    public double mean() {
        return IntStream.of(toArray()).asLongStream().sum() / (double) size();
    }

    /** The same numbers as a tensor; a constant to every tape. */
    public Tensor to(DType dtype) {
        NdArray out = NdArray.zeros(dtype, shape());
        int[] values = toArray();
        for (int i = 0; i < values.length; i++)
            out.storage().set(i, values[i]);
        return new Tensor(out, Origin.INTEGERS);
    }

    @Override
    public boolean equals(Object o) {
        return this == o
                || o instanceof IntTensor t && shape().equals(t.shape()) && Arrays.equals(toArray(), t.toArray());
    }

    @Override
    public int hashCode() { return Arrays.hashCode(toArray()); }

    @Override
    public String toString() { return Text.of(layout, i -> data()[i], true) + " " + shape() + " int"; }
}
