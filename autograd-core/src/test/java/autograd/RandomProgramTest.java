package autograd;

import static autograd.arbitraries.TensorArbitraries.broadcastable;
import static autograd.arbitraries.TensorArbitraries.integers;
import static autograd.arbitraries.TensorArbitraries.tensors;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.check.Report;
import autograd.check.Report.Verdict;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Random programs of several operations, with values used twice or never, views, inner tapes and stopped
 * gradients. A failing program shrinks to few steps and is reported as statements for a test of this package.
 */
class RandomProgramTest {
    /** The operation of a step; if the shapes do not allow it, the step takes a sine. */
    enum Kind {
        SIN, TANH, SIGMOID, EXP, SQUARE, ADD, SUB, MUL, DIV, BROADCAST, TRANSPOSE, SLICE, FLIP, RESHAPE, SUM, MEAN, LOG_SUM_EXP, SOFTMAX, MATMUL, GRADIENT, STOP, WRONG;

        static List<Kind> right() { return Stream.of(values()).filter(k -> k != WRONG).toList(); }
    }

    /** A sine whose derivative is a little too large. */
    record WrongSin() implements Elementwise.Map1 {
        public double f(double x) { return Math.sin(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.cos().mul(1.01)); }
    }

    /** A step; its operands are counted backwards from the latest value, modulo the number of values. */
    record Step(Kind kind, int a, int b) {}

    /** A program; its result is its last value. */
    record Program(List<Tensor> inputs, List<Step> steps) {
        Tensor[] in() { return inputs.toArray(Tensor[]::new); }

        Function<Tensor[], Tensor> function() { return in -> new Run(in, null).result(steps); }

        /** The function with the stopped values held constant: the derivative is its slope. */
        Function<Tensor[], Tensor> withConstantStops() {
            Run run = new Run(in(), null);
            run.result(steps);
            return in -> new Run(in, run.stopped.iterator()).result(steps);
        }

        Tensor value() { return function().apply(in()); }

        Report check() { return GradCheck.ofAll(withConstantStops()).name(toString()).check(in()); }

        @Override
        public String toString() {
            Run run = new Run(in(), null);
            run.result(steps);
            return Stream.concat(IntStream.range(0, inputs.size()).mapToObj(i -> input(i, inputs.get(i))),
                    run.lines.stream()).collect(Collectors.joining("\n", "\n", ""));
        }

        private static String input(int i, Tensor x) {
            String values = Arrays.stream(x.toDoubleArray()).mapToObj(Double::toString)
                    .collect(Collectors.joining(", "));
            String dims = Arrays.stream(x.shape().dims()).mapToObj(d -> ", " + d).collect(Collectors.joining());
            return "Tensor v" + i + " = Tensor.of(DType.F64, new double[]{" + values + "}" + dims + ");";
        }
    }

    /** A running program, with its values and the statements that compute them. */
    private static final class Run {
        private static final int LARGEST = 12;

        private final List<Tensor> values;
        private final Iterator<Tensor> constants;
        private final List<Tensor> stopped = new ArrayList<>();
        private final List<String> lines = new ArrayList<>();

        Run(Tensor[] in, Iterator<Tensor> constants) {
            values = new ArrayList<>(List.of(in));
            this.constants = constants;
        }

        Tensor result(List<Step> steps) {
            for (Step s : steps) {
                int a = pick(s.a()), b = pick(s.b());
                Kind kind = fits(s.kind(), values.get(a), values.get(b)) ? s.kind() : Kind.SIN;
                lines.add("Tensor v" + values.size() + " = " + text(kind, "v" + a, "v" + b, values.get(a)) + ";");
                values.add(value(kind, values.get(a), values.get(b)));
            }
            return values.getLast();
        }

        private int pick(int back) { return values.size() - 1 - back % values.size(); }

        private static boolean fits(Kind kind, Tensor a, Tensor b) {
            int rank = a.shape().rank();
            return switch (kind) {
                case ADD, SUB, MUL, DIV, GRADIENT -> isBroadcastable(a.shape(), b.shape());
                case BROADCAST -> rank < 3 && 2 * a.size() <= LARGEST;
                case TRANSPOSE -> rank >= 2;
                case SLICE -> rank >= 1 && a.shape().dim(0) > 1;
                case FLIP, SUM, MEAN, LOG_SUM_EXP, SOFTMAX -> rank >= 1;
                case MATMUL -> rank == 2 && b.shape().rank() == 2 && a.shape().dim(1) == b.shape().dim(0);
                default -> true;
            };
        }

