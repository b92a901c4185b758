package autograd.kernels.vector.elementwise;

import autograd.array.DType;
import autograd.array.Storage;
import autograd.kernels.Relation;
import autograd.kernels.hotspot.Specialization;

import java.lang.invoke.MethodHandles;

/** The loops of one relation for one dtype: {@link FloatComparisonLoop} or its twin. */
public interface ComparisonLoop {
    Specialization<ComparisonLoop> FLOATS = new Specialization<>(MethodHandles.lookup(), ComparisonLoop.class,
            FloatComparisonLoop.class),
            DOUBLES = new Specialization<>(MethodHandles.lookup(), ComparisonLoop.class, DoubleComparisonLoop.class);

    static ComparisonLoop of(Relation relation, DType dtype) { return dtype.pick(FLOATS, DOUBLES).of(relation); }

    /**
     * {@code y[i] = a[i] relation b[i]} for at least one vector; a step of 0 repeats one element, of a or of b.
     */
    void test(int n, Storage a, int ao, int as, Storage b, int bo, int bs, boolean[] y, int yo);
}
