package autograd.viz;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.viz.TapeGraph.Edge;
import autograd.viz.TapeGraph.Vertex;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How cotangents flow through a graph in one order or another, right or wrong, share by share. */
final class Playback {
    /** The longest playback that is shown; recursion can take a number of steps exponential in the depth. */
    private static final int LONGEST = 1500;

    /**
     * An input gets its share of an output's cotangent.
     *
     * @param cotangent
     *            what arrives
     * @param total
     *            the sum of the shares so far
     * @param early
     *            whether the output passes its cotangent on although more will arrive there
     */
    record Share(Edge edge, Tensor cotangent, Tensor total, boolean early) {}

    private final TapeGraph graph;
    private final List<Share> shares = new ArrayList<>();
    private final @Nullable Tensor[] gradients;
    private final int[] expected, arrived;
    private boolean complete = true;

    private Playback(TapeGraph graph) {
        this.graph = graph;
        int n = graph.vertices().size();
        gradients = new Tensor[n];
        expected = new int[n];
        arrived = new int[n];
        Vertex loss = graph.loss();
        gradients[loss.id()] = Tensor.onesLike(loss.value());
    }

    /** Down the list from the loss: each vertex after all that use it. */
    static Playback downTheList(TapeGraph graph) {
        Playback playback = new Playback(graph);
        playback.down(true);
        return playback;
    }

    /** Depth first, without an order: each vertex passes on its whole gradient whenever a share arrives. */
    static Playback recursive(TapeGraph graph) {
        Playback playback = new Playback(graph);
        for (Edge e : graph.edges())
            if (graph.gradient(e.output()) != null)
                playback.expected[e.input().id()]++;
        playback.recurse(graph.loss());
        return playback;
    }

    /** Down the list a second time, without clearing the gradients of the first time. */
    static Playback again(TapeGraph graph) {
        Playback playback = new Playback(graph);
        for (Vertex v : graph.vertices())
            if (v != graph.loss())
                playback.gradients[v.id()] = graph.gradient(v);
        playback.down(false);
        return playback;
    }

    private void down(boolean traced) {
        for (Vertex v : graph.vertices().reversed()) {
            Tensor g = gradients[v.id()];
            if (g == null || v.kind() != TapeGraph.Kind.OPERATION || v.id() > graph.loss().id())
                continue;
            @Nullable
            Tensor[] given = traced ? graph.tracedShares(v, g) : graph.shares(v, g);
            for (Edge e : graph.inputs(v))
                deliver(e, given[e.k()]);
        }
    }

    private void recurse(Vertex v) {
        if (v.kind() != TapeGraph.Kind.OPERATION)
            return;
        if (shares.size() >= LONGEST) {
            complete = false;
            return;
        }
        @Nullable
        Tensor[] given = graph.shares(v, gradients[v.id()]);
        Set<Vertex> reached = new LinkedHashSet<>();
        for (Edge e : graph.inputs(v))
            if (e.carriesCotangent()) {
                deliver(e, given[e.k()]);
                reached.add(e.input());
            }
        reached.forEach(this::recurse);
    }

    private void deliver(Edge e, @Nullable Tensor share) {
        if (share == null)
            return;
        int at = e.input().id(), from = e.output().id();
        Tensor before = gradients[at];
        gradients[at] = before == null ? share : GradientTape.paused(() -> before.add(share));
        arrived[at]++;
        shares.add(new Share(e, share, gradients[at], arrived[from] < expected[from]));
    }

    List<Share> shares() { return shares; }

    /** Whether it came to an end within the steps that are shown. */
    boolean isComplete() { return complete; }

    /** The final gradient of a vertex; null if no share arrived. */
    @Nullable
    Tensor gradient(Vertex v) { return gradients[v.id()]; }

    /** The number of shares in depth-first recursion: one for each path from the loss along an edge. */
    static double steps(TapeGraph graph) {
        double[] visits = new double[graph.vertices().size()];
        visits[graph.loss().id()] = 1;
        double steps = 0;
        for (Vertex v : graph.vertices().reversed()) {
            Set<Vertex> inputs = new LinkedHashSet<>();
            for (Edge e : graph.inputs(v))
                if (e.carriesCotangent()) {
                    steps += visits[v.id()];
                    inputs.add(e.input());
                }
            for (Vertex x : inputs)
                visits[x.id()] += visits[v.id()];
        }
        return steps;
    }
}
