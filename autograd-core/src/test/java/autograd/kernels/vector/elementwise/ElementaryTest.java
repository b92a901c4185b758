package autograd.kernels.vector.elementwise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.kernels.vector.lanes.DoubleSpecies;
import autograd.kernels.vector.lanes.FloatSpecies;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** One number at a time and whole vectors have the same bits, whatever they are. */
class ElementaryTest {
    private static final int TIMES = 20_000;

    @Test
    void ofFloats() {
        VectorSpecies<Float> s = FloatSpecies.S;
        var random = new SplittableRandom(1);
        float[] x = new float[s.length()];
        for (int t = 0; t < TIMES; t++) {
            for (int i = 0; i < x.length; i++)
                x[i] = t % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : 200 * (float) (random.nextDouble() - 0.5);
            FloatVector v = FloatVector.fromArray(s, x, 0), exp = Elementary.exp(v), log = Elementary.log(v);
            for (int i = 0; i < x.length; i++) {
                assertEquals(exp.lane(i), Elementary.exp(x[i]), "exp of " + x[i]);
                assertEquals(log.lane(i), Elementary.log(x[i]), "log of " + x[i]);
            }
        }
    }

    @Test
    void ofDoubles() {
        VectorSpecies<Double> s = DoubleSpecies.S;
        var random = new SplittableRandom(2);
        double[] x = new double[s.length()];
        for (int t = 0; t < TIMES; t++) {
            for (int i = 0; i < x.length; i++)
                x[i] = t % 2 == 0 ? Double.longBitsToDouble(random.nextLong()) : 1600 * (random.nextDouble() - 0.5);
            DoubleVector v = DoubleVector.fromArray(s, x, 0), exp = Elementary.exp(v), log = Elementary.log(v);
            for (int i = 0; i < x.length; i++) {
                assertEquals(exp.lane(i), Elementary.exp(x[i]), "exp of " + x[i]);
                assertEquals(log.lane(i), Elementary.log(x[i]), "log of " + x[i]);
            }
        }
    }
}
