package autograd.kernels.vector.elementwise;

import autograd.kernels.vector.hotspot.Specialization;

import autograd.array.Storage;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators.Comparison;
import jdk.incubator.vector.VectorSpecies;

import java.lang.invoke.MethodHandles;

/**
 * The loops of one relation: {@link Specialization} makes such a class for each. The last vector overlaps
 * that before.
 */
final class FloatComparisonLoop implements ComparisonLoop {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final Comparison OP = Specialization.constant(MethodHandles.lookup(), Comparison.class);

    @Override
    public void test(int n, Storage a, int ao, int as, Storage b, int bo, int bs, boolean[] y, int yo) {
        for (int turn = 0; turn < 2; turn++) {
            int i = turn * (n - L), part = turn == 0 ? n - L : L;
            if (bs == 0)
                right(part, a.floats(), ao + i, b.floats()[bo], y, yo + i);
            else if (as == 0)
                left(part, a.floats()[ao], b.floats(), bo + i, y, yo + i);
            else
                two(part, a.floats(), ao + i, b.floats(), bo + i, y, yo + i);
        }
    }

    private static void two(int n, float[] a, int ao, float[] b, int bo, boolean[] y, int yo) {
        for (int i = 0; i < n; i += L)
            FloatVector.fromArray(S, a, ao + i).compare(OP, FloatVector.fromArray(S, b, bo + i)).intoArray(y, yo + i);
    }

    private static void right(int n, float[] a, int ao, float b, boolean[] y, int yo) {
        FloatVector v = FloatVector.broadcast(S, b);
        for (int i = 0; i < n; i += L)
            FloatVector.fromArray(S, a, ao + i).compare(OP, v).intoArray(y, yo + i);
    }

    private static void left(int n, float a, float[] b, int bo, boolean[] y, int yo) {
        FloatVector v = FloatVector.broadcast(S, a);
        for (int i = 0; i < n; i += L)
            v.compare(OP, FloatVector.fromArray(S, b, bo + i)).intoArray(y, yo + i);
    }
}
