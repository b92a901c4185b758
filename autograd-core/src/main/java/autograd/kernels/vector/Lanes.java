package autograd.kernels.vector;

import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Numbers of either dtype as vectors of doubles. */
final class Lanes {
    static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> HALF = VectorSpecies.of(float.class,
            VectorShape.forBitSize(D.vectorBitSize() / 2));

    private Lanes() {}

    static DoubleVector load(float[] x, int i) {
        return (DoubleVector) FloatVector.fromArray(HALF, x, i).convertShape(F2D, D, 0);
    }

    static DoubleVector load(double[] x, int i) { return DoubleVector.fromArray(D, x, i); }

    static void store(DoubleVector v, float[] y, int i) {
        ((FloatVector) v.convertShape(D2F, HALF, 0)).intoArray(y, i);
    }

    static void store(DoubleVector v, double[] y, int i) { v.intoArray(y, i); }
}
