package autograd.kernels.vector.elementwise;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The error function, after W. J. Cody, Mathematics of Computation 23 (1969). */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatErf {

    /** Adding this leaves four binary digits after the point. */
    private static final float ROUND = (float) (Float.BYTES == 4 ? 0x1.8p19 : 0x1.8p48);

    private FloatErf() {}

    private static FloatVector v(double c) { return FloatVector.broadcast(S, (float) c); }

    // ---- five stages, each of which gets the result of the one before

    /** e^(-z^2) for z near x, where x is at least 0.46875 in size; z^2 is exact, so no digits are lost. */
    static FloatVector bell(FloatVector x) {
        FloatVector near = sixteenths(x.abs().min(30));
        return Elementary.exp(near.mul(near).neg());
    }

    /** e^(-x^2), from e = e^(-z^2). */
    static FloatVector bell(FloatVector x, FloatVector e) {
        FloatVector y = x.abs().min(30), near = sixteenths(y);
        return Elementary.exp(near.sub(y).mul(y.add(near))).mul(e);
    }

    private static FloatVector sixteenths(FloatVector y) { return y.add(ROUND).sub(ROUND); }

    /** erfc |x| where |x| is more than 4, from e = e^(-x^2), which it returns elsewhere. */
    static FloatVector far(FloatVector x, FloatVector e) {
        FloatVector y = x.abs().min(30), z = v(1).div(y.mul(y));
        return e.blend(v(1 / Math.sqrt(Math.PI)).sub(rest(z)).div(y).mul(e), y.compare(GT, 4));
    }

    /** erfc |x| everywhere. */
    static FloatVector tail(FloatVector x, FloatVector e) {
        FloatVector y = x.abs().min(30);
        return above(y).div(below(y)).mul(e).blend(e, y.compare(GT, 4));
    }

    /** erf x, from t = erfc |x|. */
    static FloatVector erf(FloatVector x, FloatVector t) {
        FloatVector far = v(1).sub(t);
        return within(x, x.mul(x)).blend(far.blend(far.neg(), x.lt(0)), outside(x));
    }

    /** erfc x, from t = erfc |x|. */
    static FloatVector erfc(FloatVector x, FloatVector t) {
        return v(1).sub(within(x, x.mul(x))).blend(t.blend(v(2).sub(t), x.lt(0)), outside(x));
    }

    private static VectorMask<Float> outside(FloatVector x) { return x.abs().compare(GT, (float) 0.46875); }

    /** erf x near 0, from x and z = x^2. */
    private static FloatVector within(FloatVector x, FloatVector z) {
        FloatVector p = z.mul((float) 1.85777706184603153e-1).add((float) 3.16112374387056560);
        p = p.fma(z, v(1.13864154151050156e2)).fma(z, v(3.77485237685302021e2)).fma(z, v(3.20937758913846947e3));
        FloatVector q = z.add((float) 2.36012909523441209e1).fma(z, v(2.44024637934444173e2));
        return x.mul(p).div(q.fma(z, v(1.28261652607737228e3)).fma(z, v(2.84423683343917062e3)));
    }

    private static FloatVector above(FloatVector y) {
        FloatVector p = y.mul((float) 2.15311535474403846e-8).add((float) 5.64188496988670089e-1);
        p = p.fma(y, v(8.88314979438837594)).fma(y, v(6.61191906371416295e1)).fma(y, v(2.98635138197400131e2));
        p = p.fma(y, v(8.81952221241769090e2)).fma(y, v(1.71204761263407058e3));
        return p.fma(y, v(2.05107837782607147e3)).fma(y, v(1.23033935479799725e3));
    }

    private static FloatVector below(FloatVector y) {
        FloatVector q = y.add((float) 1.57449261107098347e1).fma(y, v(1.17693950891312499e2));
        q = q.fma(y, v(5.37181101862009858e2)).fma(y, v(1.62138957456669019e3)).fma(y, v(3.29079923573345963e3));
        return q.fma(y, v(4.36261909014324716e3)).fma(y, v(3.43936767414372164e3)).fma(y, v(1.23033935480374942e3));
    }

    /** The limit of y e^(y^2) erfc y less its value, from z = y^-2. */
    private static FloatVector rest(FloatVector z) {
        FloatVector p = z.mul((float) 1.63153871373020978e-2).add((float) 3.05326634961232344e-1);
        p = p.fma(z, v(3.60344899949804439e-1)).fma(z, v(1.25781726111229246e-1)).fma(z, v(1.60837851487422766e-2));
        p = p.fma(z, v(6.58749161529837803e-4)).mul(z);
        FloatVector q = z.add((float) 2.56852019228982242).fma(z, v(1.87295284992346725));
        q = q.fma(z, v(5.27905102951428412e-1)).fma(z, v(6.05183413124413191e-2));
        return p.div(q.fma(z, v(2.33520497626869185e-3)));
    }
}
