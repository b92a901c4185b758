package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Making tensors and reading them. */
class TensorTest {
    private static void assertHolds(Tensor t, DType dtype, Shape shape, double... values) {
        assertSame(dtype, t.dtype());
        assertEquals(shape, t.shape());
        assertEquals(values.length, t.size());
        assertArrayEquals(values, t.toDoubleArray());
    }

    @Test
    void factoriesMakeSinglePrecisionUnlessTold() {
        Shape matrix = Shape.of(2, 3);
        double[] numbers = {1, 2, 3, 4, 5, 6}, sevens = {7, 7, 7, 7, 7, 7};
        assertHolds(Tensor.of(1, 2, 3), DType.F32, Shape.of(3), 1, 2, 3);
        assertHolds(Tensor.of(DType.F64, 1, 2, 3), DType.F64, Shape.of(3), 1, 2, 3);
        assertHolds(Tensor.of(new double[][]{{1, 2, 3}, {4, 5, 6}}), DType.F32, matrix, numbers);
        assertHolds(Tensor.of(DType.F64, new double[][]{{1, 2, 3}, {4, 5, 6}}), DType.F64, matrix, numbers);
        assertHolds(Tensor.of(DType.F32, numbers, 2, 3), DType.F32, matrix, numbers);
        assertHolds(Tensor.of(DType.F64, numbers, 2, 3), DType.F64, matrix, numbers);
        assertHolds(Tensor.of(new float[]{1, 2, 3, 4, 5, 6}, 2, 3), DType.F32, matrix, numbers);
        assertHolds(Tensor.of(NdArray.of(numbers, matrix)), DType.F64, matrix, numbers);
        assertHolds(Tensor.scalar(7), DType.F32, Shape.SCALAR, 7);
        assertHolds(Tensor.scalar(DType.F64, 7), DType.F64, Shape.SCALAR, 7);
        assertHolds(Tensor.zeros(2, 3), DType.F32, matrix, new double[6]);
        assertHolds(Tensor.zeros(DType.F64, 2, 3), DType.F64, matrix, new double[6]);
        assertHolds(Tensor.zeros(DType.F64, matrix), DType.F64, matrix, new double[6]);
        assertHolds(Tensor.zerosLike(Tensor.ones(DType.F64, 2, 3)), DType.F64, matrix, new double[6]);
        assertHolds(Tensor.ones(2, 1), DType.F32, Shape.of(2, 1), 1, 1);
        assertHolds(Tensor.ones(DType.F64, 2, 1), DType.F64, Shape.of(2, 1), 1, 1);
        assertHolds(Tensor.ones(DType.F64, Shape.of(2)), DType.F64, Shape.of(2), 1, 1);
        assertHolds(Tensor.full(7, 2, 3), DType.F32, matrix, sevens);
        assertHolds(Tensor.full(DType.F64, 7, 2, 3), DType.F64, matrix, sevens);
        assertHolds(Tensor.arange(4), DType.F32, Shape.of(4), 0, 1, 2, 3);
        assertHolds(Tensor.eye(2), DType.F32, Shape.of(2, 2), 1, 0, 0, 1);
        assertHolds(Tensor.eye(DType.F64, 3), DType.F64, Shape.of(3, 3), 1, 0, 0, 0, 1, 0, 0, 0, 1);
    }

    @Test
    void arangeCountsInAnyDirectionAndStopsShort() {
        assertHolds(Tensor.arange(DType.F64, 1, 2, 0.25), DType.F64, Shape.of(4), 1, 1.25, 1.5, 1.75);
        assertHolds(Tensor.arange(DType.F64, 0, 1, 0.3), DType.F64, Shape.of(4), 0, 0.3, 0.6, 0.3 * 3);
        assertHolds(Tensor.arange(DType.F64, 3, 0, -1), DType.F64, Shape.of(3), 3, 2, 1);
        assertHolds(Tensor.arange(DType.F64, 0, 3, -1), DType.F64, Shape.of(0));
        assertHolds(Tensor.arange(0), DType.F32, Shape.of(0));
    }

    @Test
    void singlePrecisionRounds() {
        assertEquals(0.1f, Tensor.of(0.1).item());
        assertEquals(0.1, Tensor.of(DType.F64, 0.1).item());
        assertEquals(0.1f, Tensor.scalar(0.1).item());
        assertEquals(0.1f, Tensor.full(0.1, 2).get(1));
        assertEquals(Double.POSITIVE_INFINITY, Tensor.of(1e300).item());
    }

