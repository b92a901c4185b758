package autograd.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Elementwise;
import autograd.Functions;
import autograd.Trigonometry;
import autograd.Updates;
import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.kernels.Convolution;
import autograd.kernels.Convolution.Part;
import autograd.kernels.Form;
import autograd.kernels.Kernels;
import autograd.kernels.Kernels.Reduction;
import autograd.kernels.Kit;
import autograd.kernels.Naive;
import autograd.kernels.Relation;
import autograd.kernels.vector.convolution.Convolutions;
import autograd.kernels.hotspot.CompileGate;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Asserts that all kernels agree with the plain definitions at given sizes: the scalar kernels, and the
 * vector kernels before and after their loops are compiled. Integer data makes sums exact, so they must agree
 * to the bit.
 */
final class Agreement {
    private static final Kernels S = Kit.K, V = new VectorKernels(S);

    private Agreement() {}

    // ---- comparison

    /** Calls a kernel in each of its forms, and compares the results with an expected one. */
    private static void each(Function<Kernels, NdArray> kernel, BiConsumer<NdArray, String> compare,
            String what) {
        if (!Kit.SCALAR_IS_PROVED)
            compare.accept(kernel.apply(S), "scalar " + what);
        try {
            for (boolean vectors : new boolean[]{false, true}) {
                CompileGate.forced = vectors;
                compare.accept(kernel.apply(V), (vectors ? "vector " : "vector, not compiled: ") + what);
            }
        } finally {
            CompileGate.forced = null;
        }
    }

    private static void assertExact(NdArray expected, DType dtype, String what, Function<Kernels, NdArray> kernel) {
        NdArray rounded = Naive.rounded(expected, dtype);
        each(kernel, (y, which) -> Kit.assertSame(rounded, y, which), what);
    }

    /** Within a number of epsilons of the dtype, relative to the larger of 1 and the number. */
    private static void assertNear(NdArray expected, DType dtype, double epsilons, boolean relative, String what,
            Function<Kernels, NdArray> kernel) {
        NdArray bound = S.map(
                v -> epsilons * dtype.epsilon() * Math.max(relative ? Float.MIN_NORMAL : 1, Math.abs(v)), expected);
        each(kernel, (y, which) -> {
            assertEquals(dtype, y.dtype(), () -> "dtype of " + which);
            Kit.assertNear(expected, y, bound, which);
        }, what);
    }

    private static NdArray of(DType dtype, DoubleSupplier values, int... dims) {
        return Form.CONTIGUOUS.of(dtype, Shape.of(dims), values);
    }

    // ---- products

    /** Products of an m by k and a k by n matrix, each of them row-major and column-major. */
    static void matmul(DType dtype, int m, int n, int k) {
        NdArray a = of(dtype, signed(1), m, k), b = of(dtype, signed(2), k, n), expected = Naive.matmul(a, b);
        for (NdArray x : List.of(a, columnMajor(a)))
            for (NdArray y : List.of(b, columnMajor(b)))
                matmul(expected, x, y);
    }

    /** The same matrix, column by column in memory. */
    private static NdArray columnMajor(NdArray x) {
        int m = x.shape().dim(0), n = x.shape().dim(1);
        NdArray y = NdArray.zeros(x.dtype(), Shape.of(n, m));
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                y.storage().set(j * m + i, x.get(i, j));
        return y.permute(1, 0);
    }

    /** Large products of a row and a column, in both orders. */
    static void largeMatmul(DType dtype, int m, int n, int k) {
        matmul(of(dtype, signed(1), m, k), Form.TRANSPOSED.of(dtype, Shape.of(k, n), signed(2)));
        matmul(Form.TRANSPOSED.of(dtype, Shape.of(m, k), signed(1)), of(dtype, signed(2), k, n));
    }

    /** Products of a batch of matrices with a batch, and with one matrix. */
    static void matmuls(DType dtype, int count, int m, int n, int k) {
        matmul(of(dtype, signed(3), count, m, k), of(dtype, signed(4), count, k, n));
        matmul(of(dtype, signed(5), count, m, k), of(dtype, signed(6), k, n));
        matmul(of(dtype, signed(7), m, k), of(dtype, signed(8), count, k, n));
    }

