package autograd;

import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An n-dimensional array of numbers that remembers, while a tape holds it, how it was computed. Its value
 * never changes (a {@link Variable}'s does). What can be done with it stands in the families it implements.
 *
 * <p>
 * Factories make F32 unless given a dtype.
 */
public sealed class Tensor
        implements
            Elementwise,
            Functions,
            Trigonometry,
            Activations,
            Reduction,
            Ordering,
            Movement,
            Joining,
            Indexing,
            LinearAlgebra,
            Windows,
            Normalization,
            GradientFlow
        permits Variable {
    private NdArray array;
    private @Nullable Node node;
    private final @Nullable Origin origin;

    Tensor(NdArray array, @Nullable Origin origin) {
        this.array = array;
        this.origin = origin;
    }

    // ---- making tensors

    /** A constant over an array, which must not be changed any more. */
    public static Tensor of(NdArray array) {
        array.share();
        return new Tensor(array, null);
    }

    /** A vector. */
    public static Tensor of(double... values) { return of(DType.F32, values); }

    /** A vector of a dtype. */
    public static Tensor of(DType dtype, double... values) {
        return of(dtype, values, values.length);
    }

    /** A matrix from its rows, all of one length. */
    public static Tensor of(double[][] rows) {
        return of(DType.F32, rows);
    }

    /** A matrix of a dtype from its rows, all of one length. */
    public static Tensor of(DType dtype, double[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        for (double[] row : rows)
            if (row.length != columns)
                throw new IllegalArgumentException(
                        "of: rows have " + columns + " and " + row.length + " elements; a matrix needs one length");
        return of(dtype, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray(), rows.length, columns);
    }

    /** Numbers of a dtype in a shape, row-major; the array is copied. */
    public static Tensor of(DType dtype, double[] values, int... shape) {
        NdArray exact = NdArray.of(values.clone(), Shape.of(shape));
        return of(dtype == DType.F64 ? exact : Kernels.get().cast(exact, dtype));
    }

    /** A vector. */
    public static Tensor of(float... values) { return of(values, values.length); }

    /** F32 numbers in a shape, row-major; the array is copied. */
    public static Tensor of(float[] values, int... shape) {
        return of(NdArray.of(values.clone(), Shape.of(shape)));
    }

    /** A single number, of shape []. */
    public static Tensor scalar(double value) { return scalar(DType.F32, value); }

    /** A single number of a dtype, of shape []. */
    public static Tensor scalar(DType dtype, double value) {
        return new Tensor(NdArray.single(dtype, Layout.of(Shape.SCALAR), value), null);
    }

    /** Zeros. */
    public static Tensor zeros(int... shape) { return zeros(DType.F32, Shape.of(shape)); }

    /** Zeros of a dtype. */
    public static Tensor zeros(DType dtype, int... shape) {
        return zeros(dtype, Shape.of(shape));
    }

    /** Zeros of a dtype. */
    public static Tensor zeros(DType dtype, Shape shape) {
        return of(NdArray.zeros(dtype, shape));
    }

    /** Zeros of a tensor's shape and dtype. */
    public static Tensor zerosLike(Tensor x) {
        return zeros(x.dtype(), x.shape());
    }

    /** Ones of a tensor's shape and dtype. */
    public static Tensor onesLike(Tensor x) {
        return ones(x.dtype(), x.shape());
    }

    /** Ones. */
    public static Tensor ones(int... shape) { return ones(DType.F32, Shape.of(shape)); }

    /** Ones of a dtype. */
    public static Tensor ones(DType dtype, int... shape) { return ones(dtype, Shape.of(shape)); }

    /** Ones of a dtype. */
    public static Tensor ones(DType dtype, Shape shape) {
        return of(Kernels.get().full(dtype, shape, 1));
    }

    /** One number everywhere: the number first, then the extents. */
    public static Tensor full(double value, int... shape) {
        return full(DType.F32, value, shape);
    }

    /** One number of a dtype everywhere: the number first, then the extents. */
    public static Tensor full(DType dtype, double value, int... shape) {
        return of(Kernels.get().full(dtype, Shape.of(shape), value));
    }

    /** The numbers 0, 1, .., n-1. */
    public static Tensor arange(int n) { return arange(DType.F32, 0, n, 1); }

    /** The numbers start, start + step, .. before stop, of a dtype. */
    public static Tensor arange(DType dtype, double start, double stop, double step) {
        if (step == 0)
            throw new IllegalArgumentException("arange: the step is 0");
        double n = Math.max(0, Math.ceil((stop - start) / step));
        if (!(n <= Integer.MAX_VALUE))
            throw new IllegalArgumentException("arange: from " + start + " to " + stop + " by " + step + " are " + n
                    + " numbers; a tensor has at most 2^31 - 1");
        return of(dtype, IntStream.range(0, (int) n).mapToDouble(i -> start + i * step).toArray());
    }

    /** n numbers at equal distances from start to stop, both included; one number is start. */
    public static Tensor linspace(double start, double stop, int n) {
        return linspace(DType.F32, start, stop, n);
    }

    /** n numbers of a dtype at equal distances from start to stop, both included; one number is start. */
    public static Tensor linspace(DType dtype, double start, double stop, int n) {
        if (n < 0)
            throw new IllegalArgumentException("linspace: " + n + " numbers; there must be at least 0");
        double last = Math.max(1, n - 1), step = stop / last - start / last; // no difference, which could overflow
        return of(dtype, IntStream.range(0, n)
                .mapToDouble(i -> i <= last / 2 ? start + i * step : stop - (last - i) * step).toArray());
    }

    /** The identity matrix of n rows. */
    public static Tensor eye(int n) { return eye(DType.F32, n); }

    /** The identity matrix of n rows, of a dtype. */
    public static Tensor eye(DType dtype, int n) {
        NdArray y = NdArray.zeros(dtype, Shape.of("eye", n, n));
        for (int i = 0; i < n; i++)
            y.storage().set(i * (n + 1), 1);
        return of(y);
    }

    /** Numbers drawn evenly from [0, 1). */
    public static Tensor rand(Rng rng, int... shape) {
        return rand(DType.F32, rng, shape);
    }

    /** Numbers of a dtype drawn evenly from [0, 1). */
    public static Tensor rand(DType dtype, Rng rng, int... shape) {
        return of(Sampling.draw(dtype, Shape.of(shape), // rounding to F32 could give 1
                dtype == DType.F32 ? rng::nextFloat : rng::nextDouble));
    }

    /** Numbers drawn from the standard normal distribution. */
    public static Tensor randn(Rng rng, int... shape) {
        return randn(DType.F32, rng, shape);
    }

    /** Numbers of a dtype drawn from the standard normal distribution. */
    public static Tensor randn(DType dtype, Rng rng, int... shape) {
        return of(Sampling.draw(dtype, Shape.of(shape), rng::nextGaussian));
    }

    /**
     * Numbers drawn from the standard Gumbel distribution: a largest logit plus such noise is a softmax sample.
     */
    public static Tensor gumbel(Rng rng, int... shape) { return gumbel(DType.F32, rng, shape); }

    /** Numbers of a dtype drawn from the standard Gumbel distribution, {@code -log(-log(u))} of even u. */
    public static Tensor gumbel(DType dtype, Rng rng, int... shape) {
        return of(Sampling.draw(dtype, Shape.of(shape), () -> Sampling.gumbel(rng)));
    }

    /**
     * Numbers drawn from gamma distributions of scale 1, one for each shape parameter in alpha, which must be
     * positive; constants to every tape. Marsaglia and Tsang, ACM Transactions on Mathematical Software 26
     * (2000).
     */
    public static Tensor gamma(Rng rng, Tensor alpha) { return Sampling.gamma(rng, alpha); }

    /** Tensors joined along an axis; their other extents must be the same. */
    public static Tensor concat(int axis, Tensor... parts) {
        return Joining.concat(axis, parts);
    }

    /** Tensors of one shape joined along a new axis. */
    public static Tensor stack(int axis, Tensor... parts) {
        return Joining.stack(axis, parts);
    }

    /** The coordinates of a grid, one tensor for each vector: {@link Joining#meshgrid}. */
    public static List<Tensor> meshgrid(Tensor... vectors) {
        return Joining.meshgrid(vectors);
    }

    /** Einstein summation: {@link LinearAlgebra#einsum}. */
    public static Tensor einsum(String equation, Tensor... operands) {
        return LinearAlgebra.einsum(equation, operands);
    }

    /** Checks that the inputs of an operation made of others have one dtype. */
    static void sameDType(String op, Tensor... in) {
        for (Tensor x : in)
            if (x.dtype() != in[0].dtype())
                throw new IllegalArgumentException(op + ": inputs have dtypes " + in[0].dtype() + " and " + x.dtype()
                        + "; convert one with to(DType)");
    }

    /** Vectors along an axis divided by their p-norm, or by a least number where that is larger. */
    static Tensor unit(double p, Tensor x, int axis, double least) {
        Tensor norm = x.norm(p, true, axis);
        if (norm.lt(Double.POSITIVE_INFINITY).all())
            return x.div(norm.maximum(least));
        double smaller = Math.scalb(1.0, -2 - Math.getExponent((double) x.shape().dim(axis))); // the norm overflows
        return x.mul(smaller).div(x.mul(smaller).norm(p, true, axis).maximum(least * smaller));
    }

    // ---- what it is

    @Override
    public final Shape shape() { return array.shape(); }

    @Override
    public final DType dtype() { return array.dtype(); }

    /** The number of elements. */
    public final int size() { return array.size(); }

    /** The array itself; not to be changed. */
    public final NdArray array() { return array; }

    /** Whether no element is NaN or infinite. */
    public final boolean allFinite() {
        return Kernels.get().allFinite(array());
    }

    final void array(NdArray replaced) { array = replaced; }

    @Nullable
    final Node node() { return node; }

    final void node(Node made) { node = made; }

    final @Nullable Origin origin() { return origin; }

    // ---- reading

    /** The only element. */
    public final double item() {
        if (size() != 1)
            throw new IllegalStateException("item: shape " + shape() + " has " + size() + " elements, not 1");
        return array.item();
    }

    /** One element; a negative position counts from the end. */
    public final double get(int... index) {
        return array.get(index);
    }

    /** A copy of all elements, row-major, rounded to float. */
    public final float[] toFloatArray() {
        float[] copy = new float[size()];
        Kernels.get().write(NdArray.of(copy, shape()), array);
        return copy;
    }

    /** A copy of all elements, row-major. */
    public final double[] toDoubleArray() {
        double[] copy = new double[size()];
        Kernels.get().write(NdArray.of(copy, shape()), array);
        return copy;
    }

    // ---- differentiation

    @Override
    public final Tensor apply(Op op) { return FastRecording.near(this, this).apply(op, this); }

    @Override
    public final Tensor apply(Op op, Tensor b) { return FastRecording.near(this, b).apply(op, this, b); }

    /**
     * Applies an operation to this tensor and others; it is recorded if a tape is open on this thread and one of
     * them is tracked.
     *
     * @param op
     *            the operation
     * @param others
     *            its further inputs
     * @return its output
     */
    @Override
    public final Tensor apply(Op op, Tensor... others) {
        Tensor[] in = new Tensor[others.length + 1];
        in[0] = this;
        System.arraycopy(others, 0, in, 1, others.length);
        return Recording.current().apply(op, in);
    }

    @Override
    public final Tensor self() { return this; }

    /** The same value as a constant: no gradient flows through. */
    public final Tensor detach() {
        array.share();
        return new Tensor(array, Origin.DETACHED);
    }

    /**
     * Plays the innermost open tape back from this tensor, a single number: the gradient with respect to each
     * variable that it depends on is added to the variable's {@code grad()}.
     */
    public final void backward() { GradientTape.innermost().backward(this, null); }

    /**
     * Plays the innermost open tape back from this tensor, given its cotangent, of the same shape: the gradient
     * of {@code sum(cotangent * this)} is added to each variable's {@code grad()}.
     */
    public final void backward(Tensor cotangent) { GradientTape.innermost().backward(this, cotangent); }

    /** The name of this tensor in messages. */
    public String label() { return "tensor " + shape(); }

    /** The value, printed as NumPy does and cut short when large, with shape and dtype. */
    @Override
    public String toString() { return array + " " + shape() + " " + dtype(); }
}
