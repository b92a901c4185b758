package autograd.kernels.vector;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Storage;
import autograd.kernels.Kernels.Reduction;
import autograd.kernels.Rows;

import jdk.incubator.vector.VectorShape;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reductions along the last axes, or along the first. */
final class Reductions {
    /** Of a vector of doubles. */
    static final int LANES = VectorShape.preferredShape().vectorBitSize() / Double.SIZE;
    /** Rows shorter than this are not worth a vector. */
    private static final int SHORT = 4 * LANES;
    /** Plain code takes about a millisecond for so many elements. */
    private static final int RARE = 1 << 20;
    /** A vector of results, for each thread. */
    private static final ThreadLocal<double[]> RESULTS = ThreadLocal.withInitial(() -> new double[LANES]);
    /** Those that were asked for. */
    private static final Map<Reduction, Reductions> ALL = new ConcurrentHashMap<>();

    private final Reduction reduction;
    private final Reducer plainFloats, plainDoubles;
    private @Nullable Reducer floats, doubles;
    private final Rare rare = new Rare(RARE);

    private Reductions(Reduction reduction) {
        this.reduction = reduction;
        plainFloats = new FloatPlainReduction(reduction);
        plainDoubles = new DoublePlainReduction(reduction);
    }

    static Reductions of(Reduction reduction) { return ALL.computeIfAbsent(reduction, Reductions::new); }

    /** The loops for n elements of a dtype. Threads may race here; the worst is one copy too many. */
    private Reducer reducer(NdArray x, int n) {
        boolean single = x.dtype() == DType.F32;
        if (rare.are(n))
            return single ? plainFloats : plainDoubles;
        Reducer known = single ? floats : doubles;
        if (known != null)
            return known;
        if (single)
            return floats = Copy.of(Reducer.class, FloatReduction.class, reduction);
        return doubles = Copy.of(Reducer.class, DoubleReduction.class, reduction);
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
        if (m < 2 || n < LANES || n != y.size() || !x.isContiguous())
            return false;
        columns(x, m, n, y.storage().doubles());
        return true;
    }

    private boolean shortRows(NdArray x, int n, double[] y) {
        if (!x.isContiguous() || x.size() != y.length * n)
            return false;
        int xo = x.layout().offset();
        Parts.rows(y.length, n,
                (i, m) -> reducer(x, m * n).shortRows(m, n, x.storage(), xo + i * n, reduction.identity(), y, i));
        return true;
    }

    private void rows(NdArray x, Rows rows, double[] y) {
        int parts = Parts.of(rows.length), size = Parts.size(rows.length, parts), n = rows.length;
        if (parts == 1) {
            Rows.Body row = (i, k, _) -> y[k] = reduction.combine(y[k], row(x, n, i));
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
                y[k] = reduction.combine(y[k], sum);
        });
    }

    private double row(NdArray x, int n, int at) {
        double[] lanes = RESULTS.get();
        reducer(x, n).row(n, x.storage(), at, lanes);
        for (int half = LANES / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                lanes[i] = reduction.combine(lanes[i], lanes[i + half]);
        double y = lanes[0];
        Storage data = x.storage();
        for (int i = n / LANES * LANES; i < n; i++)
            y = reduction.combine(y, data.get(at + i));
        return y;
    }

    private void columns(NdArray x, int m, int n, double[] y) {
        int parts = Math.max(1, Math.min(n / SHORT, Parts.of(x.size()))), size = n / parts / SHORT * SHORT;
        Team.run(parts, part -> {
            int first = part * size, end = part == parts - 1 ? n : first + size;
            reducer(x, m * (end - first)).columns(m, end - first, x.storage(), x.layout().offset() + first, n,
                    reduction.identity(), y, first);
        });
    }
}
