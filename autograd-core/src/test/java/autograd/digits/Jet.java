package autograd.digits;

import java.util.function.UnaryOperator;

/**
 * The value of a formula with its first and second derivative by one variable, each a {@link Real}. Formulas
 * may be naive, since there are enough digits.
 *
 * @param value
 *            f
 * @param slope
 *            f'
 * @param curve
 *            f''
 */
public record Jet(Real value, Real slope, Real curve) {
    /** The variable itself. */
    public static Jet variable(double x) { return new Jet(Real.of(x), Real.ONE, Real.ZERO); }

    public static Jet constant(Real c) { return new Jet(c, Real.ZERO, Real.ZERO); }

    public static Jet constant(double c) { return constant(Real.of(c)); }

    /** Another function of this value: g(f) by the chain rule. */
    private Jet then(Real g, Real first, Real second) {
        return new Jet(g, first.times(slope), second.times(slope).times(slope).plus(first.times(curve)));
    }

    // ---- arithmetic

    public Jet plus(Jet b) { return new Jet(value.plus(b.value), slope.plus(b.slope), curve.plus(b.curve)); }

    public Jet plus(double b) { return plus(constant(b)); }

    public Jet minus(Jet b) { return plus(b.negate()); }

    public Jet minus(double b) { return plus(-b); }

    public Jet negate() { return new Jet(value.negate(), slope.negate(), curve.negate()); }

    public Jet times(Jet b) {
        return new Jet(value.times(b.value), value.times(b.slope).plus(slope.times(b.value)),
                value.times(b.curve).plus(slope.times(b.slope).scaled(1)).plus(curve.times(b.value)));
    }

    public Jet times(double b) { return times(constant(b)); }

    public Jet over(Jet b) { return times(b.reciprocal()); }

    public Jet over(double b) { return over(constant(b)); }

    public Jet reciprocal() {
        Real y = Real.ONE.over(value), square = y.times(y);
        return then(y, square.negate(), square.times(y).scaled(1));
    }

    public Jet square() { return times(this); }

    // ---- where a function changes its formula

    public int signum() { return value.signum(); }

    public boolean isLess(double b) { return value.isLess(b); }

    public Jet abs() { return signum() < 0 ? negate() : this; }

    public Jet max(Jet b) { return value.compareTo(b.value) >= 0 ? this : b; }

    public Jet min(Jet b) { return value.compareTo(b.value) <= 0 ? this : b; }

    // ---- functions

    public Jet sqrt() {
        Real y = value.sqrt(), first = Real.HALF.over(y);
        return then(y, first, first.over(value).negate().scaled(-1));
    }

    public Jet exp() {
        Real y = value.exp();
        return then(y, y, y);
    }

    public Jet log() {
        Real first = Real.ONE.over(value);
        return then(value.log(), first, first.times(first).negate());
    }

    /** this^p for a value above 0. */
    public Jet pow(Jet p) { return log().times(p).exp(); }

    /** A whole power, by multiplication. */
    public Jet pow(int n) {
        Jet y = constant(1);
        for (int i = 0; i < Math.abs(n); i++)
            y = y.times(this);
        return n < 0 ? y.reciprocal() : y;
    }

    public Jet sin() {
        Real y = value.sin();
        return then(y, value.cos(), y.negate());
    }

    public Jet cos() {
        Real y = value.cos();
        return then(y, value.sin().negate(), y.negate());
    }

    public Jet atan() {
        Real first = Real.ONE.over(Real.ONE.plus(value.times(value)));
        return then(value.atan(), first, value.times(first).times(first).scaled(1).negate());
    }

    public Jet erfc() {
        Real first = value.times(value).negate().exp().times(Real.TWO.over(Real.PI.sqrt())).negate();
        return then(value.erfc(), first, first.times(value).scaled(1).negate());
    }

    /** A formula of this number; reads from left to right. */
    public Jet apply(UnaryOperator<Jet> formula) {
        return formula.apply(this);
    }
}
