package autograd;

import static autograd.OpCase.cotangent;
import static autograd.OpCase.dot;
import static autograd.OpCase.vjps;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Laws that hold for every operation and all values, exactly or up to rounding. */
class OpLawTest {
    private static void assertNear(double[] expected, double[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++)
            assertEquals(expected[i], actual[i], 1e-12 * (1 + Math.abs(expected[i])));
    }

    /** {@code <g, J v> = <J^T g, v>}, where {@code J v} is the gradient of {@code <J^T g, v>} in g. */
    @ForEveryOp
    void jvpIsTheTransposeOfVjp(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        Rng rng = new Rng(seed);
        Tensor g = cotangent(c.value().shape(), rng);
        Tensor[] v = c.inputs().stream().map(x -> cotangent(x.shape(), rng)).toArray(Tensor[]::new);
        Function<Tensor[], Tensor> along = h -> {
            Tensor sum = Tensor.scalar(DType.F64, 0);
            Tensor[] shares = vjps(c.function(), h[0], c.in());
            for (int i = 0; i < shares.length; i++)
                sum = sum.add(shares[i].mul(v[i]).sum());
            return sum;
        };
        double left = along.apply(new Tensor[]{g}).item();
        Tensor jvp = vjps(along, Tensor.scalar(DType.F64, 1), cotangent(c.value().shape(), rng))[0]; // at another g
        assertEquals(left, dot(g, jvp), 1e-12 * (1 + Math.abs(left)));
    }

    @ForEveryOp
    void vjpIsLinear(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        Rng rng = new Rng(seed);
        Tensor g = cotangent(c.value().shape(), rng), h = cotangent(c.value().shape(), rng);
        Tensor[] ofG = c.vjps(g), ofH = c.vjps(h), ofBoth = c.vjps(g.mul(-1.5).add(h));
        for (int i = 0; i < ofG.length; i++)
            assertNear(ofG[i].mul(-1.5).add(ofH[i]).toDoubleArray(), ofBoth[i].toDoubleArray());
    }

    /** An input that is used twice, in two calls or as both inputs of one, gets the sum of both cotangents. */
    @ForEveryOp
    void twoUsesAddUp(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        Rng rng = new Rng(seed);
        Shape shape = c.value().shape();
        Tensor g = cotangent(shape, rng), h = cotangent(shape, rng);
        Tensor[] together = vjps(in -> {
            Tensor p = c.function().apply(in).mul(g), q = c.function().apply(in).mul(h);
            return p.add(q);
        }, Tensor.ones(DType.F64, shape), c.in()), ofG = c.vjps(g), ofH = c.vjps(h);
        for (int i = 0; i < together.length; i++)
            assertNear(ofG[i].add(ofH[i]).toDoubleArray(), together[i].toDoubleArray());

        if (c.inputs().stream().map(Tensor::shape).distinct().count() > 1)
            return;
        Tensor x = c.inputs().stream().min((a, b) -> Double.compare(negatives(a), negatives(b))).orElseThrow();
        OpCase same = c.with(c.inputs().stream().map(_ -> x).toArray(Tensor[]::new));
        Assume.that(!isRefused(same));
        Tensor sum = Tensor.zerosLike(x);
        for (Tensor share : same.vjps(g))
            sum = sum.add(share);
        Tensor shared = vjps(in -> same.function().apply(c.inputs().stream().map(_ -> in[0]).toArray(Tensor[]::new)), g,
                x)[0];
        assertNear(sum.toDoubleArray(), shared.toDoubleArray());
    }

    private static double negatives(Tensor x) { return x.le(0).count(); }

    @ForEveryOp
    void aPersistentTapePlaysTheSameTwice(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        Tensor g = cotangent(c.value().shape(), new Rng(seed));
        Tensor[] once = c.vjps(g);
        try (var tape = new GradientTape().persistent()) {
            Tensor[] at = c.inputs().stream().map(tape::watch).toArray(Tensor[]::new);
            Tensor y = c.function().apply(at);
            for (int n = 0; n < 2; n++) {
                Gradients gradients = tape.gradient(y, g, List.of(at));
                for (int i = 0; i < at.length; i++)
                    assertArrayEquals(once[i].toDoubleArray(), gradients.of(at[i]).toDoubleArray());
            }
        }
    }

