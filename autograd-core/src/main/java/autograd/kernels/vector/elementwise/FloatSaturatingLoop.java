package autograd.kernels.vector.elementwise;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.array.Storage;
import autograd.kernels.hotspot.Specialization;

import jdk.incubator.vector.FloatVector;

import java.lang.invoke.MethodHandles;

/**
 * The loops of one intrinsic: a {@link Specialization} copies this class for each. The last vector overlaps
 * the one before it. Compiled twice: DoubleSaturatingLoop is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatSaturatingLoop implements SaturatingLoop {
    private static final FloatFunction F = Specialization.function(MethodHandles.lookup(), FloatFunction.class);

    @Override
    public boolean map(int n, Storage a, int ao, int as, Storage b, int bo, Storage y, int yo) {
        boolean saturates = false;
        for (int turn = 0; turn < 2; turn++) {
            int i = turn * (n - LANES), part = turn == 0 ? n - LANES : LANES;
            saturates |= as == 0
                    ? left(part, a.borrowFloats()[ao], b.borrowFloats(), bo + i, y.borrowFloats(), yo + i)
                    : two(part, a.borrowFloats(), ao + i, b.borrowFloats(), bo + i, y.borrowFloats(), yo + i);
        }
        return saturates;
    }

    private static boolean two(int n, float[] a, int ao, float[] b, int bo, float[] y, int yo) {
        FloatVector most = FloatVector.zero(S);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, b, bo + i);
            most = most.max(v.abs());
            F.f(FloatVector.fromArray(S, a, ao + i), v, 0, 0).intoArray(y, yo + i);
        }
        return !most.lt(1).allTrue();
    }

    private static boolean left(int n, float a, float[] b, int bo, float[] y, int yo) {
        FloatVector most = FloatVector.zero(S), u = FloatVector.broadcast(S, a);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, b, bo + i);
            most = most.max(v.abs());
            F.f(u, v, 0, 0).intoArray(y, yo + i);
        }
        return !most.lt(1).allTrue();
    }

    @Override
    public void choose(int n, Storage b, int bo, Storage exact, Storage y, int yo) {
        float[] values = b.borrowFloats(), from = exact.borrowFloats(), to = y.borrowFloats();
        for (int i = 0; i < n; i++)
            if (Math.abs(values[bo + i]) == 1)
                to[yo + i] = from[i];
    }
}