        private static boolean isBroadcastable(Shape a, Shape b) {
            int size = 1;
            for (int i = 1; i <= Math.max(a.rank(), b.rank()); i++) {
                int p = i > a.rank() ? 1 : a.dim(-i), q = i > b.rank() ? 1 : b.dim(-i);
                if (p != q && p != 1 && q != 1)
                    return false;
                size *= Math.max(p, q);
            }
            return size <= LARGEST;
        }

        private Tensor value(Kind kind, Tensor a, Tensor b) {
            return switch (kind) {
                case SIN -> a.sin();
                case TANH -> a.tanh();
                case SIGMOID -> a.sigmoid();
                case EXP -> a.mul(0.25).tanh().exp();
                case SQUARE -> a.square().mul(0.5);
                case ADD -> a.add(b);
                case SUB -> a.sub(b);
                case MUL -> a.mul(b);
                case DIV -> a.div(b.square().add(1));
                case BROADCAST -> a.broadcastTo(twice(a));
                case TRANSPOSE -> a.transpose();
                case SLICE -> a.slice(0, 1, a.shape().dim(0));
                case FLIP -> a.flip(0);
                case RESHAPE -> a.reshape(-1);
                case SUM -> a.sum(0);
                case MEAN -> a.mean(true, -1);
                case LOG_SUM_EXP -> a.logSumExp(0);
                case SOFTMAX -> a.softmax(-1);
                case MATMUL -> a.matmul(b);
                case GRADIENT -> Functional.grad(x -> x.mul(b).sin().sum()).apply(a);
                case STOP -> stop(a);
                case WRONG -> a.apply(new WrongSin());
            };
        }

        private static String text(Kind kind, String a, String b, Tensor x) {
            return kind == Kind.GRADIENT ? gradient(a, b) : a + switch (kind) {
                case SIN -> ".sin()";
                case TANH -> ".tanh()";
                case SIGMOID -> ".sigmoid()";
                case EXP -> ".mul(0.25).tanh().exp()";
                case SQUARE -> ".square().mul(0.5)";
                case ADD -> ".add(" + b + ")";
                case SUB -> ".sub(" + b + ")";
                case MUL -> ".mul(" + b + ")";
                case DIV -> ".div(" + b + ".square().add(1))";
                case BROADCAST -> Arrays.stream(twice(x)).mapToObj(Integer::toString)
                        .collect(Collectors.joining(", ", ".broadcastTo(", ")"));
                case TRANSPOSE -> ".transpose()";
                case SLICE -> ".slice(0, 1, " + x.shape().dim(0) + ")";
                case FLIP -> ".flip(0)";
                case RESHAPE -> ".reshape(-1)";
                case SUM -> ".sum(0)";
                case MEAN -> ".mean(true, -1)";
                case LOG_SUM_EXP -> ".logSumExp(0)";
                case SOFTMAX -> ".softmax(-1)";
                case MATMUL -> ".matmul(" + b + ")";
                case GRADIENT -> throw new IllegalStateException("a gradient is not a method of its operand");
                case STOP -> ".detach()";
                case WRONG -> ".apply(new RandomProgramTest.WrongSin())";
            };
        }

        private static String gradient(String a, String b) {
            return "Functional.grad(x -> x.mul(" + b + ").sin().sum()).apply(" + a + ")";
        }

        private static int[] twice(Tensor x) {
            return IntStream.concat(IntStream.of(2), IntStream.of(x.shape().dims())).toArray();
        }

        private Tensor stop(Tensor a) {
            Tensor y = constants == null ? a.detach() : constants.next();
            stopped.add(y);
            return y;
        }
    }

    static Arbitrary<Program> programs(List<Kind> kinds) {
        Arbitrary<List<Tensor>> inputs = integers(1, 3)
                .flatMap(n -> broadcastable(n).filter(s -> s.stream().allMatch(x -> x.size() > 0 && x.size() <= 6)))
                .flatMap(s -> Combinators.combine(IntStream.range(0, s.size())
                        .mapToObj(i -> tensors(s.get(i), new Op.Domain(-1.5, 1.5), i, true)).toList()).as(in -> in));
        Arbitrary<Step> steps = Combinators.combine(Arbitraries.of(kinds), integers(0, 5), integers(0, 5))
                .as(Step::new);
        return Combinators.combine(inputs, steps.list().ofMinSize(1).ofMaxSize(9)).as(Program::new);
    }

    @Provide
    Arbitrary<Program> programs() { return programs(Kind.right()); }

    /** {@code -Dtries=N} programs, of which few may be inconclusive. */
    static final class Tries implements AroundPropertyHook {
        private static int inconclusive;

