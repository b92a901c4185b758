package autograd.kernels;

import static autograd.kernels.Kit.K;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SoftmaxTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    @ParameterizedTest
    @EnumSource
    void agreesWithTheDefinition(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : Kit.SHAPES)
                for (int axis = 0; axis < shape.rank(); axis++)
                    for (boolean log : new boolean[]{false, true}) {
                        NdArray x = form.of(dtype, shape, Kit.normal(1)), expected = Naive.softmax(x, axis, log);
                        double eps = dtype == DType.F32 ? 1.1 * dtype.epsilon() : 32 * dtype.epsilon();
                        NdArray bound = K.map(y -> eps * (log ? 1 + Math.abs(y) : y), expected);
                        Kit.assertNear(expected, K.softmax(x, axis, log), bound, shape + " along " + axis);
                    }
    }

    @ParameterizedTest
    @EnumSource
    void theLayoutMakesNoDifference(Form form) {
        for (DType dtype : DType.values())
            for (int axis = 0; axis < 3; axis++) {
                NdArray x = form.of(dtype, Shape.of(3, 4, 5), Kit.special(2));
                Kit.assertSame(K.softmax(Form.plain(x), axis, false), K.softmax(x, axis, false), form);
                Kit.assertSame(K.softmax(Form.plain(x), axis, true), K.softmax(x, axis, true), form);
            }
    }

    private static double[] row(DType dtype, boolean log, double... x) {
        NdArray y = K.softmax(K.cast(NdArray.of(x, Shape.of(x.length)), dtype), 0, log);
        return K.cast(y, DType.F64).storage().doubles();
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void largeNumbersDoNotOverflow(DType dtype) {
        assertArrayEquals(new double[]{0, 1, 0}, row(dtype, false, -1e4, 1e4, 0));
        assertArrayEquals(new double[]{-2e4, 0, -1e4}, row(dtype, true, -1e4, 1e4, 0));
        assertArrayEquals(new double[]{0.5, 0.5}, row(dtype, false, 1e4, 1e4));
        assertArrayEquals(new double[]{0.5, 0.5}, row(dtype, false, -1e4, -1e4));
        double half = dtype.round(-Math.log(2));
        assertArrayEquals(new double[]{half, half}, row(dtype, true, 1e30, 1e30));
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void maskedPositionsHaveNoInfluence(DType dtype) {
        assertArrayEquals(new double[]{0, 0.5, 0.5}, row(dtype, false, -INF, 2, 2));
        assertArrayEquals(new double[]{-INF, 0}, row(dtype, true, -INF, 7));
        assertArrayEquals(new double[]{1}, row(dtype, false, -1e30));
    }

    /** No distribution: 0 / 0. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void aRowWithoutAnyFiniteMaximumIsNaN(DType dtype) {
        double[] nan = {Double.NaN, Double.NaN};
        for (boolean log : new boolean[]{false, true}) {
            assertArrayEquals(nan, row(dtype, log, -INF, -INF));
            assertArrayEquals(nan, row(dtype, log, Double.NaN, 1));
            assertArrayEquals(nan, row(dtype, log, 1, Double.NaN));
            assertEquals(Double.NaN, row(dtype, log, INF, 1)[0]);
        }
    }

    @Test
    void emptyArraysStayEmpty() {
        for (int axis = 0; axis < 2; axis++) {
            assertEquals(Shape.of(0, 3), K.softmax(NdArray.zeros(DType.F32, Shape.of(0, 3)), axis, false).shape());
            assertEquals(Shape.of(3, 0), K.softmax(NdArray.zeros(DType.F32, Shape.of(3, 0)), axis, true).shape());
        }
    }
}
