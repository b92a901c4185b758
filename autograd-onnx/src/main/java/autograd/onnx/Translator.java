package autograd.onnx;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Node;
import autograd.Tensor;
import autograd.Variable;
import autograd.nn.Trainable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Translates the runs of a model, which must have recorded the same operations. What is the same in all runs
 * is a constant of the file. What differs in proportion to the batch is computed from it. Anything else that
 * no operation made depends on the data in a way that was not recorded, and is refused.
 */
final class Translator {
    /** What is computed from weights alone is computed before it is written, up to this size. */
    private static final int FOLDED = 1 << 16;

    final Graph graph = new Graph();
    private final List<Trace> traces;
    private final Onnx.Options options;
    private final Map<Variable, String> paths = new IdentityHashMap<>();
    /** The names of the values of each run. */
    private final List<Map<Tensor, String>> names = new ArrayList<>();
    private final Map<Tensor, String> constants = new IdentityHashMap<>();
    private final Map<List<Long>, String> sizes = new HashMap<>();
    private final Fusions fusions;
    final List<String> inputs;

    Translator(List<Trace> traces, Trainable model, List<String> inputNames, Onnx.Options options) {
        this.traces = traces;
        this.options = options;
        inputs = inputNames;
        model.state().forEach((path, v) -> paths.putIfAbsent(v, path));
        traces.forEach(_ -> names.add(new IdentityHashMap<>()));
        for (int k = 0; k < inputs.size(); k++) {
            Object first = traces.getFirst().inputs().get(k);
            graph.input(inputs.get(k), first instanceof Tensor t ? Graph.type(t.dtype()) : Graph.integers(),
                    Trace.shape(first), options.anyBatch());
            for (int run = 0; run < traces.size(); run++)
                if (traces.get(run).inputs().get(k) instanceof Tensor t)
                    names.get(run).put(t, inputs.get(k));
        }
        fusions = new Fusions(this, model);
    }

    byte[] file() {
        List<List<Node>> lines = lines(traces.stream().map(Trace::nodes).toList());
        fusions.read(lines);
        translate(lines);
        List<Tensor> outputs = traces.stream().map(Trace::output).toList();
        if (names.getFirst().get(outputs.getFirst()) == null)
            throw new IllegalArgumentException("onnx: the output does not depend on the inputs by recorded operations: "
                    + "is it detached, or computed while recording was paused?");
        String result = value(outputs, List.of());
        Extents shape = new Extents(outputs.stream().map(Tensor::shape).toList());
        boolean batch = shape.rank() > 0 && !shape.isFixed(0)
                && Arrays.equals(shape.dim(0), traces.stream().mapToLong(Trace::batch).toArray());
        for (int i = batch ? 1 : 0; i < shape.rank(); i++)
            if (!shape.isFixed(i))
                throw new IllegalArgumentException("onnx: the output has shapes " + shape.shapes()
                        + "; only its first axis may depend on the batch");
        return graph.file(result, options.output(), outputs.getFirst().dtype(), shape.shapes().getFirst(), batch,
                options.opset());
    }

    // ---- lines

