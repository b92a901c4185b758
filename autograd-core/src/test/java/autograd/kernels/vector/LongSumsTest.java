package autograd.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Convolution;
import autograd.kernels.Convolution.Part;
import autograd.kernels.Kernels;
import autograd.kernels.Kernels.Reduction;
import autograd.kernels.Kit;
import autograd.kernels.Pairwise;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

/**
 * Sums of many terms keep the bounds that {@link Kernels} states. All terms are equal and no power of two,
 * because then a chain of additions rounds in one direction for a long time. Up to 10^6 terms; 10^7 with
 * {@code -Dtries}.
 */
class LongSumsTest {
    private static final int MOST = System.getProperty("tries") == null ? 1_000_000 : 10_000_000;

    private static List<Kernels> kernels() {
        Kernels vector = new VectorKernels(Kit.K);
        return Kit.SCALAR_IS_PROVED ? List.of(vector) : List.of(Kit.K, vector);
    }

    private static double unit(DType dtype) { return dtype == DType.F32 ? 0x1p-24 : 0x1p-53; }

    private static NdArray tenths(DType dtype, int... dims) { return Kit.K.full(dtype, Shape.of(dims), 0.1); }

    private static void assertWithin(double roundings, double expected, NdArray actual, Object what) {
        double error = roundings * unit(actual.dtype()) * expected;
        for (int i = 0; i < actual.size(); i++)
            assertEquals(expected, actual.storage().get(i), error, () -> what + " of " + actual.dtype());
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void products(DType dtype) {
        int[][] sizes = {{1, 1}, {1, 5}, {17, 1}, {1, 40}, {2, 17}, {13, 35}};
        double tenth = tenths(dtype).item();
        for (int[] size : sizes)
            for (int k : new int[]{3137, 12_289, MOST / Math.max(size[0], size[1])}) {
                int m = size[0], n = size[1];
                double bound = 850 + Math.log(k) / Math.log(2);
                for (Kernels kernels : kernels()) {
                    String what = kernels.name() + " " + m + " x " + k + " x " + n;
                    NdArray a = tenths(dtype, m, k), b = tenths(dtype, k, n);
                    assertWithin(bound, k * tenth * tenth, kernels.matmul(a, b), what);
                    assertWithin(bound, k * tenth * tenth, kernels.matmul(tenths(dtype, k, m).permute(1, 0),
                            tenths(dtype, n, k).permute(1, 0)), what);
                }
            }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void reductions(DType dtype) {
        double tenth = tenths(dtype).item();
        for (int n : new int[]{1000, MOST})
            for (Kernels kernels : kernels())
                for (NdArray x : List.of(tenths(dtype, n, 1), tenths(dtype, n / 20, 20)))
                    for (int[] axes : new int[][]{{0}, {0, 1}}) {
                        NdArray y = kernels.reduce(Reduction.SUM, x, axes);
                        double terms = (double) x.size() / y.size();
                        assertWithin(1 + pairwise(terms) * 0x1p-53 / unit(dtype), terms * tenth, y,
                                kernels.name() + " sum");
                    }
    }

    /** The bound of a pairwise sum, in roundings of a double. */
    private static double pairwise(double terms) {
        return Math.min(terms, Pairwise.TERMS) + Math.max(0, Math.log(terms / Pairwise.TERMS) / Math.log(2) + 1);
    }

    /** The mean of 0.1, 0.3, 0.1, .. is 0.2, and its deviation 0.1. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void standardizedRows(DType dtype) {
        for (int n : new int[]{1000, MOST})
            for (Kernels kernels : kernels()) {
                NdArray x = NdArray.zeros(dtype, Shape.of(1, n));
                for (int i = 0; i < n; i++)
                    x.storage().set(i, i % 2 == 0 ? 0.1 : 0.3);
                NdArray y = kernels.standardize(x, n, 0);
                double error = 4 * (3 + pairwise(n) * 0x1p-53 / unit(dtype)) * unit(dtype); // 4: 0.3 - 0.2 cancels
                for (int i = 0; i < n; i++)
                    assertEquals(i % 2 == 0 ? -1 : 1, y.storage().get(i), error, kernels.name());
            }
    }

    /** The sum of n equal exponentials is n. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void softmax(DType dtype) {
        for (int n : new int[]{1000, MOST})
            for (Kernels kernels : kernels()) {
                double bound = 2 + n * 0x1p-53 / unit(dtype);
                NdArray x = tenths(dtype, 1, n);
                assertWithin(bound, 1.0 / n, kernels.softmax(x, 1, false), kernels.name() + " softmax");
                NdArray loss = kernels.crossEntropy(x, new int[]{n - 1});
                assertWithin(bound, Math.log(n), loss, kernels.name() + " cross-entropy");
            }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void meansAndNorms(DType dtype) {
        double tenth = tenths(dtype).item();
        for (int n : new int[]{1000, MOST}) {
            Tensor x = Tensor.full(dtype, 0.1, n);
            double bound = 4 + pairwise(n) * 0x1p-53 / unit(dtype);
            assertWithin(bound, tenth, x.mean().array(), "mean");
            assertWithin(bound, tenth * Math.sqrt(n), x.norm(2).array(), "norm");
        }
    }

    /** A point is the sum over all channels of the other side. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void convolutionsOfManyChannels(DType dtype) {
        double tenth = tenths(dtype).item(), bound = 4000 + MOST * 0x1p-53 / unit(dtype);
        NdArray many = tenths(dtype, 1, MOST, 1, 1), one = tenths(dtype, 1, 1, 1, 1);
        for (Kernels kernels : kernels()) {
            Convolution in = new Convolution(many.shape(), many.shape(), one.shape(), 1, 0, 1, 1);
            assertWithin(bound, MOST * tenth * tenth, kernels.convolve(in, Part.OUTPUT, 0, many, many),
                    kernels.name() + " output");
            NdArray kernel = tenths(dtype, MOST, 1, 1, 1);
            Convolution out = new Convolution(one.shape(), kernel.shape(), many.shape(), 1, 0, 1, 1);
            assertWithin(bound, MOST * tenth * tenth, kernels.convolve(out, Part.IMAGE, 0, kernel, many),
                    kernels.name() + " gradient of the image");
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void kernelGradients(DType dtype) {
        double tenth = tenths(dtype).item();
        for (int[] size : new int[][]{{1, 1000, MOST / 1000}, {MOST / 25, 5, 5}, {1, 1, MOST}}) {
            int images = size[0], height = size[1], width = size[2];
            Convolution of = new Convolution(Shape.of(images, 1, height, width), Shape.of(1, 1, 1, 1),
                    Shape.of(images, 1, height, width), 1, 0, 1, 1);
            NdArray x = tenths(dtype, images, 1, height, width);
            for (Kernels kernels : kernels()) {
                double terms = x.size();
                assertWithin(4000 + terms * 0x1p-53 / unit(dtype), terms * tenth * tenth,
                        kernels.convolve(of, Part.KERNEL, 0, x, x), kernels.name() + " " + of);
            }
        }
    }
}
