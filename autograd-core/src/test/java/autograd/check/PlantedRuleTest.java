package autograd.check;

import static autograd.array.DType.F64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Elementwise;
import autograd.Functions;
import autograd.LinearAlgebra;
import autograd.Normalization;
import autograd.Op;
import autograd.Reduction;
import autograd.Tensor;
import autograd.Trigonometry;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.Report.Verdict;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.stream.Stream;

/** Planted wrong rules: each must be detected, and the right rule that it derives from must pass. */
class PlantedRuleTest {
    /** A rule that replaces an operation's own. */
    interface Rule {
        Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y);
    }

    /** An operation with another rule. */
    record Mutant(String mistake, Op op, int firstOrder, Rule rule, Tensor... in) implements Op {
        @Override
        public NdArray forward(NdArray... in) { return op.forward(in); }

        @Override
        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) { return rule.vjp(i, g, in, y); }

        @Override
        public String toString() { return op.name() + ": " + mistake; }
    }

    /** A mistake that shows in the first derivative. */
    private static Mutant mutant(String mistake, Op op, Rule rule, Tensor... in) {
        return new Mutant(mistake, op, 1, rule, in);
    }

    /** A mistake that shows only in the second derivative. */
    private static Mutant second(String mistake, Op op, Rule rule, Tensor... in) {
        return new Mutant(mistake, op, 2, rule, in);
    }

    private static Tensor x(long seed, int... dims) { return Tensor.randn(F64, new Rng(seed), dims); }

    private static final Op TANH = new Trigonometry.Tanh(), MUL = new Elementwise.Mul(),
            SOFTMAX = new Normalization.Softmax(1), MATMUL = new LinearAlgebra.MatMul(false, false),
            SUM = new Reduction.Sum(new int[]{1}, false), LSE = new Reduction.LogSumExp(new int[]{1}, true);

    static Stream<Mutant> mutants() {
        Tensor x = x(1, 2, 3), y = x(2, 2, 3), a = x(3, 3, 3), b = x(4, 3, 3), row = x(5, 3), big = x(6, 8, 9);
        return Stream.of( //
                // any operation
                mutant("wrong sign", TANH, (i, g, in, r) -> TANH.vjp(i, g, in, r).neg(), x),
                mutant("g ignored", TANH, (i, g, in, r) -> TANH.vjp(i, Tensor.ones(F64, g.shape()), in, r), x),
                mutant("off by 1e-3", TANH, (i, g, in, r) -> TANH.vjp(i, g, in, r).mul(1.001), x),
                mutant("off by 1e-3, one element of 72", TANH, (i, g, in, r) -> TANH.vjp(i, g, in, r)
                        .mul(Tensor.ones(F64, 8, 9).add(one(70, 8, 9).mul(1e-3))), big),
                mutant("off by 1e-9", MUL, (i, g, in, r) -> MUL.vjp(i, g, in, r).mul(1 + 1e-9), x, y),
                mutant("zero", TANH, (i, g, in, r) -> Tensor.zerosLike(in[0]), x),
                mutant("the cotangent squared", TANH, (i, g, in, r) -> TANH.vjp(i, g, in, r).mul(g), x),
                mutant("the cotangent's size", TANH, (i, g, in, r) -> TANH.vjp(i, g.abs(), in, r), x),
                mutant("first element only", TANH, (i, g, in, r) -> TANH.vjp(i, g, in, r).mul(one(0, 2, 3)), x),
                mutant("NaN", TANH, (i, g, in, r) -> TANH.vjp(i, g, in, r).div(0).sub(g.div(0)), x),
                // elementwise
                mutant("dropped term", TANH, (i, g, in, r) -> g, x),
                mutant("of y instead of x", new Functions.Exp(), (i, g, in, r) -> g.mul(r.exp()), x),
                mutant("swapped operands", MUL, (i, g, in, r) -> g.mul(in[i]), x, y),
                mutant("one input forgotten", MUL, (i, g, in, r) -> i == 0 ? g.mul(in[1]) : Tensor.zerosLike(in[1]), x,
                        y),
                mutant("broadcast copies not summed", MUL, (i, g, in, r) -> i == 0
                        ? g.mul(in[1])
                        : g.mul(in[0]).slice(0, 0, 1).reshape(3), x, row),
                mutant("broadcast copies averaged", MUL, (i, g, in, r) -> i == 0
                        ? g.mul(in[1])
                        : g.mul(in[0]).mean(0), x, row),
                // reductions
                mutant("n for n - 1", SUM, (i, g, in, r) -> SUM.vjp(i, g, in, r).mul(2 / 3.0), x),
                mutant("along the wrong axis", new Reduction.Sum(new int[]{0}, false),
                        (i, g, in, r) -> g.reshape(3, 1).broadcastTo(3, 3), a),
                mutant("not normalised", LSE, (i, g, in, r) -> g.mul(in[0].exp()), x),
                // mistakes that a cotangent of ones does not detect
                mutant("zero, right for ones", SOFTMAX, (i, g, in, r) -> Tensor.zerosLike(r), x),
                mutant("sum forgotten", SOFTMAX, (i, g, in, r) -> g.mul(r).mul(r.neg().add(1)), x),
                mutant("sum along the wrong axis", SOFTMAX, (i, g, in, r) -> g.sub(g.mul(r).sum(true, 0)).mul(r), x),
                mutant("mean for sum", SOFTMAX, (i, g, in, r) -> g.sub(g.mul(r).mean(true, 1)).mul(r), x),
                // products
                mutant("g not transposed back", MATMUL, (i, g, in, r) -> i == 0
                        ? g.matmul(in[1].transpose())
                        : g.matmul(in[0]), a, b),
                mutant("b not transposed", MATMUL, (i, g, in, r) -> i == 0
                        ? g.matmul(in[1])
                        : in[0].transpose().matmul(g), a, b),
                mutant("transposed", MATMUL, (i, g, in, r) -> MATMUL.vjp(i, g, in, r).transpose(), a, b),
                mutant("factors swapped", MATMUL, (i, g, in, r) -> i == 0
                        ? in[1].transpose().matmul(g)
                        : in[0].transpose().matmul(g), a, b),
                // right at first order
                second("y detached", TANH, (i, g, in, r) -> TANH.vjp(i, g, in, r.detach()), x),
                second("g detached", TANH, (i, g, in, r) -> TANH.vjp(i, g.detach(), in, r), x),
                second("other input detached", MUL, (i, g, in, r) -> g.mul(in[1 - i].detach()), x, y),
                second("where on the cotangent", TANH,
                        (i, g, in, r) -> TANH.vjp(i, g, in, r).where(g.ne(0), Tensor.zerosLike(g)),
                        x));
    }

    private static Tensor one(int at, int... dims) {
        double[] values = new double[Shape.of(dims).size()];
        values[at] = 1;
        return Tensor.of(F64, values, dims);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isFoundOut(Mutant mutant) {
        for (long seed = 0; seed < 5; seed++) {
            Report report = GradCheck.of(mutant).seed(seed).check(mutant.in);
            assertEquals(Verdict.FAILED, report.verdict(), report::toString);
            assertEquals(mutant.firstOrder, report.place().order(), report::toString);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void theRightRulePasses(Mutant mutant) {
        Report report = GradCheck.of(mutant.op).seed(Arrays.hashCode(mutant.in)).check(mutant.in);
        assertEquals(Verdict.PASSED, report.verdict(), report::toString);
    }
}
