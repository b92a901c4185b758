package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.DType;
import autograd.array.Rng;
import autograd.check.GradCheck;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

/** Composed operations: values computed by hand or by NumPy, derivatives compared with slopes. */
class CatalogueTest {
    private static final Tensor A = Tensor.arange(DType.F64, 0, 6, 1).reshape(2, 3);

    private static void assertIs(Tensor actual, int[] shape, double... values) {
        assertArrayEquals(shape, actual.shape().dims());
        assertArrayEquals(values, actual.toDoubleArray(), 1e-12);
    }

    private static int[] shape(int... dims) { return dims; }

    private static Tensor randn(int seed, int... dims) { return Tensor.randn(DType.F64, new Rng(seed), dims); }

    @Test
    void prod() {
        assertIs(A.prod(), shape(), 0);
        assertIs(A.prod(1), shape(2), 0, 60);
        assertIs(A.prod(true, 0), shape(1, 3), 0, 4, 10);
        assertIs(Tensor.zeros(DType.F64, 0, 2).prod(0), shape(2), 1, 1);
        GradCheck.of(x -> x.prod(1)).verify(Tensor.of(DType.F64, new double[][]{{0, 2, 3, -1, 2}, {0, 0, 1, 1, 2}}));
    }

    @Test
    void cumulative() {
        assertIs(A.cumsum(1), shape(2, 3), 0, 1, 3, 3, 7, 12);
        assertIs(A.cumsum(0), shape(2, 3), 0, 1, 2, 3, 5, 7);
        assertIs(A.cumprod(-1), shape(2, 3), 0, 0, 0, 3, 12, 60);
        GradCheck.of(x -> x.cumprod(1)).verify(Tensor.of(DType.F64, new double[][]{{1.5, 0, 3, -1, 2}}));
    }

    @Test
    void spread() {
        assertIs(A.variance(1), shape(2), 2.0 / 3, 2.0 / 3);
        assertIs(A.std(1, false), shape(), Math.sqrt(3.5));
        assertIs(A.norm(1), shape(), 15);
        assertIs(A.norm(2, 0), shape(3), 3, Math.sqrt(17), Math.sqrt(29));
        assertIs(A.norm(Double.POSITIVE_INFINITY, true, 1), shape(2, 1), 2, 5);
        assertIs(Tensor.of(DType.F64, 3 * 0x1p700, 4 * 0x1p700).norm(2).mul(0x1p-700), shape(), 5);
        GradCheck.of(x -> x.std(1, false, 1)).verify(randn(1, 2, 4));
        GradCheck.of(x -> x.variance(1, true, 0)).verify(randn(2, 3, 2));
        GradCheck.of(x -> x.norm(2.5, 1)).verify(randn(3, 2, 4));
    }

    /** In {@code x.std(0)} the number is an axis, as in {@code x.mean(0)}; a correction needs keepDims. */
    @Test
    void numbersAfterStdAndVarianceAreAxes() {
        Tensor x = Tensor.of(DType.F64, new double[][]{{1, 100}, {3, 300}});
        assertIs(x.std(0), shape(2), 1, 100);
        assertIs(x.variance(0), shape(2), 1, 10000);
        assertIs(x.std(-1), shape(2), 49.5, 148.5);
        assertIs(x.std(0, 1), shape(), Math.sqrt(14801.5));
        assertIs(x.variance(), shape(), 14801.5);
        assertIs(x.std(1, true, 0), shape(1, 2), Math.sqrt(2), 100 * Math.sqrt(2));
        assertIs(x.sub(x.mean(0)).div(x.std(0)), shape(2, 2), -1, -1, 1, 1);
    }

