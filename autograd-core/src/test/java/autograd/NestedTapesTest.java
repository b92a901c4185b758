package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.array.DType;
import autograd.array.NdArray;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.UnaryOperator;

/** An outer tape records the playback of an inner one, which gives higher derivatives. */
class NestedTapesTest {
    private static Tensor f64(double... values) { return Tensor.of(DType.F64, values); }

    private static Tensor number(double x) { return Tensor.scalar(DType.F64, x); }

    /** The derivative of a function of one number, as another such function. */
    private static UnaryOperator<Tensor> grad(UnaryOperator<Tensor> f) {
        return x -> {
            try (var tape = new GradientTape()) {
                Tensor in = tape.watch(x);
                return tape.gradient(f.apply(in), List.of(in)).of(in, Unconnected.ZERO);
            }
        };
    }

    @Test
    void derivativesOfDerivatives() {
        UnaryOperator<Tensor> cubic = x -> x.mul(x).mul(x).add(x.square());
        assertEquals(3 * 4 + 2 * 2, grad(cubic).apply(number(2)).item());
        assertEquals(6 * 2 + 2, grad(grad(cubic)).apply(number(2)).item());
        assertEquals(6, grad(grad(grad(cubic))).apply(number(2)).item());
        assertEquals(0, grad(grad(grad(grad(cubic)))).apply(number(2)).item());
    }

    @Test
    void thirdDerivativeOfTanh() {
        for (double x : new double[]{-2, -0.3, 0, 0.7, 1.9}) {
            double t = Math.tanh(x), expected = (6 * t * t - 2) * (1 - t * t);
            assertEquals(expected, grad(grad(grad(Tensor::tanh))).apply(number(x)).item(), 1e-12);
        }
    }

    @Test
    void aZeroCotangentDoesNotHideTheSecondDerivative() {
        assertEquals(2, grad(grad(x -> x.tanh().square())).apply(number(0)).item(), 1e-15);
        assertEquals(2, grad(grad(Tensor::square)).apply(number(0)).item());
    }

    @Test
    void exponentialIsItsOwnDerivativeOfEveryOrder() {
        UnaryOperator<Tensor> f = Tensor::exp;
        for (int order = 0; order <= 6; order++, f = grad(f))
            assertEquals(Math.exp(0.5), f.apply(number(0.5)).item(), 1e-12, "order " + order);
    }

    @Test
    void hessianOfRosenbrock() {
        double[] at = {-1.2, 1};
        double[][] hessian = new double[2][];
        try (var outer = new GradientTape().persistent()) {
            Tensor x = outer.watch(f64(at)), g;
            try (var inner = new GradientTape()) {
                Tensor a = x.slice(0, 0, 1), b = x.slice(0, 1, 2);
                g = inner.gradient(b.sub(a.square()).square().mul(100).add(a.neg().add(1).square()), x);
            }
            for (int i = 0; i < 2; i++)
                hessian[i] = outer.gradient(g.slice(0, i, i + 1), x).toDoubleArray();
        }
        assertArrayEquals(new double[]{1200 * 1.44 - 400 + 2, 480}, hessian[0], 1e-10);
        assertArrayEquals(new double[]{480, 200}, hessian[1], 1e-10);
    }

    @Test
    void gradientPenaltyTrainsTheVariable() {
        Variable w = new Variable("w", f64(1, -2));
        try (var outer = new GradientTape()) {
            Tensor g;
            try (var inner = new GradientTape()) {
                Tensor x = inner.watch(f64(3, 5));
                g = inner.gradient(w.mul(x.square()).sum(), x); // 2 w x
            }
            Tensor penalty = g.square().sum(); // 4 w^2 x^2, of slope 8 w x^2
            assertArrayEquals(new double[]{72, -400}, outer.gradient(penalty, w).toDoubleArray(), 1e-12);
        }
    }

    @Test
    void aTapeRecordsTheInnerOnesForwardPassToo() {
        Variable w = new Variable("w", number(3));
        try (var outer = new GradientTape()) {
            Tensor y;
            try (var inner = new GradientTape()) {
                y = w.square();
                assertEquals(6, inner.gradient(y, w).item());
            }
            assertEquals(12, outer.gradient(y.mul(2), w).item());
        }
    }

