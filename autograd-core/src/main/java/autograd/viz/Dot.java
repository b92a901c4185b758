package autograd.viz;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.viz.TapeGraph.Edge;
import autograd.viz.TapeGraph.Vertex;

import java.util.Map;

/** Writes a tape as a graph in Graphviz's language; {@link Svg} draws it without Graphviz. */
public final class Dot {
    private Dot() {}

    /**
     * The graph of a result.
     *
     * @param tape
     *            an open tape that was not played back or is persistent; it is left as it is
     * @param loss
     *            the result, a single number
     * @return a digraph with a box for each tensor: its operation, its value or shape, its gradient
     */
    public static String of(GradientTape tape, Tensor loss) { return of(tape, loss, Map.of()); }

    /**
     * The graph of a result.
     *
     * @param tape
     *            an open tape that was not played back or is persistent; it is left as it is
     * @param loss
     *            the result, a single number
     * @param names
     *            what to call watched tensors, constants and results; variables have names of their own
     * @return a digraph with a box for each tensor: its operation, its value or shape, its gradient
     */
    public static String of(GradientTape tape, Tensor loss, Map<Tensor, String> names) {
        return of(new TapeGraph(tape, loss, names));
    }

    static String of(TapeGraph graph) {
        StringBuilder out = new StringBuilder("""
                digraph tape {
                  node [shape=box, style="rounded,filled", fontname="monospace", fontsize=11, fillcolor="#ffffff"];
                  edge [color="#707a8a", arrowsize=0.7];
                """);
        for (Vertex v : graph.vertices())
            out.append("  n").append(v.id()).append(" [label=\"").append(quoted(String.join("\n", Svg.lines(graph, v))))
                    .append('"').append(style(graph, v)).append("];\n");
        for (Edge e : graph.edges())
            out.append("  n").append(e.input().id()).append(" -> n").append(e.output().id())
                    .append(graph.rule(e).isEmpty() ? " [style=dashed]" : "").append(";\n");
        return out.append("}\n").toString();
    }

    private static String style(TapeGraph graph, Vertex v) {
        if (graph.isDead(v))
            return ", style=\"rounded,dashed\", fontcolor=\"#707a8a\"";
        return switch (v.kind()) {
            case VARIABLE -> ", fillcolor=\"#d8ecd9\"";
            case WATCHED -> ", fillcolor=\"#d6e6f8\"";
            case CONSTANT -> ", style=filled, fillcolor=\"#eceef2\"";
            case OPERATION -> v == graph.loss() ? ", fillcolor=\"#fbe6c2\", penwidth=2" : "";
        };
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
