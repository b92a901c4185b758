package autograd;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.check.Report;
import autograd.check.Report.Verdict;

import net.jqwik.api.Example;
import net.jqwik.api.RandomGenerator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tests the tests: plants mistakes in the rule of every operation, and each must be detected.
 */
class MutantTest {
    /** A mistake: a change of the cotangent of input i. */
    private interface Mistake {
        Tensor vjp(Op op, int i, Tensor g, Tensor[] in, Tensor y);
    }

    private static final Map<String, Mistake> MISTAKES = new TreeMap<>(Map.ofEntries( //
            entry("wrong sign", (op, i, g, in, y) -> op.vjp(i, g, in, y).neg()), //
            entry("off by a thousandth", (op, i, g, in, y) -> op.vjp(i, g, in, y).mul(1.001)), //
            entry("a constant too much", (op, i, g, in, y) -> op.vjp(i, g, in, y).add(1e-3)), //
            entry("nothing", (op, i, g, in, y) -> op.vjp(i, g, in, y).mul(0)), //
            entry("g ignored", (op, i, g, in, y) -> op.vjp(i, Tensor.onesLike(g), in, y)), //
            entry("g without its sign", (op, i, g, in, y) -> op.vjp(i, g.abs(), in, y)), //
            entry("g squared", (op, i, g, in, y) -> op.vjp(i, g.square(), in, y)), //
            entry("the other input's", (op, i, g, in, y) -> op.vjp(in.length - 1 - i, g, in, y)), //
            entry("reversed", (op, i, g, in, y) -> op.vjp(i, g, in, y).flip()), //
            entry("a constant to outer tapes", (op, i, g, in, y) -> op.vjp(i, g, in, y).detach()), //
            entry("copies not summed", (op, i, g, in, y) -> firstCopies(op.vjp(i, g, in, y), in[i].shape()))));

    private static final Set<String> NO_SLOPE = Set.of("wrong sign", "off by a thousandth", "nothing", "g ignored",
            "g without its sign", "g squared", "reversed", "a constant to outer tapes");
    private static final Set<String> OF_NO_INPUT = Set.of("the other input's");

    /** Enough cases that some broadcast each input. */
    private static final int CASES = 40;

    /** Mistakes that change nothing, with the reason. */
    private static boolean isEquivalent(Op op, int i, String mistake, int inputs) {
        boolean flat = isFlat(op, i);
        boolean same = op instanceof Elementwise.Add; // both inputs get g
        if (mistake.equals("copies not summed"))
            return !broadcasts(op) || op instanceof Activations.ReluVjp && i == 1;
        return flat && NO_SLOPE.contains(mistake) || (inputs - 1 - i == i || same) && OF_NO_INPUT.contains(mistake);
    }

    private static boolean isFlat(Op op, int i) {
        return op instanceof Elementwise.Floor || op instanceof Elementwise.Ceil
                || op instanceof Elementwise.Round || op instanceof Elementwise.Sign // a staircase has slope 0
                || op instanceof Activations.ReluVjp && i == 1 // y only says where g passes
                || op instanceof SaturatingVjp && i == 1 // x counts only where y is 1, which is no place to
                                                         // differentiate
                || op instanceof Functions.PowScalar p && p.p() == 0; // x^0 is 1
    }

    /** Keeps only the first of the copies that the tape should have summed. */
    private static Tensor firstCopies(Tensor share, Shape to) {
        int lead = share.shape().rank() - to.rank();
        int[] end = IntStream.range(0, share.shape().rank()).map(a -> a < lead ? 1 : to.dim(a - lead)).toArray();
        int[] step = IntStream.of(end).map(_ -> 1).toArray();
        return share.slice(new int[end.length], end, step).reshape(to);
    }

    /** Whether an input can be broadcast, so that the tape has copies to sum. */
    private static boolean broadcasts(Op op) {
        return op instanceof Elementwise.Map2 || op instanceof Elementwise.Where || op instanceof LinearAlgebra.MatMul
                || op instanceof LinearAlgebra.ZmatMul || op instanceof Movement.BroadcastTo;
    }

    /** An operation with a mistake in its rule for one input. */
    private record Mutant(Op op, int input, Mistake mistake) implements Op {
        @Override
        public NdArray forward(NdArray... in) { return op.forward(in); }

