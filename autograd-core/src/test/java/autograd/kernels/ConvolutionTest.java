package autograd.kernels;

import static autograd.kernels.Kit.K;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.kernels.Convolution.Axis;
import autograd.kernels.Convolution.Part;
import autograd.kernels.vector.convolution.Convolutions;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Convolution, its gradients and pooling: scalar kernels, vector kernels and plain sums agree. */
class ConvolutionTest {
    private static Convolution of(int n, int groups, int in, int out, int height, int width, int rows, int columns,
            int stride, int padding, int dilation) {
        int h = (height + 2 * padding - (rows - 1) * dilation - 1) / stride + 1,
                w = (width + 2 * padding - (columns - 1) * dilation - 1) / stride + 1;
        return new Convolution(Shape.of(n, groups * in, height, width), Shape.of(groups * out, in, rows, columns),
                Shape.of(n, groups * out, h, w), stride, padding, dilation, groups);
    }

    /**
     * Sizes around the thresholds of loops: multiples of 4 and 8 channels, rows that do and do not fill a vector.
     */
    private static List<Convolution> cases() {
        List<Convolution> all = new ArrayList<>(List.of(of(2, 1, 1, 8, 28, 28, 5, 5, 1, 0, 1),
                of(3, 1, 8, 16, 12, 12, 5, 5, 1, 0, 1), of(1, 1, 3, 5, 4, 3, 1, 1, 1, 0, 1),
                of(2, 1, 2, 3, 9, 7, 1, 1, 2, 0, 1), of(2, 3, 2, 3, 9, 8, 3, 2, 1, 1, 1),
                of(1, 5, 1, 1, 6, 6, 3, 3, 1, 1, 1), of(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1),
                of(5, 1, 1, 1, 1, 40, 1, 3, 1, 0, 1), of(5, 1, 2, 9, 40, 1, 3, 1, 2, 0, 1),
                of(17, 1, 2, 2, 5, 5, 3, 3, 2, 1, 1), of(2, 1, 2, 13, 5, 5, 5, 5, 1, 2, 1),
                of(0, 1, 2, 3, 5, 5, 3, 3, 1, 0, 1), of(2, 1, 0, 3, 5, 5, 3, 3, 1, 0, 1),
                of(2, 1, 2, 0, 5, 5, 3, 3, 1, 0, 1), of(1, 1, 40, 3, 20, 20, 7, 7, 1, 3, 1)));
        for (int stride = 1; stride <= 4; stride++)
            for (int dilation = 1; dilation <= 3; dilation++)
                for (int padding = 0; padding <= 3; padding++)
                    all.add(of(2, 1, 2, 3, 9, 8, 3, 2, stride, padding, dilation));
        all.add(new Convolution(Shape.of(1, 2, 7, 8), Shape.of(3, 2, 2, 2), Shape.of(1, 3, 3, 3), 2, 0, 1, 1));
        for (int i = 0; i < 81; i++) { // each axis in its own way; windows may end behind the padding, or before the
                                       // image
            Axis down = new Axis(1 + i % 3, i / 3 % 3, 1 + i / 9 % 3),
                    right = new Axis(1 + i / 27, (i + 1) % 3, 1 + i % 2);
            all.add(new Convolution(Shape.of(2, 2, 9, 8), Shape.of(3, 2, 3, 2),
                    Shape.of(2, 3, windows(9, 3, down) + i % 2, windows(8, 2, right) - i / 2 % 2), down, right, 1));
        }
        return all;
    }

    private static int windows(int extent, int size, Axis a) {
        return (int) Convolution.windows(extent, size, a.stride(), a.padding(), a.dilation());
    }

    private static NdArray operand(Convolution of, Part part, int i, Form form, DType dtype, DoubleSupplier values) {
        List<Part> others = Arrays.stream(Part.values()).filter(p -> p != part).toList();
        return form.of(dtype, of.shape(others.get(i)), values);
    }

    private static NdArray naive(Convolution of, Part part, int zeroAbsorbing, NdArray a, NdArray b) {
        return Naive.rounded(Naive.convolve(of, part, zeroAbsorbing, a, b), a.dtype());
    }

