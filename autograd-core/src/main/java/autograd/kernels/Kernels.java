package autograd.kernels;

import autograd.array.DType;
import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;

/**
 * Computations on arrays. Results are fresh, contiguous arrays. Operands may be any views and are not
 * changed, unless a method says so. Callers check that the operands of a call have one dtype, and resolve
 * axes to 0 .. rank-1.
 */
public interface Kernels extends WindowKernels, RowKernels {
    /** A real function of one variable. */
    @FunctionalInterface
    interface Fn1 {
        /** The value at x. */
        double f(double x);

        /** The intrinsic that this function is; {@link Intrinsic#NONE} unless overridden. */
        default Intrinsic intrinsic() {
            return Intrinsic.NONE;
        }

        /** The parameter p of the intrinsic. */
        default double p() { return 0; }

        /** The parameter q of the intrinsic. */
        default double q() { return 0; }
    }

    /** A real function of two variables. */
    @FunctionalInterface
    interface Fn2 {
        /** The value at (a, b). */
        double f(double a, double b);

        /** The intrinsic that this function is; {@link Intrinsic#NONE} unless overridden. */
        default Intrinsic intrinsic() {
            return Intrinsic.NONE;
        }
    }

    /** One step of an optimizer on one element of a variable; kernels have loops for an {@link IntrinsicStep}. */
    @FunctionalInterface
    interface Step {
        /**
         * Replaces s, the element and its slots (momentum and the like), by new values, given the gradient g with
         * respect to the element.
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

        /** Combines two numbers. */
        public abstract double combine(double a, double b);
    }

    /**
     * The kernels of this process, chosen by {@code -Dautograd.kernels}. Throws, each time, if a system property
     * of this library has an impossible value.
     */
    static Kernels get() { return Selection.get(); }

    /** The name of this implementation: {@code scalar} or {@code vector}. */
    String name();

    /** {@code y[i] = f(x[i])}, computed in double and rounded to x's dtype. */
    NdArray map(Fn1 f, NdArray x);

    /** {@code y[i] = f(a[i], b[i])}, computed in double and rounded to the operands' dtype. Broadcasts. */
    NdArray map(Fn2 f, NdArray a, NdArray b);

    /**
     * {@code y[i] = f(a[i], b[i])}, but {@code far(a[i], x[i])} where b[i] is 1 or -1: a saturated value of x, of
     * which no digits are left. b and x have the shape of the result; a broadcasts.
     */
    default NdArray mapSaturating(Fn2 f, Fn2 far, NdArray a, NdArray b, NdArray x) {
        NdArray y = map(f, a, b), values = contiguous(b), exact = null;
        for (int i = 0, bo = values.layout().offset(); i < b.size(); i++)
            if (Math.abs(values.storage().get(bo + i)) == 1) {
                exact = exact == null ? map(far, a, x) : exact;
                y.storage().set(i, exact.storage().get(i));
            }
        return y;
    }

    /** {@code y[i] = a[i] relation b[i]}, row-major. Broadcasts. */
    Elements<boolean[]> test(Relation relation, NdArray a, NdArray b);

    /** {@code y[i] = where[i] ? a[i] : b[i]}; layout is that of where. Broadcasts all three. */
    NdArray select(boolean[] where, Layout layout, NdArray a, NdArray b);

    /**
     * {@code target[i] = source[i]}, rounded to the target's dtype. The target is changed: a view, of the
     * source's shape, of an array that nobody else uses.
     */
    void write(NdArray target, NdArray source);

    /**
     * {@code target[i] += source[i]}. The target is changed: a view, of the source's shape and dtype and without
     * repeated elements, of an array that nobody else uses.
     */
    void accumulate(NdArray target, NdArray source);

    /**
     * Combines the elements along some axes, in double whatever the dtype. Keeps the reduced axes, with extent 1.
     * Long sums are {@link Pairwise}: the error of a sum of n elements is at most about
     * {@code (Pairwise.TERMS + log2(n)) 2^-53} times the sum of their absolute values, before it is rounded to
     * the dtype.
     */
    NdArray reduce(Reduction reduction, NdArray x, int... axes);

    /** Running sums along an axis, from its first element or, in reverse, from its last. */
    NdArray cumsum(NdArray x, int axis, boolean reverse);

    /**
     * The positions that sort the elements along an axis, row-major, of x's shape: stable, NaN larger than any
     * number.
     */
    Elements<int[]> argSort(NdArray x, int axis, boolean descending);

    /**
     * The position of the largest element along an axis, which is not empty: the first of equals, or the first
     * NaN. Row-major, of x's shape without the axis.
     */
    Elements<int[]> argMax(NdArray x, int axis);

    /**
     * Matrix products {@code y[.., i, j] = sum over k of a[.., i, k] * b[.., k, j]}. Leading axes broadcast. Long
     * sums are pairwise (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 4.2): the error of
     * a sum of n terms is at most about {@code (850 + log2(n)) u} times the sum of their absolute values, where u
     * is 2^-24 for F32 and 2^-53 for F64.
     */
    NdArray matmul(NdArray a, NdArray b);

    /**
     * Solves {@code a x = b} for x, of b's shape [.., n, k]; a has shape [.., n, n] and the same leading axes.
     * Throws an ArithmeticException if a matrix is singular.
     */
    default NdArray solve(NdArray a, NdArray b) { return Factorization.solve(a, b); }

    /**
     * The sign and the logarithm of the absolute value of determinants: shape [.., 2] from shape [.., n, n].
     */
    default NdArray slogdet(NdArray a) { return Factorization.slogdet(a); }

    /**
     * The lower triangles l with {@code l l^T = (a + a^T) / 2}, shape [.., n, n]. Throws an ArithmeticException
     * if a matrix is not positive definite.
     */
    default NdArray cholesky(NdArray a) { return Factorization.cholesky(a); }

    /**
     * {@code y[.., i, ..] = x[.., index[.., i, ..], ..]}. The index has y's shape, and lies as layout says; that
     * shape has x's extents, or smaller ones, along other axes. Throws an IndexOutOfBoundsException for an index
     * that is out of range.
     */
    NdArray gather(NdArray x, int axis, int[] index, Layout layout);

    /**
     * The transpose of {@link #gather}: {@code y[.., index[.., i, ..], ..] += x[.., i, ..]}, from zeros of the
     * given shape. The index has x's shape, and lies as layout says.
     */
    NdArray scatterAdd(NdArray x, int axis, int[] index, Layout layout, Shape shape);

    /**
     * Takes one step of an optimizer at every element, in place. The slots are the variable and the optimizer's
     * state for it, contiguous and of the gradient's shape.
     */
    void update(Step step, NdArray gradient, NdArray... slots);

    /** Whether no element is NaN or infinite. */
    boolean allFinite(NdArray x);

    /** A contiguous copy. */
    default NdArray copy(NdArray x) { return cast(x, x.dtype()); }

    /** A contiguous copy, rounded to a dtype. */
    default NdArray cast(NdArray x, DType dtype) {
        NdArray y = NdArray.zeros(dtype, x.shape());
        write(y, x);
        return y;
    }

    /** The array itself if it is contiguous, else a contiguous copy. */
    default NdArray contiguous(NdArray x) {
        return x.isContiguous() ? x : copy(x);
    }

    /** An array filled with one number. */
    default NdArray full(DType dtype, Shape shape, double value) {
        NdArray one = NdArray.single(dtype, Layout.of(Shape.SCALAR), value);
        if (shape.rank() == 0)
            return one;
        return value == 0 && 1 / value > 0 ? NdArray.zeros(dtype, shape) : copy(one.broadcastTo(shape));
    }
}