    @Test
    void equalElementsHaveStandardDeviationWithDerivativeZero() {
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(Tensor.ones(DType.F64, 4));
            assertIs(tape.gradient(x.std(1, false), x), shape(4), 0, 0, 0, 0);
        }
    }

    @Test
    void sorting() {
        Tensor x = Tensor.of(DType.F64, new double[][]{{3, Double.NaN, 1, 2}, {0, -0.0, 5, 5}});
        assertIs(x.sort(1), shape(2, 4), 1, 2, 3, Double.NaN, 0, -0.0, 5, 5);
        assertArrayEquals(new int[]{1, 0, 3, 2, 2, 3, 0, 1}, x.argSort(1, true).toArray());
        var top = x.topK(2, -1);
        assertIs(top.values(), shape(2, 2), Double.NaN, 3, 5, 5);
        assertArrayEquals(new int[]{1, 0, 2, 3}, top.indices().toArray());
        assertArrayEquals(new int[]{1, 0}, x.argMin(1).toArray());
        GradCheck.of(t -> t.sort(0).mul(t.topK(3, 0).values().sum())).verify(Tensor.of(DType.F64, 0.3, -1, 2, 0.7));
    }

    @Test
    void orderWithNaN() {
        double nan = Double.NaN, inf = Double.POSITIVE_INFINITY;
        assertIs(Tensor.of(DType.F64, 1, 3, nan, 5, nan).cumMax(0), shape(5), 1, 3, nan, nan, nan);
        assertIs(Tensor.of(DType.F64, new double[][]{{4, 1, 3, 2}, {1, nan, 2, 3}}).median(1), shape(2), 2.5, nan);
        assertIs(Tensor.of(DType.F64, -inf, -inf, 1, inf, inf).quantile(0.9), shape(), inf);
        assertIs(Tensor.of(DType.F64, -inf, -inf, 1, 2).quantile(0.25), shape(), -inf);
        assertIs(Tensor.of(DType.F64, 1, 2).scatterMax(0, IntTensor.of(0, 1, 1), Tensor.of(DType.F64, nan, 5, 4)),
                shape(2), nan, 5);
        IntTensor places = Tensor.of(DType.F64, 1, 2, 2, nan)
                .searchSorted(Tensor.of(DType.F64, 2, nan, -inf, inf), true);
        assertArrayEquals(new int[]{3, 4, 0, 3}, places.toArray());
        assertIs(Tensor.of(DType.F64, -inf, -inf, 0, inf).logCumSumExp(0), shape(4), -inf, -inf, 0, inf);
        assertIs(Tensor.linspace(DType.F64, -1e308, 1e308, 3).mul(1e-308), shape(3), -1, 0, 1);
    }

    /** A second derivative where two neighbours are equal is as everywhere: that of log(e^a + e^b). */
    @Test
    void logCumSumExpIsSmoothAtTies() {
        GradCheck.of(x -> x.logCumSumExp(0)).verify(Tensor.of(DType.F64, 1, 1, 1, 0.5));
        GradCheck.of(x -> x.normalize(0)).verify(Tensor.of(DType.F64, 3, -4));
    }

    @Test
    void shapes() {
        assertIs(A.flatten(), shape(6), 0, 1, 2, 3, 4, 5);
        assertIs(A.reshape(1, 2, 1, 3).squeeze(), shape(2, 3), 0, 1, 2, 3, 4, 5);
        assertIs(Tensor.zeros(DType.F64, 2, 3, 4).flatten(1), shape(2, 12), new double[24]);
        assertIs(A.flip(), shape(2, 3), 5, 4, 3, 2, 1, 0);
        assertIs(A.flip(1), shape(2, 3), 2, 1, 0, 5, 4, 3);
        assertIs(A.roll(1, 1), shape(2, 3), 2, 0, 1, 5, 3, 4);
        assertIs(A.roll(-4, 1), shape(2, 3), 1, 2, 0, 4, 5, 3);
    }

    @Test
    void joiningAndParting() {
        assertIs(Tensor.stack(0, A, A), shape(2, 2, 3), 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5);
        assertIs(Tensor.stack(-1, A, A), shape(2, 3, 2), 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
        assertIs(A.split(1, 1, 2).get(1), shape(2, 2), 1, 2, 4, 5);
        assertEquals(List.of(3, 3, 1), Tensor.arange(7).chunk(0, 3).stream().map(Tensor::size).toList());
        assertIs(A.tile(2, 1), shape(4, 3), 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5);
        assertIs(A.repeat(2, 1), shape(2, 6), 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
        GradCheck.of(x -> x.tile(2, 2).mul(x.repeat(2, 0).repeat(2, 1))).verify(randn(4, 2, 2));
    }

    /** One pass finds the parts of all inputs; with one pass for each input, this took minutes. */
    @Test
    void manyPartsJoined() {
        int n = 100_000;
        Tensor[] parts = Tensor.arange(n).chunk(0, n).toArray(Tensor[]::new);
        try (var tape = new GradientTape()) {
            for (int i = 0; i < n; i++)
                parts[i] = tape.watch(parts[i]);
            Gradients g = tape.gradient(Tensor.concat(0, parts).square().sum(), List.of(parts));
            for (int i = 0; i < n; i++)
                assertEquals(2.0 * i, g.of(parts[i]).item());
        }
    }

    @Test
    void padding() {
        int[] before = {0, 1}, after = {1, 2};
        assertIs(A.pad(before, after, 9), shape(3, 6), 9, 0, 1, 2, 9, 9, 9, 3, 4, 5, 9, 9, 9, 9, 9, 9, 9, 9);
        assertIs(A.pad(new int[]{0, 2}, new int[]{0, 1}, Joining.Border.REFLECT), shape(2, 6), 2, 1, 0, 1, 2, 1, 5, 4,
                3, 4,
                5, 4);
        assertIs(A.pad(before, after, Joining.Border.EDGE), shape(3, 6), 0, 0, 1, 2, 2, 2, 3, 3, 4, 5, 5, 5, 3, 3, 4, 5,
                5,
                5);
        GradCheck.of(x -> x.pad(new int[]{1}, new int[]{2}, Joining.Border.REFLECT).square()).verify(randn(5, 3));
    }

    @Test
    void triangles() {
        assertIs(A.diagonal(), shape(2), 0, 4);
        assertIs(A.diagonal(1), shape(2), 1, 5);
        assertIs(A.diagonal(-1), shape(1), 3);
        assertIs(A.diagonal(7), shape(0));
        assertIs(A.trace(), shape(), 4);
        assertIs(A.tril(0), shape(2, 3), 0, 0, 0, 3, 4, 0);
        assertIs(A.triu(1), shape(2, 3), 0, 1, 2, 0, 0, 5);
        assertIs(Tensor.arange(DType.F64, 0, 8, 1).reshape(2, 2, 2).diagonal(0, 1, 2), shape(2, 2), 0, 3, 4, 7);
    }

    @Test
    void masks() {
        Mask m = A.gt(2);
        assertIs(A.maskedFill(m, -1), shape(2, 3), 0, 1, 2, -1, -1, -1);
        assertArrayEquals(new boolean[]{false, true}, m.all(1).toArray());
        assertArrayEquals(new boolean[]{true, true, true}, m.any(0).toArray());
        assertEquals(6, m.xor(m.not()).count());
        assertEquals(1, Tensor.of(1, Double.NaN).isNaN().count());
        assertIs(IntTensor.of(2, 0).oneHot(DType.F64, 3), shape(2, 3), 0, 0, 1, 1, 0, 0);
    }

    @Test
    void einsum() {
        Tensor b = randn(6, 3, 4), c = randn(7, 4, 2);
        assertIs(Tensor.einsum("ij,jk,kl->il", A, b, c), shape(2, 2), A.matmul(b).matmul(c).toDoubleArray());
        assertIs(Tensor.einsum("ij->ji", A), shape(3, 2), 0, 3, 1, 4, 2, 5);
        assertIs(Tensor.einsum("ij->", A), shape(), 15);
        assertIs(Tensor.einsum("ii->i", A.slice(1, 0, 2)), shape(2), 0, 4);
        assertIs(Tensor.einsum("ii", A.slice(1, 0, 2)), shape(), 4);
        assertIs(Tensor.einsum("ba", A), shape(3, 2), 0, 3, 1, 4, 2, 5);
        assertIs(Tensor.einsum("...j,jk", A.reshape(1, 2, 3), b), shape(1, 2, 4), A.matmul(b).toDoubleArray());
        assertIs(Tensor.einsum("...ij,...jk->...ik", randn(1, 2, 1, 2, 3), randn(2, 5, 3, 2)), shape(2, 5, 2, 2),
                randn(1, 2, 1, 2, 3).matmul(randn(2, 5, 3, 2)).toDoubleArray());
        assertIs(Tensor.einsum("i,j", A.slice(0, 0, 1).flatten(), A.slice(0, 1, 2).flatten()), shape(3, 3), 0, 0, 0, 3,
                4, 5,
                6, 8, 10);
        GradCheck.ofAll(in -> Tensor.einsum("bij,jk,bi->bk", in)).verify(randn(8, 2, 2, 3), randn(9, 3, 2),
                randn(10, 2, 2));
    }

    @Test
    void systems() {
        Tensor m = randn(11, 2, 3, 3).add(Tensor.eye(DType.F64, 3).mul(3)), b = randn(12, 3, 2);
        assertIs(m.matmul(m.solve(b)), shape(2, 3, 2), b.broadcastTo(2, 3, 2).toDoubleArray());
        assertIs(m.matmul(m.inverse()), shape(2, 3, 3), Tensor.eye(DType.F64, 3).broadcastTo(2, 3, 3).toDoubleArray());
        Tensor t = Tensor.of(DType.F64, new double[][]{{0, 2}, {3, 4}});
        assertIs(t.det(), shape(), -6);
        assertIs(t.slogdet().sign(), shape(), -1);
        assertIs(t.slogdet().logAbsDet(), shape(), Math.log(6));
        assertIs(t.solve(Tensor.of(DType.F64, 2, 7)), shape(2), 1, 1);
        Tensor p = m.matmul(m.transpose()), l = p.cholesky();
        assertIs(l.matmul(l.transpose()), shape(2, 3, 3), p.toDoubleArray());
        GradCheck.of(Tensor::det).verify(m);
        GradCheck.of(Tensor::inverse).verify(m);
        GradCheck.of(Tensor::cholesky).verify(p.slice(0, 0, 1));
    }

    @Test
    void convolutionIsASumOverAWindow() {
        Tensor x = randn(13, 2, 4, 6, 5), w = randn(14, 6, 2, 3, 2);
        var how = new Windows.Sliding(2, 1, 2, 2);
        Tensor y = x.conv2d(w, how);
        assertArrayEquals(shape(2, 6, 2, 3), y.shape().dims());
        double sum = 0; // y[1, 4, 1, 2], in the second group
        for (int c = 0; c < 2; c++)
            for (int p = 0; p < 3; p++)
                for (int q = 0; q < 2; q++) {
                    int i = 2 - 1 + 2 * p, j = 4 - 1 + 2 * q;
                    if (i < 6 && j < 5)
                        sum += x.get(1, 2 + c, i, j) * w.get(4, c, p, q);
                }
        assertEquals(sum, y.get(1, 4, 1, 2), 1e-12);
        GradCheck.of((a, b) -> a.conv2d(b, how)).verify(x, w);
    }

    /** {@code <conv(x, w), y> = <x, convT(y, w)>}. */
    @Test
    void transposedConvolutionIsTheTranspose() {
        var how = new Windows.Sliding(2, 1, 1, 2);
        Tensor x = randn(15, 2, 4, 5, 5), w = randn(16, 6, 2, 3, 3), y = x.conv2d(w, how),
                g = randn(17, y.shape().dims());
        try (var tape = new GradientTape()) {
            Tensor at = tape.watch(x);
            Tensor share = tape.gradient(at.conv2d(w, how), g, List.of(at)).of(at);
            assertIs(g.convTranspose2d(w, how, 0), share.shape().dims(), share.toDoubleArray());
        }
        GradCheck.of((a, b) -> a.convTranspose2d(b, how, 1)).verify(randn(18, 1, 2, 2, 2), randn(19, 2, 1, 2, 2));
    }

    @Test
    void sequences() {
        Tensor x = Tensor.of(DType.F64, 1, 2, 3, 4).reshape(1, 1, 4), w = Tensor.of(DType.F64, 1, 10).reshape(1, 1, 2);
        assertIs(x.conv1d(w, Windows.Sliding.DEFAULT), shape(1, 1, 3), 21, 32, 43);
        assertIs(x.conv1d(w, Windows.Sliding.DEFAULT.padding(1).stride(2)), shape(1, 1, 3), 10, 32, 4);
    }

    @Test
    void pooling() {
        Tensor x = Tensor.arange(DType.F64, 0, 16, 1).reshape(1, 1, 4, 4);
        assertIs(x.maxPool2d(2, 2, 0), shape(1, 1, 2, 2), 5, 7, 13, 15);
        assertIs(x.neg().maxPool2d(3, 2, 1), shape(1, 1, 2, 2), 0, -1, -4, -5);
        assertIs(x.avgPool2d(2, 2, 0), shape(1, 1, 2, 2), 2.5, 4.5, 10.5, 12.5);
        GradCheck.of(t -> t.maxPool2d(2, 1, 1)).verify(randn(20, 1, 2, 3, 3));
        GradCheck.of(t -> t.avgPool2d(2, 1, 1)).verify(randn(21, 1, 2, 3, 3));
    }

    @Test
    void tiesInMaxPoolGoToTheFirst() {
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(Tensor.ones(DType.F64, 1, 1, 2, 2));
            assertIs(tape.gradient(x.maxPool2d(2, 2, 0), x), shape(1, 1, 2, 2), 1, 0, 0, 0);
        }
    }

    @Test
    void normalizing() {
        Tensor x = randn(22, 3, 4, 2), one = Tensor.ones(DType.F64, 4), zero = Tensor.zeros(DType.F64, 4);
        Tensor batch = x.batchNorm(one, zero, 0);
        assertIs(batch.mean(0, 2), shape(4), 0, 0, 0, 0);
        assertIs(batch.variance(0, 2), shape(4), 1, 1, 1, 1);
        assertIs(x.groupNorm(2, one, zero, 0).reshape(3, 2, 4).variance(2), shape(3, 2), 1, 1, 1, 1, 1, 1);
        GradCheck.ofAll(in -> in[0].groupNorm(2, in[1], in[2], 1e-3)).verify(x, randn(23, 4), randn(24, 4));
        GradCheck.ofAll(in -> in[0].layerNorm(in[1], in[2], 1e-3)).verify(x, randn(25, 4, 2), randn(26, 4, 2));
        GradCheck.of((a, b) -> a.rmsNorm(b, 1e-3)).verify(x, randn(27, 2));
    }

    @Test
    void activations() {
        for (var f : Stream.<java.util.function.UnaryOperator<Tensor>>of(Tensor::selu, Tensor::geluTanh, Tensor::silu,
                Tensor::mish, Tensor::hardtanh).toList())
            GradCheck.of(f).verify(Tensor.of(DType.F64, -2.1, -0.7, 0.3, 0.9, 1.7));
        assertIs(Tensor.of(DType.F64, -2, 0.5, 2).hardtanh(), shape(3), -1, 0.5, 1);
    }
}
