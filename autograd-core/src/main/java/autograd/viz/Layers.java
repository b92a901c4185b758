package autograd.viz;

import autograd.viz.TapeGraph.Edge;
import autograd.viz.TapeGraph.Vertex;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Places a graph in layers from its inputs down to the loss, so that edges point down and boxes do not
 * overlap. Layers by longest paths, order within a layer by barycentres, places by least squares. Sugiyama,
 * Tagawa and Toda, IEEE Transactions on Systems, Man, and Cybernetics, 1981.
 */
final class Layers {
    private static final int SWEEPS = 12;
    private static final double GAP = 18, LANE = 10;

    /** A box, or where an edge passes through a layer. */
    static final class Spot {
        final int layer;
        final double width;
        final List<Spot> above = new ArrayList<>(), below = new ArrayList<>();
        double x, rank;

        private Spot(int layer, double width) {
            this.layer = layer;
            this.width = width;
        }
    }

    private final List<List<Spot>> layers = new ArrayList<>();
    private final Map<Vertex, Spot> boxes = new HashMap<>();
    private final Map<Edge, List<Spot>> paths = new HashMap<>();

    Layers(TapeGraph graph, ToDoubleFunction<Vertex> width) {
        int[] layer = layersOf(graph);
        for (Vertex v : graph.vertices())
            boxes.put(v, spot(layer[v.id()], width.applyAsDouble(v)));
        for (Edge e : graph.edges())
            paths.put(e, path(boxes.get(e.input()), boxes.get(e.output())));
        order();
        place();
    }

    /** Results by the longest way to them from an input, everything else right above its first use. */
    private static int[] layersOf(TapeGraph graph) {
        int[] layer = new int[graph.vertices().size()];
        for (Edge e : graph.edges()) // in the order of their outputs, so an input's layer is final
            layer[e.output().id()] = Math.max(layer[e.output().id()], layer[e.input().id()] + 1);
        int[] first = new int[layer.length];
        for (Edge e : graph.edges().reversed()) {
            int at = e.input().id(), use = layer[e.output().id()];
            first[at] = first[at] == 0 ? use : Math.min(first[at], use);
            layer[at] = first[at] - 1;
        }
        return layer;
    }

    private Spot spot(int layer, double width) {
        while (layers.size() <= layer)
            layers.add(new ArrayList<>());
        Spot spot = new Spot(layer, width);
        layers.get(layer).add(spot);
        return spot;
    }

    /** A lane for an edge through every layer between its ends. */
    private List<Spot> path(Spot from, Spot to) {
        List<Spot> path = new ArrayList<>(List.of(from));
        for (int i = from.layer + 1; i < to.layer; i++)
            path.add(spot(i, LANE));
        path.add(to);
        for (int i = 1; i < path.size(); i++) {
            path.get(i).above.add(path.get(i - 1));
            path.get(i - 1).below.add(path.get(i));
        }
        return path;
    }

    private void order() {
        number();
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0;
            for (List<Spot> layer : down ? layers : layers.reversed()) {
                for (Spot s : layer)
                    s.x = mean(down ? s.above : s.below, other -> other.rank, s.rank);
                layer.sort(Comparator.comparingDouble(s -> s.x));
                number(layer);
            }
        }
    }

    private void number() { layers.forEach(Layers::number); }

    /** Ranks from 0 to 1, so that layers of different sizes compare. */
    private static void number(List<Spot> layer) {
        for (int i = 0; i < layer.size(); i++)
            layer.get(i).rank = (i + 0.5) / layer.size();
    }

    private static double mean(List<Spot> spots, ToDoubleFunction<Spot> where, double otherwise) {
        return spots.stream().mapToDouble(where).average().orElse(otherwise);
    }

    private void place() {
        for (List<Spot> layer : layers)
            spread(layer, layer.stream().mapToDouble(s -> 0).toArray());
        for (int sweep = 0; sweep < 2 * SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0, both = sweep >= SWEEPS;
            for (List<Spot> layer : down ? layers : layers.reversed())
                spread(layer, layer.stream().mapToDouble(s -> {
                    List<Spot> near = new ArrayList<>(both || down ? s.above : s.below);
                    near.addAll(both ? s.below : List.of());
                    return mean(near, other -> other.x, s.x);
                }).toArray());
        }
        double left = Double.MAX_VALUE;
        for (List<Spot> layer : layers)
            left = Math.min(left, layer.getFirst().x - layer.getFirst().width / 2);
        for (List<Spot> layer : layers)
            for (Spot s : layer)
                s.x -= left;
    }

    /**
     * Puts the boxes of a layer as near as possible to where they want to be, in the sense of least squares,
     * without changing their order or letting them touch: pool adjacent violators, Ayer et al., 1955.
     */
    private static void spread(List<Spot> layer, double[] wanted) {
        int n = layer.size(), blocks = 0;
        double[] offset = new double[n], mean = new double[n];
        int[] count = new int[n];
        for (int i = 0; i < n; i++) {
            if (i > 0)
                offset[i] = offset[i - 1] + (layer.get(i - 1).width + layer.get(i).width) / 2 + GAP;
            mean[blocks] = wanted[i] - offset[i];
            count[blocks++] = 1;
            while (blocks > 1 && mean[blocks - 2] >= mean[blocks - 1]) {
                blocks--;
                int together = count[blocks - 1] + count[blocks];
                mean[blocks - 1] = (mean[blocks - 1] * count[blocks - 1] + mean[blocks] * count[blocks]) / together;
                count[blocks - 1] = together;
            }
        }
        for (int b = 0, i = 0; b < blocks; b++)
            for (int k = 0; k < count[b]; k++, i++)
                layer.get(i).x = mean[b] + offset[i];
    }

    Spot of(Vertex v) { return boxes.get(v); }

    /** Where an edge goes: its input's box, a spot in each layer between, its output's box. */
    List<Spot> path(Edge e) {
        return paths.get(e);
    }

    int count() { return layers.size(); }

    double width() { return layers.stream().mapToDouble(l -> l.getLast().x + l.getLast().width / 2).max().orElse(0); }
}
