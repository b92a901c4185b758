package autograd;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.check.Report.Verdict;

import net.jqwik.api.Example;
import net.jqwik.api.RandomGenerator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Would the proofs notice? Mistakes are planted in the rule of every operation, and each must be found out.
 */
class MutantTest {
    /** A mistake: what becomes of the cotangent of input i. */
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

    /** So many that some broadcast each input. */
    private static final int CASES = 40;

    /** Mistakes that change nothing, with the reason. */
    private static boolean isEquivalent(Op op, int i, String mistake, int inputs) {
        boolean flat = op instanceof Elementwise.Floor || op instanceof Elementwise.Ceil
                || op instanceof Elementwise.Round || op instanceof Elementwise.Sign // a staircase has slope 0
                || op instanceof Activations.ReluVjp && i == 1 // y only says where g passes
                || op instanceof Functions.PowScalar p && p.p() == 0; // x^0 is 1
        boolean same = op instanceof Elementwise.Add; // both inputs get g
        if (mistake.equals("copies not summed"))
            return !broadcasts(op) || op instanceof Activations.ReluVjp && i == 1;
        return flat && NO_SLOPE.contains(mistake) || (inputs == 1 || same) && OF_NO_INPUT.contains(mistake);
    }

    /** What the tape should have summed: only the first of the copies that broadcasting made. */
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

    @Example
    void everyMistakeInEveryRuleIsFoundOut() {
        int killed = 0, total = 0;
        Set<String> alive = new TreeSet<>();
        for (Class<? extends Op> c : OpCases.all()) {
            List<OpCase> cases = cases(c);
            int inputs = cases.getFirst().inputs().size();
            for (int i = 0; i < inputs; i++)
                for (var mistake : MISTAKES.entrySet()) {
                    int input = i;
                    List<OpCase> fitting = cases.stream()
                            .filter(k -> !isEquivalent(k.op(), input, mistake.getKey(), inputs)).toList();
                    if (fitting.isEmpty())
                        continue;
                    total++;
                    if (fitting.stream().anyMatch(k -> isFoundOut(k, cases.indexOf(k), input, mistake.getValue())))
                        killed++;
                    else
                        alive.add(c.getSimpleName() + ", input " + i + ": " + mistake.getKey());
                }
        }
        System.getLogger("proofs").log(System.Logger.Level.INFO, "mutants killed: {0} of {1}", killed, total);
        assertEquals(Set.of(), alive);
        assertTrue(total > 700, "only " + total + " mutants were tried");
    }

    private static boolean isFoundOut(OpCase c, int seed, int input, Mistake mistake) {
        Mutant mutant = new Mutant(c.op(), input, mistake);
        try {
            return GradCheck.of(mutant).seed(seed).check(c.in()).verdict() == Verdict.FAILED;
        } catch (IllegalStateException | IllegalArgumentException e) {
            return true; // the tape refuses a cotangent that is not shaped as the input
        }
    }

    /** The same cases each time, none of them empty. */
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
