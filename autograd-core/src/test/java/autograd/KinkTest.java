package autograd;

import static autograd.array.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The derivatives that this library defines where left and right slope differ. */
class KinkTest {
    private static Tensor t(double... values) { return Tensor.of(F64, values); }

    private static double[] gradient(UnaryOperator<Tensor> f, double... x) {
        return OpCase.vjps(in -> f.apply(in[0]).sum(), Tensor.scalar(F64, 1), t(x))[0].toDoubleArray();
    }

    static Stream<Arguments> kinks() {
        return Stream.of(at("relu", Tensor::relu, 0, 0), at("relu", Tensor::relu, -0.0, 0),
                at("abs", Tensor::abs, 0, 0), at("abs", Tensor::abs, -0.0, 0), at("sign", Tensor::sign, 0, 0),
                at("sign", Tensor::sign, 2, 0), at("maximum(x, x)", x -> x.maximum(x), 3, 1),
                at("minimum(x, x)", x -> x.minimum(x), 3, 1), at("maximum(x, 0)", x -> x.maximum(0), 0, 0.5),
                at("minimum(x, 0)", x -> x.minimum(0), 0, 0.5), at("maximum(x, -0)", x -> x.maximum(-0.0), 0, 0.5),
                at("pow 0", x -> x.pow(0), 0, 0), at("pow 1", x -> x.pow(1), 0, 1),
                at("x^b, b = 0", x -> x.pow(t(0)), 0, 0), at("x^b, b = 1", x -> x.pow(t(1)), 0, 1),
                at("0^x", x -> t(0).pow(x), 2, 0));
    }

    private static Arguments at(String name, UnaryOperator<Tensor> f, double x, double slope) {
        return Arguments.of(name, f, x, slope);
    }

    @ParameterizedTest(name = "{0} at {2} has derivative {3}")
    @MethodSource("kinks")
    void isAsDocumented(String name, UnaryOperator<Tensor> f, double x, double slope) {
        assertEquals(slope, gradient(f, x)[0] + 0.0, name); // -0 is as good
    }

    @Test
    void tiesOfTwoTensorsSplitEvenly() {
        for (boolean larger : new boolean[]{true, false}) {
            Tensor[] shares = OpCase.vjps(in -> larger ? in[0].maximum(in[1]) : in[0].minimum(in[1]), t(1, -2, 3),
                    t(1, 0, 5), t(1, -0.0, 5));
            assertArrayEquals(new double[]{0.5, -1, 1.5}, shares[0].toDoubleArray());
            assertArrayEquals(new double[]{0.5, -1, 1.5}, shares[1].toDoubleArray());
        }
    }

    @Test
    void tiesAlongAnAxisSplitEvenly() {
        assertArrayEquals(new double[]{0.5, 0.5, 0}, gradient(x -> x.max(), 2, 2, 1));
        assertArrayEquals(new double[]{0, 0, 1}, gradient(x -> x.min(), 2, 2, 1));
        assertArrayEquals(new double[]{0.25, 0.25, 0.25, 0.25}, gradient(x -> x.min(), 7, 7, 7, 7));
        assertArrayEquals(new double[]{0.5, 0.5, 1, 0}, gradient(x -> x.reshape(2, 2).max(1), 3, 3, 2, 1));
        assertArrayEquals(new double[]{0.5, 0.5}, gradient(x -> x.max(), 0, -0.0));
    }

    /** A record may reduce no axes at all: then each element is its own extremum. */
    @Test
    void extremaAlongNoAxes() {
        int[] none = {};
        assertArrayEquals(new double[]{1, 1, 1}, gradient(x -> x.apply(new Reduction.Max(none, false)), 2, 2, 1));
        assertArrayEquals(new double[]{1, 1, 1}, gradient(x -> x.apply(new Reduction.Min(none, true)), 2, 2, 1));
        assertArrayEquals(new double[]{1, 2}, new Reduction.LogSumExp(none, true).definition(t(1, 2)).toDoubleArray());
    }

    @Test
    void secondDerivativesAtKinksAreZero() {
        for (UnaryOperator<Tensor> f : Stream.<UnaryOperator<Tensor>>of(Tensor::relu, Tensor::abs, Tensor::sign,
                x -> x.maximum(x), x -> x.max()).toList())
            assertArrayEquals(new double[]{0},
                    gradient(a -> OpCase.vjps(in -> f.apply(in[0]).sum(), Tensor.scalar(F64, 1), a)[0], 0));
    }

    @Test
    void nanIsNotHidden() {
        assertEquals(Double.NaN, t(Double.NaN).relu().item());
        assertEquals(Double.NaN, t(Double.NaN, 1).max().item());
        assertEquals(Double.NaN, t(Double.NaN).maximum(0).item());
    }
}
