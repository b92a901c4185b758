package autograd;

import autograd.array.NdArray;
import autograd.kernels.Kernels;

import java.util.stream.IntStream;

/** Products of matrices and vectors. */
public sealed interface LinearAlgebra extends Operand permits Tensor {
    /**
     * Matrix product over the last two axes, broadcasting the leading ones, as NumPy's {@code @}: a vector on the
     * left is a row, on the right a column, and loses that axis again.
     */
    default Tensor matmul(Tensor b) {
        Tensor a = self();
        int ra = a.shape().rank(), rb = b.shape().rank();
        if (ra == 0 || rb == 0 || a.shape().dim(-1) != b.shape().dim(rb == 1 ? 0 : -2))
            throw new IllegalArgumentException("matmul: shapes " + a.shape() + " and " + b.shape()
                    + " do not match: the last extent of the first must be the "
                    + (rb == 1 ? "only" : "second to last") + " one of the second");
        if (ra == 1)
            return a.unsqueeze(0).matmul(b).squeeze(rb == 1 ? 0 : -2);
        if (rb == 1)
            return a.matmul(b.unsqueeze(1)).squeeze(-1);
        if (ra > 2 && rb == 2) { // one large product instead of many small ones
            int[] dims = a.shape().dims();
            dims[ra - 1] = b.shape().dim(1);
            return a.reshape(-1, a.shape().dim(-1)).matmul(b).reshape(dims);
        }
        return a.apply(new MatMul(false, false), b);
    }

    /** a b, with a or b transposed first. Its rules only ever need one of the two. */
    record MatMul(boolean transposeA, boolean transposeB) implements Op.Binary {
        public NdArray forward(NdArray... in) { return product(transposeA, transposeB, in[0], in[1]); }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) {
            return transposeA ? zmatmul(false, true, 1, b, g) : zmatmul(false, !transposeB, 0, g, b);
        }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) {
            return transposeB ? zmatmul(true, false, 0, g, a) : zmatmul(!transposeA, false, 1, a, g);
        }

        @Override
        public String name() { return "matmul"; }
    }

    /**
     * The product of a cotangent and a matrix: terms in which the cotangent is 0 are 0, as in
     * {@link Elementwise#zmul}.
     */
    record ZmatMul(boolean transposeA, boolean transposeB, int cotangent) implements Op.Binary {
        public NdArray forward(NdArray... in) {
            NdArray y = product(transposeA, transposeB, in[0], in[1]);
            return Kernels.get().allFinite(y) ? y : careful(in[0], in[1], y);
        }

        /** Term by term, which only matters where something is not finite. */
        private NdArray careful(NdArray a, NdArray b, NdArray y) {
            Kernels k = Kernels.get();
            Kernels.Fn2 zmul = cotangent == 0 ? (p, q) -> p == 0 ? 0 : p * q : (p, q) -> q == 0 ? 0 : p * q;
            NdArray sum = NdArray.zeros(y.dtype(), y.shape()), left = turned(transposeA, a),
                    right = turned(transposeB, b);
            for (int i = 0; i < left.shape().dim(-1); i++)
                sum = k.map(Double::sum, sum, k.map(zmul, line(left, -1, i), line(right, -2, i)));
            return sum;
        }

        private static NdArray line(NdArray x, int axis, int i) {
            int rank = x.shape().rank();
            int[] begin = new int[rank];
            begin[rank + axis] = i;
            int[] step = IntStream.range(0, rank).map(_ -> 1).toArray();
            return x.view(x.layout().slice(begin, x.shape().with(rank + axis, 1).dims(), step));
        }

        public Tensor vjpA(Tensor h, Tensor a, Tensor b, Tensor y) {
            return transposeA ? zmatmul(false, true, 1, b, h) : zmatmul(false, !transposeB, 0, h, b);
        }

        public Tensor vjpB(Tensor h, Tensor a, Tensor b, Tensor y) {
            return transposeB ? zmatmul(true, false, 0, h, a) : zmatmul(!transposeA, false, 1, a, h);
        }

        @Override
        public String name() { return "zmatmul"; }
    }

    private static Tensor zmatmul(boolean transposeA, boolean transposeB, int cotangent, Tensor a, Tensor b) {
        return a.apply(new ZmatMul(transposeA, transposeB, cotangent), b);
    }

    private static NdArray product(boolean transposeA, boolean transposeB, NdArray a, NdArray b) {
        return Kernels.get().matmul(turned(transposeA, a), turned(transposeB, b));
    }

    private static NdArray turned(boolean transpose, NdArray x) {
        if (!transpose)
            return x;
        int rank = x.shape().rank();
        return x.permute(IntStream.range(0, rank).map(i -> i < rank - 2 ? i : 2 * rank - 3 - i).toArray());
    }
}