        @Override
        public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
            int tries = Integer.getInteger("tries", 150);
            context.attributes().setTries(tries);
            inconclusive = 0;
            PropertyExecutionResult result = property.execute();
            return result.status() == PropertyExecutionResult.Status.SUCCESSFUL && inconclusive > 1 + tries / 20
                    ? result.mapToFailed(inconclusive + " of " + tries + " programs were inconclusive")
                    : result;
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    @AddLifecycleHook(Tries.class)
    void programsHaveTheSlopesOfTheirValues(@ForAll("programs") Program p) {
        Report report = p.check();
        assertNotEquals(Verdict.FAILED, report.verdict(), report::toString);
        if (report.verdict() == Verdict.INCONCLUSIVE)
            Tries.inconclusive++;
    }

    /** Orders 1 and 2, to the bit. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    @AddLifecycleHook(Tries.class)
    void aStoppedValueIsAConstant(@ForAll("programs") Program p, @ForAll int seed) {
        Rng rng = new Rng(seed);
        Tensor g = OpCase.cotangent(p.value().shape(), rng);
        Tensor[] along = p.inputs().stream().map(x -> OpCase.cotangent(x.shape(), rng)).toArray(Tensor[]::new);
        double[][] stopped = derivatives(p.function(), g, along, p.in()),
                constant = derivatives(p.withConstantStops(), g, along, p.in());
        for (int i = 0; i < stopped.length; i++)
            assertArrayEquals(constant[i], stopped[i]);
    }

    private static double[][] derivatives(Function<Tensor[], Tensor> f, Tensor g, Tensor[] along, Tensor[] in) {
        Function<Tensor[], Tensor> slope = at -> {
            Tensor sum = Tensor.scalar(DType.F64, 0);
            Tensor[] shares = OpCase.vjps(f, g, at);
            for (int i = 0; i < shares.length; i++)
                sum = sum.add(shares[i].mul(along[i]).sum());
            return sum;
        };
        return Stream.concat(Stream.of(OpCase.vjps(f, g, in)),
                Stream.of(OpCase.vjps(slope, Tensor.scalar(DType.F64, 1), in))).map(Tensor::toDoubleArray)
                .toArray(double[][]::new);
    }

    @Example
    void aWrongOperationIsFoundAndShrunk() {
        Shrinkable<Program> failing = shrunk(failing(programs(List.of(Kind.values())).generator(1000)));
        String text = failing.value().toString();
        System.getLogger("proofs").log(System.Logger.Level.INFO, "a planted mistake, shrunk:{0}", text);
        assertEquals(List.of(Kind.WRONG), failing.value().steps().stream().map(Step::kind).toList(), text);
        assertTrue(text.endsWith(".apply(new RandomProgramTest.WrongSin());"), text);
        assertStatements(text);
    }

    @Example
    void everyProgramReadsAsStatements() {
        RandomGenerator<Program> generator = programs(Kind.right()).generator(1000);
        Random random = new Random(1);
        for (int n = 0; n < 200; n++)
            assertStatements(generator.next(random).value().toString());
    }

    private static Shrinkable<Program> failing(RandomGenerator<Program> generator) {
        Random random = new Random(3);
        return Stream.generate(() -> generator.next(random)).limit(500).filter(s -> s.value().steps().size() > 4)
                .filter(s -> isFoundOut(s.value())).findFirst()
                .orElseThrow(() -> new AssertionError("the mistake was not found"));
    }

    /** Shrinks greedily as long as the program fails. */
    private static Shrinkable<Program> shrunk(Shrinkable<Program> start) {
        Shrinkable<Program> best = start;
        for (Optional<Shrinkable<Program>> next = Optional.of(best); next.isPresent();) {
            best = next.get();
            next = best.shrink().filter(s -> isFoundOut(s.value())).findFirst();
        }
        return best;
    }

    private static boolean isFoundOut(Program p) {
        return p.steps().stream().anyMatch(s -> s.kind() == Kind.WRONG) && p.check().verdict() == Verdict.FAILED;
    }

    /** Each line is one declaration with balanced brackets that uses only earlier declarations. */
    private static void assertStatements(String text) {
        Pattern declaration = Pattern.compile("Tensor (v\\d+) = (.+);"), name = Pattern.compile("\\bv\\d+\\b");
        Set<String> declared = new HashSet<>();
        for (String line : text.strip().split("\n")) {
            Matcher m = declaration.matcher(line);
            assertTrue(m.matches(), line);
            name.matcher(m.group(2)).results().forEach(v -> assertTrue(declared.contains(v.group()), line));
            assertTrue(declared.add(m.group(1)), line);
            for (String pair : List.of("()", "[]", "{}"))
                assertEquals(line.chars().filter(c -> c == pair.charAt(0)).count(),
                        line.chars().filter(c -> c == pair.charAt(1)).count(), line);
        }
    }
}
