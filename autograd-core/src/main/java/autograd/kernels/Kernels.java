package autograd.kernels;

import autograd.array.DType;
import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;

/**
 * Computations on arrays. Results are fresh, contiguous arrays. Operands may be any views and are not
 * changed, unless a method says so. The operands of a call have one dtype; callers check that.
 */
public interface Kernels extends WindowKernels, RowKernels {
    /** A real function of one variable. */
    @FunctionalInterface
    interface Fn1 {
        /**
         * The value of the function.
         *
         * @param x
         *            the argument
         * @return f(x)
         */
        double f(double x);

        /**
         * Which of the functions that kernels know this is.
         *
         * @return {@link Intrinsic#NONE} unless overridden
         */
        default Intrinsic intrinsic() { return Intrinsic.NONE; }

        /**
         * The parameter p of the intrinsic.
         *
         * @return 0 unless overridden
         */
        default double p() { return 0; }

        /**
         * The parameter q of the intrinsic.
         *
         * @return 0 unless overridden
         */
        default double q() { return 0; }
    }

    /** A real function of two variables. */
    @FunctionalInterface
    interface Fn2 {
        /**
         * The value of the function.
         *
         * @param a
         *            the first argument
         * @param b
         *            the second argument
         * @return f(a, b)
         */
        double f(double a, double b);

        /**
         * Which of the functions that kernels know this is.
         *
         * @return {@link Intrinsic#NONE} unless overridden
         */
        default Intrinsic intrinsic() { return Intrinsic.NONE; }
    }

    /** One step of an optimizer on one element of a variable; kernels have loops for an {@link IntrinsicStep}. */
    @FunctionalInterface
    interface Step {
        /**
         * New values from the old ones and the gradient.
         *
         * @param s
         *            the element itself and its slots (momentum and the like), replaced by their new values
         * @param g
         *            the gradient with respect to the element
         */
        void step(double[] s, double g);
    }

    /** How a reduction combines two numbers. */
    enum Reduction {
        /** Addition, from 0. */
        SUM(0) {
            @Override
            public double combine(double a, double b) { return a + b; }
        },
        /** Multiplication, from 1. */
        PROD(1) {
            @Override
            public double combine(double a, double b) { return a * b; }
        },
        /** The larger one, from -Inf; NaN wins. */
        MAX(Double.NEGATIVE_INFINITY) {
            @Override
            public double combine(double a, double b) { return Math.max(a, b); }
        },
        /** The smaller one, from +Inf; NaN wins. */
        MIN(Double.POSITIVE_INFINITY) {
            @Override
            public double combine(double a, double b) { return Math.min(a, b); }
        };

        /** The identity: combined with any number, it gives that number. */
        public final double identity;

        Reduction(double identity) { this.identity = identity; }

        /**
         * Combines two numbers.
         *
         * @param a
         *            a number
         * @param b
         *            another
         * @return their sum, their product, the larger or the smaller
         */
        public abstract double combine(double a, double b);
    }

    /**
     * The kernels of this process.
     *
     * @return the implementation chosen by {@code -Dautograd.kernels}; each time an error if a system property of
     *         this library has a value that is not possible
     */
    static Kernels get() { return Selection.get(); }

    /**
     * The name of this implementation.
     *
     * @return {@code scalar} or {@code vector}
     */
    String name();

    /**
     * {@code y[i] = f(x[i])}.
     *
     * @param f
     *            the function, computed in double and rounded to x's dtype
     * @param x
     *            any array
     * @return y, shaped as x
     */
    NdArray map(Fn1 f, NdArray x);

    /**
     * {@code y[i] = f(a[i], b[i])}, broadcasting.
     *
     * @param f
     *            the function, computed in double and rounded to the operands' dtype
     * @param a
     *            one operand
     * @param b
     *            the other
     * @return y, of the common shape
     */
    NdArray map(Fn2 f, NdArray a, NdArray b);

    /**
     * {@code y[i] = a[i] relation b[i]}, broadcasting.
     *
     * @param relation
     *            the comparison
     * @param a
     *            one operand
     * @param b
     *            the other
     * @return row-major truth values of the common shape
     */
    Elements<boolean[]> test(Relation relation, NdArray a, NdArray b);

    /**
     * {@code y[i] = where[i] ? a[i] : b[i]}, broadcasting all three.
     *
     * @param where
     *            truth values
     * @param layout
     *            the layout of the truth values
     * @param a
     *            chosen where true
     * @param b
     *            chosen where false
     * @return y, of the common shape
     */
    NdArray select(boolean[] where, Layout layout, NdArray a, NdArray b);

    /**
     * Copies into part of an array: {@code target[i] = source[i]}.
     *
     * @param target
     *            a view of an array that nobody else uses; changed
     * @param source
     *            of the same shape; of any dtype, rounded to the target's
     */
    void write(NdArray target, NdArray source);

    /**
     * Adds to part of an array: {@code target[i] += source[i]}.
     *
     * @param target
     *            a view, without repeated elements, of an array that nobody else uses; changed
     * @param source
     *            of the same shape and dtype
     */
    void accumulate(NdArray target, NdArray source);