    private static void matmul(NdArray a, NdArray b) { matmul(Naive.matmul(a, b), a, b); }

    private static void matmul(NdArray expected, NdArray a, NdArray b) {
        assertExact(expected, a.dtype(), "matmul of " + a.layout() + " and " + b.layout() + " " + a.dtype(),
                kernels -> kernels.matmul(a, b));
    }

    private static DoubleSupplier signed(int seed) {
        Rng rng = new Rng(seed);
        return () -> rng.nextInt(9) - 4;
    }

    // ---- convolution

    /** A convolution of n images with the given channels and kernels, and its gradients. */
    static void convolve(DType dtype, int n, int in, int out, int height, int width, int size, int stride, int padding,
            int dilation, int groups) {
        int h = (int) Convolution.windows(height, size, stride, padding, dilation),
                w = (int) Convolution.windows(width, size, stride, padding, dilation);
        convolve(dtype, new Convolution(Shape.of(n, groups * in, height, width),
                Shape.of(groups * out, in, size, size), Shape.of(n, groups * out, h, w), stride, padding, dilation,
                groups));
    }

    static void convolve(DType dtype, Convolution of) {
        for (Part part : Part.values())
            convolve(dtype, of, part);
    }

    static void convolve(DType dtype, Convolution of, Part part) {
        NdArray[] others = Arrays.stream(Part.values()).filter(p -> p != part)
                .map(p -> of(dtype, signed(9 + p.ordinal()), of.shape(p).dims())).toArray(NdArray[]::new);
        NdArray expected = Naive.convolve(of, part, -1, others[0], others[1]);
        String what = part + " of " + of + " " + dtype;
        assertExact(expected, dtype, what, kernels -> kernels.convolve(of, part, -1, others[0], others[1]));
        if (Convolutions.suits(of) && of.image().size() > 0 && of.kernel().size() > 0)
            Kit.assertSame(Naive.rounded(expected, dtype), Convolutions.convolve(of, part, others[0], others[1]), what);
    }

    static void pool(DType dtype, int channels, int height, int width, int size, int stride, int padding) {
        NdArray x = of(dtype, Kit.special(13), 1, channels, height, width);
        int[] expected = Naive.argMaxPool(x, size, stride, padding);
        for (Kernels k : List.of(S, V))
            assertArrayEquals(expected, k.argMaxPool(x, size, stride, padding).data(),
                    () -> k.name() + " pooling of " + x.shape() + " by " + size + ", " + stride + ", " + padding);
    }

    // ---- element by element

    /** Functions, comparisons and updates of n elements. */
    static void elements(DType dtype, int n) {
        NdArray a = of(dtype, Kit.special(14), n), b = Form.OFFSET.of(dtype, Shape.of(n), Kit.normal(15));
        String what = " of " + n + " " + dtype;
        map(a, x -> -x, "neg" + what, kernels -> kernels.map(new Elementwise.Neg(), a));
        map(a, b, "sub" + what, kernels -> kernels.map(new Elementwise.Sub(), a, b));
        NdArray one = of(dtype, Kit.normal(16));
        map(a, one, "sub a number" + what, kernels -> kernels.map(new Elementwise.Sub(), a, one));
        Functions.Erfc staged = new Functions.Erfc();
        assertNear(S.map(staged, Kit.exact(b)), dtype, 12, true, "erfc" + what, kernels -> kernels.map(staged, b));
        Trigonometry.TanhVjp rule = new Trigonometry.TanhVjp();
        NdArray values = S.map(new Elementwise.Clamp(-1, 1), b), factors = of(dtype, Kit.normal(18), n);
        assertNear(
                S.mapSaturating(rule.fromValue(), rule.fromArgument(), Kit.exact(factors), Kit.exact(values),
                        Kit.exact(b)),
                dtype, 12, true, "saturating" + what,
                kernels -> kernels.mapSaturating(rule.fromValue(), rule.fromArgument(), factors, values, b));
        for (Relation relation : List.of(Relation.GT, Relation.LE))
            assertArrayEquals(S.test(relation, a, b).data(), V.test(relation, a, b).data(), relation + what);
        boolean[] where = S.test(Relation.GT, b, a).data();
        NdArray chosen = Kit.exact(b);
        for (int i = 0; i < n; i++)
            if (where[i])
                chosen.storage().set(i, a.storage().get(i));
        assertExact(chosen, dtype, "select" + what, kernels -> kernels.select(where, Layout.of(a.shape()), a, b));
        assertExact(Kit.exact(S.map(new Elementwise.Add(), a, b)), dtype, "accumulate" + what, kernels -> {
            NdArray y = S.copy(a);
            kernels.accumulate(y, b);
            return y;
        });
        NdArray g = of(dtype, Kit.normal(17), n), expected = S.full(DType.F64, Shape.of(n), 1);
        S.update(new Updates.Sgd(0.1, 0.01), Kit.exact(g), expected);
        assertNear(expected, dtype, 4, false, "update" + what, kernels -> {
            NdArray x = S.full(dtype, Shape.of(n), 1);
            kernels.update(new Updates.Sgd(0.1, 0.01), g, x);
            return x;
        });
    }

