package autograd;

import autograd.array.Rng;
import autograd.array.Shape;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Differentiation as functions of functions, in the style of JAX: each takes a function of tensors and
 * returns another, which can be differentiated again. All are built from tapes and vector-Jacobian products.
 * The derivative of a function that does not depend on its argument is 0.
 */
public final class Functional {
    private Functional() {}

    /** A function of several tensors. */
    @FunctionalInterface
    public interface Fn {
        /** The value of the function. */
        Tensor of(Tensor... in);
    }

    /** The vector-Jacobian products of a function, all at once. */
    @FunctionalInterface
    public interface Rule {
        /** The cotangents of all inputs, given the cotangent of the output, the inputs, and the output. */
        Tensor[] vjps(Tensor g, Tensor[] in, Tensor y);
    }

    /**
     * The value and the gradient of a function at a point.
     *
     * @param value
     *            f(x), a single number
     * @param gradient
     *            df/dx, shaped as x
     */
    public record ValueAndGrad(Tensor value, Tensor gradient) {}

    /** The gradient of a function whose value is a single number: {@code grad(f).apply(x)} is df/dx. */
    public static UnaryOperator<Tensor> grad(Function<Tensor, Tensor> f) {
        return x -> valueAndGrad(f).apply(x).gradient;
    }

    /** A function together with its gradient, computed in one pass. */
    public static Function<Tensor, ValueAndGrad> valueAndGrad(Function<Tensor, Tensor> f) {
        return x -> {
            try (var tape = new GradientTape()) {
                Tensor input = input(tape, x), y = f.apply(input);
                if (y.size() != 1)
                    throw new IllegalArgumentException("grad: f(x) has shape " + y.shape()
                            + ", it must be a single number; reduce it, for example by sum(), or use vjp");
                return new ValueAndGrad(y, tape.gradient(y, List.of(input)).of(input, Unconnected.ZERO));
            }
        };
    }

    /** The vector-Jacobian product at x: the gradient of {@code sum(g * f(x))}, shaped as x. */
    public static Tensor vjp(Function<Tensor, Tensor> f, Tensor x, Tensor g) {
        try (var tape = new GradientTape()) {
            Tensor input = input(tape, x), y = f.apply(input);
            check("vjp: g", g, "f(x)", y);
            return tape.gradient(y, g, List.of(input)).of(input, Unconnected.ZERO);
        }
    }

    /**
     * The Jacobian-vector product at x: the derivative of f along v, shaped as f(x). It is computed as the
     * derivative of a vector-Jacobian product, which is linear in its cotangent, with respect to that cotangent.
     * Where products of matrices dominate, this takes at most 5 times as many arithmetic operations as f alone: 1
     * product becomes 2 in the playback of f, and 2 in the playback of that; half of them if one factor is
     * constant.
     */
    public static Tensor jvp(Function<Tensor, Tensor> f, Tensor x, Tensor v) {
        check("jvp: v", v, "x", x);
        try (var outer = new GradientTape(); var inner = new GradientTape()) {
            Tensor input = input(inner, x), y = f.apply(input);
            Tensor g = outer.watch(Tensor.zerosLike(y));
            Tensor product = inner.gradient(y, g, List.of(input)).of(input, Unconnected.ZERO);
            inner.close();
            return outer.gradient(product, v, List.of(g)).of(g, Unconnected.ZERO);
        }
    }

    /**
     * All partial derivatives: element (i.., j..) of the result at x is df(x)[i..] / dx[j..]. The function is
     * computed once and played back once for each element of its value.
     */
    public static UnaryOperator<Tensor> jacobian(Function<Tensor, Tensor> f) {
        return x -> {
            try (var tape = new GradientTape().persistent()) {
                Tensor input = input(tape, x), y = f.apply(input);
                Shape all = Shape
                        .of(IntStream.concat(IntStream.of(y.shape().dims()), IntStream.of(x.shape().dims())).toArray());
                if (all.size() == 0)
                    return Tensor.zeros(x.dtype(), all);
                return rows(tape, y, List.of(input), Unconnected.ZERO).getFirst().reshape(all);
            }
        };
    }

    /** For each tensor its gradients of all elements of y, one after the other along a new first axis. */
    private static List<Tensor> rows(GradientTape tape, Tensor y, List<? extends Tensor> xs, Unconnected unconnected) {
        List<Gradients> rows = IntStream.range(0, y.size()).mapToObj(i -> tape.gradient(y, unit(y, i), xs)).toList();
        return xs.stream()
                .map(x -> Tensor.stack(0, rows.stream().map(row -> row.of(x, unconnected)).toArray(Tensor[]::new)))
                .toList();
    }