    /** Sums of integers are exact in any order. */
    @ParameterizedTest
    @EnumSource(Part.class)
    void everyTermOnce(Part part) {
        for (Convolution of : cases())
            for (DType dtype : DType.values()) {
                NdArray a = operand(of, part, 0, Form.CONTIGUOUS, dtype, Kit.whole(1, 9)),
                        b = operand(of, part, 1, Form.CONTIGUOUS, dtype, Kit.whole(2, 9)),
                        y = naive(of, part, -1, a, b);
                Kit.assertSame(y, K.convolve(of, part, -1, a, b), of);
                Kit.assertSame(y, Convolutions.convolve(K, of, part, -1, a, b), of);
                if (of.image().size() > 0 && of.kernel().size() > 0)
                    Kit.assertSame(y, Convolutions.convolve(of, part, a, b), of);
            }
    }

    /** Strides, dilations and paddings from the whole range of int, wherever that leaves few windows. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyTermOnceHoweverFarApart(@ForAll("farApart") Convolution of, @ForAll Part part, @ForAll DType dtype) {
        NdArray a = operand(of, part, 0, Form.CONTIGUOUS, dtype, Kit.whole(1, 9)),
                b = operand(of, part, 1, Form.CONTIGUOUS, dtype, Kit.whole(2, 9)), y = naive(of, part, -1, a, b);
        Kit.assertSame(y, K.convolve(of, part, -1, a, b), of);
        Kit.assertSame(y, Convolutions.convolve(K, of, part, -1, a, b), of);
        if (Convolutions.suits(of))
            Kit.assertSame(y, Convolutions.convolve(of, part, a, b), of);
        if (part != Part.OUTPUT) { // the definition, which one NaN asks for
            b.storage().set(b.size() / 2, Double.NaN);
            Kit.assertSame(naive(of, part, -1, a, b), K.convolve(of, part, -1, a, b), of);
        }
    }

    /** Small images, or none that a window meets; padding is what makes the last window end in it. */
    @Provide
    Arbitrary<Convolution> farApart() {
        Arbitrary<Integer> apart = Arbitraries.oneOf(Arbitraries.integers().between(1, 6),
                Arbitraries.of(100, 181, 4999, 46340, 46341, 65535, 65536, 1 << 30, Integer.MAX_VALUE),
                Arbitraries.integers().between(1, Integer.MAX_VALUE));
        Arbitrary<List<Integer>> few = Arbitraries.integers().between(1, 3).list().ofSize(4);
        return Combinators.combine(apart, apart, few, Arbitraries.integers().between(1, 9).tuple2(),
                Arbitraries.integers().between(0, 5)).as((stride, dilation, n, image, more) -> {
                    long padding = 0;
                    for (int axis = 0; axis < 2; axis++) {
                        long span = (n.get(axis) - 1L) * stride + (n.get(2 + axis) - 1L) * dilation + 1;
                        padding = Math.max(padding, Math.ceilDiv(span - (axis == 0 ? image.get1() : image.get2()), 2));
                    }
                    int z = (int) Math.min(padding + more, Integer.MAX_VALUE);
                    long h = Convolution.windows(image.get1(), n.get(2), stride, z, dilation),
                            w = Convolution.windows(image.get2(), n.get(3), stride, z, dilation);
                    return h < 1 || w < 1 || h * w > 400
                            ? null
                            : new Convolution(Shape.of(2, 6, image.get1(), image.get2()),
                                    Shape.of(10, 3, n.get(2), n.get(3)), Shape.of(2, 10, (int) h, (int) w), stride, z,
                                    dilation, 2);
                }).filter(c -> c != null);
    }

