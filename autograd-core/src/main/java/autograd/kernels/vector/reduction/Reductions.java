package autograd.kernels.vector.reduction;

import autograd.array.NdArray;
import autograd.array.Storage;
import autograd.kernels.Kernels.Reduction;
import autograd.kernels.Pairwise;
import autograd.kernels.Rows;
import autograd.kernels.hotspot.Specialization;
import autograd.kernels.vector.lanes.DoubleLanes;
import autograd.kernels.vector.parallel.Chunks;
import autograd.kernels.vector.parallel.Team;

import java.lang.invoke.MethodHandles;

/**
 * Reduces an array along its last axes or its first. The shape alone decides how elements are combined, so
 * the bits do not depend on the number of threads.
 */
public record Reductions(Reduction reduction, NdArray x) {
    private static final Specialization<ReductionLoop> FLOATS = new Specialization<>(MethodHandles.lookup(),
            ReductionLoop.class, FloatReductionLoop.class),
            DOUBLES = new Specialization<>(MethodHandles.lookup(), ReductionLoop.class, DoubleReductionLoop.class);
    private static final int L = DoubleLanes.D.length();
    /** Shorter rows are not worth a vector. */
    private static final int SHORT = 4 * L;

    private ReductionLoop loop() { return x.dtype().pick(FLOATS, DOUBLES).of(reduction); }

    /**
     * Combines x into y, which is F64 and holds identities. Handles reductions of all elements, of rows, and of
     * the columns of a contiguous array; returns false for any other.
     */
    public boolean to(NdArray y) {
        Rows rows = new Rows(x.layout(), y.layout().broadcastTo(x.shape()));
        if (rows.stepA != 1)
            return false;
        if (rows.stepB == 0) {
            if (rows.length < SHORT)
                return shortRows(rows.length, y.storage().borrowDoubles());
            rows(rows, y.storage().borrowDoubles());
            return true;
        }
        int m = rows.count(), n = rows.length;
        if (m < 2 || n < L || n != y.size() || !x.isContiguous())
            return false;
        columns(m, n, y.storage().borrowDoubles());
        return true;
    }

    private boolean shortRows(int n, double[] y) {
        if (!x.isContiguous() || x.size() != y.length * n)
            return false;
        Storage xs = x.storage();
        int xo = x.layout().offset();
        Chunks.rows(y.length, n, (i, m) -> loop().shortRows(m, n, xs, xo + i * n, y, i));
        return true;
    }

    private void rows(Rows rows, double[] y) {
        int parts = Chunks.of(rows.length), size = Chunks.size(rows.length, parts), n = rows.length;
        Storage xs = x.storage();
        if (parts == 1) {
            Rows.Body row = (i, k, _) -> y[k] = reduction.combine(y[k], row(xs, n, i));
            if (rows.count() == y.length) // then threads may share the rows
                Chunks.rows(y.length, n, (first, m) -> rows.forEach(first, first + m, row));
            else
                rows.forEach(row);
            return;
        }
        double[] sums = new double[parts];
        rows.forEach((i, k, _) -> {
            Team.run(parts, part -> {
                int first = part * size, end = part == parts - 1 ? n : first + size;
                sums[part] = row(xs, end - first, i + first);
            });
            for (double sum : sums)
                y[k] = reduction.combine(y[k], sum);
        });
    }

    private double row(Storage xs, int n, int at) {
        if (n > Pairwise.TERMS) {
            int half = Pairwise.half(n);
            return reduction.combine(row(xs, half, at), row(xs, n - half, at + half));
        }
        double[] lanes = DoubleLanes.scratch();
        loop().row(n, xs, at, lanes);
        for (int half = L / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                lanes[i] = reduction.combine(lanes[i], lanes[i + half]);
        double y = lanes[0];
        for (int i = n / L * L; i < n; i++)
            y = reduction.combine(y, xs.get(at + i));
        return y;
    }

    private void columns(int m, int n, double[] y) {
        int parts = Math.max(1, Math.min(n / SHORT, Chunks.of(x.size()))), size = n / parts / SHORT * SHORT;
        Storage xs = x.storage();
        Team.run(parts, part -> {
            int first = part * size, end = part == parts - 1 ? n : first + size;
            columns(m, end - first, xs, x.layout().offset() + first, n, y, first);
        });
    }

    private void columns(int m, int n, Storage xs, int xo, int down, double[] y, int yo) {
        if (m <= Pairwise.TERMS) {
            loop().columns(m, n, xs, xo, down, y, yo);
            return;
        }
        int half = Pairwise.half(m);
        double[] rest = new double[n];
        columns(half, n, xs, xo, down, y, yo);
        columns(m - half, n, xs, xo + half * down, down, rest, 0);
        for (int j = 0; j < n; j++)
            y[yo + j] = reduction.combine(y[yo + j], rest[j]);
    }
}