    /**
     * Combines the elements along some axes, in double whatever the dtype.
     *
     * @param reduction
     *            how
     * @param x
     *            any array
     * @param axes
     *            ascending, resolved
     * @return an array with the reduced axes kept, of extent 1
     */
    NdArray reduce(Reduction reduction, NdArray x, int... axes);

    /**
     * Running sums along an axis.
     *
     * @param x
     *            any array
     * @param axis
     *            resolved
     * @param reverse
     *            whether to start at the last element
     * @return an array shaped as x
     */
    NdArray cumsum(NdArray x, int axis, boolean reverse);

    /**
     * The positions that sort the elements along an axis: stable, NaN larger than any number.
     *
     * @param x
     *            any array
     * @param axis
     *            resolved
     * @param descending
     *            whether to put the largest first
     * @return row-major positions, of x's shape
     */
    Elements<int[]> argSort(NdArray x, int axis, boolean descending);

    /**
     * The position of the largest element along an axis: the first of equals, or the first NaN.
     *
     * @param x
     *            any array with at least one element along the axis
     * @param axis
     *            resolved
     * @return row-major indices, of x's shape without the axis
     */
    Elements<int[]> argMax(NdArray x, int axis);

    /**
     * Matrix products {@code y[.., i, j] = sum over k of a[.., i, k] * b[.., k, j]}, broadcasting the leading
     * axes.
     *
     * @param a
     *            shape [.., m, k]
     * @param b
     *            shape [.., k, n]
     * @return shape [.., m, n]
     */
    NdArray matmul(NdArray a, NdArray b);

    /**
     * The solutions of systems of linear equations {@code a x = b}.
     *
     * @param a
     *            shape [.., n, n]
     * @param b
     *            shape [.., n, k], with the same leading axes
     * @return x, shaped as b; an ArithmeticException if a matrix is singular
     */
    default NdArray solve(NdArray a, NdArray b) { return Factorization.solve(a, b); }

    /**
     * Sign and logarithm of the absolute value of determinants.
     *
     * @param a
     *            shape [.., n, n]
     * @return shape [.., 2]
     */
    default NdArray slogdet(NdArray a) { return Factorization.slogdet(a); }

    /**
     * The lower triangles l with {@code l l^T = (a + a^T) / 2}.
     *
     * @param a
     *            shape [.., n, n]
     * @return shaped as a; an ArithmeticException if a matrix is not positive definite
     */
    default NdArray cholesky(NdArray a) { return Factorization.cholesky(a); }

    /**
     * {@code y[.., i, ..] = x[.., index[.., i, ..], ..]}.
     *
     * @param x
     *            any array
     * @param axis
     *            resolved
     * @param index
     *            positions along the axis, checked here
     * @param layout
     *            the layout of the positions; of y's shape, which equals x's but for the axis, or is smaller
     * @return y
     */
    NdArray gather(NdArray x, int axis, int[] index, Layout layout);

    /**
     * The transpose of {@link #gather}: {@code y[.., index[.., i, ..], ..] += x[.., i, ..]}, from zeros.
     *
     * @param x
     *            any array
     * @param axis
     *            resolved
     * @param index
     *            positions along y's axis, checked here
     * @param layout
     *            the layout of the positions; of x's shape
     * @param shape
     *            y's shape
     * @return y
     */
    NdArray scatterAdd(NdArray x, int axis, int[] index, Layout layout, Shape shape);

    /**
     * One step of an optimizer on every element, in place.
     *
     * @param step
     *            what happens to one element
     * @param gradient
     *            shaped as the variable
     * @param slots
     *            the variable and the optimizer's state for it, contiguous; changed
     */
    void update(Step step, NdArray gradient, NdArray... slots);

    /**
     * Whether no element is NaN or infinite.
     *
     * @param x
     *            any array
     * @return true if all are finite
     */
    boolean allFinite(NdArray x);

    /**
     * A contiguous copy.
     *
     * @param x
     *            any array
     * @return fresh storage with the same elements
     */
    default NdArray copy(NdArray x) { return cast(x, x.dtype()); }

    /**
     * A contiguous copy in another dtype.
     *
     * @param x
     *            any array
     * @param dtype
     *            the type to round to
     * @return fresh storage
     */
    default NdArray cast(NdArray x, DType dtype) {
        NdArray y = NdArray.zeros(dtype, x.shape());
        write(y, x);
        return y;
    }

    /**
     * The array itself if it is contiguous, else a contiguous copy.
     *
     * @param x
     *            any array
     * @return a contiguous array with the same elements
     */
    default NdArray contiguous(NdArray x) { return x.isContiguous() ? x : copy(x); }

    /**
     * An array filled with one number.
     *
     * @param dtype
     *            the type of the elements
     * @param shape
     *            the shape
     * @param value
     *            the number
     * @return a fresh array
     */
    default NdArray full(DType dtype, Shape shape, double value) {
        NdArray one = NdArray.single(dtype, Layout.of(Shape.SCALAR), value);
        if (shape.rank() == 0)
            return one;
        return value == 0 && 1 / value > 0 ? NdArray.zeros(dtype, shape) : copy(one.broadcastTo(shape));
    }
}
