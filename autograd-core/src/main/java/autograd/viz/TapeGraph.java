package autograd.viz;

import autograd.Elementwise;
import autograd.GradientTape;
import autograd.Node;
import autograd.Op;
import autograd.SourceLines;
import autograd.Tensor;
import autograd.Variable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A tape as a graph, and its playback from a result: what the listing, the drawings and the page all show, so
 * that they agree. Making it runs the rules but does not play the tape back, which can still be done.
 */
final class TapeGraph {
    /** The origin of a vertex. */
    enum Kind {
        VARIABLE, WATCHED, CONSTANT, OPERATION
    }

    /**
     * A tensor of the tape.
     *
     * @param id
     *            its position among the vertices; inputs come first
     * @param name
     *            what listings call it: a given name, v7 as the tape numbers it, or a constant's number
     * @param node
     *            its line of the tape; null for a constant
     */
    record Vertex(int id, Kind kind, String name, Tensor value, @Nullable Node node, String source) {
        /** The name of its gradient: g7 for v7, g_w for w. */
        String gradientName() {
            return name.matches("v\\d+") ? "g" + name.substring(1) : "g_" + name;
        }

        /** A number written where it is used. */
        boolean isInline() {
            return kind == Kind.CONSTANT && value.size() == 1 && name.equals(Numbers.text(value.item()));
        }

        String op() { return kind == Kind.OPERATION ? node.op().name() : kind.name().toLowerCase(Locale.ROOT); }
    }

    /** Input k of an operation. */
    record Edge(int id, Vertex input, int k, Vertex output) {
        boolean carriesCotangent() { return input.kind != Kind.CONSTANT; }
    }

    private final List<Vertex> vertices = new ArrayList<>();
    private final List<List<Edge>> inputs = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final Map<Tensor, Vertex> byTensor = new IdentityHashMap<>();
    private final Map<Tensor, String> names = new IdentityHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final GradientTape tape;
    private final Vertex loss;
    private final Map<Edge, String> rules = new IdentityHashMap<>();
    private final Playback playback;
    private int watched, constants;

    TapeGraph(GradientTape tape, @Nullable Tensor loss, Map<Tensor, String> given) {
        this.tape = tape;
        List<Node> nodes = tape.nodes();
        if (nodes.isEmpty())
            throw new IllegalArgumentException("the tape is empty: nothing computed under it depends on a trainable "
                    + "Variable or on tape.watch(x)'s result");
        names.putAll(given);
        for (Node node : nodes) {
            List<Vertex> in = new ArrayList<>();
            for (Tensor x : node.inputs())
                in.add(byTensor.containsKey(x) ? byTensor.get(x) : outside(x));
            add(node, in);
        }
        Vertex last = loss == null ? byTensor.get(nodes.getLast().output()) : byTensor.get(loss);
        if (last == null)
            throw new IllegalArgumentException("the result, " + loss.label() + ", is not on this tape");
        this.loss = last;
        if (last.value.size() != 1)
            throw new IllegalArgumentException("a playback is drawn from a single number; the result "
                    + (loss == null ? "on the last line " : "") + "has shape " + last.value.shape());
        playback = Playback.downTheList(this);
    }

    private void add(Node node, List<Vertex> in) {
        Tensor y = node.output();
        Kind kind = !node.isLeaf() ? Kind.OPERATION : y instanceof Variable ? Kind.VARIABLE : Kind.WATCHED;
        String name = kind == Kind.WATCHED && !names.containsKey(y) ? "x" + watched++ : nameOf(y, "v" + node.index());
        Vertex vertex = add(new Vertex(vertices.size(), kind, unique(name), y, node, source(node)));
        for (int k = 0; k < in.size(); k++) {
            Edge edge = new Edge(edges.size(), in.get(k), k, vertex);
            inputs.get(vertex.id).add(edge);
            edges.add(edge);
        }
    }

    /** A constant, or a variable that was first used under a tape around this one. */
    private Vertex outside(Tensor x) {
        boolean variable = x instanceof Variable v && v.trainable();
        String name = nameOf(x, x.size() == 1 && !variable ? Numbers.text(x.item()) : "c" + constants++);
        boolean number = !variable && x.size() == 1;
        return add(new Vertex(vertices.size(), variable ? Kind.VARIABLE : Kind.CONSTANT, number ? name : unique(name),
                x, null, ""));
    }

    private Vertex add(Vertex vertex) {
        vertices.add(vertex);
        inputs.add(new ArrayList<>());
        if (!vertex.isInline()) // a number is drawn wherever it is used
            byTensor.put(vertex.value, vertex);
        return vertex;
    }

    private String nameOf(Tensor x, String otherwise) {
        String own = x instanceof Variable v && v.name() != null ? v.name() : otherwise;
        return printable(names.getOrDefault(x, own));
    }

    /** The name on one line, in characters that XML, HTML and UTF-8 have: others are shown as U+FFFD. */
    private static String printable(String name) {
        return name.replaceAll("[\\p{Cc}\\p{Cs}\\u2028\\u2029\\uFFFE\\uFFFF]", "\uFFFD");
    }

