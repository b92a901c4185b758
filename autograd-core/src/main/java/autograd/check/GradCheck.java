package autograd.check;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.Op;
import autograd.Tensor;
import autograd.Unconnected;
import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Asks the numbers whether a derivative is right: the tape's is compared with the slope of the function
 * itself.
 *
 * {@snippet :
 * GradCheck.of(x -> x.tanh().square()).verify(Tensor.of(DType.F64, 0.3, -1));
 * GradCheck.of(new MyOp()).order(1).seed(7).verify(a, b);
 * }
 *
 * Slopes are taken in random directions against random signed cotangents and, when the function is small,
 * element by element (its whole Jacobian matrix). A slope comes with an estimate of its own error, and the
 * two derivatives may differ by little more than that. Order 2, the default, also checks the gradient of the
 * derivative with respect to the inputs and to the cotangent, through nested tapes, and so on.
 *
 * @param name
 *            what reports call the function
 * @param function
 *            what is differentiated; computes from its arguments alone and gives the same bits each time
 * @param order
 *            derivatives of the orders 1 to this are checked
 * @param seed
 *            where random directions and cotangents start from
 */
public record GradCheck(String name, Function<Tensor[], Tensor> function, int order, long seed) {
    /** Checks the order. */
    public GradCheck {
        if (order < 1)
            throw new IllegalArgumentException("order must be at least 1, got " + order);
    }

    /**
     * A check of a function of one tensor.
     *
     * @param f
     *            the function
     * @return the check, of order 2
     */
    public static GradCheck of(UnaryOperator<Tensor> f) { return ofAll(in -> f.apply(in[0])); }

    /**
     * A check of a function of two tensors.
     *
     * @param f
     *            the function
     * @return the check, of order 2
     */
    public static GradCheck of(BinaryOperator<Tensor> f) { return ofAll(in -> f.apply(in[0], in[1])); }

    /**
     * A check of an operation.
     *
     * @param op
     *            the operation
     * @return the check, of order 2
     */
    public static GradCheck of(Op op) {
        return ofAll(in -> in[0].apply(op, Arrays.copyOfRange(in, 1, in.length))).name(op.name());
    }

    /**
     * A check of a function of any number of tensors.
     *
     * @param f
     *            the function
     * @return the check, of order 2
     */
    public static GradCheck ofAll(Function<Tensor[], Tensor> f) { return new GradCheck("function", f, 2, 0); }

    /**
     * The same check under another name.
     *
     * @param name
     *            what reports call the function
     * @return a new check
     */
    public GradCheck name(String name) { return new GradCheck(name, function, order, seed); }

    /**
     * The same check up to another order.
     *
     * @param order
     *            at least 1
     * @return a new check
     */
    public GradCheck order(int order) { return new GradCheck(name, function, order, seed); }

    /**
     * The same check with other random numbers.
     *
     * @param seed
     *            any number
     * @return a new check
     */
    public GradCheck seed(long seed) { return new GradCheck(name, function, order, seed); }

    /**
     * Checks at given inputs and throws an AssertionError with the report unless the check passed.
     *
     * @param inputs
     *            where to check, F64
     */
    public void verify(Tensor... inputs) { check(inputs).verify(); }

    /**
     * Checks at given inputs, order by order, until one fails.
     *
     * @param inputs
     *            where to check, F64; numbers of about 1 suit it best
     * @return the verdict, with the comparison that came out worst
     */
    public Report check(Tensor... inputs) {
        for (int i = 0; i < inputs.length; i++)
            if (inputs[i].dtype() != DType.F64)
                throw new IllegalArgumentException("input " + i + " of " + name + " is " + inputs[i].dtype()
                        + "; a slope needs f64: Tensor.of(DType.F64, ..) or x.to(DType.F64)");
        Rng rng = new Rng(seed);
        Function<Tensor[], Tensor> f = function;
        Tensor[] in = Arrays.stream(inputs).map(Tensor::detach).toArray(Tensor[]::new);
        @Nullable
        Report report = null;
        for (int n = 1; n <= order; n++) {
            Tensor y = value(f, in);
            Report next = new Comparison(this, f, in, y, n).report(rng);
            report = report == null ? next : report.and(next);
            if (report.verdict() == Report.Verdict.FAILED)
                break;
            f = derivative(f, Arrays.stream(in).map(x -> direction(x, rng)).toArray(Tensor[]::new));
            in = append(in, cotangent(y.shape(), rng));
        }
        return report;
    }

    private Tensor value(Function<Tensor[], Tensor> f, Tensor[] in) {
        Tensor y = evaluate(f, in);
        if (y.dtype() != DType.F64)
            throw new IllegalArgumentException(name + " computes " + y.dtype() + " from f64; a slope needs f64");
        if (!Arrays.equals(y.toDoubleArray(), evaluate(f, in).toDoubleArray()))
            throw new IllegalArgumentException(
                    name + " gave two values at the same inputs; make any Rng it uses inside it, from a fixed seed");
        return y;
    }

    static Tensor evaluate(Function<Tensor[], Tensor> f, Tensor[] in) {
        return GradientTape.paused(() -> f.apply(in.clone()));
    }

    /** The derivative of {@code <g, f(x)>} along a direction, by a tape of its own: a function of x and g. */
    private static Function<Tensor[], Tensor> derivative(Function<Tensor[], Tensor> f, Tensor[] along) {
        return in -> {
            Tensor[] x = Arrays.copyOf(in, in.length - 1);
            try (var tape = new GradientTape()) {
                Tensor[] at = watch(tape, x);
                Gradients gradients = tape.gradient(f.apply(at.clone()), in[x.length], List.of(at));
                Tensor sum = Tensor.scalar(DType.F64, 0);
                for (int i = 0; i < at.length; i++)
                    sum = sum.add(gradients.of(at[i], Unconnected.ZERO).mul(along[i]).sum());
                return sum;
            }
        };
    }

    static Tensor[] watch(GradientTape tape, Tensor[] in) {
        return Arrays.stream(in).map(tape::watch).toArray(Tensor[]::new);
    }

    private static Tensor[] append(Tensor[] in, Tensor last) {
        Tensor[] out = Arrays.copyOf(in, in.length + 1);
        out[in.length] = last;
        return out;
    }

    /** About as large as x itself, at least 1, with random signs and no zeros. */
    static Tensor direction(Tensor x, Rng rng) {
        return tensor(x.shape(),
                Arrays.stream(x.toDoubleArray()).map(v -> signed(rng) * Math.max(1, Math.abs(v))).toArray());
    }

    /** Random and signed, never all ones; of several elements at least one is 0 and at least one is not. */
    static Tensor cotangent(Shape shape, Rng rng) {
        int n = shape.size(), zero = n < 2 ? -1 : rng.nextInt(n),
                kept = n < 2 ? 0 : (zero + 1 + rng.nextInt(n - 1)) % n;
        return tensor(shape, IntStream.range(0, n)
                .mapToDouble(i -> i == zero || i != kept && rng.nextInt(8) == 0 ? 0 : signed(rng)).toArray());
    }

    private static double signed(Rng rng) { return rng.nextDouble(0.5, 1.5) * (rng.nextBoolean() ? 1 : -1); }

    static Tensor tensor(Shape shape, double[] values) { return Tensor.of(NdArray.of(values, shape)); }
}