    @Test
    void aPersistentInnerTapeIsAskedTwiceUnderAnOuterOne() {
        Variable x = new Variable("x", number(2)), y = new Variable("y", number(3));
        try (var outer = new GradientTape().persistent()) {
            Tensor dx, dy;
            try (var inner = new GradientTape().persistent()) {
                Tensor f = x.square().mul(y.square()); // x^2 y^2
                dx = inner.gradient(f, x);
                dy = inner.gradient(f, y);
            }
            assertEquals(36, dx.item());
            assertEquals(24, dy.item());
            assertEquals(18, outer.gradient(dx, x).item());
            assertEquals(24, outer.gradient(dx, y).item());
            assertEquals(24, outer.gradient(dy, x).item());
            assertEquals(8, outer.gradient(dy, y).item());
        }
    }

    @Test
    void jvpIsTheVjpOfAVjp() {
        double[] x = {0.5, -1, 2}, v = {1, 2, -3};
        try (var outer = new GradientTape()) {
            Tensor g = outer.watch(f64(0, 0, 0)), pulled;
            try (var inner = new GradientTape()) {
                Tensor in = inner.watch(f64(x));
                Tensor y = in.exp().mul(in.sum()); // dy = y dx + e^x sum(dx)
                pulled = inner.gradient(y, g, List.of(in)).of(in);
            }
            double[] pushed = outer.gradient(pulled, f64(v), List.of(g)).of(g).toDoubleArray();
            for (int i = 0; i < 3; i++)
                assertEquals(Math.exp(x[i]) * (1.5 * v[i] + 0), pushed[i], 1e-12);
        }
    }

    @Test
    void hessianVectorProductsWithFreshInnerTapes() {
        double[][] a = {{2, -1}, {-1, 3}}; // f = x.A.x / 2 + sum(x^3), Hessian A + 6 diag(x)
        try (var outer = new GradientTape().persistent()) {
            Tensor x = outer.watch(f64(1, -2));
            for (int k = 0; k < 20; k++) {
                Tensor v = f64(Math.cos(k), Math.sin(k)), gv;
                try (var inner = new GradientTape()) {
                    Tensor f = x.matmul(Tensor.of(DType.F64, a)).mul(x).sum().div(2).add(x.pow(3).sum());
                    gv = inner.gradient(f, x).mul(v).sum();
                }
                double c = Math.cos(k), s = Math.sin(k);
                assertArrayEquals(new double[]{8 * c - s, -c - 9 * s}, outer.gradient(gv, x).toDoubleArray(), 1e-12);
            }
        }
    }

    @Test
    void conjugateGradientStepsEachWithTheirOwnTwoTapes() {
        Variable x = new Variable("x", f64(1, 2, 3));
        for (int k = 1; k <= 50; k++) {
            Tensor v = f64(k, -1, 2);
            try (var outer = new GradientTape()) {
                Tensor g;
                try (var inner = new GradientTape()) {
                    g = inner.gradient(x.pow(3).sum(), x);
                }
                assertArrayEquals(new double[]{6 * k, -12, 36},
                        outer.gradient(g, v, List.of(x)).of(x).toDoubleArray(), 1e-12);
            }
        }
    }

    @Test
    void aTapeNeverRecordsItsOwnPlayback() {
        Variable w = new Variable("w", number(3));
        try (var tape = new GradientTape().persistent()) {
            Tensor g = tape.gradient(w.pow(3), w);
            Tensor y = g.mul(w); // g is a constant here: 27
            assertEquals(27, tape.gradient(y, w).item());
            assertThrows(IllegalStateException.class, () -> tape.gradient(g, w));
        }
    }

    @Test
    void innerTapeDoesNotRecordItsPlaybackThoughTheOuterDoes() {
        Variable w = new Variable("w", number(3));
        try (var outer = new GradientTape()) {
            Tensor y;
            try (var inner = new GradientTape().persistent()) {
                Tensor g = inner.gradient(w.pow(3), w); // 3 w^2
                y = g.mul(w);
                assertEquals(27, inner.gradient(y, w).item());
            }
            assertEquals(81, outer.gradient(y, w).item()); // y = 3 w^3
        }
    }

    @Test
    void aTapeOpenedWhilePausedStandsAlone() {
        Variable w = new Variable("w", number(3));
        try (var outer = new GradientTape()) {
            Tensor y = w.square();
            double[] inside = GradientTape.paused(() -> {
                try (var alone = new GradientTape()) {
                    Tensor z = w.mul(y); // y is from outside: a leaf
                    Gradients g = alone.gradient(z, List.of(w, y));
                    return new double[]{g.of(w).item(), g.of(y).item()};
                }
            });
            assertArrayEquals(new double[]{9, 3}, inside);
            assertEquals(6 + 1, outer.gradient(y.add(w), w).item());
        }
    }

