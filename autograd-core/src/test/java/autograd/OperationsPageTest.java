package autograd;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.check.Report;
import autograd.viz.Formula;

import net.jqwik.api.Example;
import net.jqwik.api.RandomGenerator;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * {@code docs/ops.md} has a row for every operation: what it is, from its Javadoc; its rule, traced from the
 * rule itself; or the operations it is composed of. {@code -Dwrite.ops=true} writes the page.
 */
class OperationsPageTest {
    private static final Tensor X = Tensor.rand(DType.F64, new Rng(1), 2, 2, 4, 4).add(0.1);
    private static final Tensor LINE = X.flatten().slice(0, 0, 4);

    /** Methods without an operation of their own, called once to see what they are made of. */
    private static final Map<String, UnaryOperator<Tensor>> CALLS = Map.ofEntries( //
            entry("mean", x -> x.mean(1)), entry("variance", x -> x.variance(1)), entry("std", x -> x.std(1)),
            entry("prod", x -> x.prod(1)), entry("cumprod", x -> x.cumprod(1)), entry("sort", x -> x.sort(1)),
            entry("cumMax", x -> x.cumMax(1)), entry("logCumSumExp", x -> x.logCumSumExp(1)),
            entry("median", x -> x.median(1)), entry("quantile", x -> x.quantile(0.3, 1)),
            entry("scatter", x -> x.scatter(2, IntTensor.of(new int[]{3, 1}, 1, 1, 2, 1), LINE.reshape(1, 1, 4, 1)
                    .slice(2, 0, 2))),
            entry("scatterMax", x -> x.scatterMax(2, IntTensor.of(new int[]{3, 1}, 1, 1, 2, 1), LINE.reshape(1, 1, 4, 1)
                    .slice(2, 0, 2))),
            entry("select", x -> x.select(2, -1)), entry("meshgrid", x -> Tensor.meshgrid(x.flatten(), LINE).get(0)),
            entry("normalize", x -> x.normalize(1)), entry("cosineSimilarity", x -> x.cosineSimilarity(LINE, -1)),
            entry("pairwiseDistance", x -> x.pairwiseDistance(LINE.neg())), entry("cdist", x -> x.cdist(x.flip(-1))),
            entry("topK", x -> x.topK(1, 1).values()), entry("selu", Tensor::selu),
            entry("geluTanh", Tensor::geluTanh), entry("silu", Tensor::silu), entry("mish", Tensor::mish),
            entry("hardtanh", Tensor::hardtanh), entry("flatten", Tensor::flatten),
            entry("squeeze", x -> x.unsqueeze(0).squeeze(0)), entry("unsqueeze", x -> x.unsqueeze(0)),
            entry("transpose", Tensor::transpose), entry("flip", x -> x.flip(0)), entry("roll", x -> x.roll(1, 2)),
            entry("stack", x -> Tensor.stack(0, x, x)), entry("split", x -> x.split(2, 1, 3).get(0)),
            entry("chunk", x -> x.chunk(2, 2).get(0)), entry("pad", x -> x.pad(new int[4], new int[]{0, 0, 1, 1}, 0)),
            entry("tile", x -> x.tile(1, 1, 2, 2)), entry("repeat", x -> x.repeat(2, 0)),
            entry("diagonal", Tensor::diagonal), entry("trace", Tensor::trace), entry("tril", x -> x.tril(0)),
            entry("triu", x -> x.triu(0)), entry("indexSelect", x -> x.indexSelect(2, IntTensor.of(0, 3))),
            entry("maskedFill", x -> x.maskedFill(x.gt(0.5), 0)),
            entry("einsum", x -> Tensor.einsum("ncij,ncjk->nik", x, x)),
            entry("dot", x -> x.flatten().dot(X.flatten())), entry("outer", x -> x.flatten().outer(LINE)),
            entry("inverse", Tensor::inverse),
            entry("det", Tensor::det),
            entry("conv1d", x -> x.reshape(4, 2, 8).conv1d(X.reshape(4, 2, 8), Windows.Sliding.DEFAULT)),
            entry("conv2d", x -> x.conv2d(X.slice(2, 0, 2).slice(3, 0, 2))),
            entry("convTranspose2d", x -> x.convTranspose2d(X.slice(2, 0, 2), Windows.Sliding.DEFAULT, 0)),
            entry("maxPool2d", x -> x.maxPool2d(2, 2, 0)), entry("avgPool2d", x -> x.avgPool2d(2, 2, 0)),
            entry("layerNorm", x -> x.layerNorm(LINE, LINE, 1e-5)), entry("rmsNorm", x -> x.rmsNorm(LINE, 1e-5)),
            entry("batchNorm", x -> x.batchNorm(LINE.slice(0, 0, 2), LINE.slice(0, 0, 2), 1e-5)),
            entry("groupNorm", x -> x.groupNorm(2, LINE.slice(0, 0, 2), LINE.slice(0, 0, 2), 1e-5)));