    @ForEveryOp
    void inputsAreNotChanged(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        Tensor g = cotangent(c.value().shape(), new Rng(seed));
        Tensor[] all = Stream.concat(c.inputs().stream(), Stream.of(g)).toArray(Tensor[]::new);
        double[][] before = Stream.of(all).map(x -> x.array().storage().doubles().clone()).toArray(double[][]::new);
        c.vjps(g);
        for (int i = 0; i < all.length; i++)
            assertArrayEquals(before[i], all[i].array().storage().doubles());
    }

    @ForEveryOp
    void viewsAreWorthTheirCopies(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        OpCase copied = c.with(c.inputs().stream().map(x -> Tensor.of(Kernels.get().copy(x.array())))
                .toArray(Tensor[]::new));
        Tensor g = cotangent(c.value().shape(), new Rng(seed));
        assertNear(copied.value().toDoubleArray(), c.value().toDoubleArray());
        for (int i = 0; i < c.inputs().size(); i++)
            assertNear(copied.vjps(g)[i].toDoubleArray(), c.vjps(g)[i].toDoubleArray());
    }

    /** A gradient has the shape and dtype of its input, at every order, in F32 too. */
    @ForEveryOp
    void gradientsAreShapedAsInputs(@ForEveryOp.Case OpCase c) {
        for (DType dtype : DType.values()) {
            OpCase cast = c.with(c.inputs().stream().map(x -> x.to(dtype)).toArray(Tensor[]::new));
            Tensor y = cast.value(), g = Tensor.ones(y.dtype(), y.shape());
            assertEquals(c.value().shape(), y.shape());
            Tensor[] shares = cast.vjps(g);
            Tensor[] second = vjps(in -> cast.with(in).vjps(g)[0], shares[0], cast.in());
            for (int i = 0; i < shares.length; i++)
                for (Tensor t : new Tensor[]{shares[i], second[i]}) {
                    assertEquals(cast.inputs().get(i).shape(), t.shape());
                    assertEquals(dtype, t.dtype());
                }
        }
    }

    /**
     * F32 agrees with F64 up to one rounding for each number that an output depends on, relative to their
     * contributions {@code |J| |x|}, plus 4 roundings for the function itself.
     */
    @ForEveryOp
    void f32IsF64Rounded(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        OpCase single = c.with(c.inputs().stream().map(x -> x.to(DType.F32)).toArray(Tensor[]::new)),
                exact = c.with(single.inputs().stream().map(x -> x.to(DType.F64)).toArray(Tensor[]::new));
        double[] rounded = single.value().toDoubleArray(), y = exact.value().toDoubleArray();
        double[][][] jacobian = exact.jacobian();
        for (int k = 0; k < y.length; k++) {
            double size = Math.abs(y[k]), terms = 4;
            for (int i = 0; i < jacobian[k].length; i++) {
                double[] x = exact.inputs().get(i).toDoubleArray();
                for (int j = 0; j < x.length; j++) {
                    size += Math.abs(jacobian[k][i][j] * x[j]);
                    terms += jacobian[k][i][j] == 0 ? 0 : 1;
                }
            }
            assertEquals(y[k], rounded[k], terms * DType.F32.epsilon() * size + Float.MIN_NORMAL);
        }
        assertGradientsAgree(single, exact, jacobian, cotangent(exact.value().shape(), new Rng(seed)));
    }

