package autograd.nn.optim;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * The recursions of the papers and of PyTorch's documentation, written down plainly, for every choice of
 * their parts.
 */
class RecursionsTest {
    private static final double RATE = 0.03, B1 = 0.8, B2 = 0.95, EPSILON = 1e-4, DECAY = 0.1;
    private static final int STEPS = 12;

    /** One element: where it is, what is kept for it, and the step from the gradient g. */
    private interface Recursion {
        void step(int t, double g, double[] s);
    }

    /** Minimizes a parabola of random curvature, in F64 to 1e-12 and in F32 to its rounding. */
    private static void assertFollows(Recursion recursion, Optimizer doubles, Optimizer floats, long seed) {
        var rng = new Rng(seed);
        Tensor curvature = Tensor.rand(DType.F64, rng, 3).add(0.1), start = Tensor.randn(DType.F64, rng, 3);
        assertFollows(recursion, doubles, curvature, start, 1e-12);
        assertFollows(recursion, floats, curvature.to(DType.F32), start.to(DType.F32), 1e-3);
    }

    private static void assertFollows(Recursion recursion, Optimizer optimizer, Tensor curvature, Tensor start,
            double tolerance) {
        var w = new Variable(start);
        double[] c = curvature.toDoubleArray(), x = w.toDoubleArray();
        double[][] s = new double[x.length][6];
        for (int i = 0; i < x.length; i++)
            s[i][0] = x[i];
        for (int t = 1; t <= STEPS; t++) {
            optimizer.minimize(List.of(w), () -> w.square().mul(curvature).sum().mul(0.5));
            for (int i = 0; i < x.length; i++) {
                recursion.step(t, c[i] * s[i][0], s[i]);
                x[i] = s[i][0];
            }
            assertArrayEquals(x, w.toDoubleArray(), tolerance, "step " + t);
        }
    }

    @Property(tries = 20)
    void sgdDampens(@ForAll boolean decay, @ForAll long seed) {
        double wd = decay ? DECAY : 0;
        Recursion recursion = (t, g, s) -> {
            double d = g + wd * s[0];
            s[1] = t == 1 ? d : 0.9 * s[1] + (1 - 0.3) * d;
            s[0] -= RATE * s[1];
        };
        assertFollows(recursion, new Sgd(RATE).momentum(0.9).dampening(0.3).weightDecay(wd),
                new Sgd(RATE).momentum(0.9).dampening(0.3).weightDecay(wd), seed);
    }

    @Property(tries = 40)
    void adamAndAdamW(@ForAll boolean amsgrad, @ForAll boolean decoupled, @ForAll boolean decay, @ForAll long seed) {
        double wd = decay ? DECAY : 0;
        Recursion recursion = (t, g, s) -> {
            double d = g;
            if (decoupled)
                s[0] *= 1 - RATE * wd;
            else
                d += wd * s[0];
            s[1] = B1 * s[1] + (1 - B1) * d;
            s[2] = B2 * s[2] + (1 - B2) * d * d;
            s[3] = Math.max(s[3], s[2]);
            double root = Math.sqrt(amsgrad ? s[3] : s[2]) / Math.sqrt(1 - Math.pow(B2, t)) + EPSILON;
            s[0] -= RATE / (1 - Math.pow(B1, t)) * s[1] / root;
        };
        assertFollows(recursion, adam(amsgrad, decoupled, wd), adam(amsgrad, decoupled, wd), seed);
    }

    private static Adam adam(boolean amsgrad, boolean decoupled, double decay) {
        Adam adam = (decoupled ? new AdamW(RATE) : new Adam(RATE)).betas(B1, B2).epsilon(EPSILON).weightDecay(decay);
        return amsgrad ? adam.amsgrad() : adam;
    }

    /** A gradient that was large once and is small now: amsgrad remembers, Adam does not. */
    @Test
    void amsgradRemembersTheLargestGradient() {
        assertEquals(RATE * 0.01 / (0.01 + EPSILON), stepAfterALargeGradient(adam(false, false, 0)), 1e-6 * RATE);
        double largest = 100 * Math.sqrt(1 - B2);
        assertEquals(RATE * 0.01 / (largest + EPSILON), stepAfterALargeGradient(adam(true, false, 0)), 1e-6 * RATE);
    }

    private static double stepAfterALargeGradient(Adam adam) {
        var w = new Variable(Tensor.scalar(DType.F64, 0));
        adam.minimize(List.of(w), () -> w.mul(100));
        for (int t = 0; t < 1000; t++)
            adam.minimize(List.of(w), () -> w.mul(0.01));
        double before = w.item();
        adam.minimize(List.of(w), () -> w.mul(0.01));
        return before - w.item();
    }

