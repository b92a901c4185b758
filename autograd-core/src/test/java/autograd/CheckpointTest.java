package autograd;

import static autograd.Functional.checkpoint;
import static autograd.Functional.grad;
import static autograd.Functional.hessian;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

import java.util.List;

/** A checkpoint gives the gradients of its function, and applies the function's side effects once. */
class CheckpointTest {
    private static final Tensor X = Tensor.of(DType.F64, 1, 2, -3);

    private final Variable w = new Variable("w", vector(0.5, 0.2, 0.1)),
            count = new Variable("count", Tensor.scalar(DType.F64, 0), false);

    private static Tensor vector(double... values) { return Tensor.of(DType.F64, values); }

    private static void assertNear(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), 1e-12);
    }

    private void count(double n) { count.assign(count.add(n)); }

    /** The gradients of a function of w and a watched tensor. */
    private List<Tensor> gradients(Functional.Fn f) {
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(X);
            Gradients all = tape.gradient(f.of(x).sum(), List.of(x, w));
            return List.of(all.of(x, Unconnected.ZERO), all.of(w, Unconnected.ZERO));
        }
    }

    private void assertSameGradients(Functional.Fn expected, Functional.Fn actual) {
        List<Tensor> e = gradients(expected), a = gradients(actual);
        for (int i = 0; i < e.size(); i++)
            assertNear(e.get(i), a.get(i));
    }

    @Test
    void computesTwiceAndGivesTheSameGradients() {
        int[] calls = {0};
        Functional.Fn plain = in -> {
            calls[0]++;
            return in[0].mul(w).tanh().mul(in[1]);
        }, kept = checkpoint(plain);
        Tensor y = vector(3, -1, 2);
        try (var once = new GradientTape(); var tape = new GradientTape()) {
            Tensor x = tape.watch(X), h = x.mul(2); // captured through an argument, and w by the function
            Gradients expected = tape.gradient(plain.of(h, y).sum(), List.of(x, w));
            calls[0] = 0;
            try (var again = new GradientTape()) {
                Gradients actual = again.gradient(kept.of(h, y).sum(), List.of(h, w));
                assertNear(expected.of(x), actual.of(h).mul(2));
                assertNear(expected.of(w), actual.of(w));
            }
            assertEquals(2, calls[0]);
        }
    }

    /** A tape inside the function finds the gradient of an argument as it does without the checkpoint. */
    @Test
    void anArgumentIsTrackedInsideIfItIsOutside() {
        Functional.Fn inside = in -> {
            try (var tape = new GradientTape()) {
                Gradients slopes = tape.gradient(in[0].mul(in[1]).mul(w).sum(), List.of(in[0], in[1], w));
                assertEquals(List.of(true, false, true), List.of(in[0], in[1], w).stream().map(slopes::has).toList());
                return slopes.of(in[0]).mul(in[0]);
            }
        };
        assertSameGradients(in -> inside.of(in[0], X), in -> checkpoint(inside).of(in[0], X));
    }

    @Test
    void givesSecondDerivatives() {
        Functional.Fn f = in -> in[0].mul(w).tanh().square();
        assertNear(hessian(x -> f.of(x).sum()).apply(X), hessian(x -> checkpoint(f).of(x).sum()).apply(X));
    }

    @Test
    void findsTensorsItCapturesFromOutside() {
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(X), h = x.square();
            Tensor y = checkpoint(in -> in[0].mul(h)).of(Tensor.onesLike(X));
            assertNear(X.mul(2), tape.gradient(y.sum(), x));
        }
    }

    @Test
    void replaysRandomnessAndMovesTheGeneratorOnOnce() {
        Rng rng = new Rng(3), plain = new Rng(3);
        Functional.Fn f = checkpoint(rng, (r, in) -> in[0].mul(Tensor.rand(DType.F64, r, 3)));
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(X), y = f.of(x);
            Tensor mask = Tensor.rand(DType.F64, plain, 3);
            assertNear(X.mul(mask), y);
            assertNear(mask, tape.gradient(y.sum(), x));
        }
        assertEquals(plain.position(), rng.position());
    }

    @Test
    void doesNotAssignTwice() {
        Functional.Fn f = checkpoint(in -> {
            count(1);
            return in[0].square();
        });
        assertNear(X.mul(2), grad(x -> f.of(x).sum()).apply(X));
        assertEquals(1, count.item());
    }

    @Test
    void withoutATapeIsTheFunction() { assertNear(X.square(), checkpoint(in -> in[0].square()).of(X)); }

    @Test
    void theSameTensorAsTwoArguments() {
        assertSameGradients(in -> in[0].mul(in[0]).mul(w).mul(w.exp()),
                in -> checkpoint(a -> a[0].mul(a[1]).mul(a[2]).mul(a[3].exp())).of(in[0], in[0], w, w));
    }

    /** Both uses of a tensor contribute to its gradient. */
    @Test
    void theSameTensorAsAnArgumentAndCaptured() {
        assertSameGradients(in -> in[0].mul(in[0]), in -> checkpoint(a -> a[0].mul(in[0])).of(in[0]));
        assertSameGradients(_ -> w.mul(w.exp()), _ -> checkpoint(a -> a[0].mul(w.exp())).of(w));
        assertSameGradients(in -> in[0].mul(w).add(w.mul(in[0].square())),
                in -> checkpoint(a -> a[0].mul(w).add(a[1].mul(in[0].square()))).of(in[0], w));
    }

    @Test
    void theResultMayBeAnArgumentOrCaptured() {
        assertSameGradients(in -> in[0], in -> checkpoint(a -> a[0]).of(in[0]));
        assertSameGradients(_ -> w, in -> checkpoint(_ -> w).of(in[0]));
        assertSameGradients(in -> in[0].square(), in -> {
            Tensor h = in[0].square();
            return checkpoint(_ -> h).of(w);
        });
    }

    /** Two levels, a variable that only the inner one uses, and one that both do. */
    @Test
    void checkpointsNest() {
        Variable v = new Variable("v", vector(2, 3, 4));
        try (var tape = new GradientTape().persistent()) {
            Tensor x = tape.watch(X);
            Tensor expected = x.mul(v).exp().mul(w).tanh().mul(x);
            Functional.Fn inner = checkpoint(a -> a[0].mul(v).exp().mul(w)),
                    outer = checkpoint(a -> inner.of(a[0]).tanh().mul(a[0]));
            Tensor actual = outer.of(x);
            assertNear(expected, actual);
            for (Tensor t : List.of(x, v, w))
                assertNear(tape.gradient(expected.sum(), t), tape.gradient(actual.sum(), t));
        }
    }

    @Property(tries = 40)
    void depthDoesNotMatter(@ForAll long seed) {
        var random = new Rng(seed);
        int depth = 1 + random.nextInt(4);
        long choices = random.nextInt(1 << 20);
        assertSameGradients(nested(depth, choices, false), nested(depth, choices, true));
    }

    /** Nested functions, each of which uses its argument, the argument of the enclosing function, and w. */
    private Functional.Fn nested(int depth, long choices, boolean checkpoints) {
        Functional.Fn f = in -> {
            Tensor x = in[0], y = switch ((int) (choices & 3)) {
                case 0 -> x.mul(w);
                case 1 -> x.sin().mul(x);
                case 2 -> w;
                default -> x;
            };
            if (depth == 0)
                return y;
            Functional.Fn inner = nested(depth - 1, choices >> 4, checkpoints);
            Tensor argument = (choices & 4) == 0 ? x : y, z = inner.of(argument);
            return (choices & 8) == 0 ? z.mul(argument) : z.add(w);
        };
        return checkpoints ? checkpoint(f) : f;
    }

    @Test
    void nestedOnesMakeChangesOnce() {
        Functional.Fn f = checkpoint(in -> {
            Tensor y = checkpoint(a -> {
                count(1);
                return a[0].square();
            }).of(in[0]);
            count(10);
            return y;
        });
        assertNear(X.mul(2), grad(x -> f.of(x).sum()).apply(X));
        assertEquals(11, count.item());
    }

    /** The inner checkpoint is recomputed while the outer one is recomputed. */
    @Test
    void changesAfterAnInnerPlaybackAreMadeOnceToo() {
        Functional.Fn f = checkpoint(in -> {
            Tensor y = grad(x -> checkpoint(a -> {
                count(1);
                return a[0].pow(3);
            }).of(x).sum()).apply(in[0]);
            count(10);
            return y;
        });
        assertNear(X.mul(6), grad(x -> f.of(x).sum()).apply(X));
        assertEquals(11, count.item());
    }

    @Test
    void stepsAndGradientsOfVariablesAreChangesToo() {
        Functional.Fn f = checkpoint(in -> {
            count.update((s, g) -> s[0] += g, Tensor.scalar(DType.F64, 1));
            w.zeroGrad();
            try (var _ = new GradientTape()) {
                w.square().sum().backward();
            }
            return in[0].square();
        });
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(X), y = f.of(x).sum();
            assertNear(w.mul(2), w.grad());
            w.accumulate(w);
            assertNear(X.mul(2), tape.gradient(y, x));
        }
        assertEquals(1, count.item());
        assertNear(w.mul(3), w.grad());
    }

    /** After an exception during recomputation, variables can be changed as usual. */
    @Test
    void anExceptionEndsTheSecondComputation() {
        boolean[] fails = {false};
        Functional.Fn f = checkpoint(in -> {
            if (fails[0])
                throw new IllegalStateException("on purpose");
            return in[0].square();
        });
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(X), y = f.of(x).sum();
            fails[0] = true;
            assertEquals("on purpose",
                    assertThrows(IllegalStateException.class, () -> tape.gradient(y, x)).getMessage());
        }
        count(5);
        assertEquals(5, count.item());
    }
}
