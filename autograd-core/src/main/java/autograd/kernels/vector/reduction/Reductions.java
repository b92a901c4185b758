package autograd.kernels.vector.reduction;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.MUL;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Storage;
import autograd.kernels.Kernels.Reduction;
import autograd.kernels.Rows;
import autograd.kernels.vector.hotspot.DoubleLanes;
import autograd.kernels.vector.hotspot.Specialization;
import autograd.kernels.vector.parallel.Chunks;
import autograd.kernels.vector.parallel.Team;

import jdk.incubator.vector.VectorOperators.Associative;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reductions along the last axes, or along the first. */
public final class Reductions {
    private static final int L = DoubleLanes.D.length();
    /** Rows shorter than this are not worth a vector. */
    private static final int SHORT = 4 * L;
    /** Those that were asked for. */
    private static final Map<Reduction, Reductions> ALL = new ConcurrentHashMap<>();

    private final double identity;
    private final Associative op;
    private @Nullable ReductionLoop floats, doubles;

    private Reductions(Associative op, double identity) {
        this.op = op;
        this.identity = identity;
    }

    public static Reductions of(Reduction reduction) {
        return ALL.computeIfAbsent(reduction, r -> switch (r) {
            case SUM -> new Reductions(ADD, 0);
            case PROD -> new Reductions(MUL, 1);
            case MAX -> new Reductions(MAX, Double.NEGATIVE_INFINITY);
            case MIN -> new Reductions(MIN, Double.POSITIVE_INFINITY);
        });
    }

    public double identity() { return identity; }

    /** Its loops for a dtype. Threads may race here; the worst is one copy too many. */
    private ReductionLoop reducer(Storage x) {
        ReductionLoop known = x.dtype() == DType.F32 ? floats : doubles;
        if (known != null)
            return known;
        if (x.dtype() == DType.F32)
            return floats = Specialization.of(MethodHandles.lookup(), ReductionLoop.class, FloatReductionLoop.class,
                    op);
        return doubles = Specialization.of(MethodHandles.lookup(), ReductionLoop.class, DoubleReductionLoop.class, op);
    }

    private double combine(double a, double b) { return combine(op, a, b); }

    /** What HotSpot folds to one instruction where the operation is a constant. */
    static double combine(Associative op, double a, double b) {
        if (op == ADD)
            return a + b;
        if (op == MUL)
            return a * b;
        return op == MAX ? Math.max(a, b) : Math.min(a, b);
    }

    /**
     * Reduces x to y, F64, where it knows how to: all elements, or rows, or the columns of a contiguous array.
     */
    public boolean reduce(NdArray x, NdArray y) {
        Rows rows = new Rows(x.layout(), y.layout().broadcastTo(x.shape()));
        if (rows.stepA != 1)
            return false;
        if (rows.stepB == 0) {
            if (rows.length < SHORT)
                return shortRows(x, rows.length, y.storage().doubles());
            rows(x, rows, y.storage().doubles());
            return true;
        }
        int m = rows.count(), n = rows.length;
        if (m < 2 || n < L || n != y.size() || !x.isContiguous())
            return false;
        columns(x, m, n, y.storage().doubles());
        return true;
    }

    private boolean shortRows(NdArray x, int n, double[] y) {
        if (!x.isContiguous() || x.size() != y.length * n)
            return false;
        Storage xs = x.storage();
        int xo = x.layout().offset();
        Chunks.rows(y.length, n, (i, m) -> reducer(xs).shortRows(m, n, xs, xo + i * n, identity, y, i));
        return true;
    }

    private void rows(NdArray x, Rows rows, double[] y) {
        int parts = Chunks.of(rows.length), size = Chunks.size(rows.length, parts), n = rows.length;
        Storage xs = x.storage();
        if (parts == 1) {
            Rows.Body row = (i, k, _) -> y[k] = combine(y[k], row(xs, n, i));
            if (rows.count() == y.length) // each row has a result of its own
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
                y[k] = combine(y[k], sum);
        });
    }

    private double row(Storage x, int n, int at) {
        double[] lanes = DoubleLanes.scratch();
        reducer(x).row(n, x, at, identity, lanes);
        for (int half = L / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                lanes[i] = combine(lanes[i], lanes[i + half]);
        double y = lanes[0];
        for (int i = n / L * L; i < n; i++)
            y = combine(y, x.get(at + i));
        return y;
    }

    private void columns(NdArray x, int m, int n, double[] y) {
        int parts = Math.max(1, Math.min(n / SHORT, Chunks.of(x.size()))), size = n / parts / SHORT * SHORT;
        Storage xs = x.storage();
        Team.run(parts, part -> {
            int first = part * size, end = part == parts - 1 ? n : first + size;
            reducer(xs).columns(m, end - first, xs, x.layout().offset() + first, n, identity, y, first);
        });
    }
}
