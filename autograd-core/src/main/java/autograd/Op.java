package autograd;

import autograd.array.NdArray;

/**
 * A differentiable operation: the value of its output, and the vector-Jacobian products that carry a
 * cotangent from the output back to the inputs. Parameters are components of the implementing record. Anyone
 * may write one; {@link Tensor#apply} records it.
 *
 * <p>
 * A rule is tensor algebra, so it can be differentiated too, to any order. It returns a cotangent shaped as
 * the input, or still with the axes that broadcasting gave the output: the tape sums those away. An op keeps
 * nothing between calls.
 */
public interface Op {
    /** The output, computed from inputs of one dtype, which must not be changed. It may be a view of an input. */
    NdArray forward(NdArray... in);

    /**
     * The cotangent of input i, given the cotangent g of the output y: the gradient of {@code sum(g * y)} with
     * respect to {@code in[i]}.
     */
    Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y);

    /**
     * The cotangents of all inputs that are wanted; elsewhere anything. Override this where inputs share work.
     */
    default Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
        Tensor[] out = new Tensor[in.length];
        for (int i = 0; i < in.length; i++)
            if (wanted[i])
                out[i] = vjp(i, g, in, y);
        return out;
    }

    /** The name in listings and messages: that of the class, starting in lower case. */
    default String name() {
        String s = getClass().getSimpleName();
        return s.isEmpty() ? "op" : Character.toLowerCase(s.charAt(0)) + s.substring(1);
    }

    /** Where input i may lie so that the operation is defined and smooth there, away from the listed kinks. */
    default Domain domain(int i) {
        return Domain.REALS;
    }

    /** An operation of one tensor. */
    interface Unary extends Op {
        /** The cotangent of x, given the cotangent g of the output y. */
        Tensor vjp(Tensor g, Tensor x, Tensor y);

        @Override
        default Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) { return vjp(g, in[0], y); }
    }

    /** An operation of two tensors. */
    interface Binary extends Op {
        /** The cotangent of a, given the cotangent g of the output y. */
        Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y);

        /** The cotangent of b, given the cotangent g of the output y. */
        Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y);

        @Override
        default Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) {
            return i == 0 ? vjpA(g, in[0], in[1], y) : vjpB(g, in[0], in[1], y);
        }
    }

    /** An operation that does in one pass what several others would; the tests hold it to its definition. */
    interface Fused extends Op {
        /** The same value by unfused operations, up to rounding. */
        Tensor definition(Tensor... in);
    }

    /**
     * An open interval of numbers, and the points in it where a function has no derivative.
     *
     * @param low
     *            its lower end, may be -Inf
     * @param high
     *            its upper end, may be +Inf
     * @param kinks
     *            points inside where left and right slope differ
     */
    record Domain(double low, double high, double... kinks) {
        /** All real numbers. */
        public static final Domain REALS = new Domain(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        /** The numbers above 0. */
        public static final Domain POSITIVE = new Domain(0, Double.POSITIVE_INFINITY);

        /** The real line with points where left and right slope differ. */
        public static Domain kinks(double... kinks) {
            return new Domain(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, kinks);
        }
    }
}
