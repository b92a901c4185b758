package autograd;

import autograd.array.NdArray;

/**
 * A differentiable operation: how its value is computed from its inputs, and the vector-Jacobian products
 * that carry a cotangent from its output back to each input. Parameters are components of the implementing
 * record. Anyone may write one; {@link Tensor#apply} records it.
 *
 * <p>
 * A rule is tensor algebra, so it is differentiable itself and gradients of every order come for free. It
 * returns a cotangent shaped as the input, or still with the axes that broadcasting gave the output: the tape
 * sums those away. An op keeps nothing between calls.
 */
public interface Op {
    /**
     * The value of the operation.
     *
     * @param in
     *            the inputs, all of one dtype; not to be changed
     * @return the output; may be a view of an input
     */
    NdArray forward(NdArray... in);

    /**
     * The vector-Jacobian product for one input: the gradient of {@code sum(g * y)} with respect to
     * {@code in[i]}.
     *
     * @param i
     *            which input
     * @param g
     *            the cotangent of the output
     * @param in
     *            the inputs
     * @param y
     *            the output
     * @return the cotangent of input i
     */
    Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y);

    /**
     * The vector-Jacobian products of all inputs that are wanted; worth overriding where they share work.
     *
     * @param wanted
     *            which inputs need a cotangent
     * @param g
     *            the cotangent of the output
     * @param in
     *            the inputs
     * @param y
     *            the output
     * @return one cotangent for each wanted input; elsewhere anything
     */
    default Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
        Tensor[] out = new Tensor[in.length];
        for (int i = 0; i < in.length; i++)
            if (wanted[i])
                out[i] = vjp(i, g, in, y);
        return out;
    }

    /**
     * What listings and messages call this operation.
     *
     * @return the record's name, starting in lower case
     */
    default String name() {
        String s = getClass().getSimpleName();
        return s.isEmpty() ? "op" : Character.toLowerCase(s.charAt(0)) + s.substring(1);
    }

    /**
     * Where an input may lie so that the operation is defined and smooth there, away from the listed kinks.
     *
     * @param i
     *            which input
     * @return an open interval; the whole line unless overridden
     */
    default Domain domain(int i) { return Domain.REALS; }

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

        /**
         * The real line with kinks.
         *
         * @param kinks
         *            points where left and right slope differ
         * @return the domain
         */
        public static Domain kinks(double... kinks) {
            return new Domain(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, kinks);
        }
    }

    /** An operation of one tensor. */
    interface Unary extends Op {
        /**
         * The cotangent of x.
         *
         * @param g
         *            the cotangent of y
         * @param x
         *            the input
         * @param y
         *            the output
         * @return the vector-Jacobian product
         */
        Tensor vjp(Tensor g, Tensor x, Tensor y);

        @Override
        default Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) { return vjp(g, in[0], y); }

        @Override
        default Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
            return new Tensor[]{vjp(g, in[0], y)};
        }
    }

    /** An operation of two tensors. */
    interface Binary extends Op {
        /**
         * The cotangent of a.
         *
         * @param g
         *            the cotangent of y
         * @param a
         *            the first input
         * @param b
         *            the second input
         * @param y
         *            the output
         * @return the vector-Jacobian product
         */
        Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y);

        /**
         * The cotangent of b.
         *
         * @param g
         *            the cotangent of y
         * @param a
         *            the first input
         * @param b
         *            the second input
         * @param y
         *            the output
         * @return the vector-Jacobian product
         */
        Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y);

        @Override
        default Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) {
            return i == 0 ? vjpA(g, in[0], in[1], y) : vjpB(g, in[0], in[1], y);
        }

        @Override
        default Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
            Tensor[] out = new Tensor[2];
            if (wanted[0])
                out[0] = vjpA(g, in[0], in[1], y);
            if (wanted[1])
                out[1] = vjpB(g, in[0], in[1], y);
            return out;
        }
    }

    /**
     * An operation that does in one pass what several others would; its definition is printed and tested equal.
     */
    interface Fused extends Op {
        /**
         * The same value by unfused operations.
         *
         * @param in
         *            the inputs
         * @return what {@link #forward} computes, up to rounding
         */
        Tensor definition(Tensor... in);
    }
}
