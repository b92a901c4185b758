package autograd.kernels.vector.elementwise;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.array.Storage;
import autograd.kernels.Relation;
import autograd.kernels.hotspot.Specialization;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators.Comparison;
import jdk.incubator.vector.VectorOperators;

import java.lang.invoke.MethodHandles;

/**
 * The loops of one relation: a {@link Specialization} copies this class for each. The last vector overlaps
 * the one before it.
 */
final class FloatComparisonLoop implements ComparisonLoop {
    private static final Comparison OP = switch (Specialization.function(MethodHandles.lookup(), Relation.class)) {
        case EQ -> VectorOperators.EQ;
        case NE -> VectorOperators.NE;
        case LT -> VectorOperators.LT;
        case LE -> VectorOperators.LE;
        case GT -> VectorOperators.GT;
        case GE -> VectorOperators.GE;
    };

    @Override
    public void test(int n, Storage a, int ao, int as, Storage b, int bo, int bs, boolean[] y, int yo) {
        for (int turn = 0; turn < 2; turn++) {
            int i = turn * (n - LANES), part = turn == 0 ? n - LANES : LANES;
            if (bs == 0)
                right(part, a.borrowFloats(), ao + i, b.borrowFloats()[bo], y, yo + i);
            else if (as == 0)
                left(part, a.borrowFloats()[ao], b.borrowFloats(), bo + i, y, yo + i);
            else
                two(part, a.borrowFloats(), ao + i, b.borrowFloats(), bo + i, y, yo + i);
        }
    }

    private static void two(int n, float[] a, int ao, float[] b, int bo, boolean[] y, int yo) {
        for (int i = 0; i < n; i += LANES)
            FloatVector.fromArray(S, a, ao + i).compare(OP, FloatVector.fromArray(S, b, bo + i)).intoArray(y, yo + i);
    }

    private static void right(int n, float[] a, int ao, float b, boolean[] y, int yo) {
        FloatVector v = FloatVector.broadcast(S, b);
        for (int i = 0; i < n; i += LANES)
            FloatVector.fromArray(S, a, ao + i).compare(OP, v).intoArray(y, yo + i);
    }

    private static void left(int n, float a, float[] b, int bo, boolean[] y, int yo) {
        FloatVector v = FloatVector.broadcast(S, a);
        for (int i = 0; i < n; i += LANES)
            v.compare(OP, FloatVector.fromArray(S, b, bo + i)).intoArray(y, yo + i);
    }
}
