package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Function;

/** A user's operation works like a built-in one: {@code x.apply(new MyOp())}. */
class UserOpTest {
    private final Variable w = new Variable("w", Tensor.of(DType.F64, 1, 2, 3));

    private record Cube() implements Elementwise.Map1 {
        @Override
        public double f(double x) { return x * x * x; }

        @Override
        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.square().mul(3)); }
    }

    @Test
    void anElementwiseFunctionIsOneDefinitionAndOneRule() {
        try (var outer = new GradientTape()) {
            Tensor g;
            try (var inner = new GradientTape()) {
                Tensor y = w.apply(new Cube());
                assertEquals("cube", y.node().op().name());
                assertArrayEquals(new double[]{1, 8, 27}, y.toDoubleArray());
                g = inner.gradient(y.sum(), w);
            }
            assertArrayEquals(new double[]{3, 12, 27}, g.toDoubleArray());
            assertArrayEquals(new double[]{6, 12, 18}, outer.gradient(g.sum(), w).toDoubleArray());
        }
        assertEquals(27, Tensor.of(3).apply(new Cube()).item());
    }

    /** a b + c, with separate rules for each input. */
    private record MultiplyAdd() implements Op {
        @Override
        public NdArray forward(NdArray... in) {
            Kernels k = Kernels.get();
            return k.map(Double::sum, k.map((a, b) -> a * b, in[0], in[1]), in[2]);
        }

        @Override
        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) { return i == 2 ? g : g.zmul(in[1 - i]); }
    }

    @Test
    void anOperationMayTakeAnyNumberOfInputsAndBroadcastThem() {
        Variable b = new Variable("b", Tensor.scalar(DType.F64, 10)),
                c = new Variable("c", Tensor.ones(DType.F64, 2, 1));
        try (var tape = new GradientTape()) {
            Tensor y = w.apply(new MultiplyAdd(), b, c);
            assertEquals(Shape.of(2, 3), y.shape());
            Gradients g = tape.gradients(y.sum());
            assertArrayEquals(new double[]{20, 20, 20}, g.of(w).toDoubleArray());
            assertEquals(12, g.of(b).item());
            assertArrayEquals(new double[]{3, 3}, g.of(c).toDoubleArray());
        }
    }

    /** a / b, whose rules share the computation of g / b. */
    private record Ratio(int[] divisions) implements Op {
        @Override
        public NdArray forward(NdArray... in) { return Kernels.get().map((a, b) -> a / b, in[0], in[1]); }

        @Override
        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) { throw new AssertionError("vjps is overridden"); }

        @Override
        public Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
            divisions[0]++;
            Tensor share = g.div(in[1]);
            return new Tensor[]{share, wanted[1] ? share.mul(y).neg() : null};
        }
    }

    @Test
    void inputsMayShareTheWorkOfTheirRules() {
        int[] divisions = {0};
        Variable b = new Variable("b", Tensor.of(DType.F64, 2, 4, 5));
        try (var tape = new GradientTape().persistent()) {
            Gradients g = tape.gradients(w.apply(new Ratio(divisions), b).sum());
            assertArrayEquals(new double[]{0.5, 0.25, 0.2}, g.of(w).toDoubleArray());
            assertArrayEquals(new double[]{-1 / 4., -2 / 16., -3 / 25.}, g.of(b).toDoubleArray(), 1e-15);
            assertEquals(1, divisions[0]);
            assertArrayEquals(new double[]{0.5, 0.25, 0.2},
                    tape.gradient(w.apply(new Ratio(divisions), b.detach()).sum(), w).toDoubleArray());
        }
    }

    @Test
    void aResultMayBeAViewOfTheInput() {
        record Reversed() implements Op.Unary {
            @Override
            public NdArray forward(NdArray... in) {
                return in[0].view(in[0].layout().slice(new int[]{2}, new int[]{3}, new int[]{-1}));
            }

            @Override
            public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(this); }
        }
        try (var tape = new GradientTape()) {
            Tensor y = w.apply(new Reversed());
            assertArrayEquals(new double[]{9, 8, 7}, tape.gradient(y.mul(Tensor.of(DType.F64, 7, 8, 9)).sum(), w)
                    .toDoubleArray());
            w.assign(Tensor.zeros(DType.F64, 3));
            assertArrayEquals(new double[]{3, 2, 1}, y.toDoubleArray());
        }
    }

    @Test
    void namesComeFromTheClass() {
        assertEquals("multiplyAdd", new MultiplyAdd().name());
        assertEquals("op", new Op.Unary() {
            @Override
            public NdArray forward(NdArray... in) { return in[0]; }

            @Override
            public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g; }
        }.name());
    }

    @Test
    void mixedDtypesNeverReachTheOperation() {
        String message = assertThrows(IllegalArgumentException.class,
                () -> w.apply(new MultiplyAdd(), Tensor.ones(DType.F64, 3), Tensor.ones(3))).getMessage();
        assertEquals("multiplyAdd: inputs have dtypes f64 and f32; convert one with to(DType)", message);
    }

    private record Wrong(Function<Tensor, Tensor> rule) implements Op.Unary {
        @Override
        public NdArray forward(NdArray... in) { return Kernels.get().copy(in[0]); }

        @Override
        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return rule.apply(g); }
    }

    private String messageOf(Function<Tensor, Tensor> rule) {
        try (var tape = new GradientTape()) {
            Tensor y = w.apply(new Wrong(rule));
            return assertThrows(IllegalStateException.class,
                    () -> tape.gradient(y, Tensor.ones(DType.F64, 3), List.of(w))).getMessage();
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void aRuleThatGivesNothing() {
        assertEquals("the rule of wrong gave nothing for input 0 [3] f64 of output [3]", messageOf(_ -> null));
    }

    @Test
    void aRuleThatGivesTheWrongShape() {
        assertEquals("the rule of wrong gave a cotangent [] f64 for input 0 [3] f64 of output [3]",
                messageOf(Tensor::sum));
        assertEquals("the rule of wrong gave a cotangent [3, 1] f64 for input 0 [3] f64 of output [3]",
                messageOf(g -> g.reshape(3, 1)));
    }

    @Test
    void aRuleThatGivesTheWrongDtype() {
        assertEquals("the rule of wrong gave a cotangent [3] f32 for input 0 [3] f64 of output [3]",
                messageOf(g -> g.to(DType.F32)));
    }

    private record Short() implements Op.Unary {
        @Override
        public NdArray forward(NdArray... in) { return Kernels.get().copy(in[0]); }

        @Override
        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g; }

        @Override
        public Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) { return new Tensor[0]; }
    }

    @Test
    void aRuleThatGivesTooFew() {
        try (var tape = new GradientTape()) {
            Tensor y = w.apply(new Short());
            assertEquals("the rule of short gave 0 cotangents for 1 inputs", assertThrows(IllegalStateException.class,
                    () -> tape.gradient(y, Tensor.ones(DType.F64, 3), List.of(w))).getMessage());
        }
    }
}
