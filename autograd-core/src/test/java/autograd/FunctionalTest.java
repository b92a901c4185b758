package autograd;

import static autograd.Functional.customVjp;
import static autograd.Functional.grad;
import static autograd.Functional.hessian;
import static autograd.Functional.hvp;
import static autograd.Functional.jacobian;
import static autograd.Functional.jvp;
import static autograd.Functional.stopGradient;
import static autograd.Functional.valueAndGrad;
import static autograd.Functional.vjp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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
}
