package autograd;

import autograd.array.DType;
import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.array.Text;

import java.util.Arrays;
import java.util.function.LongBinaryOperator;
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

    /**
     * Positions drawn at random, one for each row of probabilities, by one number of the generator each.
     *
     * @param rng
     *            the generator
     * @param probabilities
     *            of shape [.., classes], rows that sum to 1; for logits use their {@code softmax(-1)}
     * @return positions from 0 to below the number of classes, of shape [..]
     */
    public static IntTensor categorical(Rng rng, Tensor probabilities) {
        return Sampling.categorical(rng, probabilities);
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

    /** The number of elements. */
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
        int[] from = data(), at = layout.positions(), out = new int[at.length];
        for (int i = 0; i < out.length; i++)
            out[i] = from[at[i]];
        return out;
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
        return new IntTensor(data, layout.slice("slice", axis, begin, end));
    }

    /** The part at one position along an axis, without that axis; a negative position counts from the end. */
    public IntTensor select(int axis, int index) {
        return new IntTensor(data, layout.select("select", axis, index));
    }

    /** The transpose: the last two axes exchanged. */
    public IntTensor transpose() { return transpose(-2, -1); }

    /** Two axes exchanged. */
    public IntTensor transpose(int a, int b) {
        return new IntTensor(data, layout.transpose("transpose", a, b));
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

    /** Sum: a + b. Both broadcast; a result that is not an int is refused. */
    public IntTensor add(IntTensor b) {
        return arithmetic("add", b, (p, q) -> p + q);
    }

    /** Sum: a + b. A result that is not an int is refused. */
    public IntTensor add(int b) { return add(scalar(b)); }

    /** Difference: a - b. Both broadcast; a result that is not an int is refused. */
    public IntTensor sub(IntTensor b) {
        return arithmetic("sub", b, (p, q) -> p - q);
    }

    /** Difference: a - b. A result that is not an int is refused. */
    public IntTensor sub(int b) {
        return sub(scalar(b));
    }

    /** Product: a b, element by element. Both broadcast; a result that is not an int is refused. */
    public IntTensor mul(IntTensor b) {
        return arithmetic("mul", b, (p, q) -> p * q);
    }

    /** Product: a b, element by element. A result that is not an int is refused. */
    public IntTensor mul(int b) {
        return mul(scalar(b));
    }

    /**
     * Quotient rounded down: the largest integer not above a / b, as Python's {@code //}. Both broadcast; a
     * result that is not an int is refused.
     */
    public IntTensor floorDiv(IntTensor b) { return arithmetic("floorDiv", b, Math::floorDiv); }

    /**
     * Quotient rounded down: the largest integer not above a / b, as Python's {@code //}. A result that is not an
     * int is refused.
     */
    public IntTensor floorDiv(int b) { return floorDiv(scalar(b)); }

    /**
     * Remainder of {@link #floorDiv}, with the sign of b, as Python's {@code %}. Both broadcast; a result that is
     * not an int is refused.
     */
    public IntTensor mod(IntTensor b) { return arithmetic("mod", b, Math::floorMod); }

    /**
     * Remainder of {@link #floorDiv}, with the sign of b, as Python's {@code %}. A result that is not an int is
     * refused.
     */
    public IntTensor mod(int b) { return mod(scalar(b)); }

    private static IntTensor scalar(int value) { return of(new int[]{value}, Shape.SCALAR); }

    private IntTensor arithmetic(String op, IntTensor other, LongBinaryOperator f) {
        Shape s = Shape.broadcast(op, shape(), other.shape());
        int[] a = broadcastTo(s).rowMajor(), b = other.broadcastTo(s).rowMajor(), out = new int[a.length];
        for (int i = 0; i < out.length; i++) {
            if (b[i] == 0 && op.matches("floorDiv|mod"))
                throw new IllegalArgumentException(op + ": " + a[i] + " cannot be divided by 0");
            long y = f.applyAsLong(a[i], b[i]);
            out[i] = (int) y;
            if (out[i] != y)
                throw new IllegalArgumentException(op + ": of " + a[i] + " and " + b[i] + " it is " + y
                        + ", which is not an int; convert both with to(DType.F64)");
        }
        return of(out, s);
    }

    /** Whether a = b; both broadcast. */
    public Mask eq(IntTensor b) { return compare("eq", b, (p, q) -> p == q); }

    /** Whether a = b. */
    public Mask eq(int b) { return eq(scalar(b)); }

    /** Whether a and b differ; both broadcast. */
    public Mask ne(IntTensor b) {
        return compare("ne", b, (p, q) -> p != q);
    }

    /** Whether a and b differ. */
    public Mask ne(int b) { return ne(scalar(b)); }

    /** Whether a &lt; b; both broadcast. */
    public Mask lt(IntTensor b) { return compare("lt", b, (p, q) -> p < q); }

    /** Whether a &lt; b. */
    public Mask lt(int b) { return lt(scalar(b)); }

    /** Whether a &lt;= b; both broadcast. */
    public Mask le(IntTensor b) { return compare("le", b, (p, q) -> p <= q); }

    /** Whether a &lt;= b. */
    public Mask le(int b) { return le(scalar(b)); }

    /** Whether a &gt; b; both broadcast. */
    public Mask gt(IntTensor b) { return compare("gt", b, (p, q) -> p > q); }

    /** Whether a &gt; b. */
    public Mask gt(int b) { return gt(scalar(b)); }

    /** Whether a &gt;= b; both broadcast. */
    public Mask ge(IntTensor b) { return compare("ge", b, (p, q) -> p >= q); }

    /** Whether a &gt;= b. */
    public Mask ge(int b) { return ge(scalar(b)); }

    private interface Comparison {
        boolean holds(int a, int b);
    }

    private Mask compare(String op, IntTensor other, Comparison comparison) {
        Shape s = Shape.broadcast(op, shape(), other.shape());
        int[] a = broadcastTo(s).rowMajor(), b = other.broadcastTo(s).rowMajor();
        return Mask.of(i -> comparison.holds(a[i], b[i]), s);
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
