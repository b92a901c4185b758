package autograd.kernels.vector.gemm;

import autograd.array.DType;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.array.Storage;
import autograd.kernels.vector.parallel.Team;

/** Products of matrices and of batches of matrices, of either dtype. */
public final class BatchedMatmul {
    /** Multiply-adds of one product from which it is cut for the threads; smaller ones are shared out whole. */
    private static final long LARGE = 1 << 22;
    /** Multiply-adds that are worth handing to another thread. */
    private static final long PART = 150_000;

    private final Storage a, b, c;
    private final int m, n, k, aDown, aRight, bDown, bRight;

    private BatchedMatmul(NdArray a, NdArray b, NdArray c) {
        this.a = a.storage();
        this.b = b.storage();
        this.c = c.storage();
        this.m = a.shape().dim(-2);
        this.k = a.shape().dim(-1);
        this.n = b.shape().dim(-1);
        int ra = a.shape().rank(), rb = b.shape().rank();
        this.aDown = a.layout().stride(ra - 2);
        this.aRight = a.layout().stride(ra - 1);
        this.bDown = b.layout().stride(rb - 2);
        this.bRight = b.layout().stride(rb - 1);
    }

    /** The matrix product over the last two axes; leading axes broadcast. */
    public static NdArray matmul(NdArray a, NdArray b) {
        int ra = a.shape().rank(), rb = b.shape().rank(), m = a.shape().dim(-2), n = b.shape().dim(-1);
        Shape batch = Shape.broadcast("matmul", a.shape().leading(ra - 2), b.shape().leading(rb - 2));
        NdArray c = NdArray.empty(a.dtype(), Layout.of(batch.append("matmul", m, n)));
        BatchedMatmul products = new BatchedMatmul(a, b, c);
        if (c.size() == 0)
            return c;
        if (batch.rank() == 0)
            products.multiply(a.layout().offset(), b.layout().offset(), 0);
        else
            products.batch(begins(a.layout(), batch), begins(b.layout(), batch));
        return c;
    }

    /** The offset of each matrix of a batch. */
    private static int[] begins(Layout layout, Shape batch) {
        int[] begins = new int[batch.size()];
        begins[0] = layout.offset();
        int lead = batch.rank() - (layout.shape().rank() - 2), done = 1;
        for (int axis = batch.rank() - 1; axis >= 0; axis--) { // repeats what is filled in for each index along the
                                                               // axis
            int d = batch.dim(axis);
            int step = axis < lead || layout.shape().dim(axis - lead) == 1 ? 0 : layout.stride(axis - lead);
            for (int i = done; i < done * d; i++)
                begins[i] = begins[i - done] + step;
            done *= d;
        }
        return begins;
    }

    private void batch(int[] as, int[] bs) {
        int count = as.length;
        long each = (long) m * n * k;
        if (oneMatrix(as, bs))
            multiply(count * m, as[0], bs[0], 0);
        else if (each >= LARGE)
            for (int i = 0; i < count; i++)
                multiply(as[i], bs[i], i * m * n);
        else {
            int parts = each * count < 2 * PART ? 1 : (int) Math.min(count, Math.min(each * count / PART, 64));
            Team.run(parts, q -> {
                for (int i = FloatGemm.cut(q, parts, count); i < FloatGemm.cut(q + 1, parts, count); i++)
                    multiply(as[i], bs[i], i * m * n);
            });
        }
    }

    /**
     * Whether the matrices of a lie below one another and all are multiplied by one b: then it is one product.
     */
    private boolean oneMatrix(int[] as, int[] bs) {
        boolean one = true;
        for (int i = 1; i < as.length && one; i++)
            one = as[i] == as[0] + i * m * aDown && bs[i] == bs[0];
        return one;
    }

    private void multiply(int ao, int bo, int co) { multiply(m, ao, bo, co); }

    private void multiply(int m, int ao, int bo, int co) {
        if (a.dtype() == DType.F32)
            FloatGemm.multiply(m, n, k, a.borrowFloats(), ao, aDown, aRight, b.borrowFloats(), bo, bDown,
                    bRight, c.borrowFloats(), co);
        else
            DoubleGemm.multiply(m, n, k, a.borrowDoubles(), ao, aDown, aRight, b.borrowDoubles(), bo, bDown,
                    bRight, c.borrowDoubles(), co);
    }
}