    private static void map(NdArray a, Kernels.Fn1 f, String what, Function<Kernels, NdArray> kernel) {
        NdArray y = Kit.exact(a);
        for (int i = 0; i < y.size(); i++)
            y.storage().set(i, f.f(y.storage().get(i)));
        assertExact(y, a.dtype(), what, kernel);
    }

    /** a - b, where b may be one number. */
    private static void map(NdArray a, NdArray b, String what, Function<Kernels, NdArray> kernel) {
        NdArray y = Kit.exact(a), from = Kit.exact(b);
        for (int i = 0; i < y.size(); i++)
            y.storage().set(i, y.storage().get(i) - from.storage().get(b.size() == 1 ? 0 : i));
        assertExact(y, a.dtype(), what, kernel);
    }

    /** A bad element at each of the last positions, which a loop might skip, and at some others. */
    static void finite(DType dtype, int n) {
        NdArray x = of(dtype, Kit.normal(18), n);
        Rng rng = new Rng(19);
        assertEquals(List.of(true, true), List.of(S.allFinite(x), V.allFinite(x)));
        for (int i = 0; i < Math.min(n, 40); i++) {
            int at = i < 20 ? n - 1 - i % n : rng.nextInt(n);
            double before = x.storage().get(at);
            x.storage().set(at, i % 2 == 0 ? Double.NaN : Double.NEGATIVE_INFINITY);
            assertEquals(List.of(false, false), List.of(S.allFinite(x), V.allFinite(x)), at + " of " + n);
            x.storage().set(at, before);
        }
    }

    // ---- along axes

    /** Sums and another reduction along all sets of axes, running sums and largest elements along each. */
    static void axes(DType dtype, int... dims) {
        NdArray x = of(dtype, signed(20), dims), special = of(dtype, Kit.special(22), dims),
                signs = S.map(v -> v < 0 ? -1 : 1, x);
        String what = " of " + x.shape() + " " + dtype + " along ";
        Reduction[] others = {Reduction.MAX, Reduction.PROD, Reduction.MIN};
        int turn = 0;
        for (int[] axes : Kit.subsetsOfAxes(x.shape()))
            for (Reduction r : List.of(Reduction.SUM, others[turn++ % 3])) {
                NdArray from = r == Reduction.PROD ? signs : r == Reduction.SUM ? x : special;
                assertExact(Naive.reduce(r, from, axes), dtype, r + what + Arrays.toString(axes),
                        kernels -> kernels.reduce(r, from, axes));
            }
        for (int i = 0; i < dims.length; i++) {
            int axis = i;
            for (boolean reverse : new boolean[]{false, true})
                assertExact(Naive.cumsum(x, axis, reverse), dtype, "cumsum" + what + axis,
                        kernels -> kernels.cumsum(x, axis, reverse));
            largest(axis, special);
            largest(axis, of(dtype, Kit.whole(21, 5), dims));
        }
    }

