package autograd.spark;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The mean over the examples of some shards that are side by side: a node of a binary tree over all shards.
 * The tree depends on the number of shards alone, so the mean has the same bits wherever its nodes are
 * computed.
 *
 * @param first
 *            the first shard
 * @param width
 *            the number of shards
 * @param examples
 *            how many examples this is the mean of; 0 for none, then there are no numbers
 * @param numbers
 *            the mean of each number
 */
record Mean(int first, int width, long examples, Packed numbers) {
    private static final Packed NOTHING = new Packed(new float[0], new double[0]);

    static Mean ofNothing(int shard) { return new Mean(shard, 1, 0, NOTHING); }

    private static Mean of(Mean a, Mean b) {
        long all = a.examples + b.examples;
        Packed numbers = a.examples == 0
                ? b.numbers
                : b.examples == 0 ? a.numbers : Packed.between(a.numbers, b.numbers, (double) b.examples / all);
        return new Mean(a.first, a.width + b.width, all, numbers);
    }

    byte[] toBytes() {
        ByteBuffer to = Packed.buffer(new byte[2 * Integer.BYTES + Long.BYTES + numbers.bytes()]);
        to.putInt(first).putInt(width).putLong(examples);
        numbers.write(to);
        return to.array();
    }

    static Mean of(byte[] bytes) {
        ByteBuffer from = Packed.buffer(bytes);
        return new Mean(from.getInt(), from.getInt(), from.getLong(), Packed.read(from));
    }

    /** The part of the tree that some nodes have in common; nodes are added from the first shard to the last. */
    static final class Tree {
        private final Deque<Mean> nodes = new ArrayDeque<>();

        /** A tree of nodes in any order. */
        static Tree of(List<byte[]> nodes) {
            List<Mean> sorted = new ArrayList<>();
            nodes.forEach(bytes -> sorted.add(Mean.of(bytes)));
            sorted.sort(Comparator.comparingInt(Mean::first));
            var tree = new Tree();
            sorted.forEach(tree::add);
            return tree;
        }

        /** Adds a node and joins what became complete: neighbours of one width under the same parent. */
        void add(Mean node) {
            Mean right = node;
            while (!nodes.isEmpty() && joins(nodes.getLast(), right))
                right = Mean.of(nodes.removeLast(), right);
            nodes.addLast(right);
        }

        private static boolean joins(Mean left, Mean right) {
            return left.width == right.width && left.first + left.width == right.first
                    && left.first % (2 * left.width) == 0;
        }

        /** The nodes whose neighbours are elsewhere. */
        List<byte[]> toBytes() {
            return nodes.stream().map(Mean::toBytes).toList();
        }

        /** The mean over all shards; of a number of shards that is not a power of 2, the last are joined first. */
        Mean root(int shards) {
            List<Mean> rest = new ArrayList<>(nodes);
            Collections.reverse(rest);
            Mean root = rest.stream().reduce((right, left) -> Mean.of(left, right)).orElseThrow();
            if (root.first != 0 || root.width != shards || rest.stream().mapToInt(Mean::width).sum() != shards)
                throw new IllegalStateException("there are results of " + rest.size() + " groups of shards, which are "
                        + root.width + " of " + shards + " shards");
            return root;
        }
    }
}