    private static final String ONNX = "\n## ONNX\n";

    private static final Set<String> NOT_DIFFERENTIABLE = Set.of("gt", "ge", "lt", "le", "eq", "ne", "isNaN", "argMax",
            "argMin", "argSort", "searchSorted", "stopGradient");

    /** Operations whose record is not called as the method is. */
    private static final Map<String, List<Class<? extends Op>>> RECORDS = Map.of("pow",
            List.of(Functions.Pow.class, Functions.PowScalar.class), "slogdet",
            List.of(LinearAlgebra.PackedSlogdet.class));

    @Example
    void thePageIsUpToDate() throws IOException, URISyntaxException {
        Path file = root().resolve("docs/ops.md");
        String old = Files.readString(file), page = page() + old.substring(old.indexOf(ONNX)); // autograd-onnx makes
                                                                                               // that
        if (Boolean.getBoolean("write.ops"))
            Files.writeString(file, page);
        assertEquals(page, Files.readString(file),
                "docs/ops.md is out of date: mvn -q test -pl autograd-core -Dtest=OperationsPageTest -Dwrite.ops=true");
    }

    /** What is composed has the slopes of its values, as its parts do. */
    @Example
    void compositionsHaveTheirSlopes() {
        CALLS.forEach((name, call) -> {
            Report report = GradCheck.of(call).name(name).check(X);
            assertEquals(Report.Verdict.PASSED, report.verdict(), report::toString);
        });
    }

    private static String page() throws IOException, URISyntaxException {
        StringBuilder page = new StringBuilder(
                """
                        # Operations

                        A test generates this page from the sources: descriptions are the methods' Javadoc, rules are traced on sample
                        inputs. `g` is the cotangent of the output `y`; the inputs are `x`, or `a` and `b`; `const` is a constant that
                        differs between elements, such as a mask. A product with `g` is 0 where `g` is 0. An operation without a rule is
                        composed of others, and so is its derivative.

                        Tests compare every rule with numerical slopes at orders 1 and 2, check laws that hold for all operations, compare
                        F32 with F64, and plant mistakes, all of which must be detected. **P**: values, first and second derivatives equal
                        PyTorch's; **F**: they equal those of another library's forward mode, to a few ulps.
                        """);
        Set<String> conformance = conformance();
        for (Class<?> family : Operand.class.getPermittedSubclasses()) {
            String source = Files.readString(root().resolve("autograd-core/src/main/java/autograd/"
                    + family.getSimpleName() + ".java"));
            page.append("\n## ").append(family.getSimpleName())
                    .append("\n\n| operation | what | rule | |\n|---|---|---|---|\n");
            for (String name : methods(family))
                page.append("| `").append(name).append("` | ").append(sentence(source, name)).append(" | ")
                        .append(rule(name)).append(" | ").append(proofs(name, conformance)).append(" |\n");
        }
        return page.toString();
    }

