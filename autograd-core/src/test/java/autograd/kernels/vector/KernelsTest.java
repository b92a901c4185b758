package autograd.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Updates;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Form;
import autograd.kernels.IntrinsicStep;
import autograd.kernels.Kernels.Reduction;
import autograd.kernels.Kernels;
import autograd.kernels.Kit;
import autograd.kernels.Relation;
import autograd.kernels.hotspot.CompileGate;
import autograd.kernels.hotspot.Gates;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Compares kernels that are not elementwise with the scalar kernels. */
class KernelsTest {
    private static final Kernels S = Kit.K, V = new VectorKernels(S);
    private static final List<Shape> SHAPES = List.of(Shape.of(64), Shape.of(65), Shape.of(1000), Shape.of(64, 10),
            Shape.of(33, 3), Shape.of(5, 33), Shape.of(129, 67), Shape.of(2, 3, 40),
            Shape.of(4, 5, 6, 7), Shape.of(1, 100), Shape.of(100, 1), Shape.of(0, 100));

    /** Sizes that are split into chunks, for one form. */
    private static List<Shape> shapes(Form form) {
        return form != Form.CONTIGUOUS
                ? SHAPES
                : Stream.concat(SHAPES.stream(), Stream.of(Shape.of(70_001), Shape.of(300, 260))).toList();
    }

    /** Also sizes that are large enough for reductions by vectors. */
    private static List<Shape> reduced(Form form) {
        return Stream.concat(shapes(form).stream(), Stream.of(Shape.of(16_400), Shape.of(140, 129), Shape.of(129, 140),
                Shape.of(3, 70, 90), Shape.of(2000, 10), Shape.of(10, 1700))).toList();
    }

    @Test
    void theseAreTheKernelsOfTheTests() { assertEquals("vector", Kernels.get().name()); }

