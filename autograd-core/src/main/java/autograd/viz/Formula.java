package autograd.viz;

import autograd.GradientTape;
import autograd.Node;
import autograd.Op;
import autograd.Tensor;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the nodes of a tape as mathematics, and also the rule of an operation, derived from the rule itself.
 */
public final class Formula {
    /** How tightly a piece of formula binds. */
    private static final int SUM = 1, PRODUCT = 2, SIGN = 3, POWER = 4, ATOM = 5;
    /** The maximal number of operations of a rule, and the maximal length of a formula, to be written out. */
    private static final int READABLE = 100, LONGEST = 500;

    private final Map<Tensor, Node> made = new IdentityHashMap<>();
    private final Map<Tensor, String> names = new IdentityHashMap<>();
    private final Map<Tensor, Text> texts = new IdentityHashMap<>();

    private record Text(String text, int binds) {
        String in(int context) { return binds < context ? "(" + text + ")" : text; }
    }

    private Formula(Map<Tensor, String> names) { this.names.putAll(names); }

    /**
     * The computation of a tensor in terms of others.
     *
     * @param tape
     *            the tape that recorded it, still open and not played back
     * @param result
     *            the tensor
     * @param names
     *            what to call the tensors it was computed from
     * @return for example {@code g * (1 - y^2)}
     */
    public static String of(GradientTape tape, Tensor result, Map<Tensor, String> names) {
        Formula formula = new Formula(names);
        formula.read(tape);
        return formula.text(result).text;
    }

    /**
     * The rule of an operation for one input, traced from the rule itself; a fused one is written by its
     * definition.
     *
     * @param op
     *            the operation
     * @param i
     *            which input
     * @param inputs
     *            sample inputs, on which the rule is run
     * @return the vector-Jacobian product in terms of g, the inputs x (or a, b, or x0, x1, ..) and the output y
     */
    public static String ofRule(Op op, int i, Tensor... inputs) {
        Tensor value = GradientTape.paused(() -> inputs[0].apply(op, Arrays.copyOfRange(inputs, 1, inputs.length)));
        List<String> names = IntStream.range(0, inputs.length).mapToObj(k -> name(k, inputs.length)).toList();
        boolean[] wanted = new boolean[inputs.length];
        wanted[i] = true;
        return ruleOf(op, wanted, new Sample("g", Tensor.onesLike(value)), names, inputs,
                new Sample("y", value)).texts[i];
    }

    /** A tensor, and what to call it. */
    record Sample(String name, Tensor value) {}

    /** The results and formulas of an operation's rule for each input; null for inputs that are not wanted. */
    @SuppressWarnings("ArrayRecordComponent")
    record Rule(@Nullable Tensor[] cotangents, @Nullable String[] texts) {}

    /** Runs a rule under a separate tape and reads its nodes; an empty name marks a constant. */
    static Rule ruleOf(Op op, boolean[] wanted, Sample g, List<String> names, Tensor[] inputs, Sample y) {
        return GradientTape.paused(() -> {
            try (var tape = new GradientTape()) {
                Formula formula = new Formula(Map.of());
                Tensor[] in = new Tensor[inputs.length];
                for (int k = 0; k < in.length; k++)
                    in[k] = formula.named(tape, names.get(k), inputs[k]);
                Tensor output = formula.named(tape, y.name, y.value);
                Tensor[] shares = op.vjps(wanted, formula.named(tape, g.name, g.value), in, output);
                @Nullable
                String[] texts = new String[shares.length];
                for (int k = 0; k < texts.length; k++)
                    if (wanted[k]) {
                        formula.define(tape, shares[k]);
                        texts[k] = tape.nodes().size() > READABLE
                                ? "vjp(" + op.name() + ", " + k + ", " + g.name + ")"
                                : formula.text(shares[k]).text;
                    }
                return new Rule(shares, texts);
            }
        });
    }

    /** The formula of a node in the names of its inputs. */
    static String of(Node node, Map<Tensor, String> names) {
        return new Formula(names).operation(node).text;
    }

    private Tensor named(GradientTape tape, String name, Tensor x) {
        Tensor watched = tape.watch(x.detach());
        if (!name.isEmpty())
            names.put(watched, name);
        return watched;
    }

    private static String name(int k, int count) {
        return count == 1 ? "x" : count == 2 ? List.of("a", "b").get(k) : "x" + k;
    }

    private void read(GradientTape tape) {
        for (Node node : tape.nodes())
            made.put(node.output(), node);
    }

    /** Puts the definition in place of each fused rule the result is computed by. */
    private void define(GradientTape tape, Tensor result) {
        read(tape);
        Node node = made.get(result);
        if (node == null || node.isLeaf())
            return;
        for (Tensor x : node.inputs())
            define(tape, x);
        if (!(node.op() instanceof Op.Fused fused) || !node.op().name().endsWith("Vjp"))
            return;
        Tensor unfused = fused.definition(node.inputs().toArray(Tensor[]::new));
        read(tape);
        if (made.containsKey(unfused))
            made.put(result, made.get(unfused));
    }

