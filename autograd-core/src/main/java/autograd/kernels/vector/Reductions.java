package autograd.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.MUL;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Storage;
import autograd.kernels.Kernels.Reduction;
import autograd.kernels.Rows;

import jdk.incubator.vector.VectorOperators.Associative;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reductions along the last axes, or along the first. */
final class Reductions {
    private static final int L = Lanes.D.length();
    /** Rows shorter than this are not worth a vector. */
    private static final int SHORT = 4 * L;
    /** Those that were asked for. */
    private static final Map<Reduction, Reductions> ALL = new ConcurrentHashMap<>();

    private final double identity;
    private final Associative op;
    private @Nullable Reducer floats, doubles;

    private Reductions(Associative op, double identity) {
        this.op = op;
        this.identity = identity;
    }

    static Reductions of(Reduction reduction) {
        return ALL.computeIfAbsent(reduction, r -> switch (r) {
            case SUM -> new Reductions(ADD, 0);
            case PROD -> new Reductions(MUL, 1);
            case MAX -> new Reductions(MAX, Double.NEGATIVE_INFINITY);
            case MIN -> new Reductions(MIN, Double.POSITIVE_INFINITY);
        });
    }

    double identity() { return identity; }

    /** Its loops for a dtype. Threads may race here; the worst is one copy too many. */
    private Reducer reducer(NdArray x) {
        Reducer known = x.dtype() == DType.F32 ? floats : doubles;
        if (known != null)
            return known;
        if (x.dtype() == DType.F32)
            return floats = Copy.of(Reducer.class, FloatReduction.class, op);
        return doubles = Copy.of(Reducer.class, DoubleReduction.class, op);
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
    boolean reduce(NdArray x, NdArray y) {
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
        int xo = x.layout().offset();
        Parts.rows(y.length, n, (i, m) -> reducer(x).shortRows(m, n, x.storage(), xo + i * n, identity, y, i));
        return true;
    }

    private void rows(NdArray x, Rows rows, double[] y) {
        int parts = Parts.of(rows.length), size = Parts.size(rows.length, parts), n = rows.length;
        if (parts == 1) {
            Rows.Body row = (i, k, _) -> y[k] = combine(y[k], row(x, n, i));
            if (rows.count() == y.length) // each row has a result of its own
                Parts.rows(y.length, n, (first, m) -> rows.forEach(first, first + m, row));
            else
                rows.forEach(row);
            return;
        }
        double[] sums = new double[parts];
        rows.forEach((i, k, _) -> {
            Team.run(parts, part -> {
                int first = part * size, end = part == parts - 1 ? n : first + size;
                sums[part] = row(x, end - first, i + first);
            });
            for (double sum : sums)
                y[k] = combine(y[k], sum);
        });
    }

    private double row(NdArray x, int n, int at) {
        double[] lanes = Lanes.scratch();
        reducer(x).row(n, x.storage(), at, identity, lanes);
        for (int half = L / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                lanes[i] = combine(lanes[i], lanes[i + half]);
        double y = lanes[0];
        Storage data = x.storage();
        for (int i = n / L * L; i < n; i++)
            y = combine(y, data.get(at + i));
        return y;
    }

    private void columns(NdArray x, int m, int n, double[] y) {
        int parts = Math.max(1, Math.min(n / SHORT, Parts.of(x.size()))), size = n / parts / SHORT * SHORT;
        Team.run(parts, part -> {
            int first = part * size, end = part == parts - 1 ? n : first + size;
            reducer(x).columns(m, end - first, x.storage(), x.layout().offset() + first, n, identity, y, first);
        });
    }
}