    @Test
    void aVariableFirstUsedUnderATapeThatStandsAloneIsStillTrackedLater() {
        Variable w = new Variable("w", number(3));
        try (var outer = new GradientTape()) {
            double inside = GradientTape.paused(() -> {
                try (var alone = new GradientTape()) {
                    return alone.gradient(w.square(), w).item();
                }
            });
            assertEquals(6, inside);
            assertEquals(27, outer.gradient(w.pow(3), w).item());
        }
    }

    @Test
    void tapesStandingAloneNestAgain() {
        Variable w = new Variable("w", number(3));
        try (var _ = new GradientTape()) {
            w.exp();
            double second = GradientTape.paused(() -> grad(grad(x -> x.pow(3))).apply(w).item());
            assertEquals(18, second);
        }
    }

    /** Recomputes f at playback instead of storing its intermediate results: checkpointing. */
    private record Recomputed(UnaryOperator<Tensor> f) implements Op.Unary {
        @Override
        public NdArray forward(NdArray... in) { return GradientTape.paused(() -> f.apply(Tensor.of(in[0])).array()); }

        @Override
        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            try (var tape = new GradientTape()) {
                Tensor again = tape.watch(x);
                return tape.gradient(f.apply(again), g, List.of(again)).of(again);
            }
        }
    }

    @Test
    void aRuleMayOpenATape() {
        Variable w = new Variable("w", number(0.5));
        UnaryOperator<Tensor> f = x -> x.exp().mul(x), g = x -> x.apply(new Recomputed(f));
        for (int order = 0; order <= 3; order++) {
            assertEquals((0.5 + order) * Math.exp(0.5), g.apply(w).item(), 1e-12, "order " + order);
            g = grad(g);
        }
    }

    @Test
    void aRuleThatOpensATapeMayCaptureVariables() {
        Variable w = new Variable("w", number(3)), late = new Variable("late", number(2));
        try (var tape = new GradientTape().persistent()) {
            Tensor x = tape.watch(number(5)), before = w.square();
            Tensor y = x.square().apply(new Recomputed(in -> in.mul(w).mul(late).mul(before)));
            Tensor z = y.add(before);
            for (int pass = 0; pass < 2; pass++) {
                Gradients g = tape.gradients(z);
                assertEquals(2 * 5 * 3 * 2 * 9, g.of(x).item());
                assertEquals(6, g.of(w).item()); // what the op captures, it declares no input
            }
            assertEquals(25 * 3 * 2 * 9 + 9, tape.gradient(z.mul(late), late).item());
        }
    }

    @Test
    void aTapeInARuleIsSeenByTheOuterTapeAlone() {
        Variable w = new Variable("w", number(3));
        record Square() implements Op.Unary { // whose rule computes 2 x under a tape of its own
            @Override
            public NdArray forward(NdArray... in) { return Tensor.of(in[0]).square().array(); }

            @Override
            public Tensor vjp(Tensor g, Tensor x, Tensor y) {
                try (var _ = new GradientTape()) {
                    return g.mul(x.mul(2));
                }
            }
        }
        try (var outer = new GradientTape()) {
            try (var inner = new GradientTape().persistent()) {
                Tensor g = inner.gradient(w.apply(new Square()), w);
                assertThrows(IllegalStateException.class, () -> inner.gradient(g, w));
                assertEquals(2, outer.gradient(g, w).item());
            }
        }
    }

    @Test
    void innerTapeGivesGradientsOfTensorsOfTheOuter() {
        Variable w = new Variable("w", number(3));
        try (var outer = new GradientTape()) {
            Tensor h = w.square(), dh;
            try (var inner = new GradientTape()) {
                dh = inner.gradient(h.pow(3), h); // 3 h^2 = 3 w^4
            }
            assertEquals(243, dh.item());
            assertEquals(12 * 27, outer.gradient(dh, w).item());
        }
    }

    @Test
    void anOuterTapeHasNoMoreThanItsDueAfterManyInnerOnes() {
        Variable w = new Variable("w", number(3));
        try (var outer = new GradientTape()) {
            Tensor sum = number(0);
            for (int k = 0; k < 5; k++)
                try (var inner = new GradientTape()) {
                    sum = sum.add(inner.gradient(w.pow(3), w));
                }
            assertEquals(5 * 18, outer.gradient(sum, w).item());
        }
    }
}
