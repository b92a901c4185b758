package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.GradientTape;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.nn.init.Init;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MultiHeadAttentionTest {
    private static final int WIDTH = 6;

    private static MultiHeadAttention layer(Rng rng, int heads) {
        MultiHeadAttention layer = MultiHeadAttention.of(DType.F64, rng, WIDTH, heads, Init.normal(0.7));
        for (Dense d : new Dense[]{layer.query(), layer.key(), layer.value(), layer.out()})
            d.bias().assign(Tensor.randn(DType.F64, rng, WIDTH));
        return layer;
    }

    @Property(tries = 40)
    void isAWeightedMeanOfValuesInEachHead(@ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 4) int queries, @ForAll @IntRange(min = 1, max = 4) int keys,
            @ForAll boolean masked, @ForAll long seed) {
        var rng = new Rng(seed);
        MultiHeadAttention layer = layer(rng, heads);
        Tensor q = Tensor.randn(DType.F64, rng, 2, queries, WIDTH), k = Tensor.randn(DType.F64, rng, 2, keys, WIDTH),
                v = Tensor.randn(DType.F64, rng, 2, keys, WIDTH);
        Mask allowed = Tensor.rand(rng, queries, keys).gt(masked ? 0.5 : -1);
        if (!allowed.any(-1).all())
            allowed = allowed.not().or(allowed);
        Tensor y = masked ? layer.forward(q, k, v, allowed.reshape(1, queries, keys)) : layer.forward(q, k, v);
        for (int n = 0; n < 2; n++)
            for (int i = 0; i < queries; i++)
                assertArrayEquals(byHand(layer, rows(q, n), rows(k, n), rows(v, n), allowed, i), rows(y, n)[i], 1e-12);
    }

    /**
     * Weights are dropped after the softmax and the others grow, so that the mean over many passes is the output.
     */
    @Test
    void dropoutActsOnTheWeightsInTraining() {
        var rng = new Rng(3);
        MultiHeadAttention plain = layer(rng, 2), dropping = plain.dropout(0.5);
        Tensor x = Tensor.randn(DType.F64, rng, 1, 3, WIDTH), sum = Tensor.zeros(DType.F64, 1, 3, WIDTH);
        int passes = 4000;
        for (int i = 0; i < passes; i++)
            sum = sum.add(dropping.forward(x, x, x, null, Pass.training(rng)));
        assertEquals(0, sum.div(passes).sub(plain.forward(x)).abs().max().item(), 0.15);
        assertArrayEquals(plain.forward(x).toDoubleArray(), dropping.forward(x, x, x, null, Pass.EVAL).toDoubleArray());
        try (var tape = new GradientTape()) {
            assertSays(assertThrows(IllegalStateException.class, () -> dropping.forward(tape.watch(x))),
                    "MultiHeadAttention", "Pass.training(rng)");
        }
    }

    /** One row of the output, with plain arrays. */
    private static double[] byHand(MultiHeadAttention layer, double[][] q, double[][] k, double[][] v, Mask allowed,
            int i) {
        int part = WIDTH / layer.heads();
        double[] query = dense(layer.query(), q[i]), found = new double[WIDTH];
        for (int head = 0; head < layer.heads(); head++) {
            double[] weights = new double[k.length];
            double total = 0;
            for (int j = 0; j < k.length; j++) {
                double[] key = dense(layer.key(), k[j]);
                double score = 0;
                for (int c = head * part; c < (head + 1) * part; c++)
                    score += query[c] * key[c];
                total += weights[j] = allowed.get(i, j) ? Math.exp(score / Math.sqrt(part)) : 0;
            }
            for (int j = 0; j < k.length; j++) {
                double[] value = dense(layer.value(), v[j]);
                for (int c = head * part; c < (head + 1) * part; c++)
                    found[c] += weights[j] / total * value[c];
            }
        }
        return dense(layer.out(), found);
    }

    private static double[] dense(Dense dense, double[] x) {
        double[] y = dense.bias().toDoubleArray();
        for (int i = 0; i < x.length; i++)
            for (int j = 0; j < y.length; j++)
                y[j] += x[i] * dense.weight().get(i, j);
        return y;
    }

    private static double[][] rows(Tensor x, int n) {
        double[][] rows = new double[x.shape().dim(1)][x.shape().dim(2)];
        for (int i = 0; i < rows.length; i++)
            for (int j = 0; j < rows[i].length; j++)
                rows[i][j] = x.get(n, i, j);
        return rows;
    }

    /** What comes later changes nothing before. */
    @Test
    void theCausalMaskHidesTheFuture() {
        var rng = new Rng(1);
        MultiHeadAttention layer = layer(rng, 2);
        Tensor x = Tensor.randn(DType.F64, rng, 1, 5, WIDTH);
        Tensor other = Tensor.concat(1, x.slice(1, 0, 3), Tensor.randn(DType.F64, rng, 1, 2, WIDTH));
        Mask causal = Masks.causal(5);
        assertEquals(15, causal.count());
        assertArrayEquals(layer.forward(x, causal).slice(1, 0, 3).toDoubleArray(),
                layer.forward(other, causal).slice(1, 0, 3).toDoubleArray(), 1e-14);
    }

    @Test
    void aMaskMayDifferByExample() {
        var rng = new Rng(2);
        MultiHeadAttention layer = layer(rng, 3);
        Tensor x = Tensor.randn(DType.F64, rng, 2, 3, WIDTH);
        Mask lengths = Mask.of(new boolean[]{true, true, true, true, true, false}, 2, 1, 1, 3);
        Tensor y = layer.forward(x, lengths);
        assertArrayEquals(layer.forward(x.slice(0, 0, 1)).toDoubleArray(), y.slice(0, 0, 1).toDoubleArray(), 1e-14);
        Tensor two = x.slice(0, 1, 2), short2 = two.slice(1, 0, 2);
        assertArrayEquals(layer.forward(two, short2, short2).toDoubleArray(), y.slice(0, 1, 2).toDoubleArray(), 1e-14);
    }

    @Test
    void itsGradientsAreItsSlopes() {
        var rng = new Rng(3);
        MultiHeadAttention layer = layer(rng, 2);
        Tensor x = Tensor.randn(DType.F64, rng, 1, 3, WIDTH).mul(0.3), g = Tensor.randn(DType.F64, rng, 1, 3, WIDTH);
        Mask causal = Masks.causal(3);
        Slope.assertGradients(() -> layer.forward(x, causal).mul(g).sum(), layer.variables());
        GradCheck.of(in -> layer.forward(in, causal)).verify(x);
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        MultiHeadAttention layer = MultiHeadAttention.of(new Rng(0), 6, 2);
        Tensor x = Tensor.zeros(2, 3, 6);
        assertSays(assertThrows(IllegalArgumentException.class, () -> layer.forward(x, x, Tensor.zeros(2, 4, 6))),
                "MultiHeadAttention", "[2, 3, 6]", "[2, 4, 6]");
        for (Shape shape : new Shape[]{Shape.of(3, 6), Shape.of(2, 3, 5), Shape.SCALAR})
            assertSays(assertThrows(IllegalArgumentException.class, () -> layer.forward(Tensor.zeros(shape.dims()))),
                    "MultiHeadAttention", shape.toString(), "[n, queries, 6]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> layer.forward(x, Masks.causal(4))), "mask [1, 4, 4]", "[2, 2, 3, 3]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> layer.forward(x, Masks.causal(3).not())), "without any key");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> layer.forward(x, Masks.lengths(3, 3, 2))), "[2, 3]", "Masks.keys(mask)", "reshape(1, ");
        assertSays(assertThrows(IllegalArgumentException.class, () -> MultiHeadAttention.of(new Rng(0), 6, 4)),
                "MultiHeadAttention", "[6, 6]", "4 heads");
    }
}
