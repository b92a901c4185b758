package autograd.viz;

import autograd.Tensor;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Values as text: a number in seven digits, a tensor in full while it is small. */
final class Numbers {
    /** The most elements that are written out. */
    private static final int SMALL = 6;
    private static final MathContext DIGITS = new MathContext(7);

    private Numbers() {}

    static String text(double v) {
        if (!Double.isFinite(v))
            return Double.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf";
        if (v == Math.rint(v) && Math.abs(v) < 1e9)
            return Long.toString((long) v);
        BigDecimal rounded = new BigDecimal(v).round(DIGITS).stripTrailingZeros();
        return rounded.scale() > 0 && rounded.scale() < 10 || rounded.precision() - rounded.scale() < 10
                && rounded.scale() <= 0 ? rounded.toPlainString() : rounded.toString().replace("E", "e");
    }

    static boolean isSmall(Tensor x) { return x.size() <= SMALL; }

    /** The elements of a small tensor in brackets; how long a larger one is as a vector. */
    static String text(Tensor x) {
        double[] values = x.toDoubleArray();
        if (isSmall(x))
            return nested(x, values, 0, 0, values.length);
        double squares = 0;
        for (double v : values)
            squares += v * v;
        return "norm " + text(Math.sqrt(squares));
    }

    private static String nested(Tensor x, double[] values, int axis, int from, int to) {
        if (axis == x.shape().rank())
            return text(values[from]);
        int n = x.shape().dim(axis), step = n == 0 ? 0 : (to - from) / n;
        return IntStream.range(0, n).mapToObj(i -> nested(x, values, axis + 1, from + i * step, from + (i + 1) * step))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Shape and dtype, as listings write them. */
    static String type(Tensor x) { return x.shape() + " " + x.dtype(); }
}