    private String unique(String name) {
        String free = name;
        for (int i = 2; !taken.add(free); i++)
            free = name + "#" + i;
        return free;
    }

    private String source(Node node) {
        if (!(tape.recorder() instanceof SourceLines lines))
            return "";
        return lines.of(node).map(f -> f.getFileName() + ":" + f.getLineNumber() + ", " + f.getMethodName()).orElse("");
    }

    List<Vertex> vertices() { return vertices; }

    List<Edge> edges() { return edges; }

    /** The edges that end at a vertex: its operation's inputs in order. */
    List<Edge> inputs(Vertex vertex) {
        return inputs.get(vertex.id);
    }

    Vertex loss() { return loss; }

    /** The playback down the list, as the tape does it. */
    Playback playback() { return playback; }

    /** The loss's gradient with respect to a vertex; null if it does not depend on it. */
    @Nullable
    Tensor gradient(Vertex vertex) { return playback.gradient(vertex); }

    /** Tracked, but not on any way from a leaf to the loss: the playback passes it by. */
    boolean isDead(Vertex vertex) {
        return vertex.kind != Kind.CONSTANT && gradient(vertex) == null;
    }

    /** The operation as a call, {@code tanh(v6)}, or the kind of leaf. */
    String call(Vertex vertex) {
        if (vertex.kind != Kind.OPERATION)
            return vertex.op();
        String parameters = Formula.parameters(vertex.node.op());
        return inputs(vertex).stream().map(e -> e.input.name).collect(Collectors.joining(", ", vertex.op() + "(",
                parameters.isEmpty() ? ")" : ", " + parameters + ")"));
    }

    /** The operation as mathematics, {@code a + b}, or the kind of leaf. */
    String formula(Vertex vertex) {
        if (vertex.kind != Kind.OPERATION)
            return vertex.op();
        Map<Tensor, String> called = new IdentityHashMap<>();
        for (Edge e : inputs(vertex))
            if (!e.input.isInline())
                called.put(e.input.value, e.input.name);
        return Formula.of(vertex.node, called);
    }

    /** The cotangents that the rule of a vertex gives its inputs, with the axes of broadcasting summed away. */
    @Nullable
    Tensor[] shares(Vertex vertex, Tensor g) {
        boolean[] wanted = wanted(vertex);
        Tensor[] in = vertex.node.inputs().toArray(Tensor[]::new);
        Tensor[] shares = GradientTape.paused(() -> vertex.node.op().vjps(wanted, g, in, vertex.value));
        return fitted(wanted, in, shares);
    }

    /** As {@link #shares}, and remembers what each rule does as a formula. */
    @Nullable
    Tensor[] tracedShares(Vertex vertex, Tensor g) {
        List<Edge> edges = inputs(vertex);
        boolean[] wanted = wanted(vertex);
        Tensor[] in = vertex.node.inputs().toArray(Tensor[]::new);
        List<String> called = edges.stream().map(e -> e.input.isInline() ? "" : e.input.name).toList();
        Formula.Rule rule = Formula.ruleOf(vertex.node.op(), wanted, new Formula.Sample(vertex.gradientName(), g),
                called, in, new Formula.Sample(vertex.name, vertex.value));
        for (int k = 0; k < in.length; k++)
            if (wanted[k])
                rules.put(edges.get(k), rule.cotangents()[k].shape().equals(in[k].shape())
                        ? rule.texts()[k]
                        : "sumTo(" + rule.texts()[k] + ", " + in[k].shape() + ")");
        return fitted(wanted, in, rule.cotangents());
    }

    private boolean[] wanted(Vertex vertex) {
        List<Edge> edges = inputs(vertex);
        boolean[] wanted = new boolean[edges.size()];
        for (Edge e : edges)
            wanted[e.k] = e.carriesCotangent();
        return wanted;
    }

    private static @Nullable Tensor[] fitted(boolean[] wanted, Tensor[] in, @Nullable Tensor[] shares) {
        return GradientTape.paused(() -> {
            @Nullable
            Tensor[] out = new Tensor[in.length];
            for (int k = 0; k < in.length; k++)
                out[k] = wanted[k] ? shares[k].sumTo(in[k].shape()) : null;
            return out;
        });
    }

    /** The rule of an edge in terms of the names; empty if the playback does not pass it. */
    String rule(Edge edge) {
        return rules.getOrDefault(edge, "");
    }

    /**
     * The local derivatives of a vertex by its inputs where they are numbers, or one for each element: what the
     * rule makes of a cotangent of ones.
     */
    @Nullable
    Tensor[] derivatives(Vertex vertex) {
        Op op = vertex.node.op();
        boolean elementwise = op instanceof Elementwise.Map1 || op instanceof Elementwise.Map2
                && vertex.node.inputs().stream().allMatch(x -> x.shape().equals(vertex.value.shape()));
        return vertex.value.size() == 1 || elementwise
                ? shares(vertex, Tensor.onesLike(vertex.value))
                : new Tensor[inputs(vertex).size()];
    }
}