    /** So does the definition, which one NaN asks for. */
    @ParameterizedTest
    @EnumSource(Part.class)
    void everyTermOnceBesideNan(Part part) {
        for (Convolution of : cases())
            for (DType dtype : DType.values()) {
                NdArray a = operand(of, part, 0, Form.CONTIGUOUS, dtype, Kit.whole(1, 9)),
                        b = operand(of, part, 1, Form.CONTIGUOUS, dtype, Kit.whole(2, 9));
                if (a.size() > 0)
                    a.storage().set(a.size() / 2, Double.NaN);
                Kit.assertSame(naive(of, part, -1, a, b), K.convolve(of, part, -1, a, b), of);
            }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void everyFormOfBothOperands(Form form) {
        Convolution of = of(2, 2, 4, 4, 12, 12, 3, 3, 1, 1, 1);
        for (DType dtype : DType.values())
            for (Form other : Form.values())
                for (Part part : Part.values()) {
                    NdArray a = operand(of, part, 0, form, dtype, Kit.whole(3, 9)),
                            b = operand(of, part, 1, other, dtype, Kit.whole(4, 9)), y = naive(of, part, -1, a, b);
                    Kit.assertSame(y, K.convolve(of, part, -1, a, b), part + " " + other);
                    Kit.assertSame(y, Convolutions.convolve(K, of, part, -1, a, b), part + " " + other);
                }
    }

    /** NaN, infinities and zeros that make terms 0; what is finite nevertheless is whole. */
    @ParameterizedTest
    @EnumSource(Part.class)
    void nonFiniteNumbers(Part part) {
        for (Convolution of : List.of(of(2, 1, 3, 8, 12, 12, 3, 3, 1, 1, 1), of(2, 1, 4, 4, 13, 12, 3, 3, 2, 1, 2)))
            for (DType dtype : DType.values())
                for (int zeroAbsorbing = -1; zeroAbsorbing < 2; zeroAbsorbing++) {
                    NdArray a = operand(of, part, 0, Form.CONTIGUOUS, dtype, rarelySpecial(5)),
                            b = operand(of, part, 1, Form.CONTIGUOUS, dtype, rarelySpecial(6)),
                            y = naive(of, part, zeroAbsorbing, a, b);
                    assertTrue(!K.allFinite(y), "a case with something to see");
                    Kit.assertSame(y, K.convolve(of, part, zeroAbsorbing, a, b), of);
                    Kit.assertSame(y, Convolutions.convolve(K, of, part, zeroAbsorbing, a, b), of);
                }
    }

    private static DoubleSupplier rarelySpecial(int seed) {
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        Rng rng = new Rng(seed);
        return () -> rng.nextInt(100) == 0 ? special[rng.nextInt(3)] : rng.nextInt(3);
    }

    /** As near to the sum in F64 as rounding once per term allows, for numbers that are not whole. */
    @ParameterizedTest
    @EnumSource(Part.class)
    void roundsOnceForEachTerm(Part part) {
        for (Convolution of : List.of(of(20, 1, 3, 8, 12, 12, 5, 5, 1, 0, 1), of(1, 1, 64, 5, 9, 9, 3, 3, 1, 1, 1))) {
            NdArray a = operand(of, part, 0, Form.CONTIGUOUS, DType.F32, Kit.normal(7)),
                    b = operand(of, part, 1, Form.CONTIGUOUS, DType.F32, Kit.normal(8)),
                    y = K.convolve(of, part, -1, Kit.exact(a), Kit.exact(b));
            long terms = (long) of.output().size() * of.kernel().size() / of.kernel().dim(0) / y.size() + 2;
            NdArray sizes = K.convolve(of, part, -1, K.map(Math::abs, Kit.exact(a)), K.map(Math::abs, Kit.exact(b)));
            NdArray bound = K.map(s -> s * terms * DType.F32.epsilon(), sizes);
            Kit.assertNear(y, Convolutions.convolve(of, part, a, b), bound, of);
            Kit.assertNear(y, K.convolve(of, part, -1, a, b), bound, of);
        }
    }

    // ---- pooling

    /** The largest element is the first of equals, or the first NaN. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void largestOfEachWindow(Form form) {
        for (DType dtype : DType.values())
            for (int[] s : new int[][]{{2, 2, 0}, {2, 1, 1}, {3, 2, 1}, {3, 1, 0}, {1, 1, 0}, {1, 3, 0}, {5, 4, 2}})
                for (int width = 5; width < 40; width += 7) {
                    NdArray x = form.of(dtype, Shape.of(2, 3, 6, width), Kit.special(width));
                    int[] expected = Naive.argMaxPool(x, s[0], s[1], s[2]);
                    assertArrayEquals(expected, K.argMaxPool(x, s[0], s[1], s[2]).data(), () -> Arrays.toString(s));
                    assertArrayEquals(expected, Convolutions.argMaxPool(K.contiguous(x), s[0], s[1], s[2]).data(),
                            () -> Arrays.toString(s));
                }
    }

    @Test
    void noImagesNoPositions() {
        assertEquals(0, K.argMaxPool(NdArray.zeros(DType.F32, Shape.of(0, 3, 4, 4)), 2, 2, 0).data().length);
    }
}
