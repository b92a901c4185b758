package autograd.nn.init;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class InitTest {
    private static final int[] WEIGHT = {120, 300}, KERNEL = {40, 30, 5, 3};

    /** A shape with its fan-in and fan-out. */
    static Stream<Arguments> fans() {
        return Stream.of(Arguments.of(WEIGHT, 120, 300), Arguments.of(new int[]{300, 120}, 300, 120),
                Arguments.of(KERNEL, 30 * 5 * 3, 40 * 5 * 3), Arguments.of(new int[]{200, 50, 2}, 50 * 2, 200 * 2));
    }

    @ParameterizedTest
    @MethodSource("fans")
    void heIsNormalWithVarianceTwoByFanIn(int[] shape, int in, int out) {
        assertNormal(Math.sqrt(2.0 / in), draw(Init.heNormal(), shape));
    }

    @ParameterizedTest
    @MethodSource("fans")
    void xavierIsUniformWithVarianceTwoByBothFans(int[] shape, int in, int out) {
        double[] values = draw(Init.xavierUniform(), shape);
        assertUniform(Math.sqrt(6.0 / (in + out)), values);
        assertEquals(2.0 / (in + out), moment(values, 2), 0.04 * 2 / (in + out));
    }

    @ParameterizedTest
    @MethodSource("fans")
    void everyVarianceIsGainSquaredByItsFan(int[] shape, int in, int out) {
        double mean = (in + out) / 2.0, limit = Math.sqrt(3);
        assertNormal(Math.sqrt(1 / mean), draw(Init.xavierNormal(), shape));
        assertNormal(3 / Math.sqrt(mean), draw(Init.xavierNormal(3), shape));
        assertUniform(3 * limit / Math.sqrt(mean), draw(Init.xavierUniform(3), shape));
        assertNormal(0.5 / Math.sqrt(out), draw(Init.heNormal(Fan.OUT, 0.5), shape));
        assertUniform(limit * Math.sqrt(2.0 / in), draw(Init.heUniform(), shape));
        assertUniform(0.5 * limit / Math.sqrt(out), draw(Init.heUniform(Fan.OUT, 0.5), shape));
        assertNormal(Math.sqrt(1.0 / in), draw(Init.lecunNormal(), shape));
        assertUniform(limit * Math.sqrt(1.0 / in), draw(Init.lecunUniform(), shape));
    }

    /** Variance 1 - 2 a phi(a) / (2 Phi(a) - 1) for a = 2. Its own variance: the fourth moment is 1.4 or so. */
    @Test
    void truncatedNormalStaysWithinTwoDeviations() {
        double[] values = draw(Init.truncatedNormal(0.1), WEIGHT);
        double phi = Math.exp(-2) / Math.sqrt(2 * Math.PI), error = 5 / Math.sqrt(values.length);
        assertEquals(0, moment(values, 1) / 0.1, error);
        assertEquals(1 - 4 * phi / 0.954499736103642, moment(values, 2) / 0.01, error * Math.sqrt(0.9));
        double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
        assertTrue(largest <= 0.2 && largest > 0.199, "" + largest);
    }

    @ParameterizedTest
    @MethodSource("matrices")
    void orthogonalIsOrthogonal(int[] shape) {
        int rows = shape[0], columns = Shape.of(shape).size() / Math.max(rows, 1), count = Math.min(rows, columns);
        for (DType dtype : DType.values()) {
            Tensor q = Init.orthogonal(3).draw(dtype, new Rng(5), shape).reshape(rows, columns).div(3);
            Tensor products = rows <= columns ? q.matmul(q.transpose()) : q.transpose().matmul(q);
            assertEquals(dtype, q.dtype());
            assertArrayEquals(Tensor.eye(DType.F64, count).toDoubleArray(), products.toDoubleArray(),
                    dtype == DType.F64 ? 1e-14 : 1e-6);
        }
    }

    static Stream<int[]> matrices() {
        return Stream.of(new int[]{1, 1}, new int[]{7, 7}, new int[]{60, 60}, new int[]{5, 40}, new int[]{40, 5},
                new int[]{8, 3, 2, 2}, new int[]{20, 2, 3, 3}, new int[]{0, 3}, new int[]{3, 0});
    }

    /**
     * No direction is preferred: the mean is 0, that of squares 1 / n, and the determinant is 1 as often as -1.
     */
    @Test
    void orthogonalIsUniform() {
        int n = 3, tries = 4000;
        var rng = new Rng(6);
        double[] sum = new double[n * n], squares = new double[n * n];
        double determinants = 0;
        for (int t = 0; t < tries; t++) {
            Tensor q = Init.orthogonal().draw(DType.F64, rng, n, n);
            determinants += q.det().item();
            double[] values = q.toDoubleArray();
            for (int i = 0; i < values.length; i++) {
                sum[i] += values[i];
                squares[i] += values[i] * values[i];
            }
        }
        double error = 5 / Math.sqrt(tries);
        assertEquals(0, determinants / tries, error);
        for (int i = 0; i < n * n; i++) {
            assertEquals(0, sum[i] / tries, error / Math.sqrt(n));
            assertEquals(1.0 / n, squares[i] / tries, error * 0.3); // var(q^2) = 1/5 - 1/9 = 0.3^2
        }
    }

    @Test
    void orthogonalNeedsRowsAndColumns() {
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Init.orthogonal().draw(DType.F32, new Rng(0), 5)), "orthogonal", "[5]", "two axes");
    }

    @Test
    void constantsAreConstant() {
        assertArrayEquals(new double[]{2.5, 2.5}, draw(Init.constant(2.5), 2));
        assertArrayEquals(new double[]{1, 1, 1}, draw(Init.ones(), 3, 1));
    }

    @Test
    void normalHasItsStandardDeviation() { assertNormal(0.1, draw(Init.normal(0.1), WEIGHT)); }

    @Test
    void uniformHasItsLimit() { assertUniform(0.3, draw(Init.uniform(0.3), KERNEL)); }

    @Test
    void zerosAreZero() { assertArrayEquals(new double[6], draw(Init.zeros(), 2, 3)); }

    @Test
    void drawsTheShapeAndDtypeAskedFor() {
        for (Init init : List.of(Init.heNormal(), Init.xavierUniform(), Init.normal(1), Init.uniform(1), Init.zeros(),
                Init.ones(),
                Init.truncatedNormal(1), Init.lecunNormal()))
            for (DType dtype : DType.values())
                for (int[] shape : new int[][]{{}, {3}, {2, 3}, {0, 3}, {2, 3, 4, 5}}) {
                    Tensor drawn = init.draw(dtype, new Rng(0), shape);
                    assertEquals(Shape.of(shape), drawn.shape());
                    assertEquals(dtype, drawn.dtype());
                    assertTrue(Arrays.stream(drawn.toDoubleArray()).allMatch(Double::isFinite));
                }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        for (Init init : List.of(Init.heNormal(), Init.xavierUniform(), Init.normal(1), Init.uniform(1),
                Init.truncatedNormal(1),
                Init.orthogonal()))
            for (DType dtype : DType.values()) {
                double[] once = init.draw(dtype, new Rng(7), 5, 6).toDoubleArray();
                assertArrayEquals(once, init.draw(dtype, new Rng(7), 5, 6).toDoubleArray());
                assertNotEquals(Arrays.toString(once),
                        Arrays.toString(init.draw(dtype, new Rng(8), 5, 6).toDoubleArray()));
            }
    }

    @Test
    void secondDrawContinuesTheStream() {
        var rng = new Rng(7);
        String first = Init.heNormal().draw(DType.F32, rng, 5, 6).toString();
        assertNotEquals(first, Init.heNormal().draw(DType.F32, rng, 5, 6).toString());
        assertEquals(60, rng.position());
    }

    /** The bound holds for floats too, but for their rounding. */
    @Test
    void xavierKeepsItsBoundInFloats() {
        double limit = Math.sqrt(6.0 / (4 + 3));
        for (float x : Init.xavierUniform().draw(DType.F32, new Rng(1), 4, 3).toFloatArray())
            assertTrue(Math.abs(x) <= (float) limit, "" + x);
    }

    private static double[] draw(Init init, int... shape) {
        return init.draw(DType.F64, new Rng(42), shape).toDoubleArray();
    }

    private static double moment(double[] values, int n) {
        return Arrays.stream(values).map(x -> Math.pow(x, n)).average().orElseThrow();
    }

    /** Mean 0, and the second and fourth moments of a normal distribution, within five standard errors or so. */
    private static void assertNormal(double stddev, double[] values) {
        double error = 5 / Math.sqrt(values.length);
        assertEquals(0, moment(values, 1) / stddev, error);
        assertEquals(1, moment(values, 2) / Math.pow(stddev, 2), error * Math.sqrt(2));
        assertEquals(3, moment(values, 4) / Math.pow(stddev, 4), error * Math.sqrt(96));
    }

    /** Within the limit and close to it on both sides, with the moments of a uniform distribution. */
    private static void assertUniform(double limit, double[] values) {
        double error = 5 / Math.sqrt(values.length);
        double min = Arrays.stream(values).min().orElseThrow(), max = Arrays.stream(values).max().orElseThrow();
        assertTrue(min >= -limit && min < -0.999 * limit, "min " + min + " of " + limit);
        assertTrue(max <= limit && max > 0.999 * limit, "max " + max + " of " + limit);
        assertEquals(0, moment(values, 1) / limit, error);
        assertEquals(1.0 / 3, moment(values, 2) / Math.pow(limit, 2), error / 3);
        assertEquals(1.0 / 5, moment(values, 4) / Math.pow(limit, 4), error / 3);
    }
}