        @Override
        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) {
            return i == input ? mistake.vjp(op, i, g, in, y) : op.vjp(i, g, in, y);
        }
    }

    /** The number of mistakes detected, and those that were missed. */
    private static final class Tally {
        private final Set<String> alive = new TreeSet<>();
        private int killed;

        void add(String mutant, boolean found) {
            if (found)
                killed++;
            else
                alive.add(mutant);
        }

        int total() { return killed + alive.size(); }
    }

    @Example
    void everyMistakeIsFoundOut() {
        Tally rules = new Tally(), engine = new Tally();
        for (Class<? extends Op> c : OpCases.all()) {
            List<OpCase> cases = cases(c);
            plantInRules(c, cases, rules);
            plantInEngine(c, cases, engine);
        }
        System.getLogger("proofs").log(System.Logger.Level.INFO,
                "mutants killed: {0} of {1} in rules, {2} of {3} in the engine", rules.killed, rules.total(),
                engine.killed, engine.total());
        assertEquals(Set.of(), rules.alive);
        assertEquals(Set.of(), engine.alive);
        assertTrue(rules.total() > 700, () -> "only " + rules.total() + " mutants of rules were tried");
        assertTrue(engine.total() > 700, () -> "only " + engine.total() + " mutants of the engine were tried");
    }

    private static void plantInRules(Class<? extends Op> c, List<OpCase> cases, Tally tally) {
        int inputs = cases.getFirst().inputs().size();
        for (int i = 0; i < inputs; i++)
            for (var mistake : MISTAKES.entrySet()) {
                int input = i;
                List<OpCase> fitting = cases.stream()
                        .filter(k -> !isEquivalent(k.op(), input, mistake.getKey(), inputs)).toList();
                if (!fitting.isEmpty())
                    tally.add(c.getSimpleName() + ", input " + i + ": " + mistake.getKey(), fitting.stream()
                            .anyMatch(k -> isFoundOut(new Mutant(k.op(), input, mistake.getValue()), k.in(),
                                    cases.indexOf(k))));
            }
    }

    /** An operation in a program with shared values and dead branches, played back with a mistake. */
    private static void plantInEngine(Class<? extends Op> c, List<OpCase> cases, Tally tally) {
        List<OpCase> sloping = cases.stream().filter(k -> !isFlat(k.op(), 0)).toList();
        for (ReferencePlayback.Mistake mistake : sloping.isEmpty()
                ? new ReferencePlayback.Mistake[0]
                : ReferencePlayback.Mistake.values())
            tally.add(c.getSimpleName() + ": " + mistake, sloping.stream().anyMatch(k -> {
                Tensor[] in = andUnused(k);
                return isFoundOut(new ReferencePlayback.Played(program(k), mistake), in, cases.indexOf(k))
                        || connects(program(k), k.value(), in, mistake);
            }));
    }

    /**
     * The operation twice, so that its inputs have two shares; its value twice; and a dead branch.
     */
    private static Function<Tensor[], Tensor> program(OpCase c) {
        return in -> {
            Tensor[] own = Arrays.copyOf(in, in.length - 1);
            Tensor y = c.function().apply(own), z = c.function().apply(own);
            y.mul(in[in.length - 1]).sin(); // dead
            return y.sub(z.mul(y.mul(0.25).add(0.5)));
        };
    }

    /**
     * Whether the last input, which only the dead branch uses, gets a gradient. It must not.
     */
    private static boolean connects(Function<Tensor[], Tensor> f, Tensor value, Tensor[] in,
            ReferencePlayback.Mistake... mistake) {
        return ReferencePlayback.play(f, Tensor.onesLike(value), in, mistake)[in.length - 1] != null;
    }

    private static Tensor[] andUnused(OpCase c) {
        return Stream.concat(c.inputs().stream(), Stream.of(Tensor.scalar(DType.F64, 0.5))).toArray(Tensor[]::new);
    }

    private static boolean isFoundOut(Op mutant, Tensor[] in, int seed) {
        try {
            return GradCheck.of(mutant).seed(seed).check(in).verdict() == Verdict.FAILED;
        } catch (IllegalStateException | IllegalArgumentException e) {
            return true; // the tape refuses a cotangent that is not shaped as the input
        }
    }

    /** Without planted mistakes the programs are right. */
    @Example
    void programsWithoutAMistakePass() {
        for (Class<? extends Op> c : OpCases.all()) {
            OpCase k = cases(c).getFirst();
            Tensor[] in = andUnused(k);
            Report report = GradCheck.of(new ReferencePlayback.Played(program(k))).check(in);
            assertEquals(Verdict.PASSED, report.verdict(), () -> k + "\n" + report);
            assertFalse(connects(program(k), k.value(), in), () -> k + " has a gradient that is not there");
        }
    }

    /** The same cases in each run, without empty shapes. */
    private static List<OpCase> cases(Class<? extends Op> op) {
        Random random = new Random(op.getSimpleName().hashCode());
        RandomGenerator<OpCase> generator = OpCases.of(op).generator(1000);
        List<OpCase> cases = new ArrayList<>();
        while (cases.size() < CASES) {
            OpCase c = generator.next(random).value();
            if (c.value().size() > 0 && c.inputs().stream().allMatch(x -> x.size() > 0))
                cases.add(c);
        }
        return cases;
    }
}
