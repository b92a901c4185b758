package autograd.onnx;

import autograd.Node;
import autograd.Op;
import autograd.Tensor;
import autograd.array.DType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** One recorded operation, in every run of the model, while it is translated. */
final class Call {
    final Translator translator;
    final Graph graph;
    private final List<Node> nodes;

    Call(Translator translator, List<Node> nodes) {
        this.translator = translator;
        this.graph = translator.graph;
        this.nodes = nodes;
    }

    /** The operation in the first run. */
    <O extends Op> O op(Class<O> type) {
        return type.cast(nodes.getFirst().op());
    }

    List<Node> nodes() { return nodes; }

    /** Something of the operation in each run. */
    <O extends Op, T> List<T> each(Class<O> type, Function<O, T> part) {
        return nodes.stream().map(n -> part.apply(type.cast(n.op()))).toList();
    }

    int inputs() { return nodes.getFirst().inputs().size(); }

    List<Tensor> tensors(int k) { return nodes.stream().map(n -> n.inputs().get(k)).toList(); }

    List<Tensor> outputs() { return nodes.stream().map(Node::output).toList(); }

    DType dtype() { return tensors(0).getFirst().dtype(); }

    /** The name of an input. */
    String in(int k) { return translator.value(tensors(k), nodes); }

    List<String> in() { return IntStream.range(0, inputs()).mapToObj(this::in).toList(); }

    Extents shape(int k) { return new Extents(tensors(k).stream().map(Tensor::shape).toList()); }

    Extents shape() { return new Extents(outputs().stream().map(Tensor::shape).toList()); }

    // ---- shorthands

    String node(String operator, List<String> in, Object... attributes) { return graph.node(operator, in, attributes); }

    String node(String operator, String in) { return graph.node(operator, List.of(in)); }

    String node(String operator, String a, String b) { return graph.node(operator, List.of(a, b)); }

    /** A number of the operation's dtype. */
    String number(double value) {
        return graph.constant("number", Tensor.scalar(dtype(), value));
    }

    /** A number, or an extent that depends on the batch. */
    String longs(List<long[]> values) {
        return translator.longs(values, nodes);
    }

    String reshape(String x, Extents shape) {
        if (shape.dims().stream().allMatch(d -> d[0] != 0)
                && IntStream.range(0, shape.rank()).filter(i -> !shape.isFixed(i)).count() < 2)
            return node("Reshape", x, graph.longs(
                    IntStream.range(0, shape.rank()).map(i -> shape.isFixed(i) ? shape.first(i) : -1).toArray()));
        return node("Reshape", List.of(x, longs(shape.dims())), "allowzero", 1);
    }

    String transpose(String x, int... axes) { return node("Transpose", List.of(x), "perm", axes); }

    /** A value with its last two axes exchanged, if that is wanted. */
    String transposed(boolean wanted, int k) {
        if (!wanted)
            return in(k);
        int rank = shape(k).rank();
        int[] axes = IntStream.range(0, rank).map(i -> i < rank - 2 ? i : 2 * rank - 3 - i).toArray();
        return transpose(in(k), axes);
    }

    /**
     * Puts the elements of an axis at positions begin, begin + step, .. of a longer one and zeros elsewhere.
     */
    String spread(String x, int rank, int axis, int count, int begin, int step, int extent) {
        if (begin == 0 && step == 1 && count == extent)
            return x;
        if (count == 0 || extent == 0)
            throw translator.cannot(nodes, "an axis without elements is put into a longer one");
        int[] from = new int[extent];
        Arrays.fill(from, count); // the zeros that are added at the end
        for (int i = 0; i < count; i++)
            from[begin + i * step] = i;
        int[] room = new int[2 * rank];
        room[rank + axis] = 1;
        String padded = node("Pad", List.of(x, graph.longs(room)));
        return node("Gather", List.of(padded, graph.longs(from)), "axis", axis);
    }

    /** Follows a value by the operations of a function of the inputs. */
    String expand(Function<Tensor[], Tensor> function) {
        return translator.expand(this, function);
    }

    RuntimeException cannot(String why) { return translator.cannot(nodes, why); }

    /** Elements of several runs that must be the same, but for the batch. */
    static List<long[]> perElement(List<int[]> runs) {
        List<long[]> all = new ArrayList<>();
        for (int i = 0; i < runs.getFirst().length; i++) {
            int at = i;
            all.add(runs.stream().mapToLong(run -> run[at]).toArray());
        }
        return all;
    }
}
