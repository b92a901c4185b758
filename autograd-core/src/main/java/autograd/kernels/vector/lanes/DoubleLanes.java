package autograd.kernels.vector.lanes;

import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Floats and doubles as vectors of doubles. */
public final class DoubleLanes {
    public static final VectorSpecies<Double> D = DoubleSpecies.S;
    private static final VectorSpecies<Float> HALF = VectorSpecies.of(float.class,
            VectorShape.forBitSize(D.vectorBitSize() / 2));

    /** Too small to be lent. */
    private static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[4 * D.length()]);

    private DoubleLanes() {}

    /** Scratch for the lanes of four vectors, of this thread, valid until the next call. */
    public static double[] scratch() {
        return SCRATCH.get();
    }

    /** The sum of the lanes of one vector, in a fixed order; the order of {@code reduceLanes} is unspecified. */
    public static double sum(double[] lanes) {
        for (int half = D.length() / 2; half > 0; half /= 2)
            for (int k = 0; k < half; k++)
                lanes[k] += lanes[k + half];
        return lanes[0];
    }

    public static DoubleVector load(float[] x, int i) {
        return (DoubleVector) FloatVector.fromArray(HALF, x, i).convertShape(F2D, D, 0);
    }

    public static DoubleVector load(double[] x, int i) { return DoubleVector.fromArray(D, x, i); }

    public static void store(DoubleVector v, float[] y, int i) {
        ((FloatVector) v.convertShape(D2F, HALF, 0)).intoArray(y, i);
    }

    public static void store(DoubleVector v, double[] y, int i) { v.intoArray(y, i); }
}