    @Test
    void factoriesCopyTheirArrays() {
        double[] row = {1, 2};
        double[][] rows = {row};
        float[] floats = {1, 2};
        Tensor[] made = {Tensor.of(DType.F64, row), Tensor.of(row), Tensor.of(DType.F64, rows),
                Tensor.of(floats, 2), Tensor.of(DType.F64, row, 2, 1)};
        row[0] = 9;
        floats[0] = 9;
        for (Tensor t : made)
            assertArrayEquals(new double[]{1, 2}, t.toDoubleArray());
    }

    @Test
    void readersCopyToo() {
        Tensor t = Tensor.of(1, 2), d = Tensor.of(DType.F64, 1, 2);
        t.toFloatArray()[0] = 9;
        d.toDoubleArray()[0] = 9;
        assertEquals(1, t.get(0));
        assertEquals(1, d.get(0));
    }

    @Test
    void readersReadAnyViewRowMajor() {
        Tensor t = Tensor.arange(DType.F64, 0, 6, 1).reshape(2, 3).transpose();
        assertArrayEquals(new double[]{0, 3, 1, 4, 2, 5}, t.toDoubleArray());
        assertArrayEquals(new float[]{0, 3, 1, 4, 2, 5}, t.toFloatArray());
        assertEquals(4, t.get(1, 1));
        assertEquals(5, t.get(-1, -1));
        assertEquals(3, t.get(-3, 1));
        assertEquals(4, t.slice(0, 1, 2).slice(1, 1, 2).item());
        assertArrayEquals(new float[]{7, 7}, Tensor.scalar(7).broadcastTo(2).toFloatArray());
    }

    @Test
    void randomNumbersDependOnTheSeedAlone() {
        for (DType dtype : DType.values()) {
            Tensor even = Tensor.rand(dtype, new Rng(1), 10, 100), normal = Tensor.randn(dtype, new Rng(1), 10, 100);
            assertArrayEquals(even.toDoubleArray(), Tensor.rand(dtype, new Rng(1), 10, 100).toDoubleArray());
            assertArrayEquals(normal.toDoubleArray(), Tensor.randn(dtype, new Rng(1), 10, 100).toDoubleArray());
            assertNotEquals(even.get(0, 0), Tensor.rand(dtype, new Rng(2), 1).item());
            assertEquals(Shape.of(10, 100), even.shape());
            assertSame(dtype, normal.dtype());
            assertTrue(even.ge(0).all() && even.lt(1).all());
            assertEquals(0.5, even.mean().item(), 0.05);
            assertEquals(0, normal.mean().item(), 0.1);
            assertEquals(1, normal.square().mean().item(), 0.15);
        }
        assertSame(DType.F32, Tensor.rand(new Rng(1), 2).dtype());
        assertSame(DType.F32, Tensor.randn(new Rng(1), 2).dtype());
    }

    @Test
    void oneGeneratorGivesOneStream() {
        Rng rng = new Rng(7);
        double[] parts = DoubleStream.concat(Arrays.stream(Tensor.rand(DType.F64, rng, 3).toDoubleArray()),
                Arrays.stream(Tensor.rand(DType.F64, rng, 2).toDoubleArray())).toArray();
        assertArrayEquals(Tensor.rand(DType.F64, new Rng(7), 5).toDoubleArray(), parts);
    }

    @Test
    void aScalarIsATensorOfNoAxes() {
        Tensor x = Tensor.scalar(DType.F64, 3);
        assertEquals(3, x.get());
        assertEquals(3, x.item());
        assertHolds(x.mul(x).add(1), DType.F64, Shape.SCALAR, 10);
        assertHolds(x.sum(), DType.F64, Shape.SCALAR, 3);
        assertHolds(x.max().mean().logSumExp(), DType.F64, Shape.SCALAR, 3);
        assertHolds(x.reshape(1, 1), DType.F64, Shape.of(1, 1), 3);
        assertHolds(x.unsqueeze(0), DType.F64, Shape.of(1), 3);
        assertHolds(x.broadcastTo(2, 2), DType.F64, Shape.of(2, 2), 3, 3, 3, 3);
        assertHolds(x.permute(), DType.F64, Shape.SCALAR, 3);
        assertHolds(x.where(x.gt(5), 4), DType.F64, Shape.SCALAR, 4);
        assertTrue(x.gt(2).get());
        try (var tape = new GradientTape()) {
            Tensor in = tape.watch(x);
            assertHolds(tape.gradient(in.mul(Tensor.ones(DType.F64, 4)).sum(), in), DType.F64, Shape.SCALAR, 4);
        }
    }

