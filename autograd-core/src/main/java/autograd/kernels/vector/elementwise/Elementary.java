package autograd.kernels.vector.elementwise;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import autograd.kernels.vector.lanes.DoubleSpecies;
import autograd.kernels.vector.lanes.FloatSpecies;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;

/**
 * Exponential and logarithm, for each dtype by the polynomial that its precision needs. Unlike the functions
 * of VectorOperators these give the same bits in interpreted and in compiled code, and on every machine.
 */
public final class Elementary {
    /** Adding this rounds to a whole number, which the low bits of the sum then hold. */
    private static final float ROUND = 0x1.8p23f;
    private static final double ROUND_D = 0x1.8p52;
    private static final float LOG2E = (float) (1 / Math.log(2)), LN2 = (float) Math.log(2),
            LN2_LOW = (float) (Math.log(2) - LN2);
    private static final double LOG2E_D = 1 / Math.log(2), LN2_D = Math.log(2), LN2_LOW_D = 2.3190468138462996e-17;
    private static final int ROOT = Float.floatToRawIntBits((float) Math.sqrt(0.5));
    private static final long ROOT_D = Double.doubleToRawLongBits(Math.sqrt(0.5));

    private Elementary() {}

    private static FloatVector v(float c) { return FloatVector.broadcast(FloatSpecies.S, c); }

    private static DoubleVector v(double c) { return DoubleVector.broadcast(DoubleSpecies.S, c); }

    // ---- exponentials: x = n log 2 + r with |r| <= log(2) / 2, so e^x = 2^n e^r

    public static FloatVector exp(FloatVector x) {
        FloatVector c = x.min(89f).max(-104f), n = c.fma(LOG2E, ROUND).sub(ROUND);
        FloatVector half = n.fma(0.5f, ROUND); // 2^n in two factors, for the largest and the smallest numbers
        return expm1Polynomial(reduce(c, n)).add(1f).mul(pow2(half)).mul(pow2(n.sub(half.sub(ROUND)).add(ROUND)));
    }

    public static DoubleVector exp(DoubleVector x) {
        DoubleVector c = x.min(710).max(-746), n = c.fma(LOG2E_D, ROUND_D).sub(ROUND_D);
        DoubleVector half = n.fma(0.5, ROUND_D);
        return expm1Polynomial(reduce(c, n)).add(1).mul(pow2(half)).mul(pow2(n.sub(half.sub(ROUND_D)).add(ROUND_D)));
    }

