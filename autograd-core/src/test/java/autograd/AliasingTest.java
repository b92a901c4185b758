package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.kernels.Kernels;
import net.jqwik.api.ForAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tensors that share storage, or are the same object: a change of one is never visible in another. */
class AliasingTest {
    /** A result does not change when a variable that it was computed from changes, even if it is a view of it. */
    @ForEveryOp
    void resultsStayWhenVariablesAreAssigned(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        Rng rng = new Rng(seed);
        Variable[] in = c.inputs().stream().map(Variable::new).toArray(Variable[]::new);
        Tensor y = c.with(in).value();
        double[] before = y.toDoubleArray();
        for (Variable v : in)
            v.assign(OpCase.cotangent(v.shape(), rng));
        assertArrayEquals(before, y.toDoubleArray());
    }

    /** A view of one of its inputs in reverse order. */
    private record Reversed(int which) implements Op {
        @Override
        public NdArray forward(NdArray... in) {
            NdArray x = in[which];
            return x.view(x.layout().slice(new int[]{x.size() - 1}, new int[]{x.size()}, new int[]{-1}));
        }

        @Override
        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) { return i == which ? g.flip() : g.mul(0); }
    }

    @Test
    void aResultMayBeAViewOfAnyInput() {
        for (int n = 1; n <= 4; n++)
            for (int which = 0; which < n; which++) {
                Variable[] in = IntStream.range(0, n).mapToObj(k -> new Variable(Tensor.of(DType.F64, k, 10 + k, 20)))
                        .toArray(Variable[]::new);
                Tensor y = OpCase.of(new Reversed(which), in).value();
                for (Variable v : in)
                    v.assign(Tensor.zerosLike(v));
                assertArrayEquals(new double[]{20, 10 + which, which}, y.toDoubleArray(), which + " of " + n);
            }
    }

    @Test
    void aVariableIsAssignedFromViewsOfItself() {
        Tensor value = Tensor.of(DType.F64, new double[][]{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
        for (boolean shared : new boolean[]{false, true})
            for (var view : List.<java.util.function.UnaryOperator<Tensor>>of(x -> x, Tensor::transpose, x -> x.flip(0),
                    x -> x.flip(1), Tensor::flip, x -> x.slice(0, 1, 2).broadcastTo(3, 3),
                    x -> x.slice(1, 0, 1).broadcastTo(3, 3), x -> x.roll(1, 0), x -> x.diagonal().broadcastTo(3, 3))) {
                Variable v = new Variable(value);
                Tensor early = shared ? v.reshape(9) : value.reshape(9);
                v.assign(view.apply(v));
                assertArrayEquals(view.apply(value).toDoubleArray(), v.toDoubleArray());
                assertArrayEquals(value.toDoubleArray(), early.toDoubleArray());
                v.assign(v);
                assertArrayEquals(view.apply(value).toDoubleArray(), v.toDoubleArray());
            }
    }

    // ---- rules that return arrays that others hold

    /** Existing tensors that a rule may return. */
    private enum Returned {
        COTANGENT, FIRST, SECOND, OUTPUT, CONSTANT, SUM
    }

    /** Twice the sum of its inputs, with another rule. */
    private record Odd(Returned returned, Tensor constant, Tensor sum) implements Op {
        @Override
        public NdArray forward(NdArray... in) { return Kernels.get().map((a, b) -> 2 * (a + b), in[0], in[1]); }

        @Override
        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) {
            return switch (returned) {
                case COTANGENT -> g;
                case FIRST -> in[0];
                case SECOND -> in[1];
                case OUTPUT -> y;
                case CONSTANT -> constant;
                case SUM -> sum;
            };
        }
    }

    /**
     * The same tensor as the cotangents of both inputs, which are used elsewhere too, so that it is added to:
     * what holds it keeps its value, and every gradient is the sum of its own shares.
     */
    @ParameterizedTest
    @EnumSource
    void ruleMayReturnExistingTensors(Returned returned) {
        for (int n : new int[]{1, 40, 5000})
            for (boolean scoped : new boolean[]{false, true}) {
                Tensor start = Tensor.arange(DType.F64, 1, n + 1, 1), constant = start.mul(7);
                Variable a = new Variable(start), b = new Variable(start.mul(2)), sum = new Variable(start.mul(5));
                List<Tensor> held = new ArrayList<>();
                Gradients g;
                try (var tape = scoped ? new GradientTape().scoped() : new GradientTape()) {
                    Tensor y = a.apply(new Odd(returned, constant, sum), b);
                    held.addAll(List.of(y, constant, sum));
                    g = tape.gradients(y.mul(3).add(a).add(b).add(a.mul(b)).sum());
                    for (int i = 0; i < n; i++) {
                        double x = i + 1, share = switch (returned) {
                            case COTANGENT -> 3;
                            case FIRST -> x;
                            case SECOND -> 2 * x;
                            case OUTPUT -> 6 * x;
                            case CONSTANT -> 7 * x;
                            case SUM -> 5 * x;
                        };
                        assertEquals(share + 1 + 2 * x, g.of(a).get(i));
                        assertEquals(share + 1 + x, g.of(b).get(i));
                    }
                    assertArrayEquals(start.mul(6).toDoubleArray(), held.get(0).toDoubleArray());
                }
                assertArrayEquals(start.mul(7).toDoubleArray(), constant.toDoubleArray());
                assertArrayEquals(start.mul(5).toDoubleArray(), sum.toDoubleArray());
                assertArrayEquals(start.toDoubleArray(), a.toDoubleArray());
                assertArrayEquals(start.mul(2).toDoubleArray(), b.toDoubleArray());
            }
    }

    /** An array with two owners is written by neither of them. */
    @Test
    void tensorsOverOneArrayAreIndependentOfVariables() {
        NdArray array = NdArray.of(new double[]{1, 2, 3}, Shape.of(3));
        Tensor t = Tensor.of(array);
        Variable v = new Variable(t), w = new Variable(t);
        v.assign(Tensor.of(DType.F64, 7, 8, 9));
        w.update((s, g) -> s[0] -= g, t);
        assertArrayEquals(new double[]{1, 2, 3}, t.toDoubleArray());
        assertArrayEquals(new double[]{0, 0, 0}, w.toDoubleArray());
        assertArrayEquals(new double[]{7, 8, 9}, v.toDoubleArray());
        assertEquals(3, Stream.of(t, v, w).map(x -> x.array().storage()).distinct().count());
    }
}
