package autograd;

import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import java.util.Arrays;

/** Products of matrices and vectors, and systems of linear equations. */
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
        if (ra > 2 && rb == 2 && a.size() > 0) { // one large product instead of many small ones
            Shape to = a.shape().with("matmul", ra - 1, b.shape().dim(1));
            return a.reshape(-1, a.shape().dim(-1)).matmul(b).reshape(to);
        }
        return a.apply(new MatMul(false, false), b);
    }

    /** a b, with a, b or both transposed first. */
    record MatMul(boolean transposeA, boolean transposeB) implements Op.Binary {
        public NdArray forward(NdArray... in) { return product(transposeA, transposeB, in[0], in[1]); }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) {
            return transposeA ? zmatmul(transposeB, true, 1, b, g) : zmatmul(false, !transposeB, 0, g, b);
        }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) {
            return transposeB ? zmatmul(true, transposeA, 0, g, a) : zmatmul(!transposeA, false, 1, a, g);
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
            return isFinite(y) ? y : termByTerm(in[0], in[1], y);
        }

        /** A non-finite number in an input makes a whole row or column non-finite, so the first ones suffice. */
        private static boolean isFinite(NdArray y) {
            return y.size() == 0 || Kernels.get().allFinite(line(y, -2, 0)) && Kernels.get().allFinite(line(y, -1, 0));
        }

        /** Term by term, which only matters where something is not finite. */
        private NdArray termByTerm(NdArray a, NdArray b, NdArray y) {
            Kernels k = Kernels.get();
            Kernels.Fn2 zmul = cotangent == 0 ? (p, q) -> p == 0 ? 0 : p * q : (p, q) -> q == 0 ? 0 : p * q;
            NdArray sum = NdArray.zeros(y.dtype(), y.shape()), left = transposed(transposeA, a),
                    right = transposed(transposeB, b);
            for (int i = 0; i < left.shape().dim(-1); i++)
                sum = k.map(Double::sum, sum, k.map(zmul, line(left, -1, i), line(right, -2, i)));
            return sum;
        }

        private static NdArray line(NdArray x, int axis, int i) {
            return x.view(x.layout().narrow(x.shape().rank() + axis, i, 1));
        }

        public Tensor vjpA(Tensor h, Tensor a, Tensor b, Tensor y) {
            return new MatMul(transposeA, transposeB).vjpA(h, a, b, y);
        }

        public Tensor vjpB(Tensor h, Tensor a, Tensor b, Tensor y) {
            return new MatMul(transposeA, transposeB).vjpB(h, a, b, y);
        }

        @Override
        public String name() { return "zmatmul"; }
    }

    /** The inner product of two vectors. */
    default Tensor dot(Tensor b) {
        if (shape().rank() != 1 || !shape().equals(b.shape()))
            throw new IllegalArgumentException(
                    "dot: needs two vectors of one length, got shapes " + shape() + " and " + b.shape());
        Tensor.sameDType("dot", self(), b);
        return matmul(b);
    }

    /** The products of every element of one vector with every element of another: shape [m, n]. */
    default Tensor outer(Tensor b) {
        if (shape().rank() != 1 || b.shape().rank() != 1)
            throw new IllegalArgumentException("outer: needs two vectors, got shapes " + shape() + " and " + b.shape());
        Tensor.sameDType("outer", self(), b);
        Shape.of("outer", shape().dim(0), b.shape().dim(0));
        return self().unsqueeze(1).mul(b.unsqueeze(0));
    }

    /**
     * Einstein summation, as NumPy's: {@code "ij,jk->ik"} is a matrix product, {@code "ii->i"} a diagonal; an
     * ellipsis stands for further axes, which broadcast. Several operands are multiplied in an order that keeps
     * what is between small.
     */
    static Tensor einsum(String equation, Tensor... operands) { return Einsum.of(equation, operands); }

    // ---- systems of equations

    /**
     * x of a x = b, for square matrices in the last two axes, broadcasting the leading ones; b may be a vector.
     */
    default Tensor solve(Tensor b) {
        square("solve");
        int rank = b.shape().rank();
        if (rank == 0 || b.shape().dim(rank == 1 ? 0 : -2) != shape().dim(-1))
            throw new IllegalArgumentException("solve: shapes " + shape() + " and " + b.shape()
                    + " do not match: the second needs as many rows as the first");
        if (rank == 1)
            return solve(b.unsqueeze(1)).squeeze(-1);
        Shape batch = Shape.broadcast("solve", shape().leading(shape().rank() - 2),
                b.shape().leading(b.shape().rank() - 2));
        return broadcastBatch("solve", self(), batch).apply(new Solve(), broadcastBatch("solve", b, batch));
    }

    record Solve() implements Op.Binary {
        public NdArray forward(NdArray... in) { return Kernels.get().solve(in[0], in[1]); }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) {
            return zmatmul(false, true, 0, vjpB(g, a, b, y), y).neg();
        }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return a.transpose().solve(g); }
    }

    /** The inverse of square matrices in the last two axes; an error if one is singular. */
    default Tensor inverse() {
        square("inverse");
        try {
            return solve(Tensor.eye(dtype(), shape().dim(-1)));
        } catch (ArithmeticException e) {
            var named = new ArithmeticException("inverse: a matrix of shape " + shape() + " is singular");
            named.initCause(e);
            throw named;
        }
    }

    /**
     * The determinants of square matrices in the last two axes. The derivative is the matrix of cofactors; of a
     * singular matrix it is computed in n^4 steps, at every order.
     */
    default Tensor det() {
        square("det");
        SlogDet d = slogdet();
        Mask singular = d.sign.eq(0).or(self().detach().transpose().slogdet().sign.eq(0)); // rules solve with both
        if (!singular.any())
            return d.sign.mul(d.logAbsDet.exp());
        int[] dims = Arrays.copyOf(singular.shape().dims(), shape().rank());
        dims[dims.length - 2] = 1;
        dims[dims.length - 1] = 1;
        Mask matrices = singular.reshape(dims);
        SlogDet regular = Tensor.eye(dtype(), shape().dim(-1)).where(matrices, self()).slogdet();
        return polynomialDet(self().where(matrices, 0)).where(singular, regular.sign.mul(regular.logAbsDet.exp()));
    }

    /**
     * Without any division, so that derivatives of every order are right. Bird, "A simple division-free algorithm
     * for computing determinants", Information Processing Letters 111 (2011).
     */
    private static Tensor polynomialDet(Tensor x) {
        int n = x.shape().dim(-1), rank = x.shape().rank();
        Tensor one = Tensor.eye(x.dtype(), n), later = Tensor.ones(x.dtype(), Shape.of(n, n)).triu(1), y = x;
        for (int k = 1; k < n; k++) {
            Tensor sums = later.matmul(y.mul(one).sum(true, -1)); // of the diagonal elements further down
            y = y.triu(1).sub(sums.mul(one)).matmul(x);
        }
        int[] first = Arrays.copyOf(x.shape().dims(), rank - 2);
        // adding 0 turns -0 into 0
        return y.slice(rank - 2, 0, 1).slice(rank - 1, 0, 1).reshape(Shape.of(first)).mul(n % 2 == 0 ? -1 : 1).add(0);
    }

    /**
     * The signs of determinants and the logarithms of their absolute values, which neither overflow nor vanish.
     */
    default SlogDet slogdet() {
        square("slogdet");
        Tensor packed = apply(new PackedSlogdet());
        int last = packed.shape().rank() - 1;
        return new SlogDet(packed.detach().slice(last, 0, 1).squeeze(last), packed.slice(last, 1, 2).squeeze(last));
    }

    /**
     * A determinant as sign and logarithm.
     *
     * @param sign
     *            -1, 0 or 1; a constant
     * @param logAbsDet
     *            log |det|, -Inf for a singular matrix
     */
    record SlogDet(Tensor sign, Tensor logAbsDet) {}

    /** (sign, log |det|) along a new last axis. */
    record PackedSlogdet() implements Op.Unary {
        public NdArray forward(NdArray... in) { return Kernels.get().slogdet(in[0]); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            int last = g.shape().rank() - 1;
            Tensor one = Tensor.eye(x.dtype(), x.shape().dim(-1));
            return x.transpose().solve(g.slice(last, 1, 2).unsqueeze(-1).zmul(one));
        }
    }

    /**
     * The lower triangle l with l l^T = x, for symmetric positive definite matrices; of others the symmetric
     * part.
     */
    default Tensor cholesky() {
        square("cholesky");
        return apply(new Cholesky());
    }

    record Cholesky() implements Op.Unary {
        public NdArray forward(NdArray... in) { return Kernels.get().cholesky(in[0]); }

        /** Murray, "Differentiation of the Cholesky decomposition", 2016. */
        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            Tensor inner = zmatmul(true, false, 1, y, g).tril(0), turned = y.transpose();
            Tensor phi = inner.sub(inner.mul(Tensor.eye(x.dtype(), x.shape().dim(-1))).mul(0.5));
            Tensor s = turned.solve(turned.solve(phi).transpose());
            return s.add(s.transpose()).mul(0.5);
        }
    }

    private void square(String op) {
        if (shape().rank() < 2 || shape().dim(-1) != shape().dim(-2))
            throw new IllegalArgumentException(op + ": needs square matrices, got shape " + shape());
    }

    /** A tensor of matrices with its leading axes broadcast. */
    private static Tensor broadcastBatch(String op, Tensor x, Shape batch) {
        return x.broadcastTo(batch.append(op, x.shape().dim(-2), x.shape().dim(-1)));
    }

    private static Tensor zmatmul(boolean transposeA, boolean transposeB, int cotangent, Tensor a, Tensor b) {
        return a.apply(new ZmatMul(transposeA, transposeB, cotangent), b);
    }

    private static NdArray product(boolean transposeA, boolean transposeB, NdArray a, NdArray b) {
        return Kernels.get().matmul(transposed(transposeA, a), transposed(transposeB, b));
    }

    private static NdArray transposed(boolean transpose, NdArray x) {
        if (!transpose)
            return x;
        int rank = x.shape().rank();
        int[] axes = new int[rank];
        for (int i = 0; i < rank; i++)
            axes[i] = i < rank - 2 ? i : 2 * rank - 3 - i;
        return x.permute(axes);
    }

    /**
     * The cosine of the angle between vectors along an axis: {@code a . b / (|a| |b|)}, from -1 to 1, with norms
     * taken to be at least 1e-8. Both broadcast.
     */
    default Tensor cosineSimilarity(Tensor other, int axis) {
        Tensor.sameDType("cosineSimilarity", self(), other);
        Shape s = Shape.broadcast("cosineSimilarity", shape(), other.shape());
        int at = s.axis("cosineSimilarity", axis);
        Tensor a = Tensor.unit(2, self().broadcastTo(s), at, 1e-8), b = Tensor.unit(2, other.broadcastTo(s), at, 1e-8);
        Tensor cosine = a.mul(b).sum(at);
        Tensor rounded = cosine.detach();
        return cosine.sub(rounded.sub(rounded.clamp(-1, 1))); // what rounding adds beyond 1 is a constant
    }

    /**
     * The Euclidean distance between vectors along the last axis, {@code |a - b|}, with derivative 0 where they
     * are equal; both broadcast.
     */
    default Tensor pairwiseDistance(Tensor other) { return pairwiseDistance(other, 2); }

    /** The distance in the p-norm, p at least 1, between vectors along the last axis; both broadcast. */
    default Tensor pairwiseDistance(Tensor other, double p) {
        if (shape().rank() == 0 && other.shape().rank() == 0)
            throw new IllegalArgumentException("pairwiseDistance: needs vectors along the last axis, got shapes "
                    + shape() + " and " + other.shape());
        if (!(p >= 1))
            throw new IllegalArgumentException("pairwiseDistance: p is " + p + ", it must be at least 1");
        return distance("pairwiseDistance", self(), other, p);
    }

    /**
     * The Euclidean distance of each row of a matrix [.., m, d] from each row of another [.., n, d], as [.., m,
     * n], with derivative 0 where rows are equal.
     */
    default Tensor cdist(Tensor other) {
        if (shape().rank() < 2 || other.shape().rank() < 2 || shape().dim(-1) != other.shape().dim(-1))
            throw new IllegalArgumentException(
                    "cdist: shapes " + shape() + " and " + other.shape() + " must be [.., m, d] and [.., n, d]");
        return distance("cdist", self().unsqueeze(-2), other.unsqueeze(-3), 2);
    }

    private static Tensor distance(String op, Tensor a, Tensor b, double p) {
        Tensor.sameDType(op, a, b);
        Shape.broadcast(op, a.shape(), b.shape());
        return a.sub(b).norm(p, -1);
    }
}
