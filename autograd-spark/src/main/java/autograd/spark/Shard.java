package autograd.spark;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;

import java.util.Arrays;
import java.util.List;

/** The examples of a shard as tensors, in an order that depends on the examples alone. */
final class Shard {
    final int number;
    /** The number of examples, the least and the greatest number of features, and the same of labels. */
    final long[] description;
    final Tensor x, y;
    private int epoch;
    private int[] order = {};

    /** What an example belongs to: its content alone decides. */
    static int of(float[] packed, int shards) {
        return (int) ((Arrays.hashCode(packed) * 0x9E3779B97F4A7C15L >>> 33) % shards);
    }

    Shard(int number, List<float[]> packed, DType dtype) {
        this.number = number;
        packed.sort(Arrays::compare);
        description = describe(packed);
        boolean alike = description[1] == description[2] && description[3] == description[4];
        x = tensor(alike ? packed.stream().map(Example::features).toList() : List.of(), (int) description[2], dtype);
        y = tensor(alike ? packed.stream().map(Example::label).toList() : List.of(), (int) description[4], dtype);
    }

    private static long[] describe(List<float[]> packed) {
        var features = packed.stream().mapToInt(row -> (int) row[0]).summaryStatistics();
        var labels = packed.stream().mapToInt(row -> row.length - 1 - (int) row[0]).summaryStatistics();
        return packed.isEmpty()
                ? new long[5]
                : new long[]{packed.size(), features.getMin(), features.getMax(), labels.getMin(), labels.getMax()};
    }

    private static Tensor tensor(List<float[]> rows, int width, DType dtype) {
        float[] all = new float[Math.multiplyExact(rows.size(), width)];
        for (int i = 0; i < rows.size(); i++)
            System.arraycopy(rows.get(i), 0, all, i * width, width);
        return Tensor.of(all, rows.size(), width).to(dtype);
    }

    int size() { return x.shape().dim(0); }

    /** The examples from one place to another in the random order of an epoch. */
    IntTensor part(Rng seed, int epoch, int from, int to) {
        if (this.epoch != epoch) {
            order = seed.derive(epoch).derive(number).permutation(size());
            this.epoch = epoch;
        }
        return IntTensor.of(Arrays.copyOfRange(order, from, to));
    }
}
