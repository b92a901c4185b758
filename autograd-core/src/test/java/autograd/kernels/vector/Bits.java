package autograd.kernels.vector;

import autograd.Updates;
import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.kernels.Convolution.Part;
import autograd.kernels.Convolution;
import autograd.kernels.Kernels.Reduction;
import autograd.kernels.Kernels;
import autograd.kernels.vector.gemm.BatchedMatmul;

import java.util.Arrays;

/** Prints the bits of results that are large enough for several threads, to compare them with another JVM. */
final class Bits {
    private static final Kernels K = Kernels.get();

    private Bits() {}

    static void main() {
        int[][] sizes = {{64, 65, 300}, {700, 33, 64}, {1, 900, 700}, {900, 1, 700}, {13, 500, 99}, {7, 7, 7}};
        for (DType dtype : DType.values()) {
            for (int[] s : sizes) {
                product(random(dtype, false, s[0], s[2]), random(dtype, s[0] > s[1], s[2], s[1]));
                product(random(dtype, true, s[0], s[2]), random(dtype, s[0] < s[1], s[2], s[1]));
            }
            convolutions(dtype);
            reductions(dtype);
            rows(dtype);
            update(dtype);
        }
        product(random(DType.F32, false, 30, 20, 40), random(DType.F32, false, 30, 40, 50));
    }

    private static void product(NdArray a, NdArray b) {
        print(a.shape() + " x " + b.shape(), BatchedMatmul.matmul(a, b));
    }

    private static void convolutions(DType dtype) {
        Convolution of = new Convolution(Shape.of(9, 4, 21, 20), Shape.of(6, 2, 3, 3), Shape.of(9, 6, 11, 10), 2, 1, 1,
                2);
        for (Part part : Part.values()) {
            NdArray[] others = Arrays.stream(Part.values()).filter(p -> p != part)
                    .map(p -> random(dtype, false, of.shape(p).dims())).toArray(NdArray[]::new);
            print("convolution " + part, K.convolve(of, part, -1, others[0], others[1]));
        }
        NdArray x = random(dtype, false, 40, 3, 30, 31);
        print("pooling", K.argMaxPool(x, 3, 2, 1).data());
    }

    private static void reductions(DType dtype) {
        for (int[] dims : new int[][]{{100_001}, {3, 50_000}, {300, 401}, {30_000, 5}})
            for (int axis = 0; axis < dims.length; axis++)
                for (Reduction r : new Reduction[]{Reduction.SUM, Reduction.MAX})
                    print(r + " of " + Arrays.toString(dims) + " along " + axis,
                            K.reduce(r, random(dtype, false, dims), axis));
    }

    private static void rows(DType dtype) {
        for (int[] dims : new int[][]{{30_000, 5}, {300, 401}}) {
            NdArray x = random(dtype, false, dims);
            print("softmax", K.softmax(x, 1, false));
            print("logarithm of softmax", K.softmax(x, 1, true));
            print("standardize", K.standardize(x, dims[1], 1e-5));
            for (int axis = 0; axis < 2; axis++) {
                print("cumsum", K.cumsum(x, axis, true));
                print("argMax", K.argMax(x, axis).data());
            }
            int[] index = new int[dims[0]], labels = new int[dims[0]];
            Arrays.setAll(index, i -> i * 7 % dims[0]);
            Arrays.setAll(labels, i -> i * 7 % dims[1]);
            NdArray losses = K.crossEntropy(x, labels);
            print("crossEntropy", losses);
            print("crossEntropyVjp", K.crossEntropyVjp(losses, x, labels));
            Layout layout = Layout.of(Shape.of(dims[0], 1)).broadcastTo(x.shape());
            print("gather", K.gather(x, 0, index, layout));
            print("scatterAdd", K.scatterAdd(x, 0, index, layout, x.shape()));
        }
    }

    private static void update(DType dtype) {
        NdArray g = random(dtype, false, 100_001), mean = NdArray.zeros(dtype, g.shape()),
                square = NdArray.zeros(dtype, g.shape()), x = NdArray.zeros(dtype, g.shape());
        for (int step = 1; step < 4; step++)
            K.update(Updates.Adam.at(step, 0.1, 0.9, 0.999, 1e-8, 0.01, 0), g, x, mean, square);
        print("update", x);
    }

    private static void print(String what, int[] y) {
        print(what, NdArray.of(Arrays.stream(y).asDoubleStream().toArray(), Shape.of(y.length)));
    }

    private static void print(String what, NdArray y) {
        long hash = 0;
        for (int i = 0; i < y.size(); i++)
            hash = 31 * hash + Double.doubleToLongBits(y.storage().get(i));
        IO.println(what + " " + y.dtype() + " " + Long.toHexString(hash));
    }

    private static NdArray random(DType dtype, boolean turn, int... dims) {
        Rng rng = new Rng(dims[0]);
        NdArray x = NdArray.zeros(dtype, turn ? Shape.of(dims[1], dims[0]) : Shape.of(dims));
        for (int i = 0; i < x.size(); i++)
            x.storage().set(i, rng.nextGaussian());
        return turn ? x.permute(1, 0) : x;
    }
}