    @Test
    void aTensorMayBeEmpty() {
        Tensor x = Tensor.zeros(DType.F64, 0, 3);
        assertHolds(x.exp().add(1), DType.F64, Shape.of(0, 3));
        assertHolds(x.transpose(), DType.F64, Shape.of(3, 0));
        assertHolds(x.reshape(3, 5, 0), DType.F64, Shape.of(3, 5, 0));
        assertHolds(x.add(Tensor.ones(DType.F64, 1, 3)), DType.F64, Shape.of(0, 3));
        assertHolds(x.sum(), DType.F64, Shape.SCALAR, 0);
        assertHolds(x.sum(0), DType.F64, Shape.of(3), 0, 0, 0);
        assertHolds(x.mean(), DType.F64, Shape.SCALAR, Double.NaN);
        assertHolds(x.max(1), DType.F64, Shape.of(0));
        assertHolds(x.logSumExp(), DType.F64, Shape.SCALAR, Double.NEGATIVE_INFINITY);
        assertHolds(x.softmax(1), DType.F64, Shape.of(0, 3));
        assertHolds(x.matmul(Tensor.ones(DType.F64, 3, 2)), DType.F64, Shape.of(0, 2));
        assertHolds(x.transpose().matmul(x), DType.F64, Shape.of(3, 3), new double[9]);
        assertHolds(Tensor.concat(0, x, Tensor.ones(DType.F64, 1, 3), x), DType.F64, Shape.of(1, 3), 1, 1, 1);
        assertHolds(x.slice(0, 0, 1), DType.F64, Shape.of(0, 3));
        assertHolds(x.indexSelect(1, IntTensor.of(2, 2)), DType.F64, Shape.of(0, 2));
        assertHolds(Tensor.of(new double[0][]), DType.F32, Shape.of(0, 0));
        assertEquals(0, x.gt(0).count());
        assertTrue(x.gt(0).all());
        assertEquals("[] [0, 3] f64", x.toString());
        try (var tape = new GradientTape()) {
            Tensor in = tape.watch(x);
            assertHolds(tape.gradient(in.square().sum(), in), DType.F64, Shape.of(0, 3));
        }
    }

    @Test
    void printsAsNumPyDoesWithShapeAndDtype() {
        assertEquals("3.5 [] f64", Tensor.scalar(DType.F64, 3.5).toString());
        assertEquals("[ 1.0,  2.5, -3.0] [3] f32", Tensor.of(1, 2.5, -3).toString());
        assertEquals("""
                [[1.0, 2.0],
                 [3.0, 4.0]] [2, 2] f32""", Tensor.of(new double[][]{{1, 2}, {3, 4}}).toString());
        assertEquals("[   0.0,    1.0,    2.0, ..., 1997.0, 1998.0, 1999.0] [2000] f32",
                Tensor.arange(2000).toString());
    }

    @Test
    void aVariablePrintsItsNameAndShapeButNotItsValue() {
        var w = new Variable("w", Tensor.of(1, 2));
        assertEquals("Variable(w [2] f32)", w.toString());
        w.freeze();
        assertEquals("Variable(w [2] f32), frozen", w.toString());
        assertEquals("[1.0, 2.0] [2] f32", w.detach().toString());
        assertEquals("Variable([] f32), not trainable", new Variable(null, Tensor.scalar(1), false).toString());
    }

    @Test
    void findsOneElementThatIsNotFinite() {
        double[] values = new double[5000];
        for (DType dtype : DType.values()) {
            assertTrue(Tensor.of(dtype, values).allFinite());
            for (int i : new int[]{0, 1, 2500, 4999})
                for (double bad : new double[]{Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                    values[i] = bad;
                    assertFalse(Tensor.of(dtype, values).allFinite());
                    values[i] = 0;
                }
        }
        assertTrue(Tensor.zeros(0).allFinite());
    }
}
