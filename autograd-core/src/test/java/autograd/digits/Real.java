package autograd.digits;

import java.math.BigInteger;

/**
 * A number {@code mantissa 2^exponent} with {@value #BITS} bits, about 780 digits: enough that a formula may
 * subtract numbers as far apart as the largest and the smallest double and still be exact to 100 digits.
 */
public record Real(BigInteger mantissa, int exponent) implements Comparable<Real> {
    private static final int BITS = 2600;
    /** Beyond it, e^x is out of the range of double, in either direction. */
    private static final int FAR = 100_000;

    public static final Real ZERO = of(0), ONE = of(1), TWO = of(2), HALF = of(0.5);
    public static final Real PI = arcTangentOfReciprocal(5).times(of(16))
            .minus(arcTangentOfReciprocal(239).times(of(4)));
    public static final Real LN2 = HALF.log().negate();

    /** The double itself; it must be finite. */
    public static Real of(double x) {
        if (!Double.isFinite(x))
            throw new IllegalArgumentException("not a number with digits: " + x);
        long bits = Double.doubleToLongBits(x), fraction = bits & (1L << 52) - 1;
        int exponent = Math.max(Math.getExponent(x), Double.MIN_EXPONENT);
        long mantissa = Math.abs(x) < Double.MIN_NORMAL ? fraction : fraction | 1L << 52;
        return new Real(BigInteger.valueOf(x < 0 ? -mantissa : mantissa), exponent - 52);
    }

    private static Real rounded(BigInteger mantissa, int exponent) {
        int excess = mantissa.bitLength() - BITS;
        if (excess <= 0)
            return new Real(mantissa, exponent);
        return new Real(mantissa.shiftRight(excess - 1).add(BigInteger.ONE).shiftRight(1), exponent + excess);
    }

    // ---- arithmetic

    public Real plus(Real b) {
        if (signum() == 0 || b.signum() == 0)
            return signum() == 0 ? b : this;
        Real high = magnitude() >= b.magnitude() ? this : b, low = high == this ? b : this;
        if (high.magnitude() - low.magnitude() > BITS + 8)
            return high;
        int least = Math.min(exponent, b.exponent);
        return rounded(mantissa.shiftLeft(exponent - least).add(b.mantissa.shiftLeft(b.exponent - least)), least);
    }

    /** The exponent of the first bit. */
    private int magnitude() { return exponent + mantissa.abs().bitLength(); }

    public Real negate() { return new Real(mantissa.negate(), exponent); }

    public Real minus(Real b) { return plus(b.negate()); }

    public Real times(Real b) { return rounded(mantissa.multiply(b.mantissa), exponent + b.exponent); }

    public Real over(Real b) {
        int shift = BITS + 2 + b.mantissa.bitLength() - Math.min(mantissa.bitLength(), BITS);
        return rounded(mantissa.shiftLeft(shift).divide(b.mantissa), exponent - shift - b.exponent);
    }

    public Real over(int n) { return over(of(n)); }

    public Real scaled(int powerOfTwo) { return new Real(mantissa, exponent + powerOfTwo); }

    public Real abs() { return new Real(mantissa.abs(), exponent); }

    public int signum() { return mantissa.signum(); }

    @Override
    public int compareTo(Real b) { return minus(b).signum(); }

    public boolean isLess(double b) { return compareTo(of(b)) < 0; }

    /** The nearest double, or Inf if the number is too large. */
    public double toDouble() {
        BigInteger size = mantissa.abs();
        int excess = Math.max(0, size.bitLength() - 62);
        BigInteger top = size.shiftRight(excess);
        boolean rest = excess > 0 && size.getLowestSetBit() < excess;
        long bits = top.longValue() << 1 | (rest ? 1 : 0); // so that halves are told from more than halves
        double y = scaled(bits, (long) exponent + excess - 1);
        return signum() < 0 ? -y : y;
    }

