package autograd.kernels.vector.elementwise;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.array.Storage;
import autograd.kernels.hotspot.Specialization;

import jdk.incubator.vector.FloatVector;

import java.lang.invoke.MethodHandles;

/**
 * The loops of one intrinsic: a {@link Specialization} copies this class for each. The last vector overlaps
 * the one before it, so a tail is not necessary. Results are in fresh memory, so an element may be written
 * twice.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatElementwiseLoop implements ElementwiseLoop {
    private static final FloatFunction F = Specialization.function(MethodHandles.lookup(), FloatFunction.class);

    @Override
    public void map(int n, Storage x, int xo, Storage y, int yo, double p, double q) {
        for (int turn = 0; turn < 2; turn++) { // the second turn is the last vector
            int i = turn * (n - LANES);
            one(turn == 0 ? n - LANES : LANES, x.borrowFloats(), xo + i, y.borrowFloats(), yo + i, (float) p,
                    (float) q);
        }
    }

    @Override
    public void map(int n, Storage a, int ao, int as, Storage b, int bo, int bs, Storage y, int yo) {
        for (int turn = 0; turn < 2; turn++) {
            int i = turn * (n - LANES), part = turn == 0 ? n - LANES : LANES;
            if (bs == 0)
                right(part, a.borrowFloats(), ao + i, b.borrowFloats()[bo], y.borrowFloats(), yo + i);
            else if (as == 0)
                left(part, a.borrowFloats()[ao], b.borrowFloats(), bo + i, y.borrowFloats(), yo + i);
            else
                two(part, a.borrowFloats(), ao + i, b.borrowFloats(), bo + i, y.borrowFloats(), yo + i);
        }
    }

    // One call of the function in each method: HotSpot stops inlining in a method of too many nodes.

    private static void one(int n, float[] x, int xo, float[] y, int yo, float p, float q) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            F.f(v, v, p, q).intoArray(y, yo + i);
        }
    }

    private static void two(int n, float[] a, int ao, float[] b, int bo, float[] y, int yo) {
        for (int i = 0; i < n; i += LANES)
            F.f(FloatVector.fromArray(S, a, ao + i), FloatVector.fromArray(S, b, bo + i), 0, 0).intoArray(y, yo + i);
    }

    private static void right(int n, float[] a, int ao, float b, float[] y, int yo) {
        FloatVector v = FloatVector.broadcast(S, b);
        for (int i = 0; i < n; i += LANES)
            F.f(FloatVector.fromArray(S, a, ao + i), v, 0, 0).intoArray(y, yo + i);
    }

    private static void left(int n, float a, float[] b, int bo, float[] y, int yo) {
        FloatVector v = FloatVector.broadcast(S, a);
        for (int i = 0; i < n; i += LANES)
            F.f(v, FloatVector.fromArray(S, b, bo + i), 0, 0).intoArray(y, yo + i);
    }
}
