package autograd.kernels;

import static autograd.kernels.Kit.K;
import static autograd.kernels.Kit.SHAPES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReduceTest {
    private static final double EPS = DType.F64.epsilon();

    /** Sums of integers are exact in any order. */
    @ParameterizedTest
    @EnumSource
    void sumsOfWholeNumbersAreExact(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : SHAPES)
                for (int[] axes : Kit.subsetsOfAxes(shape)) {
                    NdArray x = form.of(dtype, shape, Kit.whole(1, 100));
                    Kit.assertSame(Naive.rounded(Naive.reduce(Kernels.Reduction.SUM, x, axes), dtype),
                            K.reduce(Kernels.Reduction.SUM, x, axes), shape);
                }
    }

    @ParameterizedTest
    @EnumSource
    void largestAndSmallestAreExact(Form form) {
        for (Kernels.Reduction r : new Kernels.Reduction[]{Kernels.Reduction.MAX, Kernels.Reduction.MIN})
            for (DType dtype : DType.values())
                for (Shape shape : SHAPES)
                    for (int[] axes : Kit.subsetsOfAxes(shape)) {
                        NdArray x = form.of(dtype, shape, Kit.special(2)), y = form.of(dtype, shape, Kit.normal(3));
                        Kit.assertSame(Naive.rounded(Naive.reduce(r, x, axes), dtype), K.reduce(r, x, axes), shape);
                        Kit.assertSame(Naive.rounded(Naive.reduce(r, y, axes), dtype), K.reduce(r, y, axes), shape);
                    }
    }

    /** In double, in any order: n - 1 roundings of partial results, bounded by the sum of magnitudes. */
    @ParameterizedTest
    @EnumSource
    void sumsAndProductsDifferByTheirRoundingsAlone(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : SHAPES)
                for (int[] axes : Kit.subsetsOfAxes(shape)) {
                    NdArray x = form.of(dtype, shape, Kit.normal(4)),
                            sum = Naive.reduce(Kernels.Reduction.SUM, x, axes);
                    int n = shape.size() / Math.max(sum.size(), 1);
                    NdArray magnitude = Naive.reduce(Kernels.Reduction.SUM, K.map(Math::abs, x), axes);
                    NdArray bound = K.map((s, m) -> n * EPS * m + dtype.epsilon() * Math.abs(s), sum, magnitude);
                    Kit.assertNear(sum, K.reduce(Kernels.Reduction.SUM, x, axes), bound, shape);
                    NdArray product = Naive.reduce(Kernels.Reduction.PROD, x, axes);
                    NdArray tolerance = K.map(p -> (n * EPS + dtype.epsilon()) * Math.abs(p) + Float.MIN_NORMAL,
                            product);
                    Kit.assertNear(product, K.reduce(Kernels.Reduction.PROD, x, axes), tolerance, shape);
                }
    }

    /** A million of them: a sum kept in float would stop growing or drift. */
    @Test
    void longSumsOfSingleNumbersKeepTheirDigits() {
        NdArray x = K.full(DType.F32, Shape.of(1 << 20, 2), 0.1f);
        double exact = (1 << 20) * (double) 0.1f;
        assertEquals(exact, K.reduce(Kernels.Reduction.SUM, x, 0).get(0, 1), exact * DType.F32.epsilon());
        assertEquals(2 * exact, K.reduce(Kernels.Reduction.SUM, x, 0, 1).get(0, 0), 2 * exact * DType.F32.epsilon());
    }

    @Test
    void specialValuesAddUpAsNumbersDo() {
        double inf = Double.POSITIVE_INFINITY;
        for (DType dtype : DType.values())
            for (int at = 0; at < 21; at++) {
                NdArray x = K.full(dtype, Shape.of(21), 1);
                x.storage().set(at, inf);
                assertEquals(inf, K.reduce(Kernels.Reduction.SUM, x, 0).get(0));
                x.storage().set((at + 5) % 21, -inf);
                assertEquals(Double.NaN, K.reduce(Kernels.Reduction.SUM, x, 0).get(0));
                assertEquals(inf, K.reduce(Kernels.Reduction.MAX, x, 0).get(0));
                x.storage().set(at, Double.NaN);
                assertEquals(Double.NaN, K.reduce(Kernels.Reduction.MAX, x, 0).get(0));
                assertEquals(Double.NaN, K.reduce(Kernels.Reduction.MIN, x, 0).get(0));
            }
    }

    @Test
    void nothingReducesToTheIdentity() {
        NdArray none = NdArray.zeros(DType.F32, Shape.of(2, 0));
        assertArrayEquals(new float[]{0, 0}, K.reduce(Kernels.Reduction.SUM, none, 1).storage().floats());
        assertArrayEquals(new float[]{1, 1}, K.reduce(Kernels.Reduction.PROD, none, 1).storage().floats());
        assertEquals(Double.NEGATIVE_INFINITY, K.reduce(Kernels.Reduction.MAX, none, 1).get(0, 0));
        assertEquals(Double.POSITIVE_INFINITY, K.reduce(Kernels.Reduction.MIN, none, 1).get(0, 0));
        assertEquals(Shape.of(1, 0), K.reduce(Kernels.Reduction.SUM, none, 0).shape());
    }

    @ParameterizedTest
    @EnumSource
    void findsTheLargest(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : SHAPES)
                for (int axis = 0; axis < shape.rank(); axis++)
                    if (shape.dim(axis) > 0) {
                        NdArray x = form.of(dtype, shape, Kit.special(5)),
                                ties = form.of(dtype, shape, Kit.whole(6, 3));
                        assertArrayEquals(Naive.argMax(x, axis), K.argMax(x, axis).data(), shape::toString);
                        assertArrayEquals(Naive.argMax(ties, axis), K.argMax(ties, axis).data(), shape::toString);
                    }
    }

    @Test
    void theFirstOfEqualsAndTheFirstNaN() {
        double nan = Double.NaN, inf = Double.NEGATIVE_INFINITY;
        NdArray x = NdArray.of(new double[]{1, 3, 3, 2, nan, nan, inf, inf, inf, 0.0, -0.0, 0.0}, Shape.of(4, 3));
        assertArrayEquals(new int[]{1, 1, 0, 0}, K.argMax(x, 1).data());
        assertArrayEquals(new int[]{1, 1, 1}, K.argMax(x, 0).data());
    }

    @ParameterizedTest
    @EnumSource
    void findsNonFiniteElements(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : SHAPES) {
                assertTrue(K.allFinite(form.of(dtype, shape, Kit.normal(7))), shape::toString);
                assertTrue(K.allFinite(form.of(dtype, shape, () -> -Float.MAX_VALUE)), shape::toString);
            }
        for (double bad : new double[]{Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
            for (int at = 0; at < 11; at++)
                for (DType dtype : DType.values()) {
                    NdArray x = form.of(dtype, Shape.of(11), () -> 1);
                    x.storage().set(x.layout().at(at), bad);
                    assertFalse(K.allFinite(x), bad + " at " + at);
                }
    }

    @Test
    void finiteIsAboutTheViewAlone() {
        NdArray x = NdArray.of(new double[]{1, Double.NaN, 2, Double.NaN}, Shape.of(4));
        assertTrue(K.allFinite(x.view(x.layout().slice(new int[]{0}, new int[]{2}, new int[]{2}))));
    }
}
