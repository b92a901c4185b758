package autograd.viz;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.viz.Layers.Spot;
import autograd.viz.TapeGraph.Edge;
import autograd.viz.TapeGraph.Kind;
import autograd.viz.TapeGraph.Vertex;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws a tape as a picture, from the inputs down to the loss. */
public final class Svg {
    private static final double LINE = 16, PAD = 9, CHARACTER = 7.3, LAYER = 52, MARGIN = 16;
    private static final int LONGEST = 24, ROOM = 15;

    private final TapeGraph graph;
    private final Layers layers;
    private final double[] tops, heights;
    private final StringBuilder out = new StringBuilder();

    private Svg(TapeGraph graph) {
        this.graph = graph;
        layers = new Layers(graph, v -> Math.max(v.kind() == Kind.CONSTANT ? 0 : ROOM,
                lines(graph, v).stream().mapToInt(String::length).max().orElse(0)) * CHARACTER + 2 * PAD);
        tops = new double[layers.count() + 1];
        heights = new double[layers.count()];
        for (Vertex v : graph.vertices()) {
            int layer = layers.of(v).layer;
            heights[layer] = Math.max(heights[layer], height(v));
        }
        tops[0] = MARGIN;
        for (int i = 0; i < heights.length; i++)
            tops[i + 1] = tops[i] + heights[i] + LAYER;
    }

    /**
     * The picture of a result's graph.
     *
     * @param tape
     *            an open tape that was not played back or is persistent; it is left as it is
     * @param loss
     *            the result, a single number
     * @return an SVG document with a box for each tensor: its operation, its value or shape, its gradient
     */
    public static String of(GradientTape tape, Tensor loss) { return of(tape, loss, Map.of()); }

    /**
     * The picture of a result's graph.
     *
     * @param tape
     *            an open tape that was not played back or is persistent; it is left as it is
     * @param loss
     *            the result, a single number
     * @param names
     *            what to call watched tensors, constants and results; variables have names of their own
     * @return an SVG document with a box for each tensor: its operation, its value or shape, its gradient
     */
    public static String of(GradientTape tape, Tensor loss, Map<Tensor, String> names) {
        return of(new TapeGraph(tape, loss, names), "<style>" + TapePage.resource("drawing.css") + "</style>\n");
    }

    static String of(TapeGraph graph, String style) { return new Svg(graph).draw(style); }

    /** The text in the box of a vertex: its operation, its value or shape, its gradient. */
    static List<String> lines(TapeGraph graph, Vertex v) {
        List<String> lines = new ArrayList<>();
        if (v.isInline())
            return List.of(v.name());
        lines.add(cut(v.kind() == Kind.OPERATION ? v.name() + " = " + v.op() : v.name()));
        lines.add(cut(Numbers.isSmall(v.value())
                ? "value " + Numbers.text(v.value())
                : v.value().shape().toString()));
        Tensor g = graph.gradient(v);
        if (v.kind() != Kind.CONSTANT)
            lines.add(cut(g == null ? "not reached" : "grad " + Numbers.text(g)));
        return lines;
    }

    private static String cut(String line) {
        return line.length() <= LONGEST ? line : line.substring(0, whole(line, LONGEST - 2)) + "..";
    }

    /** The end of a part of a text, one earlier if it would cut a surrogate pair in two. */
    static int whole(String text, int end) {
        return Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }

    private double height(Vertex v) { return lines(graph, v).size() * LINE + 2 * PAD - 4; }

    private String draw(String style) {
        double width = layers.width() + 2 * MARGIN, height = tops[heights.length] - LAYER + MARGIN;
        out.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" class="tape" role="img" aria-labelledby="tape-title tape-desc" \
                width="%s" height="%s" viewBox="0 0 %s %s">
                <title id="tape-title">The graph of %s</title>
                <desc id="tape-desc">%d tensors in %d layers, inputs at the top, the loss at the bottom; \
                cotangents flow upwards.</desc>
                """, number(width), number(height), number(width), number(height),
                escaped(graph.loss().name()), graph.vertices().size(), layers.count())).append(style);
        out.append(
                """
                        <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" \
                        markerUnits="userSpaceOnUse" orient="auto">\
                        <path d="M0 0.5 8 4 0 7.5z"/></marker></defs>
                        """);
        for (Edge e : graph.edges())
            edge(e);
        for (Vertex v : graph.vertices())
            box(v);
        return out.append("</svg>\n").toString();
    }

    private void edge(Edge e) {
        List<Spot> path = layers.path(e);
        Spot from = path.getFirst();
        double x = from.x + MARGIN, y = tops[from.layer] + (heights[from.layer] + height(e.input())) / 2;
        out.append("<path id=\"e").append(e.id()).append("\" class=\"edge").append(isStill(e) ? " still" : "")
                .append("\" marker-end=\"url(#arrow)\" d=\"M").append(point(x, y));
        for (Spot to : path.subList(1, path.size())) {
            boolean last = to == path.getLast();
            double toX = to.x + MARGIN + (last ? port(e) : 0);
            double top = tops[to.layer] + (last ? (heights[to.layer] - height(e.output())) / 2 : 0);
            double middle = (y + top) / 2;
            out.append('C').append(point(x, middle)).append(point(toX, middle)).append(point(toX, top));
            x = toX;
            y = top;
            if (!last)
                out.append('V').append(number(y = tops[to.layer] + heights[to.layer]));
        }
        out.append("\"/>\n");
    }

    private boolean isStill(Edge e) { return graph.rule(e).isEmpty(); }

    private static String point(double x, double y) { return number(x) + " " + number(y) + " "; }

    /** Edges into one box end side by side. */
    private double port(Edge e) {
        int n = graph.inputs(e.output()).size();
        return (e.k() - (n - 1) / 2.0) * Math.min(24, (layers.of(e.output()).width - 16) / Math.max(1, n - 1));
    }

    private void box(Vertex v) {
        Spot at = layers.of(v);
        double height = height(v), left = at.x + MARGIN - at.width / 2;
        double top = tops[at.layer] + (heights[at.layer] - height) / 2;
        out.append("<g id=\"n").append(v.id()).append("\" class=\"box ")
                .append(v.kind().name().toLowerCase(Locale.ROOT))
                .append(graph.isDead(v) ? " dead" : "").append(v == graph.loss() ? " loss" : "")
                .append("\"><rect x=\"").append(number(left)).append("\" y=\"").append(number(top))
                .append("\" width=\"").append(number(at.width)).append("\" height=\"").append(number(height))
                .append("\" rx=\"").append(v.kind() == Kind.CONSTANT ? 2 : 8).append("\"/>");
        List<String> lines = lines(graph, v);
        for (int i = 0; i < lines.size(); i++)
            out.append("<text x=\"").append(number(at.x + MARGIN)).append("\" y=\"")
                    .append(number(top + PAD + 9 + i * LINE)).append("\" class=\"").append(ROLES.get(i)).append("\">")
                    .append(escaped(lines.get(i))).append("</text>");
        out.append("</g>\n");
    }

    private static final List<String> ROLES = List.of("name", "value", "grad");

    private static String number(double x) {
        String s = String.format(Locale.ROOT, "%.1f", x);
        return s.endsWith(".0") ? s.substring(0, s.length() - 2) : s;
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
