package autograd;

import autograd.array.DType;
import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.array.Text;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * An n-dimensional array of truth values, as comparisons give. Immutable, and not differentiable, by type.
 */
public final class Mask {
    private final Elements<boolean[]> data;
    private final Layout layout;

    Mask(Elements<boolean[]> kept, Shape shape) {
        this.data = kept;
        this.layout = Layout.of(shape);
    }

    /** Truth values in a shape, row-major; the array is copied. */
    public static Mask of(boolean[] values, int... shape) {
        Shape s = Shape.of(shape);
        if (values.length != s.size())
            throw new IllegalArgumentException(
                    values.length + " values do not fill shape " + s + ", which has " + s.size());
        return new Mask(new Elements<>(values.clone()), s);
    }

    /** Truth values drawn at random, each true with the probability of its own, from 0 to 1, in p's shape. */
    public static Mask bernoulli(Rng rng, Tensor p) {
        return Sampling.bernoulli(rng, p);
    }

    /** Truth values drawn at random, each true with probability p, from 0 to 1. */
    public static Mask bernoulli(Rng rng, double p, int... shape) {
        return Sampling.bernoulli(rng, p, Shape.of(shape));
    }

    /** Truth values by their row-major positions. */
    static Mask of(IntPredicate holds, Shape shape) {
        Elements<boolean[]> out = Elements.booleans(shape.size());
        boolean[] to = out.borrow();
        for (int i = 0; i < to.length; i++)
            to[i] = holds.test(i);
        return new Mask(out, shape);
    }

    /** The shape. */
    public Shape shape() { return layout.shape(); }

    /** The number of elements. */
    public int size() { return shape().size(); }

    boolean[] data() { return data.borrow(); }

    Layout layout() { return layout; }

    /** One element. */
    public boolean get(int... index) { return data()[layout.at(index)]; }

    /** All elements, row-major. */
    public boolean[] toArray() { return data().clone(); }

    /** The same elements, row-major, in another shape; one extent may be -1. */
    public Mask reshape(int... dims) {
        return new Mask(data, Movement.infer(shape(), dims));
    }

    /** Repeated along axes of extent 1 and along new leading axes. */
    public Mask broadcastTo(Shape shape) {
        return copy(layout.broadcastTo(shape));
    }

    /** The elements from {@code begin} (included) to {@code end} (excluded) along the first axis. */
    public Mask slice(int begin, int end) {
        return slice(0, begin, end);
    }

    /** The elements from {@code begin} (included) to {@code end} (excluded) along an axis. */
    public Mask slice(int axis, int begin, int end) {
        return copy(layout.slice("slice", axis, begin, end));
    }

    /** The part at one position along an axis, without that axis; a negative position counts from the end. */
    public Mask select(int axis, int index) {
        return copy(layout.select("select", axis, index));
    }

    /** The transpose: the last two axes exchanged. */
    public Mask transpose() { return transpose(-2, -1); }

    /** Two axes exchanged. */
    public Mask transpose(int a, int b) { return copy(layout.transpose("transpose", a, b)); }

    /** The elements along some axes in reverse order, along all without arguments. */
    public Mask flip(int... axes) {
        int[] begin = new int[shape().rank()], count = shape().dims(), step = new int[shape().rank()];
        Arrays.fill(step, 1);
        for (int a : shape().axes("flip", axes)) {
            begin[a] = count[a] - 1;
            step[a] = -1;
        }
        return copy(layout.slice(begin, count, step));
    }

    /** The elements that a layout reads, row-major. */
    private Mask copy(Layout from) {
        if (from == layout)
            return this;
        boolean[] all = data();
        int[] at = from.positions();
        return of(i -> all[at[i]], from.shape());
    }

    /** Where this is false. */
    public Mask not() {
        Elements<boolean[]> out = Elements.booleans(size());
        boolean[] from = data(), to = out.borrow();
        for (int i = 0; i < to.length; i++)
            to[i] = !from[i];
        return new Mask(out, shape());
    }

    /** Where both are true; both broadcast. */
    public Mask and(Mask other) {
        return combine("and", other, (p, q) -> p & q);
    }

    /** Where at least one is true; both broadcast. */
    public Mask or(Mask other) {
        return combine("or", other, (p, q) -> p | q);
    }

    /** Where exactly one is true; both broadcast. */
    public Mask xor(Mask other) {
        return combine("xor", other, (p, q) -> p ^ q);
    }

    /** Where two masks are the same; both broadcast. */
    public Mask eq(Mask other) {
        return combine("eq", other, (p, q) -> p == q);
    }

    private interface Connective {
        boolean of(boolean p, boolean q);
    }

    private Mask combine(String op, Mask other, Connective connective) {
        Shape s = Shape.broadcast(op, shape(), other.shape());
        boolean[] a = broadcastTo(s).data(), b = other.broadcastTo(s).data();
        return of(i -> connective.of(a[i], b[i]), s);
    }

    /** The number of elements that are true. */
    public int count() {
        int n = 0;
        for (boolean b : data())
            if (b)
                n++;
        return n;
    }

    /** Whether every element is true. */
    public boolean all() { return count() == size(); }

    /** Whether at least one element is true. */
    public boolean any() { return count() > 0; }

    /** Whether every element along an axis is true. */
    public Mask all(int axis) {
        return not().any(shape().axis("all", axis)).not();
    }

    /** Whether at least one element along an axis is true. */
    public Mask any(int axis) {
        int at = shape().axis("any", axis), n = shape().dim(at), inner = 1;
        for (int i = at + 1; i < shape().rank(); i++)
            inner *= shape().dim(i);
        Shape reduced = shape().reduce(new int[]{at}, false);
        Elements<boolean[]> out = Elements.booleans(reduced.size());
        boolean[] from = data(), to = out.borrow();
        Arrays.fill(to, false);
        for (int i = 0; i < from.length; i++)
            to[i / (inner * n) * inner + i % inner] |= from[i];
        return new Mask(out, reduced);
    }

    /** The fraction of true elements; NaN of none. Of predictions equal to labels it is the accuracy. */
    public double mean() {
        return count() / (double) size();
    }

    /** 1 where true, 0 where false. */
    public IntTensor toIntTensor() {
        boolean[] from = data();
        int[] out = new int[from.length];
        for (int i = 0; i < out.length; i++)
            out[i] = from[i] ? 1 : 0;
        return IntTensor.of(out, shape());
    }

    /** 1 where true, 0 where false; a constant to every tape. */
    public Tensor to(DType dtype) {
        NdArray out = NdArray.zeros(dtype, layout);
        boolean[] from = data();
        for (int i = 0; i < from.length; i++)
            if (from[i])
                out.storage().set(i, 1);
        return new Tensor(out, Origin.MASK);
    }

    @Override
    public boolean equals(Object o) {
        return this == o || o instanceof Mask m && shape().equals(m.shape()) && Arrays.equals(data(), m.data());
    }

    @Override
    public int hashCode() { return Arrays.hashCode(data()); }

    @Override
    public String toString() {
        boolean[] from = data();
        return Text.of(layout, i -> from[i] ? 1 : 0, true) + " " + shape() + " mask";
    }
}