    @Property(tries = 20)
    void adagrad(@ForAll boolean decay, @ForAll boolean slower, @ForAll long seed) {
        double wd = decay ? DECAY : 0, rateDecay = slower ? 0.2 : 0, start = slower ? 0.5 : 0;
        Recursion recursion = (t, g, s) -> {
            double d = g + wd * s[0];
            s[1] = (t == 1 ? start : s[1]) + d * d;
            s[0] -= RATE / (1 + (t - 1) * rateDecay) * d / (Math.sqrt(s[1]) + EPSILON);
        };
        assertFollows(recursion,
                new Adagrad(RATE).rateDecay(rateDecay).start(start).epsilon(EPSILON).weightDecay(wd),
                new Adagrad(RATE).rateDecay(rateDecay).start(start).epsilon(EPSILON).weightDecay(wd), seed);
    }

    @Property(tries = 20)
    void adadelta(@ForAll boolean decay, @ForAll long seed) {
        double wd = decay ? DECAY : 0;
        Recursion recursion = (t, g, s) -> {
            double d = g + wd * s[0];
            s[1] = 0.7 * s[1] + (1 - 0.7) * d * d;
            double step = Math.sqrt(s[2] + EPSILON) / Math.sqrt(s[1] + EPSILON) * d;
            s[2] = 0.7 * s[2] + (1 - 0.7) * step * step;
            s[0] -= 0.5 * step;
        };
        assertFollows(recursion, new Adadelta(0.5).rho(0.7).epsilon(EPSILON).weightDecay(wd),
                new Adadelta(0.5).rho(0.7).epsilon(EPSILON).weightDecay(wd), seed);
    }

    @Property(tries = 20)
    void adamax(@ForAll boolean decay, @ForAll long seed) {
        double wd = decay ? DECAY : 0;
        Recursion recursion = (t, g, s) -> {
            double d = g + wd * s[0];
            s[1] = B1 * s[1] + (1 - B1) * d;
            s[2] = Math.max(B2 * s[2], Math.abs(d) + EPSILON);
            s[0] -= RATE / (1 - Math.pow(B1, t)) * s[1] / s[2];
        };
        assertFollows(recursion, new Adamax(RATE).betas(B1, B2).epsilon(EPSILON).weightDecay(wd),
                new Adamax(RATE).betas(B1, B2).epsilon(EPSILON).weightDecay(wd), seed);
    }

    @Property(tries = 40)
    void nadam(@ForAll boolean decay, @ForAll boolean decoupled, @ForAll long seed) {
        double wd = decay ? DECAY : 0;
        Recursion recursion = (t, g, s) -> {
            double d = g;
            if (decoupled)
                s[0] *= 1 - RATE * wd;
            else
                d += wd * s[0];
            double mu = B1 * (1 - 0.5 * Math.pow(0.96, t * 0.01)), next = B1
                    * (1 - 0.5 * Math.pow(0.96, (t + 1) * 0.01));
            s[3] = (t == 1 ? 1 : s[3]) * mu;
            s[1] = B1 * s[1] + (1 - B1) * d;
            s[2] = B2 * s[2] + (1 - B2) * d * d;
            double root = Math.sqrt(s[2] / (1 - Math.pow(B2, t))) + EPSILON;
            s[0] -= RATE * (1 - mu) / (1 - s[3]) * d / root;
            s[0] -= RATE * next / (1 - s[3] * next) * s[1] / root;
        };
        assertFollows(recursion, nadam(decoupled, wd), nadam(decoupled, wd), seed);
    }

    private static NAdam nadam(boolean decoupled, double decay) {
        NAdam nadam = new NAdam(RATE).betas(B1, B2).epsilon(EPSILON).momentumDecay(0.01).weightDecay(decay);
        return decoupled ? nadam.decoupled() : nadam;
    }

    /** The product of momenta depends on the number of the step, not on earlier calls. */
    @Test
    void nadamKeepsVariablesApart() {
        var early = new Variable(Tensor.scalar(DType.F64, 3));
        var late = new Variable(Tensor.scalar(DType.F64, 3));
        var alone = new Variable(Tensor.scalar(DType.F64, 3));
        var optimizer = nadam(false, 0);
        for (int t = 0; t < 5; t++)
            optimizer.minimize(List.of(early), early::square);
        var other = nadam(false, 0);
        for (int t = 0; t < 5; t++) {
            optimizer.minimize(List.of(early, late), () -> early.square().add(late.square()));
            other.minimize(List.of(alone), alone::square);
        }
        assertArrayEquals(alone.toDoubleArray(), late.toDoubleArray());
    }