    private Text text(Tensor x) {
        String name = names.get(x);
        if (name != null)
            return new Text(name, ATOM);
        Node node = made.get(x);
        if (node == null || node.isLeaf())
            return constant(x);
        Text known = texts.get(x);
        if (known == null)
            texts.put(x, known = operation(node));
        return known.text.length() > LONGEST ? new Text("..", ATOM) : known;
    }

    private static Text constant(Tensor x) {
        double[] values = x.toDoubleArray();
        boolean same = values.length > 0 && Arrays.stream(values).allMatch(v -> v == values[0]);
        if (!same)
            return new Text("const", ATOM);
        return new Text(Numbers.text(values[0]), values[0] < 0 ? SIGN : ATOM);
    }

    private Text operation(Node node) {
        List<Text> in = node.inputs().stream().map(this::text).toList();
        Text a = in.get(0), b = in.get(in.size() - 1);
        return switch (node.op().name()) {
            case "add" -> sum(node, a, b);
            case "sub" -> new Text(a.in(SUM) + " - " + b.in(PRODUCT), SUM);
            case "mul", "zmul" -> product(node, a, b);
            case "div", "zdiv" -> new Text(a.in(PRODUCT) + " / " + b.in(SIGN), PRODUCT);
            case "reciprocal" -> new Text("1 / " + a.in(SIGN), PRODUCT);
            case "rsqrt" -> new Text("1 / sqrt(" + a.text + ")", PRODUCT);
            case "sigmoidSub" -> new Text("sigmoid(" + a.text + ") - " + b.in(PRODUCT), SUM);
            case "neg" -> new Text("-" + a.in(SIGN), SIGN);
            case "square" -> new Text(a.in(ATOM) + "^2", POWER);
            case "pow" -> new Text(a.in(ATOM) + "^" + (in.size() == 2 ? b.in(ATOM) : parameters(node.op())), POWER);
            case "matmul", "zmatmul" -> matmul(node.op(), a, b);
            case "permute" -> new Text(a.in(ATOM) + "^T", POWER);
            case "where" -> new Text("where(mask, " + a.text + ", " + b.text + ")", ATOM);
            case "reshape", "broadcastTo", "identity" -> a; // moves nothing that a formula shows
            default -> call(node.op(), in);
        };
    }

    /** a + b, or b - c for -c + b. */
    private Text sum(Node node, Text a, Text b) {
        Node first = made.get(node.inputs().getFirst());
        if (first == null || first.isLeaf() || !first.op().name().equals("neg"))
            return new Text(a.in(SUM) + " + " + b.in(SUM), SUM);
        return new Text(b.in(SUM) + " - " + text(first.inputs().getFirst()).in(PRODUCT), SUM);
    }

    /** a * b, or a / c for a * (1 / c). */
    private Text product(Node node, Text a, Text b) {
        Node second = made.get(node.inputs().getLast());
        String name = second == null || second.isLeaf() ? "" : second.op().name();
        if (name.equals("reciprocal"))
            return new Text(a.in(PRODUCT) + " / " + text(second.inputs().getFirst()).in(SIGN), PRODUCT);
        if (name.equals("rsqrt"))
            return new Text(a.in(PRODUCT) + b.text.substring(1), PRODUCT);
        return new Text(a.in(PRODUCT) + " * " + (name.equals("div") ? b.in(SIGN) : b.in(PRODUCT)), PRODUCT);
    }

    private static Text matmul(Op op, Text a, Text b) {
        return new Text(turned(op, "transposeA", a) + " @ " + turned(op, "transposeB", b), PRODUCT);
    }

    private static String turned(Op op, String flag, Text factor) {
        return Boolean.TRUE.equals(component(op, flag)) ? factor.in(ATOM) + "^T" : factor.in(SIGN);
    }

    private static Text call(Op op, List<Text> in) {
        StringJoiner arguments = new StringJoiner(", ", op.name() + "(", ")");
        in.forEach(t -> arguments.add(t.text));
        String parameters = parameters(op);
        if (!parameters.isEmpty())
            arguments.add(parameters);
        return new Text(arguments.toString(), ATOM);
    }

    /** An operation's parameters that are numbers, in the order of its components. */
    static String parameters(Op op) {
        if (!op.getClass().isRecord())
            return "";
        return Arrays.stream(op.getClass().getRecordComponents()).map(c -> component(op, c.getName()))
                .map(v -> v instanceof int[] many
                        ? Arrays.toString(many)
                        : v instanceof Double d
                                ? Numbers.text(d)
                                : v instanceof Integer ? v.toString() : "")
                .filter(s -> !s.isEmpty()).collect(Collectors.joining(", "));
    }

    private static Object component(Op op, String name) {
        try {
            for (RecordComponent c : op.getClass().getRecordComponents())
                if (c.getName().equals(name) && c.getAccessor().trySetAccessible())
                    return c.getAccessor().invoke(op);
            return "";
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(op.name() + "." + name, e);
        }
    }
}
