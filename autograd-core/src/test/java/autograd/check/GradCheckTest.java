package autograd.check;

import static autograd.array.DType.F64;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Op;
import autograd.arbitraries.TensorArbitraries;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.check.Report.Verdict;
import autograd.kernels.Kernels;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.util.List;

class GradCheckTest {
    private static Tensor t(double... values) { return Tensor.of(F64, values); }

    /** A user's operation. */
    record Cube() implements Op.Unary {
        public NdArray forward(NdArray... in) { return Kernels.get().map(x -> x * x * x, in[0]); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.square().mul(3)); }
    }

    // ---- in one line

    @Test
    void aFunctionInOneLine() {
        assertDoesNotThrow(() -> GradCheck.of(x -> x.tanh().square()).verify(t(0.3, -1)));
        assertDoesNotThrow(() -> GradCheck.of(Tensor::matmul).verify(t(1, 2), t(3, 4)));
        assertDoesNotThrow(() -> GradCheck.ofAll(in -> in[0].mul(in[1]).add(in[2])).verify(t(1), t(2), t(3)));
    }

    @Test
    void anOpInOneLine() { assertDoesNotThrow(() -> GradCheck.of(new Cube()).order(3).verify(t(1, -2, 0))); }

    @Provide
    Arbitrary<Tensor> tensors() {
        return TensorArbitraries.shapes().flatMap(s -> TensorArbitraries.tensors(s, Op.Domain.REALS));
    }

    @Property(tries = 50)
    void anOpInAProperty(@ForAll("tensors") Tensor x) {
        assertEquals(Verdict.PASSED, GradCheck.of(new Cube()).check(x).verdict());
    }

    // ---- verdicts

    @Test
    void aReportSaysWhereAndHowMuch() {
        Report r = GradCheck.of(x -> x.exp().mul(Tensor.zerosLike(x).add(x.detach()))).name("f").check(t(1, 2));
        assertEquals(Verdict.FAILED, r.verdict());
        assertEquals(1, r.place().order());
        assertEquals(0, r.place().input());
        assertEquals(List.of(0), r.place().element());
        assertEquals(List.of(0), r.place().output());
        assertEquals(Math.E, r.analytic(), 1e-14);
        assertEquals(2 * Math.E, r.numeric(), 1e-11);
        assertTrue(r.estimate() < 1e-10 && r.tolerance() < 4e-10, r::toString);
        String message = assertThrows(AssertionError.class, r::verify).getMessage();
        assertEquals("""
                FAILED: f (5 comparisons, seed 0)
                  derivative of order 1 of output[0] by input 0[0]
                    tape     2.718281828459045
                    numeric  %s  (estimated error %.2g)
                    apart    2.7  (allowed %.2g)
                  the tape gives 0.5 times the slope""".formatted(r.numeric(), r.estimate(), r.tolerance()), message);
    }

    @Test
    void aWrongSignIsNamed() {
        Report r = GradCheck.of(x -> x.detach().mul(2).sub(x)).check(t(1));
        assertEquals(Verdict.FAILED, r.verdict());
        assertTrue(r.hint().contains("negative of the slope"), r::toString);
    }

    @Test
    void aDetachedInputIsExplained() {
        Report r = GradCheck.of(x -> x.detach().square()).check(t(1, 2));
        assertEquals(Verdict.FAILED, r.verdict());
        assertEquals(0, r.analytic());
        assertTrue(r.hint().contains("detached"), r::toString);
    }

    @Test
    void nanFromTheTapeFails() {
        Report r = GradCheck.of(x -> x.mul(1).add(x.sub(x).sqrt().where(x.lt(-9), 0)).add(x.sub(x).mul(t(1e200)
                .mul(1e200)).where(x.gt(9), 0))).order(1).check(t(1));
        assertEquals(Verdict.PASSED, r.verdict(), r::toString); // the law of the zero cotangent at work
        record Nan() implements Op.Unary {
            public NdArray forward(NdArray... in) { return in[0]; }

            public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.sub(g).div(g.sub(g)); }
        }
        r = GradCheck.of(new Nan()).check(t(1));
        assertEquals(Verdict.FAILED, r.verdict());
        assertTrue(r.hint().contains("NaN"), r::toString);
    }

    @Test
    void aMistakeOfSecondOrderIsPlaced() {
        Report r = GradCheck.of(x -> x.exp().apply(new Scaled())).check(t(1));
        assertEquals(Verdict.FAILED, r.verdict());
        assertEquals(2, r.place().order());
        assertTrue(r.toString().contains("derivative of order 2"), r::toString);
        assertEquals(Verdict.PASSED, GradCheck.of(x -> x.exp().apply(new Scaled())).order(1).check(t(1)).verdict());
    }

    /** x^2, whose rule hides x from outer tapes. */
    record Scaled() implements Op.Unary {
        public NdArray forward(NdArray... in) { return Kernels.get().map(x -> x * x, in[0]); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.mul(x.detach().mul(2)); }
    }

    @Test
    void kinksAreInconclusive() {
        for (Report r : List.of(GradCheck.of(Tensor::relu).check(t(0)), GradCheck.of(Tensor::abs).check(t(1, 0)),
                GradCheck.of(x -> x.max()).check(t(2, 2, 1)), GradCheck.of(x -> x.sub(1e-13).relu()).check(t(0)))) {
            assertEquals(Verdict.INCONCLUSIVE, r.verdict(), r::toString);
            assertTrue(r.kink(), r::toString);
            assertTrue(r.hint().contains("kink"), r::toString);
            assertThrows(AssertionError.class, r::verify);
        }
    }

    @Test
    void closeToAKinkIsStillDecided() {
        for (double x : new double[]{1e-2, 1e-3, 1e-5, -1e-4}) {
            Report r = GradCheck.of(Tensor::relu).check(t(x));
            assertEquals(Verdict.PASSED, r.verdict(), r::toString);
        }
    }

    @Test
    void jumpsPolesAndTheEdgeOfADomainAreInconclusive() {
        for (Report r : List.of(GradCheck.of(Tensor::sign).check(t(0)), GradCheck.of(Tensor::reciprocal).check(t(0)),
                GradCheck.of(Tensor::sqrt).check(t(0)), GradCheck.of(Tensor::log).check(t(-1, 2)))) {
            assertEquals(Verdict.INCONCLUSIVE, r.verdict(), r::toString);
            assertTrue(r.inconclusive() > 0 && r.inconclusive() <= r.compared());
        }
    }

    @Test
    void scalesFarFromOneAreDecidedToo() {
        for (Report r : List.of(GradCheck.of(Tensor::log).check(t(1e-6, 1, 1e6)),
                GradCheck.of(Tensor::reciprocal).check(t(1e-4, 1e4)),
                GradCheck.of(x -> x.mul(1e6).tanh()).check(t(1e-7)), GradCheck.of(x -> x.mul(1e-9)).check(t(1, 2))))
            assertEquals(Verdict.PASSED, r.verdict(), r::toString);
        assertEquals(Verdict.FAILED, GradCheck.of(x -> x.mul(1e-9).add(x.detach().mul(1e-12))).check(t(1)).verdict());
        assertEquals(Verdict.FAILED, GradCheck.of(x -> x.detach().mul(1e-9).add(1)).check(t(1)).verdict());
    }

    @Test
    void largeFunctionsAreCheckedInDirections() {
        Tensor w = Tensor.randn(F64, new Rng(1), 30, 20), x = Tensor.randn(F64, new Rng(2), 8, 30);
        Report r = GradCheck.of((a, b) -> a.matmul(b).tanh()).check(x, w);
        assertEquals(Verdict.PASSED, r.verdict(), r::toString);
        assertNull(r.place().element());
        r = GradCheck.of((a, b) -> a.matmul(b).add(a.detach().matmul(b).mul(1e-6))).check(x, w);
        assertEquals(Verdict.FAILED, r.verdict(), r::toString);
        assertEquals(0, r.place().input());
    }

    @Test
    void emptyComparisonPasses() {
        assertEquals(Verdict.PASSED, GradCheck.of(Tensor::exp).check(Tensor.zeros(F64, 0, 3)).verdict());
        assertEquals(Verdict.PASSED, GradCheck.of(x -> x.sum()).check(Tensor.zeros(F64, 0)).verdict());
        assertEquals(Verdict.PASSED, GradCheck.of(x -> Tensor.scalar(F64, 3)).check(t(1)).verdict());
    }

    // ---- side effects and errors

    @Test
    void itDoesNotDisturbAnOpenTape() {
        Variable v = new Variable(t(2));
        try (var tape = new GradientTape()) {
            Tensor y = v.square();
            assertEquals(Verdict.PASSED, GradCheck.of(x -> x.mul(v).tanh()).check(v).verdict());
            assertEquals(4, tape.gradient(y, v).item());
        }
    }

    @Test
    void sameSeedSameReport() {
        GradCheck check = GradCheck.of(Tensor::tanh).seed(7);
        assertEquals(check.check(t(1, 2)), check.check(t(1, 2)));
        assertEquals(7, check.seed());
        assertEquals(3, check.order(3).order());
        assertSame(check.function(), check.order(3).name("f").function());
    }

    @Test
    void singlePrecisionIsRefused() {
        assertEquals("input 1 of matmul is f32; a slope needs f64: Tensor.of(DType.F64, ..) or x.to(DType.F64)",
                assertThrows(IllegalArgumentException.class,
                        () -> GradCheck.of(Tensor::matmul).name("matmul").check(t(1), Tensor.of(1))).getMessage());
        assertEquals("f computes f32 from f64; a slope needs f64",
                assertThrows(IllegalArgumentException.class,
                        () -> GradCheck.of(x -> x.to(autograd.array.DType.F32)).name("f").check(t(1))).getMessage());
    }

    @Test
    void aFunctionThatChangesIsRefused() {
        Rng rng = new Rng(1);
        assertEquals("f gave two values at the same inputs; make any Rng it uses inside it, from a fixed seed",
                assertThrows(IllegalArgumentException.class,
                        () -> GradCheck.of(x -> x.mul(rng.nextDouble())).name("f").check(t(1))).getMessage());
    }

    @Test
    void orderZeroIsRefused() {
        assertEquals("order must be at least 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> GradCheck.of(Tensor::exp).order(0)).getMessage());
    }
}
