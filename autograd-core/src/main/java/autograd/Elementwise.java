package autograd;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Intrinsic;
import autograd.kernels.Kernels;
import autograd.kernels.Relation;

/**
 * Operations that act on each element alone: real functions of one and of two variables, comparisons,
 * selection. Operands of two-argument operations broadcast; a Java number takes the tensor's dtype.
 *
 * <p>
 * A zero cotangent gives an exact zero, element by element, even where the local derivative is infinite or
 * NaN: rules multiply by {@link #zmul} and divide by {@link #zdiv}. Kinks: relu'(0) = abs'(0) = sign' = 0,
 * ties of maximum and minimum split evenly.
 */
public sealed interface Elementwise extends Operand permits Tensor {
    /** A real function of one variable, applied to each element. One definition serves both dtypes. */
    interface Map1 extends Op.Unary, Kernels.Fn1 {
        @Override
        default NdArray forward(NdArray... in) { return Kernels.get().map(this, in[0]); }
    }

    /** A real function of two variables, applied to each pair of elements, broadcasting. */
    interface Map2 extends Op.Binary, Kernels.Fn2 {
        @Override
        default NdArray forward(NdArray... in) { return Kernels.get().map(this, in[0], in[1]); }
    }

    private Tensor constant(double value) { return Tensor.scalar(dtype(), value); }

    // ---- arithmetic

    /** Sum: a + b. */
    default Tensor add(Tensor b) { return apply(SingleNumbers.ADD, b); }

    /** Sum with a number: a + b. */
    default Tensor add(double b) { return add(constant(b)); }

