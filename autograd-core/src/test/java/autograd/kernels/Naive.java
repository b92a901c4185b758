package autograd.kernels;

import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Convolution.Part;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/**
 * Kernels by their definitions: plain loops over single elements, in double. They share no code with the
 * kernels under test, and round only at the end. Results are F64 and contiguous.
 */
public final class Naive {
    private Naive() {}

    private static NdArray zeros(Shape shape) { return NdArray.zeros(DType.F64, shape); }

    /** The elements of any view in row-major order. */
    private static double[] elements(NdArray x) {
        return Kit.exact(x).storage().doubles();
    }

    /** The same numbers in another dtype. */
    public static NdArray rounded(NdArray x, DType dtype) {
        NdArray y = NdArray.zeros(dtype, x.shape());
        for (int i = 0; i < y.size(); i++)
            y.storage().set(i, x.storage().get(i));
        return y;
    }

    // ---- products of matrices

    /** The matrix product over the last two axes; leading axes broadcast. */
    public static NdArray matmul(NdArray a, NdArray b) {
        return matmul(a, b, (x, y) -> x * y);
    }

    /** The product of absolute values, which bounds the rounding errors. */
    public static NdArray matmulOfMagnitudes(NdArray a, NdArray b) {
        return matmul(a, b, (x, y) -> Math.abs(x * y));
    }

    private static NdArray matmul(NdArray a, NdArray b, DoubleBinaryOperator product) {
        int m = a.shape().dim(-2), k = a.shape().dim(-1), n = b.shape().dim(-1);
        Shape la = lead(a.shape()), lb = lead(b.shape()), batch = Shape.broadcast("naive", la, lb);
        NdArray c = zeros(batch.append("naive", m, n));
        double[] x = elements(a), y = elements(b), z = c.storage().doubles();
        int[] to = {0};
        Form.forEach(batch, i -> {
            int ao = Layout.of(la).at(Form.within(la, i)) * m * k, bo = Layout.of(lb).at(Form.within(lb, i)) * k * n;
            for (int r = 0; r < m; r++)
                for (int s = 0; s < n; s++) {
                    double sum = 0;
                    for (int p = 0; p < k; p++)
                        sum += product.applyAsDouble(x[ao + r * k + p], y[bo + p * n + s]);
                    z[to[0]++] = sum;
                }
        });
        return c;
    }

    private static Shape lead(Shape s) { return Shape.of(Arrays.copyOf(s.dims(), s.rank() - 2)); }

    // ---- convolution and pooling

    /** Every term of a convolution; a zero of the operand that absorbs, 0 or 1 or none, makes a term 0. */
    public static NdArray convolve(Convolution of, Part part, int absorbs, NdArray a, NdArray b) {
        NdArray sums = zeros(of.shape(part));
        Shape image = of.image(), kernel = of.kernel(), output = of.output();
        int in = kernel.dim(1), rows = kernel.dim(2), columns = kernel.dim(3),
                out = Math.max(1, kernel.dim(0) / of.groups());
        double[] u = elements(a), v = elements(b), y = sums.storage().doubles();
        Form.forEach(output, at -> {
            int toOutput = Layout.of(output).at(at);
            for (int c = 0; c < in; c++)
                for (int p = 0; p < rows; p++)
                    for (int q = 0; q < columns; q++) {
                        int i = at[2] * of.rows().stride() + p * of.rows().dilation() - of.rows().padding(),
                                j = at[3] * of.columns().stride() + q * of.columns().dilation()
                                        - of.columns().padding();
                        if (i < 0 || j < 0 || i >= image.dim(2) || j >= image.dim(3))
                            continue;
                        int toImage = ((at[0] * image.dim(1) + at[1] / out * in + c) * image.dim(2) + i) * image.dim(3)
                                + j, toKernel = ((at[1] * in + c) * rows + p) * columns + q;
                        double x = u[part == Part.IMAGE ? toKernel : toImage],
                                z = v[part == Part.OUTPUT ? toKernel : toOutput];
                        boolean none = absorbs == 0 && x == 0 || absorbs == 1 && z == 0;
                        y[part == Part.IMAGE ? toImage : part == Part.KERNEL ? toKernel : toOutput] += none ? 0 : x * z;
                    }
        });
        return sums;
    }

