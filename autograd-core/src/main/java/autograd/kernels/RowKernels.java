package autograd.kernels;

import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Storage;

/** Kernels that normalize rows: softmax, cross-entropy, standardization. */
public interface RowKernels {
    /** {@code y = exp(x) / sum(exp(x))} along an axis, or its logarithm, without overflow. */
    NdArray softmax(NdArray x, int axis, boolean log);

    /**
     * Cross-entropy along the last axis of softmax with labels: {@code y[..] = -log softmax(x)[.., label[..]]},
     * of x's shape without its last axis. Labels are row-major, one for each row, and in range.
     */
    default NdArray crossEntropy(NdArray x, int[] labels) {
        int last = x.shape().rank() - 1, n = x.shape().dim(last);
        NdArray y = NdArray.empty(x.dtype(), Layout.of(x.shape().reduce(new int[]{last}, false)));
        NdArray logs = softmax(x, last, true);
        for (int i = 0; i < labels.length; i++)
            y.storage().set(i, -logs.storage().get(i * n + labels[i]));
        return y;
    }

    /**
     * The gradient of cross-entropy: {@code g (softmax(x) - 1)} at a row's label, {@code g softmax(x)} elsewhere,
     * and 0 in rows whose g is 0; g is contiguous and has one number for each row.
     */
    default NdArray crossEntropyVjp(NdArray g, NdArray x, int[] labels) {
        int last = x.shape().rank() - 1, n = x.shape().dim(last);
        NdArray y = softmax(x, last, false);
        Storage p = y.storage();
        for (int row = 0; row < labels.length; row++) {
            double by = g.storage().get(g.layout().offset() + row), others = 0;
            int first = row * n, label = first + labels[row];
            for (int i = first; i < first + n; i++) {
                others += i == label ? 0 : p.get(i);
                p.set(i, by == 0 ? 0 : by * p.get(i));
            }
            p.set(label, by == 0 ? 0 : by * (0 - others)); // softmax - 1 would cancel
        }
        return y;
    }

    /**
     * Mean 0 and variance 1 in each row: {@code (x - mean) / sqrt(variance + epsilon)}. A row is n elements,
     * those of the last axes.
     */
    NdArray standardize(NdArray x, int n, double epsilon);
}