    /** The terms of a rule may cancel (1 - y^2), so they count with |g|, for each output that uses an element. */
    private static void assertGradientsAgree(OpCase single, OpCase exact, double[][][] jacobian, Tensor cotangent) {
        Tensor g32 = cotangent.to(single.value().dtype()), g64 = g32.to(DType.F64);
        double[] g = g64.toDoubleArray();
        Tensor[] rounded = single.vjps(g32), shares = exact.vjps(g64);
        double largest = DoubleStream.of(g).map(Math::abs).max().orElse(0);
        for (int i = 0; i < shares.length; i++) {
            double[] share = shares[i].toDoubleArray(), near = rounded[i].toDoubleArray();
            for (int j = 0; j < share.length; j++) {
                double size = largest, terms = 8;
                for (int k = 0; k < g.length; k++) {
                    size += Math.abs(g[k] * jacobian[k][i][j]);
                    terms += jacobian[k][i][j] == 0 ? 0 : 1;
                }
                assertEquals(share[j], near[j], terms * DType.F32.epsilon() * size);
            }
        }
    }

    /** A zero cotangent gives exact zeros, even if values are infinite, NaN or tiny. */
    @ForEveryOp
    void noCotangentGivesNoGradient(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        Rng rng = new Rng(seed);
        OpCase wild = c.with(c.inputs().stream().map(x -> wild(x, rng)).toArray(Tensor[]::new));
        Assume.that(!isRefused(wild));
        for (Tensor share : wild.vjps(Tensor.zerosLike(wild.value())))
            assertTrue(share.eq(0).all(), () -> wild + "\ngives " + share);
    }

    /** In an elementwise operation this holds for each element, beside cotangents that are not zero. */
    @ForEveryOp
    void aZeroInTheCotangentStaysZero(@ForEveryOp.ElementwiseCase OpCase c, @ForAll int seed) {
        Rng rng = new Rng(seed);
        OpCase wild = c.with(c.inputs().stream().map(x -> wild(x, rng)).toArray(Tensor[]::new));
        Tensor y = wild.value(), g = cotangent(y.shape(), rng);
        Tensor[] shares = wild.vjps(g);
        for (int i = 0; i < shares.length; i++) {
            Mask unreached = g.abs().sumTo(shares[i].shape()).eq(0), zero = shares[i].eq(0);
            assertTrue(unreached.not().or(zero).all(), () -> wild + "\nwith g = " + g);
        }
    }

    /** Whether a matrix is singular, or not positive definite although it must be. */
    private static boolean isRefused(OpCase c) {
        try {
            c.value();
            return false;
        } catch (ArithmeticException e) {
            return true;
        }
    }

    private static Tensor wild(Tensor x, Rng rng) {
        double[] special = {0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 1e308, -1e308,
                Double.MIN_VALUE, 1};
        double[] values = x.toDoubleArray();
        for (int i = 0; i < values.length; i++)
            if (rng.nextBoolean())
                values[i] = special[rng.nextInt(special.length)];
        return Tensor.of(NdArray.of(values, x.shape()));
    }

    /** One input too few, or too many. */
    @ForEveryOp
    void theWrongNumberOfInputsIsRefused(@ForEveryOp.Case OpCase c) {
        int n = c.inputs().size();
        if (!(c.op() instanceof Op.Unary || c.op() instanceof Op.Binary || c.op() instanceof SaturatingVjp)) { // as
                                                                                                               // many
                                                                                                               // as
                                                                                                               // there
                                                                                                               // happen
                                                                                                               // to be
            assertTrue(c.op() instanceof Joining.Concat || c.op() instanceof GradientFlow.Foreign, c.op()::name);
            return;
        }
        Tensor[] more = Arrays.copyOf(c.in(), n + 1), fewer = Arrays.copyOf(c.in(), n - 1);
        more[n] = more[0];
        for (Tensor[] in : List.of(fewer, more)) {
            if (in.length == 0)
                continue;
            String message = assertThrows(IllegalArgumentException.class, c.with(in)::value).getMessage();
            assertTrue(message.startsWith(c.op().name() + ": ") && message.contains(n + " input")
                    && message.contains("not " + in.length), message);
        }
    }
}
