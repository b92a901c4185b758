package autograd.kernels;

import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Layouts of an array of a given shape; the results of a kernel must not depend on them. */
public enum Form {
    CONTIGUOUS {
        @Override
        public NdArray of(DType dtype, Shape shape, DoubleSupplier values) { return filled(dtype, shape, values); }
    },
    OFFSET {
        @Override
        public NdArray of(DType dtype, Shape shape, DoubleSupplier values) {
            int[] dims = IntStream.concat(IntStream.of(3), IntStream.of(shape.dims())).toArray(), count = dims.clone();
            count[0] = 1;
            int[] begin = new int[dims.length];
            begin[0] = 1;
            NdArray x = filled(dtype, Shape.of(dims), values);
            return x.view(x.layout().slice(begin, count, all(1, dims.length)).reshape(shape).orElseThrow());
        }
    },
    FRAMED {
        @Override
        public NdArray of(DType dtype, Shape shape, DoubleSupplier values) {
            int rank = shape.rank();
            NdArray x = filled(dtype, Shape.of(IntStream.of(shape.dims()).map(d -> d + 3).toArray()), values);
            return x.view(x.layout().slice(all(1, rank), shape.dims(), all(1, rank)));
        }
    },
    REVERSED {
        @Override
        public NdArray of(DType dtype, Shape shape, DoubleSupplier values) {
            NdArray x = filled(dtype, shape, values);
            int[] last = IntStream.of(shape.dims()).map(d -> d - 1).toArray();
            return x.view(x.layout().slice(last, shape.dims(), all(-1, shape.rank())));
        }
    },
    EVERY_OTHER {
        @Override
        public NdArray of(DType dtype, Shape shape, DoubleSupplier values) {
            int rank = shape.rank();
            NdArray x = filled(dtype, Shape.of(IntStream.of(shape.dims()).map(d -> 2 * d).toArray()), values);
            return x.view(x.layout().slice(all(1, rank), shape.dims(), all(2, rank)));
        }
    },
    TRANSPOSED {
        @Override
        public NdArray of(DType dtype, Shape shape, DoubleSupplier values) {
            int[] back = IntStream.range(0, shape.rank()).map(i -> shape.rank() - 1 - i).toArray();
            return filled(dtype, Shape.of(IntStream.of(back).map(shape::dim).toArray()), values).permute(back);
        }
    },
    REPEATED_FIRST {
        @Override
        public NdArray of(DType dtype, Shape shape, DoubleSupplier values) {
            return shape.rank() == 0 ? filled(dtype, shape, values) : repeated(dtype, shape, values, 0);
        }
    },
    REPEATED_LAST {
        @Override
        public NdArray of(DType dtype, Shape shape, DoubleSupplier values) {
            return shape.rank() == 0 ? filled(dtype, shape, values) : repeated(dtype, shape, values, shape.rank() - 1);
        }
    };

    /** An array of that shape in this form, all of its storage filled. */
    public abstract NdArray of(DType dtype, Shape shape, DoubleSupplier values);

    private static NdArray repeated(DType dtype, Shape shape, DoubleSupplier values, int axis) {
        return filled(dtype, shape.with(axis, 1), values).broadcastTo(shape);
    }

    private static NdArray filled(DType dtype, Shape shape, DoubleSupplier values) {
        NdArray x = NdArray.zeros(dtype, shape);
        for (int i = 0; i < x.size(); i++)
            x.storage().set(i, values.getAsDouble());
        return x;
    }

    private static int[] all(int value, int n) {
        int[] out = new int[n];
        Arrays.fill(out, value);
        return out;
    }

    /** Calls the body with every index of a shape, in row-major order. */
    public static void forEach(Shape shape, Consumer<int[]> body) {
        for (int n = 0; n < shape.size(); n++) {
            int[] index = new int[shape.rank()];
            for (int i = index.length - 1, rest = n; i >= 0; i--) {
                index[i] = rest % shape.dim(i);
                rest /= shape.dim(i);
            }
            body.accept(index);
        }
    }

    /** The elements of any view, read one by one into a contiguous array. */
    public static NdArray plain(NdArray x) {
        return plain(x, x.dtype());
    }

    /** The same, of another dtype. */
    static NdArray plain(NdArray x, DType dtype) {
        NdArray y = NdArray.zeros(dtype, x.shape());
        int[] index = new int[x.shape().rank()];
        for (int n = 0; n < y.size(); n++) {
            y.storage().set(n, x.storage().get(x.layout().at(index)));
            for (int i = index.length - 1; i >= 0 && ++index[i] == x.shape().dim(i); i--)
                index[i] = 0;
        }
        return y;
    }

    /** An index into an array that was broadcast: trailing axes, 0 where the extent is 1. */
    public static int[] within(Shape shape, int[] index) {
        int lead = index.length - shape.rank();
        return IntStream.range(0, shape.rank()).map(i -> shape.dim(i) == 1 ? 0 : index[lead + i]).toArray();
    }

    /** A view of whole numbers laid out in this form, for indices. */
    public record Ints(int[] data, Layout layout) {
        public static Ints of(Form form, Shape shape, DoubleSupplier values) {
            NdArray x = form.of(DType.F64, shape, values);
            return new Ints(Arrays.stream(x.storage().doubles()).mapToInt(v -> (int) v).toArray(), x.layout());
        }

        public int get(int... index) { return data[layout.at(index)]; }
    }
}