    record Add() implements Map2 {
        public double f(double a, double b) { return a + b; }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g; }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return g; }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.ADD; }
    }

    /** Difference: a - b. */
    default Tensor sub(Tensor b) { return apply(SingleNumbers.SUB, b); }

    /** Difference with a number: a - b. */
    default Tensor sub(double b) { return sub(constant(b)); }

    record Sub() implements Map2 {
        public double f(double a, double b) { return a - b; }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g; }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return g.neg(); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.SUB; }
    }

    /** Product: a b, element by element. */
    default Tensor mul(Tensor b) { return apply(SingleNumbers.MUL, b); }

    /** Product with a number: a b. */
    default Tensor mul(double b) { return mul(constant(b)); }

    record Mul() implements Map2 {
        public double f(double a, double b) { return a * b; }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(b); }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(a); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.MUL; }
    }

    /**
     * The product of a cotangent and a derivative, 0 where the cotangent is 0 whatever the derivative: the one
     * place where the zero-cotangent law lives. Bilinear, so second derivatives stay right.
     */
    default Tensor zmul(Tensor d) { return apply(SingleNumbers.ZMUL, d); }

    record Zmul() implements Map2 {
        public double f(double g, double d) { return g == 0 ? 0 : g * d; }

        public Tensor vjpA(Tensor h, Tensor g, Tensor d, Tensor y) { return h.zmul(d); }

        public Tensor vjpB(Tensor h, Tensor g, Tensor d, Tensor y) { return h.zmul(g); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.ZMUL; }
    }

    /**
     * The quotient of a cotangent and a number, 0 where the cotangent is 0 whatever the number: as {@link #zmul}
     * by the reciprocal, but rounded once, and finite where the reciprocal alone would overflow.
     */
    default Tensor zdiv(Tensor d) { return apply(SingleNumbers.ZDIV, d); }

    record Zdiv() implements Map2 {
        public double f(double g, double d) { return g == 0 ? 0 : g / d; }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.ZDIV; }

        public Tensor vjpA(Tensor h, Tensor g, Tensor d, Tensor y) { return h.zdiv(d); }

        public Tensor vjpB(Tensor h, Tensor g, Tensor d, Tensor y) { return h.zmul(y.neg().zdiv(d)); }

        @Override
        public Domain domain(int i) { return i == 0 ? Domain.REALS : Domain.POSITIVE; }
    }

    /** Quotient: a / b. */
    default Tensor div(Tensor b) { return apply(SingleNumbers.DIV, b); }

    /** Quotient with a number: a / b. */
    default Tensor div(double b) { return div(constant(b)); }

    record Div() implements Map2 {
        public double f(double a, double b) { return a / b; }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zdiv(b); }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(y.div(b.neg())); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.DIV; }

        @Override
        public Domain domain(int i) { return i == 0 ? Domain.REALS : Domain.POSITIVE; }
    }

    /** Negative: -x. */
    default Tensor neg() { return apply(SingleNumbers.NEG); }

    record Neg() implements Map1 {
        public double f(double x) { return -x; }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.neg(); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.NEG; }
    }

    /** Reciprocal: 1 / x. */
    default Tensor reciprocal() { return apply(SingleNumbers.RECIPROCAL); }

    record Reciprocal() implements Map1 {
        public double f(double x) { return 1 / x; }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(y.square().neg()); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.RECIPROCAL; }

        @Override
        public Domain domain(int i) { return Domain.POSITIVE; }
    }

    // ---- magnitude and order

    /** Absolute value, with derivative 0 at 0. */
    default Tensor abs() { return apply(new Abs()); }

    record Abs() implements Map1 {
        public double f(double x) { return Math.abs(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.sign()); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.ABS; }

        @Override
        public Domain domain(int i) { return Domain.kinks(0); }
    }

    /** Sign: -1, 0 or 1, with derivative 0 everywhere. */
    default Tensor sign() { return apply(new Sign()); }

    record Sign() implements Map1 {
        public double f(double x) { return Math.signum(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return Tensor.zerosLike(x); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.SIGN; }

        @Override
        public Domain domain(int i) { return Domain.kinks(0); }
    }

    /** The larger of a and b; NaN if either is. Where they are equal, each gets half the cotangent. */
    default Tensor maximum(Tensor b) {
        return apply(new Maximum(), b);
    }

    /** The larger of a and a number. */
    default Tensor maximum(double b) { return maximum(constant(b)); }

    record Maximum() implements Map2 {
        public double f(double a, double b) { return Math.max(a, b); }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(above(a, b)); }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(above(b, a)); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.MAXIMUM; }
    }

    /** The smaller of a and b; NaN if either is. Where they are equal, each gets half the cotangent. */
    default Tensor minimum(Tensor b) {
        return apply(new Minimum(), b);
    }

    /** The smaller of a and a number. */
    default Tensor minimum(double b) { return minimum(constant(b)); }

    record Minimum() implements Map2 {
        public double f(double a, double b) { return Math.min(a, b); }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(above(b, a)); }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return g.zmul(above(a, b)); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.MINIMUM; }
    }

    /** Each element brought into [min, max]; the derivative is 1 inside and at the bounds, 0 outside. */
    default Tensor clamp(double min, double max) {
        if (!(min <= max))
            throw new IllegalArgumentException("clamp: min " + min + " and max " + max + " are not in order");
        return apply(new Clamp(min, max));
    }

    record Clamp(double min, double max) implements Map1 {
        public double f(double x) { return Math.min(Math.max(x, min), max); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.where(x.ge(min).and(x.le(max)), 0); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.CLAMP; }

        @Override
        public double p() { return min; }

        @Override
        public double q() { return max; }

        @Override
        public Domain domain(int i) { return Domain.kinks(min, max); }
    }

    /** The largest integer not above x, with derivative 0. */
    default Tensor floor() { return apply(new Floor()); }

    record Floor() implements Map1 {
        public double f(double x) { return Math.floor(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return Tensor.zerosLike(x); }

        @Override
        public Domain domain(int i) { return Domain.kinks(-3, -2, -1, 0, 1, 2, 3); }
    }

    /** The smallest integer not below x, with derivative 0. */
    default Tensor ceil() { return apply(new Ceil()); }

    record Ceil() implements Map1 {
        public double f(double x) { return Math.ceil(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return Tensor.zerosLike(x); }

        @Override
        public Domain domain(int i) { return Domain.kinks(-3, -2, -1, 0, 1, 2, 3); }
    }

    /** The nearest integer, the even one of two equally near, with derivative 0. */
    default Tensor round() {
        return apply(new Round());
    }

    record Round() implements Map1 {
        public double f(double x) { return Math.rint(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return Tensor.zerosLike(x); }

        @Override
        public Domain domain(int i) { return Domain.kinks(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5); }
    }

    /** 1 where a > b, 1/2 where a = b, else 0: a constant. */
    private static Tensor above(Tensor a, Tensor b) {
        return a.gt(b).to(a.dtype()).add(a.ge(b).to(a.dtype())).div(2);
    }

    // ---- comparison and selection

    /** Whether a &gt; b. */
    default Mask gt(Tensor b) { return compare(Relation.GT, "gt", b); }

    /** Whether a &gt; b. */
    default Mask gt(double b) { return gt(constant(b)); }

    /** Whether a &gt;= b. */
    default Mask ge(Tensor b) { return compare(Relation.GE, "ge", b); }

    /** Whether a &gt;= b. */
    default Mask ge(double b) { return ge(constant(b)); }

    /** Whether a &lt; b. */
    default Mask lt(Tensor b) { return compare(Relation.LT, "lt", b); }

    /** Whether a &lt; b. */
    default Mask lt(double b) { return lt(constant(b)); }

    /** Whether a &lt;= b. */
    default Mask le(Tensor b) { return compare(Relation.LE, "le", b); }

    /** Whether a &lt;= b. */
    default Mask le(double b) { return le(constant(b)); }

    /** Whether a = b; false where either is NaN. */
    default Mask eq(Tensor b) { return compare(Relation.EQ, "eq", b); }

    /** Whether a = b. */
    default Mask eq(double b) { return eq(constant(b)); }

    /** Whether a and b differ; true where either is NaN. */
    default Mask ne(Tensor b) {
        return compare(Relation.NE, "ne", b);
    }

    /** Whether a and b differ. */
    default Mask ne(double b) { return ne(constant(b)); }

    /** Whether an element is NaN. */
    default Mask isNaN() { return ne(self()); }

    private Mask compare(Relation relation, String name, Tensor b) {
        Shape shape = Shape.broadcast(name, shape(), b.shape());
        Tensor.sameDType(name, self(), b);
        return new Mask(Kernels.get().test(relation, self().array(), b.array()), shape);
    }

    /** {@code mask ? this : b}, broadcasting all three. */
    default Tensor where(Mask mask, Tensor b) {
        return apply(new Where(mask), b);
    }

    /** {@code mask ? this : b}. */
    default Tensor where(Mask mask, double b) { return where(mask, constant(b)); }

    /** This tensor with a number in place of the elements where a mask is true. */
    default Tensor maskedFill(Mask mask, double value) {
        Shape.broadcast("maskedFill", mask.shape(), shape());
        return constant(value).where(mask, self());
    }

    record Where(Mask mask) implements Op.Binary {
        public NdArray forward(NdArray... in) { return Kernels.get().select(mask.data(), mask.layout(), in[0], in[1]); }

        public Tensor vjpA(Tensor g, Tensor a, Tensor b, Tensor y) { return g.where(mask, 0); }

        public Tensor vjpB(Tensor g, Tensor a, Tensor b, Tensor y) { return g.where(mask.not(), 0); }
    }

    /** The same numbers in another dtype. */
    default Tensor to(DType dtype) {
        return dtype == dtype() && !(self() instanceof Variable) ? self() : apply(new To(dtype));
    }

    record To(DType dtype) implements Op.Unary {
        public NdArray forward(NdArray... in) { return Kernels.get().cast(in[0], dtype); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.to(x.dtype()); }
    }
}