    /** The same operation in each run. */
    private List<List<Node>> lines(List<List<Node>> runs) {
        int count = runs.stream().mapToInt(List::size).min().orElseThrow();
        List<List<Node>> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = i;
            List<Node> line = runs.stream().map(run -> run.get(at)).toList();
            for (Node node : line)
                if (node.op().getClass() != line.getFirst().op().getClass()
                        || node.inputs().size() != line.getFirst().inputs().size())
                    throw cannot(line, "another run of the model has " + node.op().name()
                            + " in its place: what it computes depends on the data or on the batch size");
            lines.add(line);
        }
        for (List<Node> run : runs)
            if (run.size() > count)
                throw cannot(List.of(run.get(count)), "another run of the model does not have it: what it computes "
                        + "depends on the data or on the batch size");
        return lines;
    }

    private void translate(List<List<Node>> lines) {
        for (List<Node> line : lines) {
            if (names.getFirst().containsKey(line.getFirst().output()) || isFolded(line))
                continue;
            var call = new Call(this, line);
            String name = fusions.of(call);
            if (name == null)
                name = Operators.translate(call);
            define(call.outputs(), name);
        }
    }

    /** Gives tensors of all runs a name. */
    void define(List<Tensor> tensors, String name) {
        for (int run = 0; run < tensors.size(); run++)
            names.get(run).putIfAbsent(tensors.get(run), name);
    }

    /** Whether an operation of constants has a small result that is the same in all runs: then it is one. */
    private boolean isFolded(List<Node> line) {
        if (line.getFirst().output().size() > FOLDED)
            return false;
        for (int run = 0; run < line.size(); run++)
            for (Tensor x : line.get(run).inputs())
                if (names.get(run).containsKey(x))
                    return false;
        return isSame(line.stream().map(Node::output).toList());
    }

    // ---- values

    /** The name of a value, which is written if it is a constant. */
    String value(List<Tensor> tensors, List<Node> user) {
        String name = names.getFirst().get(tensors.getFirst());
        for (int run = 0; run < tensors.size(); run++)
            if (!Objects.equals(name, names.get(run).get(tensors.get(run))))
                throw cannot(user, "an input comes from another operation in another run of the model");
        return name != null ? name : constant(tensors, user);
    }

    /** Whether a tensor is not computed from the inputs. */
    boolean isConstant(List<Tensor> tensors) {
        for (int run = 0; run < tensors.size(); run++)
            if (names.get(run).containsKey(tensors.get(run)))
                return false;
        return isSame(tensors);
    }

    private String constant(List<Tensor> tensors, List<Node> user) {
        Tensor first = tensors.getFirst();
        String known = constants.get(first);
        if (known != null && isSame(tensors))
            return known;
        if (isSame(tensors)) {
            String name = first instanceof Variable v ? paths.getOrDefault(v, "variable") : "constant";
            constants.put(first, name = graph.constant(name, first));
            return name;
        }
        String repeated = repeated(tensors, user);
        if (repeated == null)
            throw cannot(user, "an input, " + first.label() + ", differs between runs, and no recorded operation made "
                    + "it: it depends on the data by a mask, by integers, by detach() or by code that is not "
                    + "recorded, and the file would keep the one of the example");
        return repeated;
    }

    private static boolean isSame(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        for (Tensor t : tensors)
            if (t != first && (!t.shape().equals(first.shape())
                    || !Arrays.equals(t.toDoubleArray(), first.toDoubleArray())))
                return false;
        return true;
    }

    /** A constant that is repeated for each example, or a number in proportion to how many there are. */
    @Nullable
    String repeated(List<Tensor> tensors, List<Node> user) {
        Extents shape = new Extents(tensors.stream().map(Tensor::shape).toList());
        if (!options.anyBatch() || tensors.stream().anyMatch(t -> t.shape().rank() != shape.rank() || t.size() == 0))
            return null;
        if (shape.isFixed())
            return tensors.getFirst().size() == 1 ? proportional(tensors) : null;
        List<Tensor> rows = new ArrayList<>();
        for (Tensor t : tensors) {
            Tensor row = t.detach();
            for (int axis = 0; axis < shape.rank(); axis++)
                if (!shape.isFixed(axis))
                    row = row.slice(axis, 0, 1);
            if (!Arrays.equals(row.broadcastTo(t.shape()).toDoubleArray(), t.toDoubleArray()))
                return null;
            rows.add(row);
        }
        return isSame(rows)
                ? graph.node("Expand", List.of(graph.constant("constant", rows.getFirst()),
                        longs(shape.dims(), user)))
                : null;
    }

    private @Nullable String proportional(List<Tensor> tensors) {
        double each = tensors.getFirst().item() / traces.getFirst().batch();
        for (int run = 0; run < tensors.size(); run++)
            if (each != Math.rint(each) || tensors.get(run).item() != each * traces.get(run).batch())
                return null;
        Tensor first = tensors.getFirst();
        String number = graph.node("Cast", List.of(size((long) each, 0)), "to", Graph.type(first.dtype()));
        return graph.node("Reshape", List.of(number, graph.longs(first.shape().dims())));
    }

    /** A vector of numbers, each of which may depend on the batch. */
    String longs(List<long[]> values, List<Node> user) {
        if (values.stream().allMatch(Extents::isSame))
            return graph.longs(values.stream().mapToLong(v -> v[0]).toArray());
        List<String> parts = new ArrayList<>();
        List<Long> fixed = new ArrayList<>();
        for (long[] v : values) {
            if (Extents.isSame(v)) {
                fixed.add(v[0]);
                continue;
            }
            if (!fixed.isEmpty())
                parts.add(graph.longs(fixed.stream().mapToLong(i -> i).toArray()));
            fixed.clear();
            parts.add(size(v, user));
        }
        if (!fixed.isEmpty())
            parts.add(graph.longs(fixed.stream().mapToLong(i -> i).toArray()));
        return parts.size() == 1 ? parts.getFirst() : graph.node("Concat", parts, "axis", 0);
    }

    private String size(long[] values, List<Node> user) {
        long more = traces.get(1).batch() - traces.get(0).batch();
        long factor = more == 0 ? 0 : (values[1] - values[0]) / more;
        long rest = values[0] - factor * traces.getFirst().batch();
        for (int run = 0; run < values.length; run++)
            if (values[run] != factor * traces.get(run).batch() + rest)
                throw cannot(user, "an extent or a position is " + Arrays.toString(values) + " for batches of "
                        + traces.stream().map(Trace::batch).toList() + " examples, which is not a multiple and a rest");
        return size(factor, rest);
    }

    /** A vector of one number, factor * batch + rest. */
    private String size(long factor, long rest) {
        String known = sizes.get(List.of(factor, rest));
        if (known != null)
            return known;
        String size;
        if (rest != 0)
            size = graph.node("Add", List.of(size(factor, 0), graph.longs(rest)));
        else if (factor != 1)
            size = graph.node("Mul", List.of(size(1, 0), graph.longs(factor)));
        else
            size = graph.node("Shape", List.of(inputs.getFirst()), "start", 0, "end", 1);
        sizes.put(List.of(factor, rest), size);
        return size;
    }

    /** The input of integers that some have the elements of, row-major, in every run; null if there is none. */
    @Nullable
    String integerInput(List<int[]> elements) {
        for (int k = 0; k < inputs.size(); k++) {
            boolean all = true;
            for (int run = 0; run < traces.size(); run++)
                all &= traces.get(run).inputs().get(k) instanceof IntTensor i
                        && Arrays.equals(i.toArray(), elements.get(run));
            if (all)
                return inputs.get(k);
        }
        return null;
    }

    // ---- compositions

    /** Records a function of an operation's inputs in every run, and translates that. */
    String expand(Call call, Function<Tensor[], Tensor> function) {
        List<GradientTape> tapes = new ArrayList<>();
        try {
            List<List<Node>> runs = new ArrayList<>();
            List<Tensor> results = new ArrayList<>();
            for (int run = 0; run < traces.size(); run++) {
                var tape = new GradientTape(traces.get(run).lines());
                tapes.add(tape);
                int at = run;
                Tensor[] in = IntStream.range(0, call.inputs()).mapToObj(k -> {
                    Tensor x = call.tensors(k).get(at), alias = tape.watch(x.detach());
                    if (names.get(at).containsKey(x))
                        names.get(at).put(alias, call.in(k));
                    return alias;
                }).toArray(Tensor[]::new);
                results.add(function.apply(in));
                runs.add(tape.nodes().stream().filter(n -> !n.isLeaf()).toList());
            }
            translate(lines(runs));
            return value(results, call.nodes());
        } finally {
            tapes.reversed().forEach(GradientTape::close);
        }
    }

    // ---- errors

    IllegalArgumentException cannot(List<Node> line, String why) {
        String place = line.isEmpty()
                ? "the output"
                : traces.stream().map(t -> t.lines().place(line.getFirst())).filter(p -> p.contains(" at "))
                        .findFirst().orElse(line.getFirst().op().name());
        return new IllegalArgumentException("onnx: " + place + " cannot be written: " + why);
    }
}
