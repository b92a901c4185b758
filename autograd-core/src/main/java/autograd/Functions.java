package autograd;

import autograd.kernels.Intrinsic;

/**
 * Elementary and special functions of each element: powers, exponentials, logarithms, the error function.
 * Outside its domain a function is NaN, as in {@link Math}.
 */
public sealed interface Functions extends Operand permits Tensor {
    // ---- powers

    /** Square: x^2. */
    default Tensor square() { return apply(new Square()); }

    record Square() implements Elementwise.Map1 {
        public double f(double x) { return x * x; }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.mul(2)); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.SQUARE; }
    }

    /** Square root; NaN below 0. */
    default Tensor sqrt() { return apply(new Sqrt()); }

    record Sqrt() implements Elementwise.Map1 {
        public double f(double x) { return Math.sqrt(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zdiv(y.mul(2)); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.SQRT; }

        @Override
        public Domain domain(int i) { return Domain.POSITIVE; }
    }

    /** Power with a constant exponent: x^p. */
    default Tensor pow(double p) { return apply(new PowScalar(p)); }

    record PowScalar(double p) implements Elementwise.Map1 {
        public double f(double x) { return p == 2 ? x * x : p == -1 ? 1 / x : Special.pow(x, p); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            return p == 0 ? Tensor.zerosLike(x) : g.zmul(x.pow(p - 1).mul(p));
        }

        @Override
        public Intrinsic intrinsic() {
            return p == 2
                    ? Intrinsic.SQUARE
                    : p == 3 ? Intrinsic.CUBE : p == -1 ? Intrinsic.RECIPROCAL : Intrinsic.NONE;
        }

        @Override
        public String name() { return "pow"; }

        @Override
        public Domain domain(int i) { return p == Math.rint(p) && p >= 0 ? Domain.REALS : Domain.POSITIVE; }
    }

    /** Power: a^b. All derivatives with respect to b are taken as 0 where a is 0 and b is not negative. */
    default Tensor pow(Tensor b) {
        return apply(new Pow(), b);
    }

    record Pow() implements Elementwise.Map2 {
        public double f(double a, double b) { return Special.pow(a, b); }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) {
            return g.zmul(b.zmul(a.pow(b.sub(1)))); // b = 0 makes a constant, also at a = 0
        }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) {
            Tensor atZero = Tensor.scalar(a.dtype(), 0).where(b.ge(0), Double.NEGATIVE_INFINITY);
            return g.zmul(y.zmul(a.log().where(a.ne(0), atZero)));
        }

        @Override
        public Domain domain(int i) { return i == 0 ? Domain.POSITIVE : Domain.REALS; }
    }

    /** Reciprocal square root: x^(-1/2). */
    default Tensor rsqrt() { return apply(new Rsqrt()); }

    record Rsqrt() implements Elementwise.Map1 {
        public double f(double x) { return 1 / Math.sqrt(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(y.mul(-0.5).div(x)); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.RSQRT; }

        @Override
        public Domain domain(int i) { return Domain.POSITIVE; }
    }

    /**
     * Euclidean distance: sqrt(a^2 + b^2) without overflow, with derivative 0 at (0, 0), and an infinite second
     * derivative there.
     */
    default Tensor hypot(Tensor b) { return apply(new Hypot(), b); }

    record Hypot() implements Elementwise.Map2 {
        public double f(double a, double b) { return Math.hypot(a, b); }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(a.zdiv(y)); }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(b.zdiv(y)); }

        @Override
        public Domain domain(int i) { return Domain.POSITIVE; }
    }

    // ---- exponentials and logarithms

    /** Exponential: e^x. */
    default Tensor exp() { return apply(new Exp()); }

    record Exp() implements Elementwise.Map1 {
        public double f(double x) { return Math.exp(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(y); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.EXP; }
    }

    /** Natural logarithm; -Inf at 0, NaN below. */
    default Tensor log() { return apply(new Log()); }

    record Log() implements Elementwise.Map1 {
        public double f(double x) { return Math.log(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zdiv(x); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.LOG; }

        @Override
        public Domain domain(int i) { return Domain.POSITIVE; }
    }

    /** e^x - 1, exact near 0. */
    default Tensor expm1() { return apply(new Expm1()); }

    record Expm1() implements Elementwise.Map1 {
        public double f(double x) { return Math.expm1(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.exp()); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.EXPM1; }
    }

    /** log(1 + x), exact near 0; -Inf at -1, NaN below. */
    default Tensor log1p() { return apply(new Log1p()); }

    record Log1p() implements Elementwise.Map1 {
        public double f(double x) { return Math.log1p(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zdiv(x.add(1)); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.LOG1P; }

        @Override
        public Domain domain(int i) { return new Domain(-1, Double.POSITIVE_INFINITY); }
    }

    /** Logarithm to base 2, exact for powers of two. */
    default Tensor log2() { return apply(new Log2()); }

    record Log2() implements Elementwise.Map1 {
        public double f(double x) { return Special.log2(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.mul(1 / Math.log(2)).zdiv(x); }

        @Override
        public Domain domain(int i) { return Domain.POSITIVE; }
    }

    /** Logarithm to base 10. */
    default Tensor log10() { return apply(new Log10()); }

    record Log10() implements Elementwise.Map1 {
        public double f(double x) { return Math.log10(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.mul(1 / Math.log(10)).zdiv(x); }

        @Override
        public Domain domain(int i) { return Domain.POSITIVE; }
    }

    // ---- error function

    /** Error function: 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
    default Tensor erf() {
        return apply(new Erf());
    }

    record Erf() implements Elementwise.Map1 {
        public double f(double x) { return Special.erf(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(bell(x)); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.ERF; }
    }

    /** Complementary error function: 1 - erf(x), exact for large x. */
    default Tensor erfc() {
        return apply(new Erfc());
    }

    record Erfc() implements Elementwise.Map1 {
        public double f(double x) { return Special.erfc(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(bell(x).neg()); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.ERFC; }
    }

    /** 2 / sqrt(pi) e^(-x^2). */
    private static Tensor bell(Tensor x) {
        return x.square().neg().exp().mul(2 / Math.sqrt(Math.PI));
    }
}
