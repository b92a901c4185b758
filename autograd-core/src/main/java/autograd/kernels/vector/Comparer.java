package autograd.kernels.vector;

import autograd.array.DType;
import autograd.array.Storage;
import autograd.kernels.Relation;

import jdk.incubator.vector.VectorOperators;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The loops of one relation, for one dtype: {@link FloatComparison} or its twin. */
interface Comparer {
    /** Those that were asked for. */
    Map<Relation, Comparer> FLOATS = new ConcurrentHashMap<>(), DOUBLES = new ConcurrentHashMap<>();

    /** {@code y[i] = a[i] relation b[i]} for at least one vector; a step of 0 repeats one element, not both. */
    void test(int n, Storage a, int ao, int as, Storage b, int bo, int bs, boolean[] y, int yo);

    static Comparer of(Relation relation, DType dtype) {
        return dtype == DType.F32
                ? FLOATS.computeIfAbsent(relation, r -> copy(FloatComparison.class, r))
                : DOUBLES.computeIfAbsent(relation, r -> copy(DoubleComparison.class, r));
    }

    private static Comparer copy(Class<? extends Comparer> original, Relation relation) {
        return Copy.of(Comparer.class, original, switch (relation) {
            case EQ -> VectorOperators.EQ;
            case NE -> VectorOperators.NE;
            case LT -> VectorOperators.LT;
            case LE -> VectorOperators.LE;
            case GT -> VectorOperators.GT;
            case GE -> VectorOperators.GE;
        });
    }
}
