package autograd.viz;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.viz.Playback.Share;
import autograd.viz.TapeGraph.Edge;
import autograd.viz.TapeGraph.Kind;
import autograd.viz.TapeGraph.Vertex;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a tape as a page to step through in a browser, forward and back, by mouse or keyboard: one file that
 * needs no network. It also plays the tape back in two wrong orders, to show why the right one is right.
 */
public final class TapePage {
    private static final int LONGEST = 1200;

    private TapePage() {}

    /**
     * Writes the page of a result. It tells the line of source of each operation if the tape was opened with
     * {@code new GradientTape(new SourceLines())}.
     *
     * @param path
     *            the file, made or replaced
     * @param tape
     *            an open tape that was not played back or is persistent; it is left as it is
     * @param loss
     *            the result, a single number
     */
    public static void write(Path path, GradientTape tape, Tensor loss) { write(path, tape, loss, Map.of()); }

    /**
     * Writes the page of a result.
     *
     * @param path
     *            the file, made or replaced
     * @param tape
     *            an open tape that was not played back or is persistent; it is left as it is
     * @param loss
     *            the result, a single number
     * @param names
     *            what to call watched tensors, constants and results; variables have names of their own
     */
    public static void write(Path path, GradientTape tape, Tensor loss, Map<Tensor, String> names) {
        String page = of(new TapeGraph(tape, loss, names));
        try {
            Files.writeString(path, page);
        } catch (IOException e) {
            throw new UncheckedIOException("the page of the tape cannot be written to " + path, e);
        }
    }

    static String of(TapeGraph graph) {
        Map<String, String> parts = Map.of("title", Svg.escaped("The tape of " + graph.loss().name()), "style",
                resource("drawing.css") + resource("page.css"), "graph", Svg.of(graph, ""), "data",
                Json.of(data(graph)), "script", resource("page.js"));
        StringBuilder page = new StringBuilder();
        for (String piece : resource("page.html").split("(?=\\{\\{)|(?<=}})")) // {{title}} and so on
            page.append(piece.startsWith("{{") ? parts.get(piece.substring(2, piece.length() - 2)) : piece);
        return page.toString();
    }

    /** A part of the page. */
    static String resource(String name) {
        try (var in = TapePage.class.getResourceAsStream(name)) {
            if (in == null)
                throw new IllegalStateException("autograd/viz/" + name + " is missing from autograd-core");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> data(TapeGraph graph) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("loss", graph.loss().id());
        data.put("seed", Listing.seed(graph).text());
        data.put("nodes", graph.vertices().stream().map(v -> node(graph, v)).toList());
        List<Object> edges = new ArrayList<>();
        for (Vertex v : graph.vertices())
            edges.addAll(edges(graph, v));
        data.put("edges", edges);
        Playback naive = Playback.recursive(graph);
        data.put("orders", new TreeMap<>(Map.of("right", order(graph, graph.playback(), Order.RIGHT), "naive",
                order(graph, naive, Order.NAIVE), "again", order(graph, Playback.again(graph), Order.AGAIN))));
        data.put("naiveSteps", Numbers.text(Playback.steps(graph)));
        data.put("naiveEnds", naive.isComplete());
        return data;
    }

    private static Map<String, Object> node(TapeGraph graph, Vertex v) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("name", v.name());
        node.put("g", v.gradientName());
        node.put("kind", v.kind().name().toLowerCase(Locale.ROOT));
        node.put("line", v.isInline() ? "" : Listing.forward(graph, v).text());
        node.put("formula", graph.formula(v));
        node.put("type", Numbers.type(v.value()));
        node.put("value", full(v.value()));
        Tensor g = graph.gradient(v);
        node.put("gradient", g == null ? null : full(g));
        node.put("source", v.source());
        return node;
    }

    private static String full(Tensor x) {
        String text = Numbers.isSmall(x) ? Numbers.text(x) : x.array().toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " ..";
    }

    private static List<Object> edges(TapeGraph graph, Vertex v) {
        List<Object> edges = new ArrayList<>();
        @Nullable
        Tensor[] derivatives = v.kind() == Kind.OPERATION ? graph.derivatives(v) : new Tensor[0];
        for (Edge e : graph.inputs(v)) {
            Map<String, Object> edge = new LinkedHashMap<>();
            edge.put("from", e.input().id());
            edge.put("to", v.id());
            edge.put("rule", graph.rule(e));
            Tensor d = derivatives[e.k()];
            edge.put("derivative", d == null || !Numbers.isSmall(d) ? null : Numbers.text(d));
            edges.add(edge);
        }
        return edges;
    }

    /** The order of a playback, and its expected results. */
    private enum Order {
        RIGHT, NAIVE, AGAIN
    }

    private static Map<String, Object> order(TapeGraph graph, Playback playback, Order order) {
        List<Object> steps = new ArrayList<>();
        for (Share share : playback.shares())
            steps.add(List.of(share.edge().id(), Numbers.text(share.cotangent()), Numbers.text(share.total()),
                    share.early() ? 1 : 0, Listing.backward(graph, share).text()));
        Map<String, Object> right = new TreeMap<>();
        for (Vertex v : graph.vertices()) {
            Tensor g = graph.gradient(v), got = playback.gradient(v);
            if (g == null || got == null)
                continue;
            // the gradients of leaves add up from one backward() to the next
            Tensor should = order == Order.AGAIN && v.kind() != Kind.OPERATION
                    ? GradientTape.paused(() -> g.add(g))
                    : g;
            if (differ(got, should))
                right.put(Integer.toString(v.id()), Numbers.text(should));
        }
        return new TreeMap<>(Map.of("steps", steps, "wrong", right));
    }

    /** By more than another order of a sum can make. */
    private static boolean differ(Tensor a, Tensor b) {
        double[] as = a.toDoubleArray(), bs = b.toDoubleArray();
        double largest = 0, difference = 0;
        for (int i = 0; i < as.length; i++) {
            largest = Math.max(largest, Math.max(Math.abs(as[i]), Math.abs(bs[i])));
            difference = Math.max(difference, Math.abs(as[i] - bs[i]));
        }
        return difference > 64 * a.dtype().epsilon() * largest;
    }
}
