package autograd.kernels.vector.elementwise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Activations;
import autograd.Elementwise;
import autograd.Functions;
import autograd.Normalization;
import autograd.Trigonometry;
import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Form;
import autograd.kernels.Intrinsic;
import autograd.kernels.Kernels;
import autograd.kernels.Kit;
import autograd.kernels.hotspot.CompileGate;
import autograd.kernels.vector.VectorKernels;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.EnumSet;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every function that has a vector version, against its definition. */
class FunctionsTest {
    private static final Kernels V = new VectorKernels(Kit.K);
    private static final int[] SIZES = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 128, 129, 1000,
            2047,
            2049, 70_001};
    private static final double[] SPECIAL = {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY, 1, -1, 0.5, -0.5, 20, -20, 88.7, -87, -100, 709.7, -745, 1e10, -1e10, 1e-7,
            -1e-7, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE,
            Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE};

    /** How far from the definition, in ulp; and from numbers too small to matter, in themselves. */
    record Case(Kernels.Fn1 one, Kernels.Fn2 two, double ulps, double absolute) {
        static Case of(Kernels.Fn1 f, double ulps) { return new Case(f, null, ulps, Double.MIN_VALUE); }

        static Case of(Kernels.Fn2 f, double ulps) { return new Case(null, f, ulps, Double.MIN_VALUE); }

        Object function() { return one == null ? two : one; }

        Intrinsic intrinsic() { return one == null ? two.intrinsic() : one.intrinsic(); }

        NdArray map(Kernels k, NdArray a, NdArray b) { return one == null ? k.map(two, a, b) : k.map(one, a); }

        @Override
        public String toString() { return function().toString(); }
    }

    static Stream<Case> unary() {
        return Stream.of(Case.of(new Elementwise.Neg(), 0), Case.of(new Elementwise.Reciprocal(), 0),
                Case.of(new Elementwise.Abs(), 0), Case.of(new Elementwise.Sign(), 0),
                Case.of(new Elementwise.Clamp(-0.3, 0.7), 0), Case.of(new Functions.Square(), 0),
                Case.of(new Functions.PowScalar(2), 0), Case.of(new Functions.PowScalar(3), 1),
                Case.of(new Functions.PowScalar(-1), 0), Case.of(new Functions.PowScalar(0.3), 0),
                Case.of(new Functions.Sqrt(), 0), Case.of(new Functions.Rsqrt(), 1), Case.of(new Functions.Exp(), 1),
                Case.of(new Functions.Expm1(), 2), Case.of(new Functions.Log(), 1), Case.of(new Functions.Log1p(), 2),
                Case.of(new Trigonometry.Tanh(), 3), Case.of(new Functions.Erf(), 8), Case.of(new Functions.Erfc(), 12),
                Case.of(new Activations.Sigmoid(), 2), Case.of(new Activations.Relu(), 0),
                Case.of(new Activations.LogSigmoid(), 3), Case.of(new Activations.Softplus(), 3),
                Case.of(new Activations.LeakyRelu(0.1), 1), Case.of(new Activations.Elu(0.7), 3),
                new Case(new Activations.Gelu(), null, 8, 2e-7)); // x erfc x loses what x loses
    }

    static Stream<Case> binary() {
        return Stream.of(Case.of(new Elementwise.Add(), 0), Case.of(new Elementwise.Sub(), 0),
                Case.of(new Elementwise.Mul(), 0), Case.of(new Elementwise.Zmul(), 0),
                Case.of(new Elementwise.Zdiv(), 0),
                Case.of(new Elementwise.Div(), 0), Case.of(new Elementwise.Maximum(), 0),
                Case.of(new Elementwise.Minimum(), 0), new Case(null, new Normalization.SigmoidSub(), 4, 2e-7),
                new Case(null, new Trigonometry.TanhVjp().fromValue(), 4, 2e-6),
                new Case(null, new Activations.SigmoidVjp().fromValue(), 4, 2e-6),
                Case.of(new Trigonometry.TanhVjp().fromArgument(), 8),
                Case.of(new Activations.SigmoidVjp().fromArgument(), 8), Case.of(new Activations.ReluVjp(), 0));
    }

    static Stream<Case> all() { return Stream.concat(unary(), binary()); }

    /** All special numbers first, then normal ones. */
    private static DoubleSupplier values(long seed) {
        DoubleSupplier normal = Kit.normal(seed);
        int[] i = {0};
        return () -> i[0] < SPECIAL.length ? SPECIAL[i[0]++] : 3 * normal.getAsDouble();
    }

    private static void assertNear(Case c, NdArray expected, NdArray actual, Object what) {
        assertNear(c, expected, expected, actual, what);
    }

    /** Where an absolute bound is given, it is one for operands of size 1. */
    private static void assertNear(Case c, NdArray operand, NdArray expected, NdArray actual, Object what) {
        assertEquals(expected.shape(), actual.shape(), () -> c + " " + what);
        assertEquals(expected.dtype(), actual.dtype(), () -> c + " " + what);
        assertTrue(actual.isContiguous(), () -> c + " " + what);
        boolean single = expected.dtype() == DType.F32;
        for (int i = 0; i < expected.size(); i++) {
            double e = expected.storage().get(expected.layout().offset() + i), a = actual.storage().get(i);
            double ulp = single ? Math.ulp((float) e) : Math.ulp(e);
            double least = c.absolute < 1e-300
                    ? single ? Float.MIN_VALUE : Double.MIN_VALUE
                    : single ? c.absolute : 1e-14;
            double size = Math.max(1, Math.abs(operand.storage().get(operand.layout().offset() + i)));
            double bound = c.ulps == 0 ? 0 : Math.max(c.ulps * ulp, least < 1e-30 ? least : least * size);
            if (Double.compare(e, a) != 0 && !(Math.abs(e - a) <= bound))
                assertEquals(e, a, "element " + i + " of " + c + " " + what);
        }
    }

    /** A number of elements that uses the vector kernels. */
    @BeforeAll
    static void inVectors() { CompileGate.forced = true; }

    @AfterAll
    static void asEver() { CompileGate.forced = null; }

    @Test
    void firstElementsAreLeftToScalarKernelsOnlyWhereBitsAgree() {
        try {
            CompileGate.forced = false;
            all().filter(c -> ElementwiseLoop.of(c.intrinsic(), DType.F32, 100) == null)
                    .forEach(c -> assertEquals(0, c.ulps(), c::toString));
        } finally {
            CompileGate.forced = true;
        }
    }

    @Test
    void everyIntrinsicHasACase() {
        assertEquals(EnumSet.allOf(Intrinsic.class), all().map(Case::intrinsic).collect(Collectors.toSet()));
    }

    @Test
    void onlyFunctionsThatAreNoneHaveNoLoops() {
        for (Intrinsic f : Intrinsic.values())
            assertEquals(f == Intrinsic.NONE, ElementwiseLoop.of(f, DType.F64, 100) == null, f::toString);
    }

    @ParameterizedTest
    @MethodSource("all")
    void agreesWithItsDefinitionAtEverySize(Case c) {
        for (DType dtype : DType.values())
            for (int n : SIZES) {
                NdArray a = Form.CONTIGUOUS.of(dtype, Shape.of(n), values(n));
                NdArray b = Form.CONTIGUOUS.of(dtype, Shape.of(n), Kit.special(n + 1));
                assertNear(c, a, c.map(Kit.K, a, b), c.map(V, a, b), dtype + " " + n);
            }
    }

    @ParameterizedTest
    @EnumSource
    void agreesOnViewsAndBroadcasts(Form form) {
        List<Shape> shapes = List.of(Shape.of(9, 17), Shape.of(70, 3), Shape.of(3, 70), Shape.of(2, 3, 4, 5),
                Shape.of(1, 100), Shape.of(64));
        for (Case c : List.of(Case.of(new Elementwise.Sub(), 0), Case.of(new Activations.LeakyRelu(0.25), 0)))
            for (DType dtype : DType.values())
                for (Shape shape : shapes)
                    for (int axis = -1; axis < shape.rank(); axis++) {
                        NdArray a = form.of(dtype, shape, Kit.special(axis + 2));
                        Shape other = axis < 0 ? Shape.SCALAR : shape.with(axis, 1);
                        for (Form second : List.of(Form.CONTIGUOUS, Form.OFFSET, Form.TRANSPOSED)) {
                            NdArray b = second.of(dtype, other, Kit.special(7));
                            assertNear(c, c.map(Kit.K, a, b), c.map(V, a, b), shape + " " + other);
                            assertNear(c, c.map(Kit.K, b, a), c.map(V, b, a), other + " " + shape);
                        }
                        NdArray b = form.of(dtype, shape, Kit.special(8));
                        assertNear(c, c.map(Kit.K, a, b), c.map(V, a, b), shape);
                    }
    }

    /** A row under the others, and a column beside them. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void broadcastsLongRows(DType dtype) {
        Case c = Case.of(new Elementwise.Sub(), 0);
        NdArray a = Form.CONTIGUOUS.of(dtype, Shape.of(500, 130), Kit.normal(1));
        for (Shape shape : List.of(Shape.of(130), Shape.of(500, 1), Shape.of(1, 1))) {
            NdArray b = Form.OFFSET.of(dtype, shape, Kit.normal(2));
            assertNear(c, c.map(Kit.K, a, b), c.map(V, a, b), shape);
            assertNear(c, c.map(Kit.K, b, a), c.map(V, b, a), shape);
        }
    }

    /**
     * Saturated values in some chunks, in all and in none; cotangents that are views, broadcast, or one number.
     */
    @ParameterizedTest
    @EnumSource
    void saturatedValuesAgree(Form form) {
        for (DType dtype : DType.values())
            for (int n : new int[]{1, 63, 64, 65, 1000, 9001})
                for (double scale : new double[]{0, 3, 300}) {
                    NdArray x = form.of(dtype, Shape.of(n), scaled(scale)), y = V.map(new Trigonometry.Tanh(), x);
                    for (NdArray g : List.of(form.of(dtype, Shape.of(n), Kit.normal(n)),
                            Form.OFFSET.of(dtype, Shape.SCALAR, () -> 0.7),
                            Form.CONTIGUOUS.of(dtype, Shape.of(1), () -> 3).broadcastTo(Shape.of(n)))) {
                        Trigonometry.TanhVjp op = new Trigonometry.TanhVjp();
                        NdArray expected = Kit.K.mapSaturating(op.fromValue(), op.fromArgument(), g, y, x),
                                actual = V.mapSaturating(op.fromValue(), op.fromArgument(), g, y, x);
                        assertNear(new Case(null, op.fromValue(), 8, 2e-6), expected, actual, n + " by " + scale);
                    }
                }
    }

    private static DoubleSupplier scaled(double scale) {
        DoubleSupplier normal = Kit.normal(5);
        int[] i = {0};
        return () -> i[0]++ % 4096 < 100 ? scale * normal.getAsDouble() : normal.getAsDouble();
    }

    @Test
    void functionsOfOthersAreTheirOwn() {
        Kernels.Fn1 f = x -> 3 * x;
        assertEquals(Intrinsic.NONE, f.intrinsic());
        assertEquals(Intrinsic.NONE, new Functions.PowScalar(1.5).intrinsic());
        assertEquals(Intrinsic.SQUARE, new Functions.PowScalar(2).intrinsic());
        NdArray x = Form.CONTIGUOUS.of(DType.F32, Shape.of(100), Kit.normal(1));
        Kit.assertSame(Kit.K.map(f, x), V.map(f, x), "a lambda");
    }

    @Test
    void parametersAreThoseOfTheCall() {
        NdArray x = Kit.K.full(DType.F32, Shape.of(100), -2);
        assertEquals(-0.5, V.map(new Activations.LeakyRelu(0.25), x).get(99));
        assertEquals(-1, V.map(new Activations.LeakyRelu(0.5), x).get(99));
        assertEquals(-0.75, V.map(new Elementwise.Clamp(-0.75, 1), x).get(99));
        assertEquals(-1, V.map(new Elementwise.Clamp(-1, 1), x).get(50));
    }
}
