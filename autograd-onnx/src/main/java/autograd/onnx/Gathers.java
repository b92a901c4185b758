package autograd.onnx;

import autograd.GradientTape;
import autograd.Indexing;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Elements at positions: given ones, those of an input, those of the largest in windows, or sorted ones. */
final class Gathers {
    private Gathers() {}

    static String gather(Call call) {
        var op = call.op(Indexing.Gather.class);
        List<IntTensor> index = call.each(Indexing.Gather.class, Indexing.Gather::index);
        List<Integer> numbers = op.positions().numbers();
        switch (op.positions().function()) {
            case "argSort" -> {
                return sorted(call, op.axis(), numbers.getFirst() == 1);
            }
            case "argMaxPool" -> {
                return maxPool(call, numbers);
            }
            default -> {
            }
        }
        List<int[]> lines = new ArrayList<>();
        for (IntTensor i : index)
            lines.add(line(i, op.axis()));
        if (lines.stream().allMatch(line -> line != null) && isSelect(call, op.axis()))
            return call.node("Gather", List.of(call.in(0), vector(call, lines)), "axis", op.axis());
        return call.node("GatherElements", List.of(call.in(0), positions(call, index)), "axis", op.axis());
    }

    /** Whether the index has all of x along the other axes. */
    private static boolean isSelect(Call call, int axis) {
        Extents x = call.shape(0), y = call.shape();
        return IntStream.range(0, x.rank()).allMatch(i -> i == axis || Arrays.equals(x.dim(i), y.dim(i)));
    }

    /** The positions along an axis, if they are the same all along the others; else null. */
    private static int @Nullable [] line(IntTensor index, int axis) {
        Shape s = index.shape();
        int n = s.dim(axis), inner = 1;
        for (int i = axis + 1; i < s.rank(); i++)
            inner *= s.dim(i);
        int[] all = index.toArray(), line = new int[n];
        for (int i = 0; i < all.length; i++) {
            int at = i / inner % n;
            if (i < inner * n && i % inner == 0)
                line[at] = all[i];
            if (line[at] != all[i])
                return null;
        }
        return all.length == 0 ? null : line;
    }

    /** Positions of an input of the model, or the same ones in every run. */
    private static String vector(Call call, List<int[]> lines) {
        String input = call.translator.integerInput(lines);
        if (input != null)
            return call.node("Reshape", input, call.graph.longs(-1L));
        if (lines.stream().allMatch(line -> Arrays.equals(line, lines.getFirst())))
            return call.graph.longs(lines.getFirst());
        throw fromData(call);
    }

    private static RuntimeException fromData(Call call) {
        return call.cannot("its positions differ between runs: they are made from the data, which is not recorded, "
                + "and the file would keep those of the example");
    }

    /** An index of any shape. */
    private static String positions(Call call, List<IntTensor> index) {
        Extents shape = new Extents(index.stream().map(IntTensor::shape).toList());
        if (index.stream().allMatch(index.getFirst()::equals))
            return call.graph.longs(Arrays.stream(index.getFirst().toArray()).asLongStream().toArray(),
                    index.getFirst().shape().dims());
        String input = call.translator.integerInput(index.stream().map(IntTensor::toArray).toList());
        if (input != null)
            return call.reshape(input, shape);
        throw fromData(call);
    }

    /** Refuses a function of x that does not give what was recorded. */
    private static void verify(Call call, Function<Tensor, Tensor> function) {
        for (int run = 0; run < call.nodes().size(); run++) {
            Tensor x = call.tensors(0).get(run).detach(), y = call.outputs().get(run);
            if (!Arrays.equals(GradientTape.paused(() -> function.apply(x)).toDoubleArray(), y.toDoubleArray()))
                throw fromData(call);
        }
    }

    private static String sorted(Call call, int axis, boolean descending) {
        int k = call.shape().first(axis);
        if (!call.shape().isFixed(axis) || !call.shape(0).isFixed(axis))
            throw call.cannot("sorting along the axis of the batch");
        verify(call, x -> x.sort(axis, descending).slice(axis, 0, k));
        return call.graph.nodes("TopK", 2, List.of(call.in(0), call.graph.longs((long) k)), "axis", axis, "largest",
                descending).getFirst();
    }

    /** Planes [n, c, height * width] become [n, c, windows]. */
    private static String maxPool(Call call, List<Integer> numbers) {
        int size = numbers.get(0), stride = numbers.get(1), padding = numbers.get(2), height = numbers.get(3),
                width = numbers.get(4);
        verify(call,
                x -> x.reshape(x.shape().dim(0), x.shape().dim(1), height, width).maxPool2d(size, stride, padding));
        List<Shape> images = call.tensors(0).stream()
                .map(x -> Shape.of(x.shape().dim(0), x.shape().dim(1), height, width)).toList();
        String pooled = call.node("MaxPool", List.of(call.reshape(call.in(0), new Extents(images))), "kernel_shape",
                new int[]{size, size}, "strides", new int[]{stride, stride}, "pads",
                new int[]{padding, padding, padding, padding});
        return call.reshape(pooled, call.shape());
    }

    static String scatterAdd(Call call) {
        var op = call.op(Indexing.ScatterAdd.class);
        List<IntTensor> index = call.each(Indexing.ScatterAdd.class, Indexing.ScatterAdd::index);
        String zeros = call.node("Expand", call.number(0), call.longs(call.shape().dims()));
        return call.node("ScatterElements", List.of(zeros, positions(call, index), call.in(0)), "axis", op.axis(),
                "reduction", "add");
    }
}