    /**
     * In F32 the sign of a rounded mean may differ near 0, so the test stops away from the minimum.
     */
    @Property(tries = 20)
    void lion(@ForAll boolean decay, @ForAll long seed) {
        double wd = decay ? DECAY : 0;
        Recursion recursion = (t, g, s) -> {
            s[0] *= 1 - 1e-6 * wd;
            s[0] -= 1e-6 * Math.signum(B1 * s[1] + (1 - B1) * g);
            s[1] = B2 * s[1] + (1 - B2) * g;
        };
        assertFollows(recursion, new Lion(1e-6).betas(B1, B2).weightDecay(wd),
                new Lion(1e-6).betas(B1, B2).weightDecay(wd), seed);
    }

    @Test
    void lionTurnsWhenTheMeanDoes() {
        var w = new Variable(Tensor.of(DType.F64, 0, 0));
        var lion = new Lion(1).betas(0.5, 0.75);
        double[][] slopes = {{1, -4}, {-1, 1}, {-1, 1}};
        // second: signs of (0.5 m + 0.5 g), m = (0.25, -1): (-, 0); third: m = (-0.0625, -0.5): (-, +)
        double[][] expected = {{-1, 1}, {0, 1}, {1, 0}};
        for (int t = 0; t < slopes.length; t++) {
            Tensor slope = Tensor.of(DType.F64, slopes[t]);
            lion.minimize(List.of(w), () -> w.mul(slope).sum());
            assertArrayEquals(expected[t], w.toDoubleArray(), "step " + t);
        }
    }

    /** Climbing a hill is descending the one upside down. */
    @Test
    void maximizeFollowsTheNegatedLoss() {
        for (int i = 0; i < 2; i++) {
            var up = new Variable(Tensor.of(DType.F64, 1, -2));
            var down = new Variable(Tensor.of(DType.F64, 1, -2));
            Optimizer climbs = i == 0 ? new Sgd(0.1).momentum(0.5).weightDecay(0.1) : adam(true, true, DECAY);
            Optimizer falls = i == 0 ? new Sgd(0.1).momentum(0.5).weightDecay(0.1) : adam(true, true, DECAY);
            climbs.maximize();
            for (int t = 0; t < 5; t++) {
                climbs.minimize(List.of(up), () -> up.square().sum());
                falls.minimize(List.of(down), () -> down.square().sum().neg());
            }
            assertArrayEquals(down.toDoubleArray(), up.toDoubleArray());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesInvalidSettings(double bad) {
        var nadam = new NAdam(1);
        assertRefused(bad, "beta1", b -> new Adamax(1).betas(b, 0.5));
        assertRefused(bad, "beta2", b -> new Lion(1).betas(0.5, b));
        assertRefused(bad, "beta1", b -> nadam.betas(b, 0.5));
        assertRefused(bad, "momentumDecay", b -> nadam.momentumDecay(b));
        assertRefused(bad, "dampening", b -> new Sgd(1).dampening(b));
        assertRefused(bad, "rho", b -> new Adadelta(1).rho(b));
        assertRefused(bad, "rateDecay", b -> new Adagrad(1).rateDecay(b));
        assertRefused(bad, "start", b -> new Adagrad(1).start(b));
        for (Optimizer o : List.of(new Adagrad(1), new Adadelta(1), new Adamax(1), nadam))
            assertRefused(bad, "epsilon", b -> epsilon(o, b));
        for (Optimizer o : List.of(new AdamW(1), new Adagrad(1), new Adadelta(1), new Adamax(1), nadam, new Lion(1)))
            assertRefused(bad, "weightDecay", b -> weightDecay(o, b));
    }

    private static void epsilon(Optimizer optimizer, double epsilon) {
        switch (optimizer) {
            case Adagrad o -> o.epsilon(epsilon);
            case Adadelta o -> o.epsilon(epsilon);
            case Adamax o -> o.epsilon(epsilon);
            default -> ((NAdam) optimizer).epsilon(epsilon);
        }
    }

    private static void weightDecay(Optimizer optimizer, double decay) {
        switch (optimizer) {
            case Adam o -> o.weightDecay(decay);
            case Adagrad o -> o.weightDecay(decay);
            case Adadelta o -> o.weightDecay(decay);
            case Adamax o -> o.weightDecay(decay);
            case NAdam o -> o.weightDecay(decay);
            default -> ((Lion) optimizer).weightDecay(decay);
        }
    }

    private static void assertRefused(double bad, String name, DoubleConsumer set) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> set.accept(bad)), name, "" + bad);
    }

    @Test
    void nesterovLooksAheadWithoutDampening() {
        var w = new Variable(Tensor.scalar(DType.F64, 1));
        var sgd = new Sgd(0.1).momentum(0.9).dampening(0.1).nesterov();
        assertSays(assertThrows(IllegalStateException.class, () -> sgd.minimize(List.of(w), w::square)), "nesterov",
                "dampening");
    }
}
