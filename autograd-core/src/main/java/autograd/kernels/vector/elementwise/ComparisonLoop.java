package autograd.kernels.vector.elementwise;

import autograd.array.DType;
import autograd.array.Storage;
import autograd.kernels.Relation;
import autograd.kernels.vector.hotspot.Specialization;

import jdk.incubator.vector.VectorOperators;

import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The loops of one relation, for one dtype: {@link FloatComparisonLoop} or its twin. */
public interface ComparisonLoop {
    /** Those that were asked for. */
    Map<Relation, ComparisonLoop> FLOATS = new ConcurrentHashMap<>(), DOUBLES = new ConcurrentHashMap<>();

    /** {@code y[i] = a[i] relation b[i]} for at least one vector; a step of 0 repeats one element, not both. */
    void test(int n, Storage a, int ao, int as, Storage b, int bo, int bs, boolean[] y, int yo);

    static ComparisonLoop of(Relation relation, DType dtype) {
        return dtype == DType.F32
                ? FLOATS.computeIfAbsent(relation, r -> copy(FloatComparisonLoop.class, r))
                : DOUBLES.computeIfAbsent(relation, r -> copy(DoubleComparisonLoop.class, r));
    }

    private static ComparisonLoop copy(Class<? extends ComparisonLoop> original, Relation relation) {
        return Specialization.of(MethodHandles.lookup(), ComparisonLoop.class, original, switch (relation) {
            case EQ -> VectorOperators.EQ;
            case NE -> VectorOperators.NE;
            case LT -> VectorOperators.LT;
            case LE -> VectorOperators.LE;
            case GT -> VectorOperators.GT;
            case GE -> VectorOperators.GE;
        });
    }
}
