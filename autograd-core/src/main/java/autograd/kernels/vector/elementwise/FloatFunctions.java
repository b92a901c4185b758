package autograd.kernels.vector.elementwise;

import static autograd.kernels.vector.hotspot.FloatSpecies.S;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.SQRT;

import jdk.incubator.vector.FloatVector;

import java.util.List;
import java.util.Map;

/** The functions that have a vector version, by the names of their classes. */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatFunctions {

    private static final float ROOT = (float) -Math.sqrt(0.5);

    /** In one stage, for most. */
    static final Map<String, List<FloatFunction>> BY_NAME = Map.ofEntries( //
            // arithmetic
            one("Elementwise$Add", (a, b, _, _) -> a.add(b)), //
            one("Elementwise$Sub", (a, b, _, _) -> a.sub(b)), //
            one("Elementwise$Mul", (a, b, _, _) -> a.mul(b)), //
            one("Elementwise$Zmul", (a, b, _, _) -> zmul(a, b)), //
            one("Elementwise$Div", (a, b, _, _) -> a.div(b)), //
            one("Elementwise$Neg", (x, _, _, _) -> x.neg()), //
            one("Elementwise$Reciprocal", (x, _, _, _) -> v(1).div(x)), //
            one("Elementwise$Abs", (x, _, _, _) -> x.abs()), //
            one("Elementwise$Sign", (x, _, _, _) -> x.blend(1, x.compare(GT, 0)).blend(-1, x.lt(0))), //
            one("Elementwise$Maximum", (a, b, _, _) -> a.max(b)), //
            one("Elementwise$Minimum", (a, b, _, _) -> a.min(b)), //
            one("Elementwise$Clamp", (x, _, p, q) -> x.max(p).min(q)), //
            // powers, exponentials, logarithms
            one("Functions$Square", (x, _, _, _) -> x.mul(x)), //
            one("Functions$Cube", (x, _, _, _) -> x.mul(x).mul(x)), //
            one("Functions$Sqrt", (x, _, _, _) -> x.lanewise(SQRT)), //
            one("Functions$Rsqrt", (x, _, _, _) -> v(1).div(x.lanewise(SQRT))), //
            one("Functions$Exp", (x, _, _, _) -> Elementary.exp(x)), //
            one("Functions$Expm1", (x, _, _, _) -> Elementary.expm1(x)), //
            one("Functions$Log", (x, _, _, _) -> Elementary.log(x)), //
            stages("Functions$Log1p", (x, _, _, _) -> Elementary.log(x.add(1)), (x, l, _, _) -> log1p(x, l)), //
            one("Functions$Tanh", (x, _, _, _) -> Elementary.tanh(x)), //
            one("Functions$TanhVjp", (g, y, _, _) -> zmul(g, y.neg().fma(y, v(1)))), //
            stages("Functions$Erf", (x, _, _, _) -> FloatErf.bell(x), (x, e, _, _) -> FloatErf.bell(x, e),
                    (x, e, _, _) -> FloatErf.far(x, e), (x, e, _, _) -> FloatErf.tail(x, e),
                    (x, t, _, _) -> FloatErf.erf(x, t)), //
            stages("Functions$Erfc", (x, _, _, _) -> FloatErf.bell(x), (x, e, _, _) -> FloatErf.bell(x, e),
                    (x, e, _, _) -> FloatErf.far(x, e), (x, e, _, _) -> FloatErf.tail(x, e),
                    (x, t, _, _) -> FloatErf.erfc(x, t)), //
            // activations
            one("Activations$Sigmoid", (x, _, _, _) -> sigmoid(x)), //
            one("Activations$SigmoidVjp", (g, y, _, _) -> zmul(g, y.mul(v(1).sub(y)))), //
            one("Activations$Relu", (x, _, _, _) -> x.max(0)), //
            one("Activations$ReluVjp", (g, y, _, _) -> v(0).blend(g, y.compare(GT, 0))), //
            stages("Activations$LogSigmoid", (x, _, _, _) -> Elementary.exp(x.abs().neg()),
                    (x, e, _, _) -> x.min(0).sub(Elementary.log1p(e))), //
            stages("Activations$Softplus", (x, _, _, _) -> Elementary.exp(x.abs().neg()),
                    (x, e, _, _) -> x.max(0).add(Elementary.log1p(e))), //
            one("Activations$LeakyRelu", (x, _, p, _) -> x.mul(p).blend(x, x.compare(GT, 0))), //
            one("Activations$Elu", (x, _, p, _) -> Elementary.expm1(x).mul(p).blend(x, x.compare(GT, 0))), //
            stages("Activations$Gelu", (x, _, _, _) -> FloatErf.bell(x.mul(ROOT)),
                    (x, e, _, _) -> FloatErf.bell(x.mul(ROOT), e),
                    (x, e, _, _) -> FloatErf.far(x.mul(ROOT), e),
                    (x, e, _, _) -> FloatErf.tail(x.mul(ROOT), e), (x, t, _, _) -> gelu(x, t)));

    private static Map.Entry<String, List<FloatFunction>> one(String name, FloatFunction f) {
        return Map.entry(name, List.of(f));
    }

    /** Each stage gets what the one before it made. */
    private static Map.Entry<String, List<FloatFunction>> stages(String name, FloatFunction... stages) {
        return Map.entry(name, List.of(stages));
    }

    private FloatFunctions() {}

    private static FloatVector v(double c) { return FloatVector.broadcast(S, (float) c); }

    /** The product, 0 where g is. */
    private static FloatVector zmul(FloatVector g, FloatVector d) {
        return v(0).blend(g.mul(d), g.compare(NE, 0));
    }

    private static FloatVector sigmoid(FloatVector x) {
        FloatVector e = Elementary.exp(x.abs().neg());
        return v(1).blend(e, x.lt(0)).div(e.add(1));
    }

    /** log(1 + x), where what was lost in 1 + x is made good, of its logarithm. */
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
