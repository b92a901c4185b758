package autograd.viz;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.viz.Playback.Share;
import autograd.viz.TapeGraph.Vertex;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a tape as text: every line as it was computed, then what the playback does, in its order, with the
 * rule of each operation written out.
 */
public final class Listing {
    private static final int WIDTH = 120, COLUMN = 20;

    private final TapeGraph graph;
    private final StringBuilder out = new StringBuilder();

    private Listing(TapeGraph graph) { this.graph = graph; }

    /**
     * The tape as text, and its playback from the last line.
     *
     * @param tape
     *            an open tape that was not played back or is persistent; it is left as it is
     * @return lines of at most 120 characters, such as {@code v7 = tanh(v6) : [64, 128] f32} and, further down,
     *         {@code g6 += g7 * (1 - v7^2)}
     */
    public static String of(GradientTape tape) { return of(new TapeGraph(tape, null, Map.of())); }

    /**
     * The tape as text, and its playback from a result.
     *
     * @param tape
     *            an open tape that was not played back or is persistent; it is left as it is
     * @param loss
     *            the result, a single number
     * @return lines of at most 120 characters
     */
    public static String of(GradientTape tape, Tensor loss) { return of(tape, loss, Map.of()); }

    /**
     * The tape as text, and its playback from a result.
     *
     * @param tape
     *            an open tape that was not played back or is persistent; it is left as it is
     * @param loss
     *            the result, a single number
     * @param names
     *            what to call watched tensors, constants and results; variables have names of their own
     * @return lines of at most 120 characters
     */
    public static String of(GradientTape tape, Tensor loss, Map<Tensor, String> names) {
        return of(new TapeGraph(tape, loss, names));
    }

    static String of(TapeGraph graph) {
        Listing listing = new Listing(graph);
        listing.write("forward", listing.forward());
        listing.write("backward from " + graph.loss().name(), listing.backward());
        List<String> dead = graph.vertices().stream().filter(graph::isDead).map(Vertex::name).toList();
        if (!dead.isEmpty())
            listing.wrap("not reached: " + String.join(", ", dead));
        return listing.out.toString();
    }

    /**
     * A line of the listing in two columns.
     *
     * @param target
     *            what is made or added to
     */
    record Line(String target, String sign, String what, String result) {
        String text() { return target + " " + sign + " " + what + result; }
    }

    private List<Line> forward() {
        return graph.vertices().stream().filter(v -> !v.isInline()).map(v -> forward(graph, v)).toList();
    }

    static Line forward(TapeGraph graph, Vertex v) {
        return new Line(v.name(), "=", graph.call(v), " : " + Numbers.type(v.value()) + value(" = ", v.value()));
    }

    private List<Line> backward() {
        List<Line> lines = new ArrayList<>(List.of(seed(graph)));
        for (Share share : graph.playback().shares())
            lines.add(backward(graph, share));
        return lines;
    }

    /** The first line of a playback: the loss's gradient by itself. */
    static Line seed(TapeGraph graph) {
        return new Line(graph.loss().gradientName(), "=", "1", "");
    }

    static Line backward(TapeGraph graph, Share share) {
        return new Line(share.edge().input().gradientName(), "+=", graph.rule(share.edge()),
                value(" = ", share.cotangent())
                        + (share.cotangent() == share.total() ? "" : value(", total ", share.total())));
    }

    private static String value(String before, Tensor x) { return Numbers.isSmall(x) ? before + Numbers.text(x) : ""; }

    private void write(String title, List<Line> lines) {
        int width = lines.stream().mapToInt(l -> l.target.length()).filter(n -> n <= COLUMN).max().orElse(0);
        out.append(title).append('\n');
        for (Line l : lines)
            wrap("  " + l.target + " ".repeat(Math.max(0, width - l.target.length())) + " " + l.sign + " " + l.what
                    + l.result);
    }

    /** Breaks a line that is too long after a space, or where there is none anywhere. */
    private void wrap(String line) {
        String rest = line, indent = "";
        while (indent.length() + rest.length() > WIDTH) {
            int room = WIDTH - indent.length(), space = rest.lastIndexOf(' ', room - 1);
            int end = space > rest.length() - rest.stripLeading().length() ? space + 1 : Svg.whole(rest, room);
            out.append(indent).append(rest.substring(0, end).stripTrailing()).append('\n');
            rest = rest.substring(end);
            indent = "        ";
        }
        out.append(indent).append(rest).append('\n');
    }
}