    /**
     * The gradient of the loss of each example by itself, for example to clip or compare them. The losses are
     * computed once, and played back once for each example.
     *
     * @param losses
     *            computes the losses, of shape [n], without a sum or mean over examples
     * @param variables
     *            the variables to differentiate by; an error if the losses do not depend on one
     * @return for each variable, in that order, its gradients, of shape [n, ..shape]
     */
    public static SequencedMap<Variable, Tensor> perExampleGradients(Supplier<Tensor> losses,
            Collection<Variable> variables) {
        List<Variable> xs = List.copyOf(new LinkedHashSet<>(variables));
        SequencedMap<Variable, Tensor> gradients = new LinkedHashMap<>();
        try (var tape = new GradientTape().persistent()) {
            Tensor y = losses.get();
            if (y.shape().rank() != 1)
                throw new IllegalArgumentException("perExampleGradients: the losses have shape " + y.shape()
                        + ", it must be [n], one loss for each example: leave out the sum or mean over examples");
            List<Tensor> rows = y.size() == 0
                    ? xs.stream().map(x -> Tensor.zeros(x.dtype(), withFirst(0, x))).toList()
                    : rows(tape, y, xs, Unconnected.ERROR);
            for (int i = 0; i < xs.size(); i++)
                gradients.put(xs.get(i), rows.get(i));
        }
        return gradients;
    }

    private static Shape withFirst(int n, Tensor x) {
        return Shape.of(IntStream.concat(IntStream.of(n), IntStream.of(x.shape().dims())).toArray());
    }

    private static Tensor unit(Tensor y, int i) {
        return IntTensor.of(i).oneHot(y.dtype(), y.size()).reshape(y.shape());
    }

    /** All second partial derivatives of a function whose value is a single number. */
    public static UnaryOperator<Tensor> hessian(Function<Tensor, Tensor> f) {
        return jacobian(grad(f));
    }

    /**
     * The product of the Hessian at x with a vector, without the Hessian. Pearlmutter, Neural Computation 6
     * (1994).
     */
    public static Tensor hvp(Function<Tensor, Tensor> f, Tensor x, Tensor v) {
        check("hvp: v", v, "x", x);
        return vjp(grad(f), x, v);
    }

    private static void check(String given, Tensor g, String of, Tensor x) {
        if (!g.shape().equals(x.shape()) || g.dtype() != x.dtype())
            throw new IllegalArgumentException(given + " has shape " + g.shape() + " " + g.dtype() + ", " + of + " "
                    + x.shape() + " " + x.dtype() + "; they must be the same");
    }

    /** A tracked tensor for the argument x, apart from other uses of x inside f. */
    private static Tensor input(GradientTape tape, Tensor x) {
        return tape.watch(x).apply(new GradientFlow.Identity());
    }

    /** x as a constant: no gradient flows through. */
    public static Tensor stopGradient(Tensor x) { return x.detach(); }

    /**
     * Gives a function a rule for its derivative, in place of the operations that a tape would record. What the
     * function captures is constant. The function is recorded as one operation; it can be differentiated again if
     * the rule is tensor algebra.
     */
    public static Fn customVjp(Fn f, Rule rule) {
        return in -> first(in).apply(new GradientFlow.CustomVjp(f, rule), rest(in));
    }

    /**
     * Trades time for memory: the tape keeps the inputs of the function only, and computes it again in the
     * playback. Variables and other tracked tensors that it captures get their gradients, too; changes it makes
     * to variables are made once. If it draws random numbers, use {@link #checkpoint(Rng, BiFunction)}. Chen et
     * al., "Training Deep Nets with Sublinear Memory Cost", 2016.
     */
    public static Fn checkpoint(Fn f) {
        return in -> {
            Recording recording = Recording.current();
            if (recording.levels.tape() == null)
                return f.of(in);
            var capture = new Capture();
            Tensor y = capture.run(f, in);
            Tensor[] all = Stream.concat(Arrays.stream(in), capture.used().stream()).toArray(Tensor[]::new);
            return recording.record(new GradientFlow.Checkpoint(f, in.length), y.array(), all);
        };
    }

    /**
     * {@link #checkpoint(Fn)} for a function that draws random numbers: it draws the same numbers in the
     * playback. The generator moves on once.
     */
    public static Fn checkpoint(Rng rng, BiFunction<Rng, Tensor[], Tensor> f) {
        return in -> {
            long begin = rng.position();
            long[] end = {begin};
            Tensor y = checkpoint(x -> {
                Rng replayed = new Rng(rng.key(), begin);
                Tensor result = f.apply(replayed, x);
                end[0] = replayed.position();
                return result;
            }).of(in);
            rng.skipTo(end[0]);
            return y;
        };
    }

    private static Tensor first(Tensor... in) {
        if (in.length == 0)
            throw new IllegalArgumentException("a function to differentiate needs at least one tensor");
        return in[0];
    }

    private static Tensor[] rest(Tensor... in) { return Arrays.copyOfRange(in, 1, in.length); }
}
