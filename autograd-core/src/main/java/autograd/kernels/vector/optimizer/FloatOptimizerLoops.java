package autograd.kernels.vector.optimizer;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.array.Storage;
import autograd.kernels.IntrinsicStep.Adam;
import autograd.kernels.IntrinsicStep.CenteredRmsProp;
import autograd.kernels.IntrinsicStep.Momentum;
import autograd.kernels.IntrinsicStep.RmsProp;
import autograd.kernels.IntrinsicStep.Sgd;
import autograd.kernels.IntrinsicStep;
import autograd.kernels.hotspot.CompileGate;

import jdk.incubator.vector.FloatVector;

/**
 * The steps of optimizers, in place. The tail is copied to padded arrays, and the same loop takes its step.
 * Compiled twice: DoubleOptimizerLoops is this file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatOptimizerLoops implements OptimizerLoops {
    static final OptimizerLoops ONE = new FloatOptimizerLoops();

    private static final CompileGate ADAM = new CompileGate(FloatOptimizerLoops::call);

    /** The step that the warm-up takes. */
    private record Zero(double rate, double decay, double beta1, double beta2, double epsilon, double root,
            double shrink) implements Adam {
        @Override
        public void step(double[] s, double g) {}
    }

    private static Runnable call() {
        int n = LANES * CompileGate.TERMS;
        float[] g = new float[n], w = new float[n], m = new float[n], v = new float[n];
        Adam nothing = new Zero(0, 0, 0, 0, 1, 1, 0);
        return () -> adam(n, 0, g, 0, w, m, v, nothing);
    }

    private static FloatVector v(double c) { return FloatVector.broadcast(S, (float) c); }

    /**
     * A running mean, flushed to 0 where it is subnormal: the mean of a weight that gets no more gradients decays
     * to subnormal numbers and stays there, and processors compute with those ten times slower.
     */
    private static FloatVector normal(FloatVector x) { return x.blend(0, x.abs().lt(Float.MIN_NORMAL)); }

    private static float normal(float x) { return Math.abs(x) < Float.MIN_NORMAL ? 0 : x; }

    @Override
    public void step(IntrinsicStep rule, int n, int i, Storage gradient, int go, Storage... slots) {
        int whole = n / LANES * LANES, rest = n - whole, at = i + whole;
        float[] g = gradient.borrowFloats();
        float[][] s = new float[slots.length][];
        for (int k = 0; k < s.length; k++)
            s[k] = slots[k].borrowFloats();
        step(rule, whole, i, g, go + i, s);
        if (rest == 0)
            return;
        float[][] t = new float[s.length][];
        for (int k = 0; k < s.length; k++)
            t[k] = vector(s[k], at, rest);
        step(rule, LANES, 0, vector(g, go + at, rest), 0, t);
        for (int k = 0; k < s.length; k++)
            System.arraycopy(t[k], 0, s[k], at, rest);
    }

    private static float[] vector(float[] x, int from, int n) {
        float[] y = new float[LANES];
        System.arraycopy(x, from, y, 0, n);
        return y;
    }

    private static void step(IntrinsicStep rule, int n, int i, float[] g, int go, float[][] s) {
        if (rule instanceof Sgd r)
            sgd(n, i, g, go, s[0], r);
        else if (rule instanceof Momentum r)
            momentum(n, i, g, go, s[0], s[1], r);
        else if (rule instanceof Adam r && ADAM.isOpen(16L * n))
            adam(n, i, g, go, s[0], s[1], s[2], r);
        else if (rule instanceof Adam r)
            plainAdam(n, i, g, go, s[0], s[1], s[2], r);
        else if (rule instanceof CenteredRmsProp r)
            centered(n, i, g, go, s[0], s[1], s[2], r);
        else if (rule instanceof RmsProp r)
            rmsProp(n, i, g, go, s[0], s[1], r);
        else
            throw new IllegalArgumentException("no loop for " + rule);
    }

    private static void sgd(int n, int i, float[] g, int go, float[] w, Sgd r) {
        FloatVector rate = v(-r.rate()), decay = v(r.decay());
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(S, w, i + k), d = x.fma(decay, FloatVector.fromArray(S, g, go + k));
            d.fma(rate, x).intoArray(w, i + k);
        }
    }

    private static void momentum(int n, int i, float[] g, int go, float[] w, float[] b, Momentum r) {
        FloatVector rate = v(-r.rate()), decay = v(r.decay()), keep = v(r.momentum());
        // w - rate b, or w - rate d - rate momentum b
        FloatVector ofD = v(r.nesterov() ? -r.rate() : 0),
                ofB = r.nesterov() ? v(-r.rate() * r.momentum()) : rate;
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(S, w, i + k), d = x.fma(decay, FloatVector.fromArray(S, g, go + k));
            FloatVector y = normal(FloatVector.fromArray(S, b, i + k).fma(keep, d));
            y.intoArray(b, i + k);
            y.fma(ofB, d.fma(ofD, x)).intoArray(w, i + k);
        }
    }

    private static void adam(int n, int i, float[] g, int go, float[] w, float[] m, float[] v, Adam r) {
        FloatVector rate = v(-r.rate()), decay = v(r.decay()), beta1 = v(r.beta1()), beta2 = v(r.beta2()),
                new1 = v(1 - r.beta1()),
                new2 = v(1 - r.beta2()), epsilon = v(r.epsilon()), root = v(1 / r.root()), shrink = v(-r.shrink());
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(S, w, i + k), d = x.fma(decay, FloatVector.fromArray(S, g, go + k));
            FloatVector p = normal(FloatVector.fromArray(S, m, i + k).fma(beta1, d.mul(new1)));
            FloatVector q = normal(FloatVector.fromArray(S, v, i + k).fma(beta2, d.mul(d).mul(new2)));
            p.intoArray(m, i + k);
            q.intoArray(v, i + k);
            p.mul(rate).div(q.sqrt().fma(root, epsilon)).add(x.fma(shrink, x)).intoArray(w, i + k);
        }
    }

    /** Adam without vectors, used until {@link #adam} is compiled; gives the same bits. */
    private static void plainAdam(int n, int i, float[] g, int go, float[] w, float[] m, float[] v, Adam r) {
        float rate = (float) -r.rate(), decay = (float) r.decay(), beta1 = (float) r.beta1(), beta2 = (float) r.beta2(),
                new1 = (float) (1 - r.beta1()), new2 = (float) (1 - r.beta2()), epsilon = (float) r.epsilon(),
                root = (float) (1 / r.root()),
                shrink = (float) -r.shrink();
        for (int k = 0; k < n; k++) {
            float x = w[i + k], d = Math.fma(x, decay, g[go + k]);
            float p = normal(Math.fma(m[i + k], beta1, d * new1)), q = normal(Math.fma(v[i + k], beta2, d * d * new2));
            m[i + k] = p;
            v[i + k] = q;
            w[i + k] = p * rate / Math.fma((float) Math.sqrt(q), root, epsilon) + Math.fma(x, shrink, x);
        }
    }

    private static void rmsProp(int n, int i, float[] g, int go, float[] w, float[] v, RmsProp r) {
        FloatVector rate = v(-r.rate()), decay = v(r.decay()), alpha = v(r.alpha()), fresh = v(1 - r.alpha()),
                epsilon = v(r.epsilon());
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(S, w, i + k), d = x.fma(decay, FloatVector.fromArray(S, g, go + k));
            FloatVector q = normal(FloatVector.fromArray(S, v, i + k).fma(alpha, d.mul(d).mul(fresh)));
            q.intoArray(v, i + k);
            d.mul(rate).div(q.sqrt().add(epsilon)).add(x).intoArray(w, i + k);
        }
    }

    private static void centered(int n, int i, float[] g, int go, float[] w, float[] v, float[] m, CenteredRmsProp r) {
        FloatVector rate = v(-r.rate()), decay = v(r.decay()), alpha = v(r.alpha()), fresh = v(1 - r.alpha()),
                epsilon = v(r.epsilon());
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
