package autograd.plain;

import static autograd.plain.Definitions.Trait.CONSTANT;
import static autograd.plain.Definitions.Trait.STATIC;
import static autograd.plain.Given.Type.DTYPE;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.longs;

import autograd.plain.Given.Dims;

import java.util.function.Function;
import java.util.stream.IntStream;

/** Tensors made of nothing but a shape and a number. */
final class PlainFactories extends Definitions {
    PlainFactories() {
        make("zeros", 0);
        make("ones", 1);
        for (int with = 0; with < 2; with++) {
            int first = with;
            factory("full", d -> first == 0 ? Given.of(1.5, d.dims(0, 3)) : Given.of(DTYPE, 1.5, d.dims(0, 3)),
                    g -> Plain.of(longs(g.integers(first + 1)), _ -> g.number(first)));
            factory("eye", d -> first == 0 ? Given.of(d.in(0, 4)) : Given.of(DTYPE, d.in(0, 4)), g -> {
                long n = g.integer(first);
                return Plain.of(new long[]{n, n}, i -> i[0] == i[1] ? 1 : 0);
            });
        }
        factory("arange", d -> Given.of(d.in(0, 5)),
                g -> Plain.of(new long[]{Math.max(0, g.integer(0))}, i -> i[0]));
        factory("arange", d -> Given.of(DTYPE, -1.0 * d.in(0, 3), 1.0 * d.in(0, 3), d.of(0.5, 0.75, -0.5, 1.0)), g -> {
            double begin = g.number(1), end = g.number(2), step = g.number(3);
            long n = 0;
            while (step > 0 ? begin + n * step < end : begin + n * step > end)
                n++;
            return Plain.of(new long[]{n}, i -> begin + i[0] * step);
        });
        for (int with = 0; with < 2; with++) {
            int first = with;
            factory("linspace",
                    d -> first == 0 ? Given.of(-1.5, 2.0, d.in(0, 7)) : Given.of(DTYPE, 3.0, -0.7, d.in(0, 7)),
                    g -> {
                        long n = g.integer(first + 2);
                        return Plain.of(new long[]{n}, i -> n == 1
                                ? g.number(first)
                                : ((n - 1 - i[0]) * g.number(first) + i[0] * g.number(first + 1)) / (n - 1));
                    });
        }
        factory("zerosLike", d -> Given.of(d.any()), g -> Plain.of(g.x().dims(), _ -> 0));
        factory("onesLike", d -> Given.of(d.any()), g -> Plain.of(g.x().dims(), _ -> 1));
        of();
    }

    private void factory(String method, Function<Draw, Given> draw, Function<Given, Object> plain) {
        define(method, draw, plain, STATIC, CONSTANT);
    }

    private void make(String method, double value) {
        factory(method, d -> Given.of(d.dims(0, 3)), g -> Plain.of(longs(g.integers(0)), _ -> value));
        factory(method, d -> Given.of(DTYPE, d.dims(0, 3)), g -> Plain.of(longs(g.integers(1)), _ -> value));
        factory(method, d -> Given.of(DTYPE, new Dims(d.dims(0, 3))), g -> Plain.of(longs(g.dims(1)), _ -> value));
    }

    private void of() {
        factory("of", d -> Given.of(d.any().values()), g -> values((double[]) g.all().get(0)));
        factory("of", d -> Given.of(DTYPE, d.any().values()), g -> values((double[]) g.all().get(1)));
        factory("of", d -> Given.of(floats(d.any())), g -> values(doubles((float[]) g.all().get(0))));
        factory("of", d -> {
            Plain x = d.any();
            return Given.of(DTYPE, x.values(), x.dims());
        }, g -> shaped((double[]) g.all().get(1), g.integers(2)));
        factory("of", d -> {
            Plain x = d.any();
            return Given.of(floats(x), x.dims());
        }, g -> shaped(doubles((float[]) g.all().get(0)), g.integers(1)));
        for (int with = 0; with < 2; with++) {
            int first = with;
            factory("of", d -> first == 0 ? Given.of((Object) rows(d)) : Given.of(DTYPE, rows(d)), g -> {
                double[][] rows = (double[][]) g.all().get(first);
                return Plain.of(new int[]{rows.length, rows.length == 0 ? 0 : rows[0].length}, i -> rows[i[0]][i[1]]);
            });
            factory("scalar", _ -> first == 0 ? Given.of(0.75) : Given.of(DTYPE, 0.75),
                    g -> Plain.of(new int[0], _ -> g.number(first)));
        }
    }

    private static double[][] rows(Draw d) {
        int m = d.extent(), n = d.extent();
        return IntStream.range(0, m).mapToObj(_ -> d.array(n).values()).toArray(double[][]::new);
    }

    private static float[] floats(Plain x) {
        float[] out = new float[x.size()];
        for (int i = 0; i < out.length; i++)
            out[i] = (float) x.values()[i];
        return out;
    }

    private static double[] doubles(float... x) {
        return IntStream.range(0, x.length).mapToDouble(i -> x[i]).toArray();
    }

    private static Plain values(double... values) { return shaped(values, values.length); }

    private static Plain shaped(double[] values, int... dims) {
        Plain y = Plain.zeros(longs(dims));
        demand(y.size() == values.length, "a value for each element");
        return new Plain(y.dims(), values);
    }
}
