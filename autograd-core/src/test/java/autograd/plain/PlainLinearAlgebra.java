package autograd.plain;

import static autograd.plain.Definitions.Trait.REGULAR;
import static autograd.plain.Definitions.Trait.ROUGH;
import static autograd.plain.Definitions.Trait.STATIC;
import static autograd.plain.Plain.axis;
import static autograd.plain.Plain.concat;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.insert;
import static autograd.plain.Plain.longs;
import static autograd.plain.Plain.with;
import static autograd.plain.Plain.without;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Products, and systems of equations by determinants: Laplace's expansion and Cramer's rule. */
final class PlainLinearAlgebra extends Definitions {
    PlainLinearAlgebra() {
        products();
        define("einsum", PlainEinsum::draw, PlainEinsum::of, STATIC);
        systems();
    }

    private void products() {
        define("matmul", d -> {
            int[] lead = d.few(0, 2);
            int m = d.extent(), k = d.extent(), n = d.extent(), vector = d.in(0, 5);
            int[] left = vector == 0 ? new int[]{k} : concat(d.part(lead), m, k),
                    right = vector == 1 ? new int[]{k} : concat(d.part(lead), k, n);
            return Given.of(d.array(left), d.array(right));
        }, g -> matmul(g.x(), g.plain(1)));
        distances();
        define("dot", d -> {
            int n = d.extent();
            return Given.of(d.array(n), d.array(n));
        }, g -> {
            demand(g.x().rank() == 1 && g.plain(1).rank() == 1, "two vectors");
            return matmul(g.x(), g.plain(1));
        });
        define("outer", d -> Given.of(d.array(d.extent()), d.array(d.extent())), g -> {
            demand(g.x().rank() == 1 && g.plain(1).rank() == 1, "two vectors");
            return Plain.of(new int[]{g.x().dim(0), g.plain(1).dim(0)}, i -> g.x().at(i[0]) * g.plain(1).at(i[1]));
        });
    }

    private static Plain matmul(Plain a, Plain b) {
        demand(a.rank() > 0 && b.rank() > 0, "an axis");
        if (a.rank() == 1 && b.rank() == 1) {
            Plain y = matmul(a.as(1, a.size()), b.as(b.size(), 1));
            return y.as();
        }
        if (a.rank() == 1) {
            Plain y = matmul(a.as(1, a.size()), b);
            return y.as(longs(Plain.without(y.dims(), y.rank() - 2)));
        }
        if (b.rank() == 1) {
            Plain y = matmul(a, b.as(b.size(), 1));
            return y.as(longs(Arrays.copyOf(y.dims(), y.rank() - 1)));
        }
        int m = a.dim(a.rank() - 2), k = a.dim(a.rank() - 1), n = b.dim(b.rank() - 1);
        demand(b.dim(b.rank() - 2) == k, "terms that match");
        int[] lead = Plain.broadcast(Arrays.copyOf(a.dims(), a.rank() - 2), Arrays.copyOf(b.dims(), b.rank() - 2));
        Plain p = a.broadcastTo(concat(lead, m, k)), q = b.broadcastTo(concat(lead, k, n));
        return Plain.of(concat(lead, m, n), i -> {
            double sum = 0;
            for (int t = 0; t < k; t++)
                sum += p.at(with(i, lead.length + 1, t)) * q.at(with(i, lead.length, t));
            return sum;
        });
    }

    // ---- systems

    private void systems() {
        define("det", d -> Given.of(matrices(d)), g -> det(g.x()), ROUGH, REGULAR);
        define("slogdet", d -> Given.of(matrices(d)), g -> {
            Plain det = det(g.x());
            return List.of(Plain.of(det.dims(), i -> Math.signum(det.at(i))),
                    Plain.of(det.dims(), i -> Math.log(Math.abs(det.at(i)))));
        }, ROUGH, REGULAR);
        define("inverse", d -> Given.of(matrices(d)), g -> {
            int n = g.x().dim(g.x().rank() - 1);
            Plain one = Plain.of(new int[]{n, n}, i -> i[0] == i[1] ? 1 : 0);
            return solve(g.x(), one);
        }, ROUGH, REGULAR);
        define("solve", d -> {
            int[] lead = d.few(0, 1);
            int n = d.in(1, 4);
            Plain a = d.regular(concat(d.part(lead), n, n));
            return Given.of(a, d.in(0, 4) == 0 ? d.array(n) : d.array(concat(d.part(lead), n, d.in(0, 3))));
        }, g -> solve(g.x(), g.plain(1)), ROUGH, REGULAR);
        define("cholesky", d -> {
            Plain x = matrices(d);
            int n = x.rank();
            return Given.of(Plain.of(x.dims(), i -> i[n - 1] == i[n - 2] ? Math.abs(x.at(i)) : x.at(i)));
        }, g -> cholesky(g.x()), ROUGH, REGULAR);
    }

    private static Plain matrices(Draw d) {
        int n = d.in(1, 4);
        return d.regular(concat(d.few(0, 2), n, n));
    }