    /** The folder of the whole project, from where this class was compiled to. */
    private static Path root() throws URISyntaxException {
        Path here = Path.of(OperationsPageTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        while (!Files.exists(here.resolve("autograd-core")))
            here = here.getParent();
        return here;
    }

    private static Set<String> methods(Class<?> family) {
        return Stream.of(family.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic()).map(Method::getName)
                .filter(name -> !name.equals("infer")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The Javadoc of the first method of that name. */
    private static String sentence(String source, String name) {
        Matcher m = Pattern
                .compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:default|static) [\\w<>]+ " + name + "\\(", Pattern.DOTALL)
                .matcher(source);
        assertTrue(m.find(), "no Javadoc of " + name);
        return m.group(1).replaceAll("\\s*\\*\\s", " ")
                .replaceAll("\\{@\\w+ #?(?:\\w+#)?([^}]*?)(?:\\([^)]*\\))?\\}", "`$1`")
                .replaceAll("\\s+", " ").replace("|", "\\|").replace("&gt;", ">").replace("&lt;", "<").strip();
    }

    private static String rule(String name) {
        if (NOT_DIFFERENTIABLE.contains(name))
            return "not differentiable";
        if (name.equals("onGradient"))
            return "`hook(g)`";
        List<Class<? extends Op>> ops = RECORDS.getOrDefault(name,
                OpCases.all().stream().filter(c -> c.getSimpleName().equalsIgnoreCase(name)).toList());
        return ops.isEmpty()
                ? composition(name)
                : ops.stream().map(OperationsPageTest::rules).collect(Collectors.joining("; "));
    }

    private static String rules(Class<? extends Op> op) {
        OpCase c = sample(op);
        List<String> rules = new ArrayList<>();
        for (int i = 0; i < c.inputs().size(); i++)
            rules.add("`" + Formula.ofRule(c.op(), i, c.in()).replace("|", "\\|") + "`");
        return c.op() instanceof Joining.Concat ? rules.getFirst() + " for each" : String.join(", ", rules);
    }

    /** The same each time, not so small that axes disappear, and with nothing special about its parameters. */
    private static OpCase sample(Class<? extends Op> op) {
        Random random = new Random(7);
        RandomGenerator<OpCase> generator = OpCases.of(op).generator(1000);
        while (true) {
            OpCase c = generator.next(random).value();
            boolean plain = !(c.op() instanceof Functions.PowScalar p && p.p() < 3)
                    && !(c.op() instanceof LinearAlgebra.MatMul m && (m.transposeA() || m.transposeB()));
            if (plain && c.value().size() > 1 && c.inputs().stream().allMatch(x -> isAmple(x.shape())))
                return c;
        }
    }

    private static boolean isAmple(Shape shape) {
        return shape.rank() > 0 && IntStream.of(shape.dims()).allMatch(d -> d > 1);
    }

    private static String composition(String name) {
        UnaryOperator<Tensor> call = CALLS.get(name);
        assertNotNull(call, () -> "add a line for " + name + " to CALLS in OperationsPageTest.java");
        try (var tape = new GradientTape()) {
            call.apply(tape.watch(X));
            Set<String> used = new LinkedHashSet<>();
            for (Node node : tape.nodes())
                if (!node.isLeaf())
                    used.add(node.op().name());
            return "composed of " + String.join(", ", used);
        }
    }

    private static Set<String> conformance() throws IOException, URISyntaxException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(root().resolve("autograd-core/src/test/resources/conformance"))) {
            for (Path file : files.sorted().toList()) {
                Matcher m = Pattern.compile("\"op\": *\"(\\w+)\"").matcher(Files.readString(file));
                while (m.find())
                    names.add(m.group(1));
            }
        }
        return names;
    }

    private static String proofs(String name, Set<String> conformance) {
        boolean forward = ForwardModeTest.functions().anyMatch(c -> c.getSimpleName().equalsIgnoreCase(name));
        return (conformance.contains(name) || name.equals("batchNorm") ? "P" : "") + (forward ? "F" : "");
    }
}
