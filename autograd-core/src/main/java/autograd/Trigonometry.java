package autograd;

import autograd.kernels.Intrinsic;
import autograd.kernels.Kernels;

/**
 * Trigonometric and hyperbolic functions of each element, with their inverses. Outside its domain a function
 * is NaN, as in {@link Math}.
 */
public sealed interface Trigonometry extends Operand permits Tensor {
    // ---- trigonometric

    /** Sine of x in radians. */
    default Tensor sin() { return apply(new Sin()); }

    record Sin() implements Elementwise.Map1 {
        public double f(double x) { return Math.sin(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.cos()); }
    }

    /** Cosine of x in radians. */
    default Tensor cos() { return apply(new Cos()); }

    record Cos() implements Elementwise.Map1 {
        public double f(double x) { return Math.cos(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.sin().neg()); }
    }

    /** Tangent of x in radians. */
    default Tensor tan() { return apply(new Tan()); }

    record Tan() implements Elementwise.Map1 {
        public double f(double x) { return Math.tan(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(y.square().add(1)); }

        @Override
        public Domain domain(int i) { return new Domain(-1.5, 1.5); }
    }

    /** Inverse sine, in radians. */
    default Tensor asin() { return apply(new Asin()); }

    record Asin() implements Elementwise.Map1 {
        public double f(double x) { return Math.asin(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(unitRsqrt(x)); }

        @Override
        public Domain domain(int i) { return new Domain(-1, 1); }
    }

    /** Inverse cosine, in radians. */
    default Tensor acos() { return apply(new Acos()); }

    record Acos() implements Elementwise.Map1 {
        public double f(double x) { return Math.acos(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(unitRsqrt(x).neg()); }

        @Override
        public Domain domain(int i) { return new Domain(-1, 1); }
    }

    /** 1 / sqrt(1 - x^2), exact near -1 and 1. */
    private static Tensor unitRsqrt(Tensor x) {
        return x.neg().add(1).mul(x.add(1)).rsqrt();
    }

    /** Inverse tangent, in radians. */
    default Tensor atan() { return apply(new Atan()); }

    record Atan() implements Elementwise.Map1 {
        public double f(double x) { return Math.atan(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(new AtanVjp(), x); }
    }

    /** g / (x^2 + 1), in one pass. */
    record AtanVjp() implements Elementwise.Map2, Op.Fused {
        public double f(double g, double x) {
            return g == 0 ? 0 : Math.abs(x) < 0x1p500 ? g / (x * x + 1) : g / x / x; // the square would overflow
        }

        public Tensor definition(Tensor... in) { return in[0].zdiv(in[1].square().add(1)); }

        public Tensor vjpA(Tensor h, Tensor g, Tensor x, Tensor r) { return h.apply(new AtanVjp(), x); }

        public Tensor vjpB(Tensor h, Tensor g, Tensor x, Tensor r) {
            return h.zmul(r.zmul(x.mul(-2)).apply(new AtanVjp(), x));
        }
    }

    /**
     * The angle of the point (b, a), in radians: the inverse tangent of a / b in the right quadrant. The
     * derivatives are taken as 0 at (0, 0).
     */
    default Tensor atan2(Tensor b) { return apply(new Atan2(), b); }

    record Atan2() implements Elementwise.Map2 {
        public double f(double a, double b) { return Math.atan2(a, b); }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(inverted(b, a.hypot(b))); }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(inverted(a.neg(), a.hypot(b))); }

        /** x / distance^2, where the square may over- or underflow. */
        private static Tensor inverted(Tensor x, Tensor distance) {
            return x.zdiv(distance).zdiv(distance);
        }

        @Override
        public Domain domain(int i) { return Domain.POSITIVE; }
    }

    // ---- hyperbolic

    /** Hyperbolic sine. */
    default Tensor sinh() { return apply(new Sinh()); }

    record Sinh() implements Elementwise.Map1 {
        public double f(double x) { return Math.sinh(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.cosh()); }
    }

    /** Hyperbolic cosine. */
    default Tensor cosh() { return apply(new Cosh()); }

    record Cosh() implements Elementwise.Map1 {
        public double f(double x) { return Math.cosh(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.sinh()); }
    }

    /** Hyperbolic tangent. */
    default Tensor tanh() { return apply(new Tanh()); }

    record Tanh() implements Elementwise.Map1 {
        public double f(double x) { return Math.tanh(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(new TanhVjp(), x, y); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.TANH; }
    }

    /** g (1 - y^2) of g, x and y = tanh(x), in one pass; g sech(x)^2 where y is rounded to 1 or -1. */
    record TanhVjp() implements SaturatingVjp {
        public Kernels.Fn2 fromValue() { return new Value(); }

        public Kernels.Fn2 fromArgument() { return new Argument(); }

        public Tensor definition(Tensor... in) { return in[0].zmul(in[2].square().neg().add(1)); }

        public Tensor curve(Tensor y) { return y.mul(-2); }

        @Override
        public Domain domain(int i) { return i == 2 ? new Domain(-1, 1) : Domain.REALS; }

        private record Value() implements Kernels.Fn2 {
            public double f(double g, double y) { return g == 0 ? 0 : g * ((1 - y) * (1 + y)); }

            @Override
            public Intrinsic intrinsic() { return Intrinsic.TANH_VJP; }
        }

        private record Argument() implements Kernels.Fn2 {
            public double f(double g, double x) {
                double e = Math.exp(-Math.abs(x)), sech = 2 * e / (1 + e * e);
                return g == 0 ? 0 : g * sech * sech;
            }

            @Override
            public Intrinsic intrinsic() { return Intrinsic.SECH_SQUARED; }
        }
    }

    /** Inverse hyperbolic sine. */
    default Tensor asinh() { return apply(new Asinh()); }

    record Asinh() implements Elementwise.Map1 {
        public double f(double x) { return Special.asinh(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zdiv(x.hypot(Tensor.onesLike(x))); }
    }

    /** Inverse hyperbolic cosine; NaN below 1. */
    default Tensor acosh() { return apply(new Acosh()); }

    record Acosh() implements Elementwise.Map1 {
        public double f(double x) { return Special.acosh(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zdiv(x.sub(1).sqrt().mul(x.add(1).sqrt())); }

        @Override
        public Domain domain(int i) { return new Domain(1, Double.POSITIVE_INFINITY); }
    }

    /** Inverse hyperbolic tangent; NaN outside [-1, 1]. */
    default Tensor atanh() { return apply(new Atanh()); }

    record Atanh() implements Elementwise.Map1 {
        public double f(double x) { return Special.atanh(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zdiv(x.neg().add(1).mul(x.add(1))); }

        @Override
        public Domain domain(int i) { return new Domain(-1, 1); }
    }
}