    private static Plain det(Plain x) {
        int rank = x.rank();
        demand(rank >= 2 && x.dim(rank - 1) == x.dim(rank - 2), "square matrices");
        return Plain.of(Arrays.copyOf(x.dims(), rank - 2), i -> det(matrix(x, i)));
    }

    private static double[][] matrix(Plain x, int... lead) {
        double[][] out = new double[x.dim(x.rank() - 2)][x.dim(x.rank() - 1)];
        for (int r = 0; r < out.length; r++)
            for (int c = 0; c < out[r].length; c++)
                out[r][c] = x.at(concat(lead, r, c));
        return out;
    }

    private static double det(double[][] m) {
        double sum = m.length == 0 ? 1 : 0;
        for (int c = 0; c < m.length; c++)
            sum += (c % 2 == 0 ? 1 : -1) * m[0][c] * det(minor(m, c));
        return sum;
    }

    /** Without the first row and a column. */
    private static double[][] minor(double[][] m, int column) {
        return IntStream.range(1, m.length).mapToObj(r -> IntStream.range(0, m.length).filter(c -> c != column)
                .mapToDouble(c -> m[r][c]).toArray()).toArray(double[][]::new);
    }

    private static Plain solve(Plain a, Plain b) {
        int rank = a.rank(), n = a.dim(rank - 1);
        if (b.rank() == 1) {
            Plain y = solve(a, b.as(b.size(), 1));
            return y.as(longs(Arrays.copyOf(y.dims(), y.rank() - 1)));
        }
        int[] lead = Plain.broadcast(Arrays.copyOf(a.dims(), rank - 2), Arrays.copyOf(b.dims(), b.rank() - 2));
        int k = b.dim(b.rank() - 1);
        Plain p = a.broadcastTo(concat(lead, n, n)), q = b.broadcastTo(concat(lead, n, k));
        return Plain.of(concat(lead, n, k), i -> {
            int[] batch = Arrays.copyOf(i, lead.length);
            double[][] m = matrix(p, batch), replaced = matrix(p, batch);
            for (int r = 0; r < n; r++)
                replaced[r][i[lead.length]] = q.at(concat(batch, r, i[lead.length + 1]));
            return det(replaced) / det(m);
        });
    }

    private static Plain cholesky(Plain x) {
        int n = x.dim(x.rank() - 1);
        Plain y = Plain.zeros(longs(x.dims()));
        Plain.forEach(x.dims(), i -> {
            int[] lead = Arrays.copyOf(i, i.length - 2);
            int r = i[i.length - 2], c = i[i.length - 1];
            if (c > r)
                return;
            double sum = (x.at(i) + x.at(concat(lead, c, r))) / 2;
            for (int k = 0; k < c && k < n; k++)
                sum -= y.at(concat(lead, r, k)) * y.at(concat(lead, c, k));
            y.add(r == c ? Math.sqrt(sum) : sum / y.at(concat(lead, c, c)), i);
        });
        return y;
    }

    private void distances() {
        define("cosineSimilarity", d -> {
            int[] dims = d.full(1, 3);
            return Given.of(d.array(dims), d.array(d.part(dims)), -d.in(1, dims.length));
        }, g -> {
            int[] dims = Plain.broadcast(g.x().dims(), g.plain(1).dims());
            int at = axis(g.integer(2), dims.length);
            Plain a = g.x().broadcastTo(dims), b = g.plain(1).broadcastTo(dims);
            return Plain.of(without(dims, at), i -> {
                double[] v = PlainReduction.line(a, at, insert(i, at, 0)),
                        w = PlainReduction.line(b, at, insert(i, at, 0));
                double dot = IntStream.range(0, v.length).mapToDouble(k -> v[k] * w[k]).sum();
                return dot / PlainNormalization.norm(v, 2) / PlainNormalization.norm(w, 2);
            });
        });
        for (boolean choice : new boolean[]{true, false})
            define("pairwiseDistance", d -> {
                int[] dims = d.full(1, 3);
                Plain a = d.array(dims), b = d.array(d.part(dims));
                return choice ? Given.of(a, b, d.of(1.0, 2.0, 3.0)) : Given.of(a, b);
            }, g -> distance(g.x(), g.plain(1), choice ? g.number(2) : 2), Trait.KINKS);
        define("cdist", d -> {
            int[] dims = d.full(2, 3);
            return Given.of(d.array(dims), d.array(with(dims, dims.length - 2, d.in(1, 4))));
        }, g -> {
            int[] a = g.x().dims(), b = g.plain(1).dims();
            return distance(g.x().as(longs(insert(a, a.length - 1, 1))),
                    g.plain(1).as(longs(insert(b, b.length - 2, 1))),
                    2);
        }, Trait.KINKS);
    }

    private static Plain distance(Plain x, Plain y, double p) {
        int[] dims = Plain.broadcast(x.dims(), y.dims());
        int last = dims.length - 1;
        Plain a = x.broadcastTo(dims), b = y.broadcastTo(dims);
        return Plain.of(without(dims, last), i -> PlainNormalization.norm(IntStream.range(0, dims[last])
                .mapToDouble(k -> a.at(insert(i, last, k)) - b.at(insert(i, last, k))).toArray(), p));
    }
}
