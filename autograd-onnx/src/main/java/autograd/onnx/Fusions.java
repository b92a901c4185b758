package autograd.onnx;

import autograd.Elementwise;
import autograd.GradientTape;
import autograd.LinearAlgebra;
import autograd.Movement;
import autograd.Node;
import autograd.Normalization;
import autograd.Op;
import autograd.Tensor;
import autograd.nn.Cell;
import autograd.nn.Gru;
import autograd.nn.Lstm;
import autograd.nn.Rnn;
import autograd.nn.Trainable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Layers that are one operator of ONNX and several recorded operations: batch and layer normalization, found
 * by the operations that follow each other, and recurrent layers, found by their weights and by what they
 * compute. Operations that are not used any more are left out of the file.
 */
final class Fusions {
    private final Translator translator;
    private final Graph graph;
    private final List<Cell<?>> cells = new ArrayList<>();
    private List<List<Node>> lines = List.of();
    /** By tensors of the first run: the line that made one, and the lines that use it. */
    private final Map<Tensor, List<Node>> makers = new IdentityHashMap<>();
    private final Map<Tensor, List<List<Node>>> users = new IdentityHashMap<>();

    Fusions(Translator translator, Trainable model) {
        this.translator = translator;
        this.graph = translator.graph;
        model.parts().values().forEach(part -> {
            if (part instanceof Lstm || part instanceof Gru || part instanceof Rnn)
                cells.add((Cell<?>) part);
        });
    }

    void read(List<List<Node>> all) {
        lines = all;
        for (List<Node> line : all) {
            makers.put(line.getFirst().output(), line);
            for (Tensor x : line.getFirst().inputs())
                users.computeIfAbsent(x, _ -> new ArrayList<>()).add(line);
        }
    }

    /** The output of an operation if its translation begins a layer's; null if it does not. */
    @Nullable
    String of(Call call) {
        switch (call.nodes().getFirst().op()) {
            case Normalization.Standardize s when isLayerNorm(s, call) -> layerNorm(call, s);
            case Elementwise.Sub _ -> batchNorm(call);
            case LinearAlgebra.MatMul _ -> recurrent(call);
            default -> {
            }
        }
        return null;
    }

    // ---- normalization

    /** Whether it is over the last axes, of more than one element, which do not depend on the batch. */
    static boolean isLayerNorm(Normalization.Standardize s, Call call) {
        Extents x = call.shape(0);
        return s.axes().length > 0 && s.axes()[0] == x.rank() - s.axes().length
                && Arrays.stream(s.axes()).allMatch(x::isFixed)
                && Arrays.stream(s.axes()).map(x::first).reduce(1, (a, b) -> a * b) > 1;
    }

    /**
     * A line that is the only user of an output, of a kind, whose other input is a constant; null if it is not.
     */
    private @Nullable List<Node> next(List<Node> line, Class<? extends Op> kind) {
        List<List<Node>> all = users.getOrDefault(line.getFirst().output(), List.of());
        if (all.size() != 1 || !kind.isInstance(all.getFirst().getFirst().op()))
            return null;
        List<Node> next = all.getFirst();
        boolean first = next.getFirst().inputs().getFirst() == line.getFirst().output();
        return first && translator.isConstant(inputs(next, 1)) ? next : null;
    }

    private static List<Tensor> inputs(List<Node> line, int k) {
        return line.stream().map(n -> n.inputs().get(k)).toList();
    }

    private static List<Tensor> outputs(List<Node> line) { return line.stream().map(Node::output).toList(); }

    private void layerNorm(Call call, Normalization.Standardize s) {
        List<Node> scale = next(call.nodes(), Elementwise.Mul.class);
        List<Node> bias = scale == null ? null : next(scale, Elementwise.Add.class);
        if (bias == null)
            return;
        int rank = call.shape(0).rank();
        for (List<Node> line : List.of(scale, bias)) {
            Tensor v = inputs(line, 1).getFirst();
            if (v.shape().rank() != s.axes().length)
                return;
            for (int i = 0; i < v.shape().rank(); i++)
                if (v.shape().dim(i) != call.shape(0).first(rank - v.shape().rank() + i))
                    return;
        }
        translator.define(outputs(bias), graph.node("LayerNormalization",
                List.of(call.in(0), translator.value(inputs(scale, 1), scale), translator.value(inputs(bias, 1), bias)),
                "axis", s.axes()[0], "epsilon", s.epsilon()));
    }