    /** Sums and products in double differ only in the order of their terms. */
    @ParameterizedTest
    @EnumSource
    void reduces(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : reduced(form))
                for (int[] axes : Kit.subsetsOfAxes(shape)) {
                    NdArray x = form.of(dtype, shape, Kit.normal(1));
                    for (Reduction r : List.of(Reduction.MAX, Reduction.MIN))
                        Kit.assertSame(S.reduce(r, x, axes), V.reduce(r, x, axes), shape);
                    NdArray size = S.reduce(Reduction.SUM, S.map((Kernels.Fn1) Math::abs, x), axes);
                    double ulp = dtype == DType.F32 ? 0x1p-23 : 0x1p-52 * shape.size();
                    Kit.assertNear(S.reduce(Reduction.SUM, x, axes), V.reduce(Reduction.SUM, x, axes),
                            S.map(s -> s * ulp, size), shape);
                    NdArray near1 = form.of(dtype, shape, near1());
                    NdArray product = S.reduce(Reduction.PROD, near1, axes);
                    Kit.assertNear(product, V.reduce(Reduction.PROD, near1, axes), S.map(p -> p * ulp * 4, product),
                            shape);
                }
    }

    private static NdArray softmax(NdArray x, int axis, boolean log) {
        return Gates.inVectors(() -> V.softmax(x, axis, log), x.shape());
    }

    private static NdArray crossEntropy(NdArray x, int[] labels) {
        return Gates.inVectors(() -> V.crossEntropy(x, labels), x.shape());
    }

    private static NdArray crossEntropyVjp(NdArray g, NdArray x, int[] labels) {
        return Gates.inVectors(() -> V.crossEntropyVjp(g, x, labels), x.shape());
    }

    private static DoubleSupplier near1() {
        DoubleSupplier normal = Kit.normal(2);
        return () -> 1 + normal.getAsDouble() / 1000;
    }

    @ParameterizedTest
    @EnumSource
    void reducesSpecialNumbers(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : reduced(form))
                for (int[] axes : Kit.subsetsOfAxes(shape)) {
                    NdArray x = form.of(dtype, shape, Kit.special(3)), zeros = form.of(dtype, shape, () -> -0.0);
                    for (Reduction r : List.of(Reduction.MAX, Reduction.MIN))
                        Kit.assertSame(S.reduce(r, x, axes), V.reduce(r, x, axes), shape);
                    for (Reduction r : Reduction.values())
                        Kit.assertSame(S.reduce(r, zeros, axes), V.reduce(r, zeros, axes), shape + " -0 " + r);
                    assertEquals(S.allFinite(x), V.allFinite(x), shape::toString);
                    assertTrue(V.allFinite(zeros));
                }
    }

    @ParameterizedTest
    @EnumSource
    void softmaxOfRows(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : shapes(form))
                for (int axis = 0; axis < shape.rank(); axis++)
                    for (boolean log : new boolean[]{false, true}) {
                        NdArray x = form.of(dtype, shape, Kit.normal(4)), y = S.softmax(x, axis, log);
                        double ulp = dtype == DType.F32 ? 0x1p-20 : 0x1p-52 * (8 + shape.dim(axis));
                        Kit.assertNear(y, softmax(x, axis, log),
                                S.map(v -> ulp * Math.max(log ? 1 : 0, Math.abs(v)), y), shape);
                        assertSameKinds(S.softmax(special(form, dtype, shape), axis, log),
                                softmax(special(form, dtype, shape), axis, log), shape);
                    }
    }

    @ParameterizedTest
    @EnumSource
    void crossEntropyOfRows(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : shapes(form))
                if (shape.size() > 0) {
                    int n = shape.dim(-1);
                    int[] labels = IntStream.range(0, shape.size() / n).map(i -> i * 7 % n).toArray();
                    NdArray x = form.of(dtype, shape, Kit.normal(17)), special = special(form, dtype, shape);
                    NdArray y = S.crossEntropy(x, labels), g = S.map(v -> v < 1 ? 0 : -v, y);
                    double ulp = dtype == DType.F32 ? 0x1p-20 : 0x1p-52 * (8 + n);
                    Kit.assertNear(y, crossEntropy(x, labels), S.map(v -> ulp * Math.max(1, v), y), shape);
                    NdArray back = S.crossEntropyVjp(g, x, labels);
                    Kit.assertNear(back, crossEntropyVjp(g, x, labels),
                            S.map(v -> ulp * Math.max(1, Math.abs(v)), back), shape);
                    assertSameKinds(S.crossEntropy(special, labels), crossEntropy(special, labels), shape);
                    assertSameKinds(S.crossEntropyVjp(g, special, labels), crossEntropyVjp(g, special, labels),
                            shape);
                }
    }

    /**
     * If the label has nearly all of the probability, softmax - 1 must keep its digits.
     */
    @ParameterizedTest
    @CsvSource({"1, 2", "60, 2", "40, 10", "30, 100"})
    void crossEntropyOfConfidentRows(int m, int n) {
        int[] labels = IntStream.range(0, m).map(i -> i * 7 % n).toArray();
        NdArray x = Form.CONTIGUOUS.of(DType.F32, Shape.of(m, n), Kit.normal(18)),
                g = S.full(DType.F32, Shape.of(m), 3);
        for (int i = 0; i < m; i++)
            x.storage().set(i * n + labels[i], 8);
        NdArray exact = S.crossEntropyVjp(Kit.exact(g), Kit.exact(x), labels);
        NdArray bound = S.map(v -> 0x1p-19 * Math.abs(v), exact);
        Kit.assertNear(exact, Kit.exact(S.crossEntropyVjp(g, x, labels)), bound, "scalar");
        Kit.assertNear(exact, Kit.exact(crossEntropyVjp(g, x, labels)), bound, "vector");
    }

    @ParameterizedTest
    @EnumSource
    void standardizesRows(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : shapes(form)) {
                int n = Math.max(1, shape.dim(-1));
                NdArray x = form.of(dtype, shape, Kit.normal(9));
                double ulp = dtype == DType.F32 ? 0x1p-20 : 0x1p-52 * (8 + n);
                Kit.assertNear(S.standardize(x, n, 1), V.standardize(x, n, 1),
                        S.map(v -> ulp * Math.max(1, Math.abs(v)), x), shape);
                NdArray special = special(form, dtype, shape);
                Kernels.Fn1 kind = v -> v * 0 == 0 ? 0 : v;
                Kit.assertSame(S.map(kind, S.standardize(special, n, 1)), S.map(kind, V.standardize(special, n, 1)),
                        shape);
            }
    }

    @Test
    void aRowOfEqualNumbersIsExactlyZero() {
        NdArray zeros = S.full(DType.F32, Shape.of(3, 1000), 0), x = S.full(DType.F32, zeros.shape(), 0.1);
        Kit.assertSame(zeros, S.standardize(x, 1000, 1e-12), "scalar");
        Kit.assertSame(zeros, V.standardize(x, 1000, 1e-12), "vector");
    }

    private static NdArray special(Form form, DType dtype, Shape shape) {
        return form.of(dtype, shape, Kit.special(5));
    }

    /** NaN, infinite and zero at the same places. */
    private static void assertSameKinds(NdArray expected, NdArray actual, Object what) {
        Kernels.Fn1 kind = x -> x * 0 == 0 ? Math.abs(x) < Float.MIN_NORMAL ? 0 : 1 : x;
        Kit.assertSame(S.map(kind, expected), S.map(kind, actual), what);
    }

    @ParameterizedTest
    @EnumSource
    void movesElements(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : shapes(form)) {
                NdArray x = form.of(dtype, shape, Kit.special(6)), z = form.of(dtype, shape, Kit.special(7));
                Kit.assertSame(Form.plain(x), V.copy(x), shape);
                for (DType to : DType.values())
                    Kit.assertSame(S.cast(x, to), V.cast(x, to), shape);
                NdArray expected = S.copy(z), actual = S.copy(z);
                S.accumulate(expected, x);
                V.accumulate(actual, x);
                Kit.assertSame(expected, actual, shape);
                boolean[] where = S.test(Relation.GT, x, z).data();
                Layout layout = Layout.of(shape);
                Kit.assertSame(S.select(where, layout, x, z), V.select(where, layout, x, z), shape);
                NdArray one = S.full(dtype, Shape.SCALAR, 0);
                Kit.assertSame(S.select(where, layout, x, one), V.select(where, layout, x, one), shape);
            }
    }

    /** Terms are added in their order, so sums are the same to the bit. */
    @ParameterizedTest
    @EnumSource
    void sumsUpToEachElement(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : shapes(form))
                for (int axis = 0; axis < shape.rank(); axis++)
                    for (boolean reverse : new boolean[]{false, true}) {
                        NdArray x = form.of(dtype, shape, Kit.normal(14)), special = special(form, dtype, shape);
                        Kit.assertSame(S.cumsum(x, axis, reverse), V.cumsum(x, axis, reverse), shape);
                        Kit.assertSame(S.cumsum(special, axis, reverse), V.cumsum(special, axis, reverse), shape);
                    }
    }

    /** Also the first of equals; rows of NaN in part. */
    @ParameterizedTest
    @EnumSource
    void findsTheLargest(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : shapes(form))
                for (int axis = 0; axis < shape.rank(); axis++)
                    if (shape.dim(axis) > 0)
                        for (NdArray x : List.of(form.of(dtype, shape, Kit.special(6)),
                                form.of(dtype, shape, Kit.normal(15)), form.of(dtype, shape, Kit.whole(16, 5)),
                                form.of(dtype, shape, () -> -0.0),
                                form.of(dtype, shape, () -> Double.NEGATIVE_INFINITY)))
                            assertArrayEquals(S.argMax(x, axis).data(), V.argMax(x, axis).data(),
                                    shape + " along " + axis);
    }

    @ParameterizedTest
    @EnumSource
    void compares(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : shapes(form)) {
                NdArray x = form.of(dtype, shape, Kit.special(10)), z = form.of(dtype, shape, Kit.special(11));
                assertCompares(x, z);
                for (Form other : Form.values())
                    assertCompares(x, other.of(dtype, shape, Kit.special(12)));
                assertCompares(x, S.full(dtype, Shape.SCALAR, 0));
                for (int axis = 0; axis < shape.rank(); axis++)
                    assertCompares(x, form.of(dtype, shape.with(axis, 1), Kit.special(13)));
            }
    }

    private static void assertCompares(NdArray a, NdArray b) {
        for (Relation r : Relation.values()) {
            assertArrayEquals(S.test(r, a, b).data(), V.test(r, a, b).data(),
                    () -> a.shape() + " " + r + " " + b.shape());
            assertArrayEquals(S.test(r, b, a).data(), V.test(r, b, a).data(),
                    () -> b.shape() + " " + r + " " + a.shape());
        }
    }

    @Test
    void writesATransposeIntoAFrameAndNowhereElse() {
        NdArray frame = S.full(DType.F32, Shape.of(40, 50), 7), x = Form.TRANSPOSED.of(DType.F32, Shape.of(37, 45),
                Kit.normal(8));
        Layout inside = frame.layout().slice(new int[]{1, 2}, new int[]{37, 45}, new int[]{1, 1});
        V.write(frame.view(inside), x);
        Kit.assertSame(Form.plain(x), S.copy(frame.view(inside)), "inside");
        assertEquals(7.0 * (40 * 50 - 37 * 45), S.reduce(Reduction.SUM, frame, 0, 1).get(0, 0)
                - S.reduce(Reduction.SUM, x, 0, 1).get(0, 0), 1e-2);
    }

    static Stream<Variable.Update> rules() {
        return Stream.of(new Updates.Sgd(0.1, 0), new Updates.Sgd(0.1, 0.01),
                new Updates.Momentum(0.1, 0.01, 0.9, false), new Updates.Momentum(0.1, 0.01, 0.9, true),
                Updates.Adam.at(1, 0.1, 0.9, 0.999, 1e-8, 0, 0), Updates.Adam.at(7, 0.1, 0.9, 0.999, 1e-8, 0.01, 0.02),
                new Updates.RmsProp(0.1, 0.01, 0.99, 1e-8), new Updates.CenteredRmsProp(0.1, 0.01, 0.99, 1e-4));
    }

    private static int slots(Variable.Update rule) {
        return switch (rule) {
            case Updates.Sgd _ -> 1;
            case Updates.Momentum _,Updates.RmsProp _ -> 2;
            default -> 3;
        };
    }

    /** By vectors, or by plain code as long as the vector loops are not compiled. */
    private static void update(boolean vectors, Variable.Update rule, NdArray g, NdArray... slots) {
        try {
            CompileGate.forced = vectors;
            V.update(rule, g, slots);
        } finally {
            CompileGate.forced = null;
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void stepsByItsRule(Variable.Update rule) {
        assertInstanceOf(IntrinsicStep.class, rule);
        for (DType dtype : DType.values())
            for (int n : new int[]{1, 63, 64, 65, 100, 1000, 70_001}) {
                NdArray g = Form.OFFSET.of(dtype, Shape.of(n), Kit.normal(1));
                int slots = slots(rule);
                NdArray[] expected = new NdArray[slots], actual = new NdArray[slots], plain = new NdArray[slots];
                for (int k = 0; k < slots; k++) {
                    expected[k] = S.full(dtype, Shape.of(n), k == 0 ? 1 : 0);
                    actual[k] = S.copy(expected[k]);
                    plain[k] = S.copy(expected[k]);
                }
                for (int step = 0; step < 3; step++) {
                    S.update(rule, g, expected);
                    update(true, rule, g, actual);
                    update(false, rule, g, plain);
                }
                for (int k = 0; k < slots; k++)
                    Kit.assertSame(plain[k], actual[k], rule + " " + n + " slot " + k);
                double bound = dtype == DType.F32 ? 5e-6 : 1e-14;
                for (int k = 0; k < expected.length; k++)
                    Kit.assertNear(expected[k], actual[k], S.map(v -> bound * Math.max(1, Math.abs(v)), expected[k]),
                            rule + " " + n + " slot " + k);
            }
    }
}
