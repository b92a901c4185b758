package autograd.kernels.vector.elementwise;

import static autograd.kernels.vector.lanes.FloatSpecies.S;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.SQRT;

import autograd.kernels.Intrinsic;

import jdk.incubator.vector.FloatVector;

import java.util.List;

/** The intrinsics on vectors. Compiled twice: DoubleFunctions is this file, renamed. */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatFunctions {

    private static final float ROOT = (float) -Math.sqrt(0.5);

    /**
     * The stages of an intrinsic, one for most. The first gets x; every other gets x and the result of the one
     * before.
     */
    static List<FloatFunction> of(Intrinsic intrinsic) {
        return switch (intrinsic) {
            case NONE -> List.of();
            // arithmetic
            case ADD -> List.of((a, b, _, _) -> a.add(b));
            case SUB -> List.of((a, b, _, _) -> a.sub(b));
            case MUL -> List.of((a, b, _, _) -> a.mul(b));
            case ZMUL -> List.of((a, b, _, _) -> zmul(a, b));
            case ZDIV -> List.of((a, b, _, _) -> v(0).blend(a.div(b), a.compare(NE, 0)));
            case DIV -> List.of((a, b, _, _) -> a.div(b));
            case NEG -> List.of((x, _, _, _) -> x.neg());
            case RECIPROCAL -> List.of((x, _, _, _) -> v(1).div(x));
            case ABS -> List.of((x, _, _, _) -> x.abs());
            case SIGN -> List.of((x, _, _, _) -> x.blend(1, x.compare(GT, 0)).blend(-1, x.lt(0)));
            case MAXIMUM -> List.of((a, b, _, _) -> a.max(b));
            case MINIMUM -> List.of((a, b, _, _) -> a.min(b));
            case CLAMP -> List.of((x, _, p, q) -> x.max(p).min(q));
            // powers, exponentials, logarithms
            case SQUARE -> List.of((x, _, _, _) -> x.mul(x));
            case CUBE -> List.of((x, _, _, _) -> x.mul(x).mul(x));
            case SQRT -> List.of((x, _, _, _) -> x.lanewise(SQRT));
            case RSQRT -> List.of((x, _, _, _) -> v(1).div(x.lanewise(SQRT)));
            case EXP -> List.of((x, _, _, _) -> Elementary.exp(x));
            case EXPM1 -> List.of((x, _, _, _) -> Elementary.expm1(x));
            case LOG -> List.of((x, _, _, _) -> Elementary.log(x));
            case LOG1P -> List.of((x, _, _, _) -> Elementary.log(x.add(1)), (x, l, _, _) -> log1p(x, l));
            case TANH -> List.of((x, _, _, _) -> Elementary.tanh(x));
            case TANH_VJP -> List.of((g, y, _, _) -> zmul(g, y.neg().fma(y, v(1))));
            case SECH_SQUARED -> List.of((g, x, _, _) -> sechSquared(g, x));
            case ERF -> List.of((x, _, _, _) -> FloatErf.bell(x), (x, e, _, _) -> FloatErf.bell(x, e),
                    (x, e, _, _) -> FloatErf.far(x, e), (x, e, _, _) -> FloatErf.tail(x, e),
                    (x, t, _, _) -> FloatErf.erf(x, t));
            case ERFC -> List.of((x, _, _, _) -> FloatErf.bell(x), (x, e, _, _) -> FloatErf.bell(x, e),
                    (x, e, _, _) -> FloatErf.far(x, e), (x, e, _, _) -> FloatErf.tail(x, e),
                    (x, t, _, _) -> FloatErf.erfc(x, t));
            // activations and losses
            case SIGMOID -> List.of((x, _, _, _) -> sigmoid(x));
            case SIGMOID_VJP -> List.of((g, y, _, _) -> zmul(g, y.mul(v(1).sub(y))));
            case SIGMOID_SLOPE -> List.of((g, x, _, _) -> sigmoidSlope(g, x));
            case SIGMOID_SUB -> List.of((x, t, _, _) -> sigmoidSub(x, t));
            case RELU -> List.of((x, _, _, _) -> x.max(0));
            case RELU_VJP -> List.of((g, y, _, _) -> v(0).blend(g, y.compare(GT, 0)));
            case LOG_SIGMOID -> List.of((x, _, _, _) -> Elementary.exp(x.abs().neg()),
                    (x, e, _, _) -> x.min(0).sub(Elementary.log1p(e)));
            case SOFTPLUS -> List.of((x, _, _, _) -> Elementary.exp(x.abs().neg()),
                    (x, e, _, _) -> x.max(0).add(Elementary.log1p(e)));
            case LEAKY_RELU -> List.of((x, _, p, _) -> x.mul(p).blend(x, x.compare(GT, 0)));
            case ELU -> List.of((x, _, p, _) -> Elementary.expm1(x).mul(p).blend(x, x.compare(GT, 0)));
            case GELU -> List.of((x, _, _, _) -> FloatErf.bell(x.mul(ROOT)),
                    (x, e, _, _) -> FloatErf.bell(x.mul(ROOT), e),
                    (x, e, _, _) -> FloatErf.far(x.mul(ROOT), e),
                    (x, e, _, _) -> FloatErf.tail(x.mul(ROOT), e), (x, t, _, _) -> gelu(x, t));
        };
    }

    private FloatFunctions() {}

    private static FloatVector v(double c) { return FloatVector.broadcast(S, (float) c); }

    /** The product, 0 where g is 0. */
    private static FloatVector zmul(FloatVector g, FloatVector d) {
        return v(0).blend(g.mul(d), g.compare(NE, 0));
    }

    private static FloatVector sigmoid(FloatVector x) {
        FloatVector e = Elementary.exp(x.abs().neg());
        return v(1).blend(e, x.lt(0)).div(e.add(1));
    }

    private static FloatVector sechSquared(FloatVector g, FloatVector x) {
        FloatVector e = Elementary.exp(x.abs().neg()), sech = e.add(e).div(e.fma(e, v(1)));
        return v(0).blend(g.mul(sech).mul(sech), g.compare(NE, 0));
    }

    /** g (sech(x / 2) / 2)^2 */
    private static FloatVector sigmoidSlope(FloatVector g, FloatVector x) {
        FloatVector e = Elementary.exp(x.abs().mul(-0.5f)), root = e.div(e.fma(e, v(1)));
        return v(0).blend(g.mul(root).mul(root), g.compare(NE, 0));
    }

    private static FloatVector sigmoidSub(FloatVector x, FloatVector t) {
        FloatVector e = Elementary.exp(x.abs().neg()), less = e.div(e.add(1));
        return v(1).sub(t).sub(less).blend(less.sub(t), x.lt(0));
    }

    /** log(1 + x) from {@code log} = log(fl(1 + x)), corrected for the rounding of 1 + x. */
    private static FloatVector log1p(FloatVector x, FloatVector log) {
        FloatVector u = x.add(1), lost = x.sub(u.sub(1));
        return log.add(lost.div(u)).blend(x, x.abs().lt(0x1p-60f).or(x.eq(Float.POSITIVE_INFINITY)))
                .blend(Float.NEGATIVE_INFINITY, x.eq(-1));
    }

    private static FloatVector gelu(FloatVector x, FloatVector t) {
        FloatVector y = FloatErf.erfc(x.mul(ROOT), t).mul(0.5f).mul(x);
        return y.blend(-0f, x.eq(Float.NEGATIVE_INFINITY));
    }
}