    /** (x - mean) / deviation * weight + bias, all constants along axis 1. */
    private void batchNorm(Call call) {
        List<Node> div = translator.isConstant(call.tensors(1)) && !translator.isConstant(call.tensors(0))
                ? next(call.nodes(), Elementwise.Div.class)
                : null;
        List<Node> mul = div == null ? null : next(div, Elementwise.Mul.class);
        List<Node> add = mul == null ? null : next(mul, Elementwise.Add.class);
        if (add == null || call.shape(0).rank() < 2)
            return;
        List<String> in = new ArrayList<>(List.of(call.in(0)));
        for (List<Node> line : List.of(mul, add, call.nodes(), div)) {
            Tensor v = inputs(line, 1).getFirst();
            int rank = call.shape(0).rank();
            if (v.shape().rank() != rank || v.shape().dim(1) != call.shape(0).first(1) || v.size() != v.shape().dim(1))
                return;
            Tensor flat = v.detach().flatten();
            in.add(graph.constant("batchNorm", line == div ? flat.square() : flat));
        }
        translator.define(outputs(add), graph.node("BatchNormalization", in, "epsilon", 0.0));
    }

    // ---- recurrence

    /** A product with a cell's weights that begins what {@link Cell#forward(Tensor)} computes of sequences. */
    private void recurrent(Call call) {
        for (Cell<?> cell : cells) {
            List<Node> rows = makers.get(call.tensors(0).getFirst());
            if (call.tensors(1).getFirst() != cell.inputWeight() || rows == null
                    || !(rows.getFirst().op() instanceof Movement.Reshape))
                continue;
            List<Tensor> x = inputs(rows, 0);
            if (x.getFirst().shape().rank() == 3 && !translator.isConstant(x))
                replace(cell, x, rows);
        }
    }

    private <S extends Cell.State<S>> void replace(Cell<S> cell, List<Tensor> x, List<Node> user) {
        List<Cell.Output<S>> out = GradientTape.paused(() -> x.stream().map(t -> cell.forward(t.detach())).toList());
        List<Tensor> y = made(user, out, Cell.Output::y);
        if (y == null)
            return; // it began with another state, or it has padding
        List<String> made = operator(cell, translator.value(x, user));
        int directions = 1;
        String sequences = graph.node("Squeeze", List.of(made.get(0), graph.longs(directions)));
        translator.define(y, graph.node("Transpose", List.of(sequences), "perm", new int[]{1, 0, 2}));
        define(made(user, out, o -> o.last().h()), made.get(1));
        if (cell instanceof Lstm)
            define(made(user, out, o -> ((Lstm.State) (Object) o.last()).c()), made.get(2));
    }

    private void define(@Nullable List<Tensor> state, String name) {
        if (state != null)
            translator.define(state, graph.node("Squeeze", List.of(name, graph.longs(0L))));
    }

    /** The tensors of a later line that have these values in every run; null if there is no such line. */
    private <O> @Nullable List<Tensor> made(List<Node> after, List<O> out, Function<O, Tensor> part) {
        List<Tensor> wanted = out.stream().map(part).toList();
        for (List<Node> line : lines.subList(lines.indexOf(after), lines.size())) {
            boolean same = true;
            for (int run = 0; same && run < wanted.size(); run++) {
                Tensor made = line.get(run).output();
                same = made.shape().equals(wanted.get(run).shape())
                        && Arrays.equals(made.toDoubleArray(), wanted.get(run).toDoubleArray());
            }
            if (same)
                return outputs(line);
        }
        return null;
    }

    /** Outputs, last h, and last c of an LSTM; sequences are [length, n, ..] there. */
    private List<String> operator(Cell<?> cell, String x) {
        int width = cell.stateWeight().shape().dim(0);
        String turned = graph.node("Transpose", List.of(x), "perm", new int[]{1, 0, 2});
        return switch (cell) {
            case Lstm l -> graph.nodes("LSTM", 3, List.of(turned, weight(l.inputWeight(), 0, 3, 1, 2),
                    weight(l.stateWeight(), 0, 3, 1, 2), bias(l.bias(), Tensor.zerosLike(l.bias()), 0, 3, 1, 2)),
                    "hidden_size", width);
            case Gru g -> graph.nodes("GRU", 2, List.of(turned, weight(g.inputWeight(), 1, 0, 2),
                    weight(g.stateWeight(), 1, 0, 2), bias(g.inputBias(), g.stateBias(), 1, 0, 2)),
                    "hidden_size", width, "linear_before_reset", 1);
            case Rnn r -> graph.nodes("RNN", 2, List.of(turned, weight(r.inputWeight(), 0), weight(r.stateWeight(), 0),
                    bias(r.bias(), Tensor.zerosLike(r.bias()), 0)), "hidden_size", width);
            default -> throw new AssertionError(cell.getClass());
        };
    }

    /** Gates in ONNX's order, transposed, with an axis for the direction before. */
    private String weight(Tensor weight, int... order) {
        return graph.constant("weight", gates(weight.detach(), order).transpose().unsqueeze(0));
    }

    private String bias(Tensor input, Tensor state, int... order) {
        return graph.constant("bias",
                Tensor.concat(0, gates(input.detach(), order), gates(state.detach(), order)).unsqueeze(0));
    }

    private static Tensor gates(Tensor x, int... order) {
        List<Tensor> parts = x.chunk(-1, order.length);
        return Tensor.concat(-1, Arrays.stream(order).mapToObj(parts::get).toArray(Tensor[]::new));
    }
}
