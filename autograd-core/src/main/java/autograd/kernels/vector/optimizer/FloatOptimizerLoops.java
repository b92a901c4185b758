package autograd.kernels.vector.optimizer;

import static autograd.kernels.vector.hotspot.FloatSpecies.LANES;
import static autograd.kernels.vector.hotspot.FloatSpecies.S;

import autograd.array.Storage;
import autograd.kernels.vector.hotspot.CompileGate;

import jdk.incubator.vector.FloatVector;

/**
 * The steps of known optimizers, in place. What fills no vector is stepped in scratch memory, by the same
 * loop.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatOptimizerLoops implements OptimizerLoops {

    static final OptimizerLoops ONE = new FloatOptimizerLoops();

    private static final CompileGate ADAM = new CompileGate(0, _ -> call());

    private static Runnable call() {
        int n = LANES * CompileGate.TERMS;
        float[] g = new float[n], w = new float[n], m = new float[n], v = new float[n];
        return () -> adam(n, 0, g, 0, w, m, v, new double[]{0, 0, 0, 0, 1, 1, 0});
    }

    private static FloatVector v(double c) { return FloatVector.broadcast(S, (float) c); }

    /**
     * A running mean, 0 where it is smaller than any normal number: that of a weight which gets no gradient any
     * more decays into the subnormal numbers and stays there, where processors are ten times slower.
     */
    private static FloatVector normal(FloatVector x) { return x.blend(0, x.abs().lt(Float.MIN_NORMAL)); }

    private static float normal(float x) { return Math.abs(x) < Float.MIN_NORMAL ? 0 : x; }

    @Override
    public void step(String rule, double[] c, int n, int i, Storage gradient, int go, Storage... slots) {
        int whole = n / LANES * LANES, rest = n - whole, at = i + whole;
        float[] g = gradient.floats();
        float[][] s = new float[slots.length][];
        for (int k = 0; k < s.length; k++)
            s[k] = slots[k].floats();
        step(rule, c, whole, i, g, go + i, s);
        if (rest == 0)
            return;
        float[][] t = new float[s.length][];
        for (int k = 0; k < s.length; k++)
            t[k] = vector(s[k], at, rest);
        step(rule, c, LANES, 0, vector(g, go + at, rest), 0, t);
        for (int k = 0; k < s.length; k++)
            System.arraycopy(t[k], 0, s[k], at, rest);
    }

    private static float[] vector(float[] x, int from, int n) {
        float[] y = new float[LANES];
        System.arraycopy(x, from, y, 0, n);
        return y;
    }

    private static void step(String rule, double[] c, int n, int i, float[] g, int go, float[][] s) {
        switch (rule) {
            case "Updates$Sgd" -> sgd(n, i, g, go, s[0], c);
            case "Updates$Momentum" -> momentum(n, i, g, go, s[0], s[1], c);
            case "Updates$Adam" -> {
                if (ADAM.isDone(16 * n))
                    adam(n, i, g, go, s[0], s[1], s[2], c);
                else
                    plainAdam(n, i, g, go, s[0], s[1], s[2], c);
            }
            case "Updates$RmsProp" -> rmsProp(n, i, g, go, s[0], s[1], c);
            case "Updates$CenteredRmsProp" -> centered(n, i, g, go, s[0], s[1], s[2], c);
            default -> throw new IllegalArgumentException(rule);
        }
    }

    private static void sgd(int n, int i, float[] g, int go, float[] w, double[] c) {
        FloatVector rate = v(-c[0]), decay = v(c[1]);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(S, w, i + k), d = x.fma(decay, FloatVector.fromArray(S, g, go + k));
            d.fma(rate, x).intoArray(w, i + k);
        }
    }

    private static void momentum(int n, int i, float[] g, int go, float[] w, float[] b, double[] c) {
        FloatVector rate = v(-c[0]), decay = v(c[1]), keep = v(c[2]);
        // w - rate b, or w - rate d - rate momentum b
        FloatVector ofD = v(c[3] == 0 ? 0 : -c[0]), ofB = c[3] == 0 ? rate : v(-c[0] * c[2]);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(S, w, i + k), d = x.fma(decay, FloatVector.fromArray(S, g, go + k));
            FloatVector y = normal(FloatVector.fromArray(S, b, i + k).fma(keep, d));
            y.intoArray(b, i + k);
            y.fma(ofB, d.fma(ofD, x)).intoArray(w, i + k);
        }
    }

    private static void adam(int n, int i, float[] g, int go, float[] w, float[] m, float[] v, double[] c) {
        FloatVector rate = v(-c[0]), decay = v(c[1]), beta1 = v(c[2]), beta2 = v(c[3]), new1 = v(1 - c[2]),
                new2 = v(1 - c[3]), epsilon = v(c[4]), root = v(1 / c[5]), shrink = v(-c[6]);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(S, w, i + k), d = x.fma(decay, FloatVector.fromArray(S, g, go + k));
            FloatVector p = normal(FloatVector.fromArray(S, m, i + k).fma(beta1, d.mul(new1)));
            FloatVector q = normal(FloatVector.fromArray(S, v, i + k).fma(beta2, d.mul(d).mul(new2)));
            p.intoArray(m, i + k);
            q.intoArray(v, i + k);
            p.mul(rate).div(q.sqrt().fma(root, epsilon)).add(x.fma(shrink, x)).intoArray(w, i + k);
        }
    }

    /** The same without vectors, bit by bit: for as long as those are not compiled. */
    private static void plainAdam(int n, int i, float[] g, int go, float[] w, float[] m, float[] v, double[] c) {
        float rate = (float) -c[0], decay = (float) c[1], beta1 = (float) c[2], beta2 = (float) c[3],
                new1 = (float) (1 - c[2]), new2 = (float) (1 - c[3]), epsilon = (float) c[4], root = (float) (1 / c[5]),
                shrink = (float) -c[6];
        for (int k = 0; k < n; k++) {
            float x = w[i + k], d = Math.fma(x, decay, g[go + k]);
            float p = normal(Math.fma(m[i + k], beta1, d * new1)), q = normal(Math.fma(v[i + k], beta2, d * d * new2));
            m[i + k] = p;
            v[i + k] = q;
            w[i + k] = p * rate / Math.fma((float) Math.sqrt(q), root, epsilon) + Math.fma(x, shrink, x);
        }
    }

    private static void rmsProp(int n, int i, float[] g, int go, float[] w, float[] v, double[] c) {
        FloatVector rate = v(-c[0]), decay = v(c[1]), alpha = v(c[2]), fresh = v(1 - c[2]), epsilon = v(c[3]);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(S, w, i + k), d = x.fma(decay, FloatVector.fromArray(S, g, go + k));
            FloatVector q = normal(FloatVector.fromArray(S, v, i + k).fma(alpha, d.mul(d).mul(fresh)));
            q.intoArray(v, i + k);
            d.mul(rate).div(q.sqrt().add(epsilon)).add(x).intoArray(w, i + k);
        }
    }

    private static void centered(int n, int i, float[] g, int go, float[] w, float[] v, float[] m, double[] c) {
        FloatVector rate = v(-c[0]), decay = v(c[1]), alpha = v(c[2]), fresh = v(1 - c[2]), epsilon = v(c[3]);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(S, w, i + k), d = x.fma(decay, FloatVector.fromArray(S, g, go + k));
            FloatVector q = normal(FloatVector.fromArray(S, v, i + k).fma(alpha, d.mul(d).mul(fresh)));
            FloatVector p = normal(FloatVector.fromArray(S, m, i + k).fma(alpha, d.mul(fresh)));
            q.intoArray(v, i + k);
            p.intoArray(m, i + k);
            FloatVector variance = q.sub(p.mul(p)).max(0);
            d.mul(rate).div(variance.sqrt().add(epsilon)).add(x).intoArray(w, i + k);
        }
    }
}
