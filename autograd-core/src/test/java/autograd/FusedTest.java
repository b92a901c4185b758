package autograd;

import static autograd.OpCase.cotangent;
import static autograd.OpCase.vjps;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.ForAll;

import java.util.function.Function;

/** A fused operation is its definition: in value, in gradient, and in the gradient's gradient. */
class FusedTest {
    @ForEveryOp
    void equalsItsDefinition(@ForEveryOp.FusedCase OpCase c, @ForAll int seed) {
        Rng rng = new Rng(seed);
        Function<Tensor[], Tensor> definition = ((Op.Fused) c.op())::definition;
        Tensor y = c.value(), g = cotangent(y.shape(), rng);
        Tensor[] v = c.inputs().stream().map(x -> cotangent(x.shape(), rng)).toArray(Tensor[]::new);
        assertNear(definition.apply(c.in()), y);
        Tensor[] expected = vjps(definition, g, c.in()), actual = c.vjps(g);
        Tensor[] expected2 = vjps(along(definition, g, v), Tensor.scalar(DType.F64, 1), c.in()),
                actual2 = vjps(along(c.function(), g, v), Tensor.scalar(DType.F64, 1), c.in());
        for (int i = 0; i < v.length; i++) {
            assertNear(expected[i], actual[i]);
            assertNear(expected2[i], actual2[i]);
        }
    }

    private static Function<Tensor[], Tensor> along(Function<Tensor[], Tensor> f, Tensor g, Tensor[] v) {
        return in -> {
            Tensor[] shares = vjps(f, g, in);
            Tensor sum = Tensor.scalar(DType.F64, 0);
            for (int i = 0; i < v.length; i++)
                sum = sum.add(shares[i].mul(v[i]).sum());
            return sum;
        };
    }

    private static void assertNear(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        double[] e = expected.toDoubleArray(), a = actual.toDoubleArray();
        for (int i = 0; i < e.length; i++)
            assertEquals(e[i], a[i], 1e-12 * (1 + Math.abs(e[i])));
    }
}