    private static double scaled(long bits, long exponent) {
        int digits = 64 - Long.numberOfLeadingZeros(bits);
        if (digits + exponent > 1100)
            return Double.POSITIVE_INFINITY;
        int part = (int) exponent / 2;
        if (digits + exponent > Double.MIN_EXPONENT)
            return bits * Math.scalb(1.0, part) * Math.scalb(1.0, (int) exponent - part);
        long drop = -1074 - exponent; // to a multiple of the smallest double
        if (drop >= 64)
            return 0;
        long half = drop == 0 ? 0 : 1L << drop - 1, rest = drop == 0 ? 0 : bits & (half << 1) - 1, y = bits >>> drop;
        return (y + (rest > half || rest == half && half > 0 && (y & 1) == 1 ? 1 : 0)) * Double.MIN_VALUE;
    }

    private boolean isNegligible(Real sum) { return signum() == 0 || magnitude() < sum.magnitude() - BITS; }

    // ---- functions

    public Real sqrt() {
        int shift = Math.max(0, 2 * BITS + 4 - mantissa.bitLength());
        shift += exponent - shift & 1;
        return rounded(mantissa.shiftLeft(shift).sqrt(), (exponent - shift) / 2);
    }

    /** e^x by its series at x / 2^k, squared k times; x is clamped to the range. */
    public Real exp() {
        if (abs().compareTo(of(FAR)) > 0)
            return of(Math.copySign(FAR, signum())).exp();
        int halvings = Math.max(0, magnitude() + 40);
        Real x = scaled(-halvings), sum = ONE, term = ONE;
        for (int n = 1; !term.isNegligible(sum); n++)
            sum = sum.plus(term = term.times(x).over(n));
        for (int i = 0; i < halvings; i++)
            sum = sum.times(sum);
        return sum;
    }

    /** Natural logarithm by Halley's iteration; of a number above 0. */
    public Real log() {
        if (signum() <= 0)
            throw new ArithmeticException("log of " + toDouble());
        int power = magnitude();
        Real x = scaled(-power), y = of(Math.log(x.toDouble()));
        for (int good = 50; good < BITS; good *= 3) {
            Real e = y.exp();
            y = y.plus(x.minus(e).over(x.plus(e)).scaled(1));
        }
        return power == 0 ? y : y.plus(LN2.times(of(power)));
    }

    public Real sin() { return wave(1); }

    public Real cos() { return wave(0); }

    /** Sine or cosine by their series, without whole turns. */
    private Real wave(int first) {
        Real turn = PI.scaled(1), turns = over(turn);
        Real x = minus(turn.times(turns.nearest())), square = x.times(x), term = first == 0 ? ONE : x, sum = term;
        for (int n = first + 1; !term.isNegligible(sum); n += 2)
            sum = sum.plus(term = term.times(square).over(-n * (n + 1)));
        return sum;
    }

    /** The nearest whole number. */
    private Real nearest() {
        if (exponent >= 0)
            return this;
        return new Real(mantissa.shiftRight(-exponent - 1).add(BigInteger.ONE).shiftRight(1), 0);
    }

    /** Inverse tangent by its series, after halving the angle ten times. */
    public Real atan() {
        Real x = this;
        for (int i = 0; i < 10; i++)
            x = x.over(ONE.plus(ONE.plus(x.times(x)).sqrt()));
        return x.arcTangentSeries().scaled(10);
    }

    private Real arcTangentSeries() {
        Real power = this, square = times(this).negate(), sum = this;
        for (int n = 3; !power.isNegligible(sum); n += 2)
            sum = sum.plus((power = power.times(square)).over(n));
        return sum;
    }

    private static Real arcTangentOfReciprocal(int n) { return of(1).over(n).arcTangentSeries(); }

    /** 1 - 2/sqrt(pi) e^(-x^2) (x + 2/3 x^3 + 4/15 x^5 + ..); x is clamped to the range. */
    public Real erfc() {
        if (!abs().isLess(50))
            return signum() < 0 ? TWO : ZERO;
        Real square = times(this).scaled(1), term = this, sum = this;
        for (int n = 3; !term.isNegligible(sum); n += 2)
            sum = sum.plus(term = term.times(square).over(n));
        return ONE.minus(sum.times(times(this).negate().exp()).times(TWO.over(PI.sqrt())));
    }
}