    /** Positions of largest elements along an axis. */
    static void largest(int axis, NdArray x) {
        int[] expected = Naive.argMax(x, axis);
        for (Kernels k : List.of(S, V))
            assertArrayEquals(expected, k.argMax(x, axis).data(),
                    () -> k.name() + " argMax of " + x.shape() + " along " + axis);
    }

    /** Softmax, standardization and losses of m rows, each with its own label. */
    static void rows(DType dtype, int m, int n) {
        NdArray x = Form.OFFSET.of(dtype, Shape.of(m, n), Kit.normal(23)), g = of(dtype, Kit.whole(24, 3), m);
        Rng rng = new Rng(25);
        int[] labels = new int[m];
        Arrays.setAll(labels, _ -> rng.nextInt(n));
        String what = " of " + m + " rows of " + n + " " + dtype;
        double sums = dtype == DType.F32 ? 8 : 8 + n;
        for (boolean log : new boolean[]{false, true})
            assertNear(Naive.softmax(x, 1, log), dtype, sums, !log, (log ? "log softmax" : "softmax") + what,
                    kernels -> kernels.softmax(x, 1, log));
        assertNear(Naive.crossEntropy(x, labels), dtype, sums, false, "cross-entropy" + what,
                kernels -> kernels.crossEntropy(x, labels));
        assertNear(Naive.crossEntropyVjp(g, x, labels), dtype, 2 * sums, true, "cross-entropy's vjp" + what,
                kernels -> kernels.crossEntropyVjp(g, x, labels));
        assertNear(Naive.standardize(x, n, 1), dtype, 2 * sums, false, "standardize" + what,
                kernels -> kernels.standardize(x, n, 1));
    }

    // ---- movement

    /** A transposed copy, a repeated row, a repeated column. */
    static void moves(DType dtype, int m, int n) {
        NdArray x = Form.TRANSPOSED.of(dtype, Shape.of(m, n), Kit.special(26)),
                row = of(dtype, Kit.special(27), n), column = of(dtype, Kit.special(28), m, 1);
        String what = " [" + m + ", " + n + "] " + dtype;
        assertExact(Kit.exact(x), dtype, "transposed copy" + what, kernels -> kernels.copy(x));
        for (NdArray b : List.of(row, column)) {
            NdArray wide = b.broadcastTo(x.shape()), difference = Kit.exact(x), from = Kit.exact(wide);
            for (int i = 0; i < difference.size(); i++)
                difference.storage().set(i, difference.storage().get(i) - from.storage().get(i));
            assertExact(difference, dtype, "sub " + b.shape() + what,
                    kernels -> kernels.map(new Elementwise.Sub(), x, b));
        }
    }

    /** Rows and single elements, gathered and scattered by a random index. */
    static void picks(DType dtype, int m, int n, int count) {
        for (int axis = 0; axis < 2; axis++) {
            int along = axis;
            Shape shape = Shape.of(m, n), picked = shape.with(axis, count);
            NdArray x = of(dtype, signed(29), m, n), y = Form.CONTIGUOUS.of(dtype, picked, signed(30));
            Form.Ints index = Form.Ints.of(Form.CONTIGUOUS, axis == 0 ? Shape.of(count, 1) : picked,
                    Kit.whole(31, shape.dim(axis)));
            Layout layout = index.layout().broadcastTo(picked);
            Naive.IndexAt at = i -> index.data()[layout.at(i)];
            String what = " of " + shape + " along " + axis + ", " + count + " " + dtype;
            assertExact(Naive.gather(x, axis, picked, at), dtype, "gather" + what,
                    kernels -> kernels.gather(x, along, index.data(), layout));
            assertExact(Naive.scatterAdd(y, axis, at, shape), dtype, "scatterAdd" + what,
                    kernels -> kernels.scatterAdd(y, along, index.data(), layout, shape));
        }
    }
}