    /** The position of the largest element of each window in its plane: the first of equals, or the first NaN. */
    public static int[] argMaxPool(NdArray x, int size, int stride, int padding) {
        int h = x.shape().dim(2), w = x.shape().dim(3), across = (w + 2 * padding - size) / stride + 1,
                each = ((h + 2 * padding - size) / stride + 1) * across;
        int[] y = new int[x.shape().dim(0) * x.shape().dim(1) * each];
        double[] from = elements(x);
        for (int n = 0; n < y.length; n++) {
            int plane = n / each * h * w, top = n % each / across * stride - padding,
                    left = n % across * stride - padding, best = -1;
            for (int i = Math.max(0, top); i < Math.min(h, top + size); i++)
                for (int j = Math.max(0, left); j < Math.min(w, left + size); j++)
                    if (best < 0 || precedes(from[plane + best], from[plane + i * w + j]))
                        best = i * w + j;
            y[n] = best;
        }
        return y;
    }

    /** Whether a number takes the place of the largest so far. */
    private static boolean precedes(double max, double v) {
        return !Double.isNaN(max) && (v > max || Double.isNaN(v));
    }

    // ---- along axes

    /** One element after the other; reduced axes have extent 1. */
    public static NdArray reduce(Kernels.Reduction r, NdArray x, int... axes) {
        Shape shape = x.shape().reduce(axes, true);
        NdArray y = zeros(shape);
        double[] from = elements(x), to = y.storage().doubles();
        Arrays.fill(to, switch (r) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        });
        int[] index = new int[shape.rank()];
        for (double b : from) {
            int at = 0;
            for (int i = 0; i < index.length; i++)
                at = at * shape.dim(i) + (shape.dim(i) == 1 ? 0 : index[i]);
            double a = to[at];
            to[at] = switch (r) {
                case SUM -> a + b;
                case PROD -> a * b;
                case MAX -> Math.max(a, b);
                case MIN -> Math.min(a, b);
            };
            for (int i = index.length - 1; i >= 0 && ++index[i] == x.shape().dim(i); i--)
                index[i] = 0;
        }
        return y;
    }

    /** A line of an array along an axis: positions of its elements in row-major order. */
    private record Lines(int count, int n, int inner) {
        static Lines of(Shape shape, int axis) {
            int inner = 1;
            for (int i = axis + 1; i < shape.rank(); i++)
                inner *= shape.dim(i);
            int n = shape.dim(axis);
            return new Lines(n == 0 ? 0 : shape.size() / n, n, inner);
        }

        int at(int line, int position) { return (line / inner * n + position) * inner + line % inner; }
    }

    /** The position of the largest element along an axis: the first of equals, or the first NaN. */
    public static int[] argMax(NdArray x, int axis) {
        Lines lines = Lines.of(x.shape(), axis);
        double[] from = elements(x);
        int[] y = new int[lines.count()];
        for (int i = 0; i < y.length; i++)
            for (int p = 1; p < lines.n(); p++)
                if (precedes(from[lines.at(i, y[i])], from[lines.at(i, p)]))
                    y[i] = p;
        return y;
    }

    /** The sum of the elements up to each one, or from each one on. */
    public static NdArray cumsum(NdArray x, int axis, boolean reverse) {
        return byLines(x, axis, line -> {
            double[] y = new double[line.length];
            double sum = 0;
            for (int p = 0; p < y.length; p++) {
                int at = reverse ? y.length - 1 - p : p;
                y[at] = sum += line[at];
            }
            return y;
        });
    }

    public static NdArray softmax(NdArray x, int axis, boolean log) {
        return byLines(x, axis, line -> {
            double sum = Arrays.stream(line).map(Math::exp).sum();
            return Arrays.stream(line).map(v -> log ? v - Math.log(sum) : Math.exp(v) / sum).toArray();
        });
    }

    /** Rows of n elements, less their mean, over the root of their variance plus epsilon. */
    public static NdArray standardize(NdArray x, int n, double epsilon) {
        NdArray rows = n == 0 ? x : Kit.exact(x).view(Layout.of(Shape.of(x.size() / n, n)));
        NdArray y = byLines(rows, rows.shape().rank() - 1, line -> {
            double mean = Arrays.stream(line).average().orElse(0);
            double variance = Arrays.stream(line).map(v -> (v - mean) * (v - mean)).average().orElse(0);
            return Arrays.stream(line).map(v -> (v - mean) / Math.sqrt(variance + epsilon)).toArray();
        });
        return y.view(Layout.of(x.shape()));
    }

    private interface Line {
        double[] apply(double[] line);
    }

    private static NdArray byLines(NdArray x, int axis, Line f) {
        Lines lines = Lines.of(x.shape(), axis);
        NdArray y = zeros(x.shape());
        double[] from = elements(x), to = y.storage().doubles(), line = new double[lines.n()];
        for (int i = 0; i < lines.count(); i++) {
            for (int p = 0; p < line.length; p++)
                line[p] = from[lines.at(i, p)];
            double[] z = f.apply(line);
            for (int p = 0; p < line.length; p++)
                to[lines.at(i, p)] = z[p];
        }
        return y;
    }

    /** Minus the logarithm of the softmax of each row at its label. */
    public static NdArray crossEntropy(NdArray x, int[] labels) {
        NdArray log = softmax(x, x.shape().rank() - 1, true),
                y = zeros(x.shape().reduce(new int[]{x.shape().rank() - 1}, false));
        for (int i = 0; i < y.size(); i++)
            y.storage().set(i, -log.storage().get(i * x.shape().dim(-1) + labels[i]));
        return y;
    }

    /** The gradient of each row: its cotangent times softmax, minus 1 at the label. */
    public static NdArray crossEntropyVjp(NdArray g, NdArray x, int[] labels) {
        int n = x.shape().dim(-1);
        NdArray y = softmax(x, x.shape().rank() - 1, false);
        double[] to = y.storage().doubles(), by = elements(g);
        for (int row = 0; row < labels.length; row++) {
            int at = row * n, label = labels[row];
            double others = 0;
            for (int j = 0; j < n; j++)
                others += j == label ? 0 : to[at + j];
            to[at + label] = 0 - others;
            for (int j = 0; j < n; j++)
                to[at + j] = by[row] == 0 ? 0 : to[at + j] * by[row];
        }
        return y;
    }

    // ---- indices

    /** {@code y[i] = x[i with index(i) along the axis]}. */
    public static NdArray gather(NdArray x, int axis, Shape picked, IndexAt index) {
        NdArray y = zeros(picked);
        Form.forEach(picked, i -> y.storage().set(y.layout().at(i), x.get(with(i, axis, index.get(i)))));
        return y;
    }

    /** {@code y[i with index(i) along the axis] += x[i]}, from zeros. */
    public static NdArray scatterAdd(NdArray x, int axis, IndexAt index, Shape shape) {
        NdArray y = zeros(shape);
        Form.forEach(x.shape(), i -> {
            int to = y.layout().at(with(i, axis, index.get(i)));
            y.storage().set(to, y.storage().get(to) + x.get(i));
        });
        return y;
    }

    /** The position that is picked for an element. */
    public interface IndexAt {
        int get(int... index);
    }

    private static int[] with(int[] index, int axis, int position) {
        int[] out = index.clone();
        out[axis] = position;
        return out;
    }
}
