package autograd.nn.io;

import autograd.nn.BatchNorm;
import autograd.nn.Cell;
import autograd.nn.DecoderBlock;
import autograd.nn.Dense;
import autograd.nn.EncoderBlock;
import autograd.nn.Gru;
import autograd.nn.Layer;
import autograd.nn.Lstm;
import autograd.nn.Mlp;
import autograd.nn.MultiHeadAttention;
import autograd.nn.Recurrent;
import autograd.nn.Rnn;
import autograd.nn.Sequential;
import autograd.nn.Trainable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** The names and layouts of a model's variables in PyTorch's modules. */
final class PyTorchNames {
    private final Set<String> paths;
    private final SequencedMap<String, Trainable> parts;
    /** The names of parts in PyTorch, by path. */
    private final Map<String, String> names = new HashMap<>();
    private final List<Link> links = new ArrayList<>();
    private final Set<String> linked = new HashSet<>();

    private PyTorchNames(Trainable model) {
        paths = model.state().keySet();
        parts = model.parts();
    }

    static List<Link> links(Trainable model) {
        var names = new PyTorchNames(model);
        names.parts.forEach(names::visit); // a part comes after the part that contains it
        for (String path : names.paths)
            if (!names.linked.contains(path))
                names.add(Link.of(names.nameOf(path), path));
        return names.links;
    }

    private static String join(String path, String rest) {
        return path.isEmpty() || rest.isEmpty() ? path + rest : path + "." + rest;
    }

    /** The name of a path: the name of the containing part, then its own. */
    private String nameOf(String path) {
        String known = names.get(path);
        if (known != null || path.isEmpty())
            return known == null ? "" : known;
        int dot = path.lastIndexOf('.');
        return join(nameOf(dot < 0 ? "" : path.substring(0, dot)), path.substring(dot + 1));
    }

    private void visit(String path, Trainable part) {
        String name = nameOf(path);
        names.put(path, name);
        switch (part) {
            case Sequential s -> number(path, name, s.layers().size(), 1);
            case Mlp mlp -> number(path, name, mlp.layers().size(), 2);
            case Dense _ -> {
                add(Link.transposed(join(name, "weight"), join(path, "weight")));
                add(Link.of(join(name, "bias"), join(path, "bias")));
            }
            case BatchNorm _ -> {
                add(Link.of(join(name, "running_mean"), join(path, "runningMean")));
                add(Link.of(join(name, "running_var"), join(path, "runningVariance")));
                add(new Link(List.of(join(name, "num_batches_tracked")), List.of(), 0, List.of(), false));
            }
            case MultiHeadAttention _ -> attention(path, name);
            case Recurrent<?> r -> {
                for (int i = 0; i < r.cells().size(); i++)
                    cell(join(path, "cells." + i), name, r.cells().get(i), "_l" + i);
                for (int i = 0; i < r.reverse().size(); i++)
                    cell(join(path, "reverse." + i), name, r.reverse().get(i), "_l" + i + "_reverse");
            }
            case Cell<?> cell -> cell(path, name, cell, "_l0");
            case EncoderBlock block -> {
                call(path, name, "attention", "self_attn", "attentionNorm", "norm1", "perceptronNorm", "norm2");
                perceptron(path, name, block.perceptron());
            }
            case DecoderBlock block -> {
                call(path, name, "attention", "self_attn", "cross", "multihead_attn", "attentionNorm", "norm1",
                        "crossNorm", "norm2", "perceptronNorm", "norm3");
                perceptron(path, name, block.perceptron());
            }
            default -> {
            } // the variables and parts keep their names
        }
    }

    /** Names the layers in a list 0, step, 2 step, .. */
    private void number(String path, String name, int count, int step) {
        for (int i = 0; i < count; i++)
            names.putIfAbsent(join(path, "layers." + i), join(name, "" + i * step));
    }

    /** Pairs of a component's name and its name in PyTorch. */
    private void call(String path, String name, String... pairs) {
        for (int i = 0; i < pairs.length; i += 2)
            names.put(join(path, pairs[i]), join(name, pairs[i + 1]));
    }

    /** The first and the last dense layer of a block's perceptron. */
    private void perceptron(String path, String name, Layer perceptron) {
        if (!(perceptron instanceof Sequential s))
            return;
        int[] dense = IntStream.range(0, s.layers().size()).filter(i -> s.layers().get(i) instanceof Dense).toArray();
        for (int i = 0; i < dense.length; i++)
            names.put(join(path, "perceptron.layers." + dense[i]), join(name, "linear" + (i + 1)));
    }

    private void attention(String path, String name) {
        for (String kind : List.of("weight", "bias"))
            add(new Link(List.of(join(name, "in_proj_" + kind)),
                    List.of(join(path, "query." + kind), join(path, "key." + kind), join(path, "value." + kind)),
                    kind.equals("weight") ? 1 : 0, List.of(), kind.equals("weight")));
        names.put(join(path, "out"), join(name, "out_proj"));
    }

    private void cell(String path, String name, Cell<?> cell, String suffix) {
        add(Link.transposed(join(name, "weight_ih" + suffix), join(path, "inputWeight")));
        add(Link.transposed(join(name, "weight_hh" + suffix), join(path, "stateWeight")));
        String input = join(name, "bias_ih" + suffix), state = join(name, "bias_hh" + suffix);
        switch (cell) {
            case Gru _ -> {
                add(Link.of(input, join(path, "inputBias")));
                add(Link.of(state, join(path, "stateBias")));
            }
            case Lstm _,Rnn _ -> add(new Link(List.of(input, state), List.of(join(path, "bias")), 0, List.of(), false));
            default -> {
            } // a user's cell
        }
    }

    /** Adds a link, unless the variable is shared with another layer and has a link there. */
    private void add(Link link) {
        if (paths.containsAll(link.models()) && link.models().stream().noneMatch(linked::contains)) {
            links.add(link);
            linked.addAll(link.models());
        }
    }
}
