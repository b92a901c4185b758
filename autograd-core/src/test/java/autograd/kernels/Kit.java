package autograd.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;

import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Numbers, shapes and comparisons for the tests of kernels. */
public final class Kit {
    public static final Kernels K = new ScalarKernels();

    /** Ranks 0 to 4, extents around the thresholds of loops, and empty shapes. */
    public static final List<Shape> SHAPES = List.of(Shape.SCALAR, Shape.of(1), Shape.of(7), Shape.of(16), Shape.of(67),
            Shape.of(3, 5), Shape.of(1, 9), Shape.of(9, 1), Shape.of(5, 33), Shape.of(2, 3, 4), Shape.of(3, 1, 6),
            Shape.of(2, 3, 1, 5), Shape.of(0), Shape.of(3, 0), Shape.of(0, 4));

    private static final double[] SPECIAL = {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY, 1, -1, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, Float.MIN_NORMAL};

    /**
     * Whether another run proves the scalar kernels: nothing in them depends on the vectors of a processor, so
     * runs for other vectors leave them out.
     */
    public static final boolean SCALAR_IS_PROVED = Boolean.getBoolean("scalar.proved");

    private Kit() {}

    /** Normal numbers. */
    public static DoubleSupplier normal(long seed) {
        Rng rng = new Rng(seed);
        return rng::nextGaussian;
    }

    /** Whole numbers from 0 to below a bound. */
    public static DoubleSupplier whole(long seed, int bound) {
        Rng rng = new Rng(seed);
        return () -> rng.nextInt(bound);
    }

    /** Normally distributed numbers; every third number is a special value such as NaN or infinity. */
    public static DoubleSupplier special(long seed) {
        Rng rng = new Rng(seed);
        return () -> rng.nextInt(3) == 0 ? SPECIAL[rng.nextInt(SPECIAL.length)] : rng.nextGaussian();
    }

    /** Asserts equal bits, except the bits of NaN, and a contiguous result. */
    public static void assertSame(NdArray expected, NdArray actual, Object what) {
        assertEquals(expected.shape(), actual.shape(), () -> "shape of " + what);
        assertEquals(expected.dtype(), actual.dtype(), () -> "dtype of " + what);
        assertTrue(actual.isContiguous(), () -> "contiguous: " + what);
        for (int i = 0; i < expected.size(); i++) {
            double e = expected.storage().get(expected.layout().offset() + i);
            double a = actual.storage().get(actual.layout().offset() + i);
            if (Double.doubleToLongBits(e) != Double.doubleToLongBits(a))
                assertEquals(e, a, "element " + i + " of " + what);
        }
    }

    /** Within a bound of its own for each element. */
    public static void assertNear(NdArray expected, NdArray actual, NdArray bound, Object what) {
        assertEquals(expected.shape(), actual.shape(), () -> "shape of " + what);
        for (int i = 0; i < expected.size(); i++) {
            double e = expected.storage().get(i), a = actual.storage().get(i);
            assertEquals(e, a, bound.storage().get(i) + Double.MIN_VALUE, "element " + i + " of " + what);
            if (e == 0 && a == 0)
                assertEquals(e, a, "the sign of the zero, element " + i + " of " + what);
        }
    }

    /** All sets of axes of a shape. */
    public static List<int[]> subsetsOfAxes(Shape shape) {
        return IntStream.range(0, 1 << shape.rank())
                .mapToObj(bits -> IntStream.range(0, shape.rank()).filter(i -> (bits >> i & 1) == 1).toArray())
                .toList();
    }

    /** The same numbers in F64. */
    public static NdArray exact(NdArray x) { return Form.plain(x, DType.F64); }
}