    /** For one number; gives the same bits. */
    public static float exp(float x) {
        float c = Math.max(Math.min(x, 89f), -104f), n = Math.fma(c, LOG2E, ROUND) - ROUND;
        float half = Math.fma(n, 0.5f, ROUND), r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2, c));
        return (expm1Polynomial(r) + 1f) * pow2(half) * pow2(n - (half - ROUND) + ROUND);
    }

    public static double exp(double x) { return exp(v(x)).lane(0); }

    /** e^x - 1, exact near 0. */
    static FloatVector expm1(FloatVector x) {
        FloatVector c = x.min(89f).max(-40f), t = c.fma(LOG2E, ROUND);
        FloatVector s = pow2(t.sub(1f)); // 2^(n-1), which is finite
        FloatVector y = expm1Polynomial(reduce(c, t.sub(ROUND))).fma(s, s.sub(0.5f)).mul(2f);
        return y.blend(x, x.abs().lt(0x1p-60f)); // keeps -0 and subnormal numbers
    }

    static DoubleVector expm1(DoubleVector x) {
        DoubleVector c = x.min(710).max(-80), t = c.fma(LOG2E_D, ROUND_D);
        DoubleVector s = pow2(t.sub(1));
        DoubleVector y = expm1Polynomial(reduce(c, t.sub(ROUND_D))).fma(s, s.sub(0.5)).mul(2);
        return y.blend(x, x.abs().lt(0x1p-60));
    }

    /** h / (h + 1) with h = (e^2|x| - 1) / 2, and the sign of x; 1 for |x| above 10 or 20. */
    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs().min(10f), t = a.fma(2 * LOG2E, ROUND), s = pow2(t.sub(1f));
        FloatVector h = expm1Polynomial(reduce(a.add(a), t.sub(ROUND))).fma(s, s.sub(0.5f)), y = h.div(h.add(1f));
        return y.reinterpretAsInts().or(x.reinterpretAsInts().and(Integer.MIN_VALUE)).reinterpretAsFloats();
    }

    static DoubleVector tanh(DoubleVector x) {
        DoubleVector a = x.abs().min(20), t = a.fma(2 * LOG2E_D, ROUND_D), s = pow2(t.sub(1));
        DoubleVector h = expm1Polynomial(reduce(a.add(a), t.sub(ROUND_D))).fma(s, s.sub(0.5)), y = h.div(h.add(1));
        return y.reinterpretAsLongs().or(x.reinterpretAsLongs().and(Long.MIN_VALUE)).reinterpretAsDoubles();
    }

    /** The reduced argument: x - n log 2. */
    private static FloatVector reduce(FloatVector x, FloatVector n) {
        return n.fma(v(-LN2_LOW), n.fma(v(-LN2), x));
    }

    private static DoubleVector reduce(DoubleVector x, DoubleVector n) {
        return n.fma(v(-LN2_LOW_D), n.fma(v(-LN2_D), x));
    }

    /** 2^n, given n + ROUND. */
    private static FloatVector pow2(FloatVector t) {
        return t.reinterpretAsInts().lanewise(LSHL, 23).add(127 << 23).reinterpretAsFloats();
    }

    private static DoubleVector pow2(DoubleVector t) {
        return t.reinterpretAsLongs().lanewise(LSHL, 52).add(1023L << 52).reinterpretAsDoubles();
    }

    private static float pow2(float t) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(t) << 23) + (127 << 23));
    }

    /** e^r - 1 for |r| up to log(2) / 2. */
    private static FloatVector expm1Polynomial(FloatVector r) {
        FloatVector p = r.fma(0.00139262508f, 0.00836323288f);
        p = p.fma(r, v(0.0416665542f)).fma(r, v(0.166665767f)).fma(r, v(0.5f));
        return p.fma(r.mul(r), r);
    }

    private static DoubleVector expm1Polynomial(DoubleVector r) {
        DoubleVector p = r.fma(1 / 6227020800.0, 1 / 479001600.0);
        p = p.fma(r, v(1 / 39916800.0)).fma(r, v(1 / 3628800.0)).fma(r, v(1 / 362880.0)).fma(r, v(1 / 40320.0));
        p = p.fma(r, v(1 / 5040.0)).fma(r, v(1 / 720.0)).fma(r, v(1 / 120.0)).fma(r, v(1 / 24.0));
        return p.fma(r, v(1 / 6.0)).fma(r, v(0.5)).fma(r.mul(r), r);
    }

    private static float expm1Polynomial(float r) {
        float p = Math.fma(r, 0.00139262508f, 0.00836323288f);
        p = Math.fma(Math.fma(Math.fma(p, r, 0.0416665542f), r, 0.166665767f), r, 0.5f);
        return Math.fma(p, r * r, r);
    }

    // ---- logarithm: x = 2^e (1 + f) with 1 + f between sqrt(1/2) and sqrt(2)

    public static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.lt(Float.MIN_NORMAL);
        IntVector bits = x.blend(x.mul(0x1p25f), tiny).reinterpretAsInts();
        IntVector e = bits.sub(ROOT).lanewise(ASHR, 23);
        FloatVector f = bits.sub(e.lanewise(LSHL, 23)).reinterpretAsFloats().sub(1f);
        FloatVector n = e.add(Float.floatToRawIntBits(ROUND)).reinterpretAsFloats().sub(ROUND);
        return specialCases(x, log1pPolynomial(f, n.blend(n.sub(25f), tiny)));
    }

    public static DoubleVector log(DoubleVector x) {
        VectorMask<Double> tiny = x.lt(Double.MIN_NORMAL);
        LongVector bits = x.blend(x.mul(0x1p54), tiny).reinterpretAsLongs();
        LongVector e = bits.sub(ROOT_D).lanewise(ASHR, 52);
        DoubleVector f = bits.sub(e.lanewise(LSHL, 52)).reinterpretAsDoubles().sub(1);
        DoubleVector n = e.add(Double.doubleToRawLongBits(ROUND_D)).reinterpretAsDoubles().sub(ROUND_D);
        return specialCases(x, log1pPolynomial(f, n.blend(n.sub(54), tiny)));
    }

    /** For one number; gives the same bits. */
    public static float log(float x) {
        boolean tiny = x < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(tiny ? x * 0x1p25f : x), e = bits - ROOT >> 23;
        float n = Float.intBitsToFloat(e + Float.floatToRawIntBits(ROUND)) - ROUND;
        float y = log1pPolynomial(Float.intBitsToFloat(bits - (e << 23)) - 1f, tiny ? n - 25f : n);
        return x < 0 ? Float.NaN : x == 0 ? Float.NEGATIVE_INFINITY : x < Float.POSITIVE_INFINITY ? y : x;
    }

    public static double log(double x) { return log(v(x)).lane(0); }

    /** The logarithm of 0, of negative numbers, of infinity and of NaN. */
    private static FloatVector specialCases(FloatVector x, FloatVector y) {
        return y.blend(x, x.lt(Float.POSITIVE_INFINITY).not()).blend(Float.NEGATIVE_INFINITY, x.eq(0))
                .blend(Float.NaN, x.lt(0));
    }

    private static DoubleVector specialCases(DoubleVector x, DoubleVector y) {
        return y.blend(x, x.lt(Double.POSITIVE_INFINITY).not()).blend(Double.NEGATIVE_INFINITY, x.eq(0))
                .blend(Double.NaN, x.lt(0));
    }

    /** log(1 + x) for x from 0 to 1. */
    static FloatVector log1p(FloatVector x) {
        VectorMask<Float> large = x.compare(GT, 0.41421357f);
        return log1pPolynomial(x.blend(x.sub(1).mul(0.5f), large), v(0f).blend(1, large));
    }

    static DoubleVector log1p(DoubleVector x) {
        VectorMask<Double> large = x.compare(GT, 0.41421356);
        return log1pPolynomial(x.blend(x.sub(1).mul(0.5), large), v(0.0).blend(1, large));
    }

    /** log(1 + f) + e log 2. */
    private static FloatVector log1pPolynomial(FloatVector f, FloatVector e) {
        FloatVector p = f.fma(0.0697161144f, -0.114797338f);
        p = p.fma(f, v(0.116854199f)).fma(f, v(-0.124256873f)).fma(f, v(0.142490576f)).fma(f, v(-0.166678023f));
        p = p.fma(f, v(0.200007157f)).fma(f, v(-0.24999997f)).fma(f, v(0.333333312f));
        FloatVector z = f.mul(f);
        FloatVector low = e.fma(v(LN2_LOW), p.mul(f).mul(z)).sub(z.mul(0.5f));
        return e.fma(v(LN2), low.add(f));
    }

    /** With s = f / (2 + f), log(1 + f) = 2 (s + s^3/3 + s^5/5 + ..) = f - f^2/2 + s (f^2/2 + 2 s^2/3 + ..). */
    private static DoubleVector log1pPolynomial(DoubleVector f, DoubleVector e) {
        DoubleVector s = f.div(f.add(2)), z = s.mul(s), h = f.mul(f).mul(0.5);
        DoubleVector p = z.fma(2 / 23.0, 2 / 21.0);
        p = p.fma(z, v(2 / 19.0)).fma(z, v(2 / 17.0)).fma(z, v(2 / 15.0)).fma(z, v(2 / 13.0)).fma(z, v(2 / 11.0));
        p = p.fma(z, v(2 / 9.0)).fma(z, v(2 / 7.0)).fma(z, v(0.4)).fma(z, v(2 / 3.0));
        DoubleVector low = p.fma(z, h).fma(s, e.mul(LN2_LOW_D)).sub(h);
        return e.fma(v(LN2_D), low.add(f));
    }

    private static float log1pPolynomial(float f, float e) {
        float p = Math.fma(f, 0.0697161144f, -0.114797338f);
        p = Math.fma(Math.fma(Math.fma(p, f, 0.116854199f), f, -0.124256873f), f, 0.142490576f);
        p = Math.fma(Math.fma(Math.fma(p, f, -0.166678023f), f, 0.200007157f), f, -0.24999997f);
        p = Math.fma(p, f, 0.333333312f);
        float z = f * f, low = Math.fma(e, LN2_LOW, p * f * z) - z * 0.5f;
        return Math.fma(e, LN2, low + f);
    }
}
