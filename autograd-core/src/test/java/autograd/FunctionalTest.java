package autograd;

import static autograd.Functional.customVjp;
import static autograd.Functional.grad;
import static autograd.Functional.hessian;
import static autograd.Functional.hvp;
import static autograd.Functional.jacobian;
import static autograd.Functional.jvp;
import static autograd.Functional.perExampleGradients;
import static autograd.Functional.stopGradient;
import static autograd.Functional.valueAndGrad;
import static autograd.Functional.vjp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Differentiation as functions of functions, against derivatives written by hand. */
class FunctionalTest {
    private static final Tensor X = Tensor.of(DType.F64, 1, 2, -3);

    private static Tensor vector(double... values) { return Tensor.of(DType.F64, values); }

    private static void assertNear(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), 1e-12);
    }

    private static Tensor cubes(Tensor x) { return x.mul(x).mul(x).sum(); }

    @Test
    void gradientOfACubeIsThreeSquares() { assertNear(vector(3, 12, 27), grad(FunctionalTest::cubes).apply(X)); }

    @Test
    void valueComesWithTheGradient() {
        var both = valueAndGrad(FunctionalTest::cubes).apply(X);
        assertEquals(-18, both.value().item());
        assertNear(vector(3, 12, 27), both.gradient());
    }

    @Test
    void gradientsNestToAnyOrder() {
        Function<Tensor, Tensor> fourth = x -> x.pow(4).sum();
        assertNear(X.mul(24), grad(x -> grad(y -> grad(fourth).apply(y).sum()).apply(x).sum()).apply(X));
    }

    @Test
    void vjpAndJvpAreTransposes() {
        Function<Tensor, Tensor> f = x -> x.mul(x.sum()).exp().slice(0, 0, 2);
        Tensor x = vector(0.1, -0.2, 0.3), v = vector(1, -2, 0.5), g = vector(0.7, -1.1);
        assertEquals(vjp(f, x, g).mul(v).sum().item(), jvp(f, x, v).mul(g).sum().item(), 1e-12);
    }

    @Test
    void jvpOfJvpIsASecondDerivative() {
        assertNear(X.mul(6), jvp(x -> jvp(y -> y.mul(y).mul(y), x, Tensor.onesLike(x)), X, Tensor.onesLike(X)));
    }

    @Test
    void jacobianHasARowForEachOutput() {
        Tensor m = Tensor.of(DType.F64, new double[][]{{1, 2, 3}, {4, 5, 6}});
        assertNear(m, jacobian(m::matmul).apply(X));
        assertEquals(List.of(2, 1, 3), List.of(2, 1, jacobian(m::matmul).apply(X).shape().dim(1)));
    }

    @Test
    void hessianTimesVectorIsHvp() {
        Function<Tensor, Tensor> f = x -> x.sum().square().mul(x.get(0)).add(cubes(x));
        Tensor v = vector(0.5, -1, 2);
        assertNear(hessian(f).apply(X).matmul(v), hvp(f, X, v));
        assertNear(hessian(f).apply(X), hessian(f).apply(X).transpose());
    }

    @Test
    void aFunctionThatIgnoresItsArgumentHasDerivativeZero() {
        assertNear(vector(0, 0, 0), grad(_ -> Tensor.scalar(DType.F64, 7)).apply(X));
        assertNear(Tensor.zeros(DType.F64, 3, 3), hessian(x -> x.mul(2).sum()).apply(X));
        assertNear(vector(0), jvp(_ -> vector(7), X, X));
    }

    /** The inner argument is a different variable even if it has the same value: d/dy (x y) is x, not 2 x. */
    @Test
    void nestedArgumentsAreNotConfused() {
        assertNear(X, grad(y -> X.mul(y).sum()).apply(X));
        assertNear(X.mul(2), grad(x -> grad(y -> x.mul(y).sum()).apply(x).mul(x).sum()).apply(X));
    }

    @Test
    void stoppedGradientsAreZero() {
        assertNear(X, grad(x -> x.mul(stopGradient(x)).sum()).apply(X));
        assertNear(X, grad(x -> x.mul(x.stopGradient()).sum()).apply(X));
    }

    @Test
    void aHookSeesAndChangesTheCotangent() {
        assertNear(vector(2, 2, -2), grad(x -> x.onGradient(g -> g.clamp(-2, 2)).square().sum()).apply(X));
    }

    @Test
    void aCustomRuleReplacesTheTapes() {
        var f = customVjp(in -> in[0].exp(), (g, in, y) -> new Tensor[]{g.mul(in[0]).mul(100)});
        assertNear(X.exp(), f.of(X));
        assertNear(X.mul(100), grad(x -> f.of(x).sum()).apply(X));
        assertNear(Tensor.eye(DType.F64, 3).mul(100), hessian(x -> f.of(x).sum()).apply(X));
    }

    /** The function itself is not recorded, because no playback would need its nodes. */
    @Test
    void aFunctionWithARuleOfItsOwnIsOneLine() {
        List<String> lines = new ArrayList<>();
        Recorder recorder = new Recorder() {
            @Override
            public void recorded(Node node) { lines.add(node.toString()); }
        };
        Variable captured = new Variable(X);
        var f = customVjp(in -> in[0].exp().mul(captured).tanh(), (g, _, _) -> new Tensor[]{g});
        try (var tape = new GradientTape(recorder)) {
            Tensor x = tape.watch(X), y = f.of(x);
            assertEquals(List.of("v0 = leaf", "v1 = customVjp"), lines);
            assertNear(Tensor.onesLike(X), tape.gradient(y, Tensor.onesLike(y), List.of(x)).of(x));
        }
    }

    @Test
    void anEmptyArgumentListIsRefused() {
        var f = customVjp(_ -> X, (_, _, _) -> new Tensor[0]);
        assertThrows(IllegalArgumentException.class, f::of);
    }

    // ---- per-example gradients

    private final Variable weight = new Variable("weight", Tensor.of(DType.F64, new double[][]{{1, -2}, {0.5, 3}})),
            bias = new Variable("bias", vector(0.1, -0.2));
    private static final Tensor BATCH = Tensor.randn(DType.F64, new Rng(1), 5, 2);
    private int forwards;

    private Tensor losses() {
        forwards++;
        return BATCH.matmul(weight).add(bias).tanh().square().sum(1);
    }

    @Test
    void perExampleGradientsAreThoseOfEachLossAlone() {
        var all = perExampleGradients(this::losses, List.of(weight, bias));
        assertEquals(1, forwards);
        assertEquals(List.of(weight, bias), List.copyOf(all.keySet()));
        for (int i = 0; i < 5; i++)
            try (var tape = new GradientTape()) {
                Gradients one = tape.gradients(losses().slice(0, i, i + 1));
                for (Variable v : List.of(weight, bias))
                    assertArrayEquals(one.of(v).toDoubleArray(), all.get(v).slice(0, i, i + 1).toDoubleArray());
            }
        assertEquals(Shape.of(5, 2, 2), all.get(weight).shape());
        assertEquals(Shape.of(5, 2), all.get(bias).shape());
    }

    @Test
    void theirMeanIsTheGradientOfTheMean() {
        var all = perExampleGradients(this::losses, List.of(weight, bias));
        try (var tape = new GradientTape()) {
            Gradients mean = tape.gradients(losses().mean());
            assertNear(mean.of(weight), all.get(weight).mean(0));
            assertNear(mean.of(bias), all.get(bias).mean(0));
        }
    }

    /** The gradient of the sum of their squares, which an outer tape computes, against slopes. */
    @Test
    void perExampleGradientsHaveGradients() {
        GradCheck.of(w -> {
            Variable v = new Variable(Tensor.ones(DType.F64, 2));
            return perExampleGradients(() -> BATCH.mul(w).mul(v).tanh().sum(1), List.of(v)).get(v).square();
        }).order(1).verify(vector(0.3, -0.7));
    }

    @Test
    void noExamplesHaveNoGradients() {
        var all = perExampleGradients(() -> Tensor.zeros(DType.F64, 0, 2).matmul(weight).sum(1), List.of(weight));
        assertEquals(Shape.of(0, 2, 2), all.get(weight).shape());
    }

    @Test
    void perExampleGradientsNeedALossForEachExample() {
        String shape = assertThrows(IllegalArgumentException.class,
                () -> perExampleGradients(() -> losses().mean(), List.of(weight))).getMessage();
        assertTrue(shape.contains("perExampleGradients") && shape.contains("[]") && shape.contains("mean"), shape);
        Variable unused = new Variable("unused", X);
        String message = assertThrows(IllegalStateException.class,
                () -> perExampleGradients(this::losses, List.of(weight, unused))).getMessage();
        assertTrue(message.contains("unused") && message.contains("does not depend"), message);
    }

    // ---- costs

    @Test
    void jacobianComputesTheFunctionOnce() {
        jacobian(x -> {
            forwards++;
            return x.exp();
        }).apply(X);
        assertEquals(1, forwards);
    }

    static Stream<Arguments> networks() {
        Rng rng = new Rng(2);
        Tensor w = Tensor.randn(DType.F64, rng, 64, 64).mul(0.1), rows = Tensor.randn(DType.F64, rng, 32, 64),
                c = Tensor.ones(DType.F64, 64), kernel = Tensor.randn(DType.F64, rng, 8, 4, 3, 3),
                images = Tensor.randn(DType.F64, rng, 2, 4, 8, 8);
        UnaryOperator<Tensor> mlp = x -> x.matmul(w).add(c).tanh().matmul(w).add(c).relu().matmul(w).logSoftmax(1),
                gelu = x -> x.matmul(w).add(c).gelu().matmul(w), attention = x -> {
                    Tensor scores = x.matmul(w).matmul(x.matmul(w).transpose()).mul(0.1).softmax(1);
                    return scores.matmul(x.matmul(w)).add(x).layerNorm(c, c, 1e-5);
                }, convolution = x -> x.conv2d(kernel).relu().maxPool2d(2, 2, 0).flatten().sigmoid();
        UnaryOperator<Tensor> quadratic = x -> x.matmul(w).matmul(x.transpose());
        return Stream.of(arguments("mlp", mlp, rows), arguments("gelu", gelu, rows),
                arguments("attention", attention, rows), arguments("convolution", convolution, images),
                arguments("quadratic form", quadratic, rows));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void jvpTakesAtMostFiveTimesTheOperations(String name, UnaryOperator<Tensor> f, Tensor x) {
        double forward = operations(f, x), jvp = operations(at -> jvp(f::apply, at, Tensor.onesLike(x)), x);
        assertTrue(forward > 0 && jvp <= 5 * forward, () -> name + ": " + forward + ", jvp " + jvp);
    }

    /** The arithmetic operations of a function, all of which a tape around it records. */
    private static double operations(UnaryOperator<Tensor> f, Tensor x) {
        double[] count = new double[1];
        Recorder recorder = new Recorder() {
            @Override
            public void recorded(Node node) { count[0] += node.isLeaf() ? 0 : operations(node); }
        };
        try (var tape = new GradientTape(recorder)) {
            f.apply(tape.watch(x));
        }
        return count[0];
    }

    /** A multiplication and an addition for each term of a product, one for each element of anything else. */
    private static double operations(Node node) {
        Tensor a = node.inputs().getFirst(), b = node.inputs().getLast(), y = node.output();
        return switch (node.op()) {
            case LinearAlgebra.MatMul _,LinearAlgebra.ZmatMul _ ->
                2 * Math.sqrt((double) a.size() * b.size() * y.size()); // m k, k n and m n
            case Windows.Conv2d _ -> 2.0 * y.size() * b.size() / b.shape().dim(0);
            case Windows.ConvTranspose2d _ -> 2.0 * b.size() * a.size() / a.shape().dim(0);
            case Movement.Reshape _,Movement.Permute _,GradientFlow.Identity _ -> 0;
            case Op.Fused fused -> operations(in -> fused.definition(Stream.concat(Stream.of(in), node.inputs().stream()
                    .skip(1)).toArray(Tensor[]::new)), a.detach());
            default -> Math.max(a.size(), y.size());
        };
    }
}
