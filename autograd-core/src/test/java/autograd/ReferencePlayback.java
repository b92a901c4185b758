package autograd;

import autograd.array.NdArray;
import autograd.array.Shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A second implementation of reverse mode, over the nodes of a tape. Tests compare the tape with it. It keeps
 * the shares of each node separate until they are summed, so that tests can plant mistakes that a tape could
 * make.
 */
final class ReferencePlayback {
    /** Mistakes that an implementation could make. */
    enum Mistake {
        LAST_SHARE_WINS, FIRST_SHARE_WINS, EVERY_SHARE_TWICE, SHARES_OF_INPUTS_SWAPPED, SHARES_TO_THE_LINE_ABOVE, SEED_FORGOTTEN, SEED_OF_ONES, DEAD_BRANCHES_PLAYED_WITH_ONES, DEAD_BRANCHES_PLAYED_WITH_ZEROS, AT_THE_FIRST_SHARE, UPWARDS, STALE_SECOND_PASS
    }

    /** The share that a node passes to an input. */
    private interface Rule {
        Tensor[] vjps(Op op, boolean[] wanted, Tensor g, Tensor[] in, Tensor y);
    }

    private final Set<Mistake> mistakes;
    private final boolean reversed;
    private final Rule rule;
    /**
     * Whether a share is added at once, as the tape does; the order of additions determines the bits at order 2.
     */
    private boolean addsAtOnce;
    private final Map<Integer, Node> lines = new TreeMap<>();
    private final Map<Integer, List<Tensor>> shares = new HashMap<>();

    private ReferencePlayback(boolean reversed, Rule rule, Mistake... mistakes) {
        this.mistakes = Set.of(mistakes);
        this.reversed = reversed;
        this.rule = rule;
    }

    /** The cotangents of a function's inputs, null where it does not depend on one. */
    static Tensor[] play(Function<Tensor[], Tensor> f, Tensor g, Tensor[] in, Mistake... mistakes) {
        var playback = new ReferencePlayback(false, Op::vjps, mistakes);
        playback.addsAtOnce = mistakes.length == 0;
        return playback.gradients(f, g, in);
    }

    /** The same, with the shares of every node added from the last to the first. */
    static Tensor[] reversed(Function<Tensor[], Tensor> f, Tensor g, Tensor[] in) {
        return new ReferencePlayback(true, Op::vjps).gradients(f, g, in);
    }

    /**
     * A bound of the rounding errors of gradients. On the path from the result to an input, a number is rounded
     * at most once for each share, element of a sum, and factor, and each time by half an ulp of the sum of the
     * absolute values of all paths.
     */
    static Tensor[] roundingErrors(Function<Tensor[], Tensor> f, Tensor g, Tensor[] in) {
        var sizes = new ReferencePlayback(false, ReferencePlayback::sizes);
        Tensor[] amounts = sizes.gradients(f, g.abs(), in);
        int roundings = sizes.shares.values().stream().mapToInt(s -> s.size() + s.getFirst().size() + 2).sum();
        return Stream.of(amounts).map(a -> a == null ? null : a.mul(roundings * Math.ulp(1.0) / 2))
                .toArray(Tensor[]::new);
    }

    /** The share of a cotangent in absolute values: |J|^T |g|. */
    private static Tensor[] sizes(Op op, boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
        Tensor[] out = new Tensor[in.length];
        for (int j = 0; j < g.size(); j++) {
            Tensor unit = IntTensor.of(j).oneHot(g.dtype(), g.size()).reshape(g.shape());
            Tensor[] row = op.vjps(wanted, unit.mul(g), in, y);
            for (int k = 0; k < in.length; k++)
                if (wanted[k])
                    out[k] = out[k] == null ? row[k].abs() : out[k].add(row[k].abs());
        }
        return out;
    }

    /** A function as one operation with this playback, with or without a mistake. */
    record Played(Function<Tensor[], Tensor> f, Mistake... mistakes) implements Op {
        public NdArray forward(NdArray... in) {
            return GradientTape.paused(() -> f.apply(Stream.of(in).map(Tensor::of).toArray(Tensor[]::new))).array();
        }

        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) { return vjps(new boolean[in.length], g, in, y)[i]; }

        @Override
        public Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
            Tensor[] out = play(f, g, in, mistakes);
            for (int i = 0; i < out.length; i++)
                if (out[i] == null)
                    out[i] = Tensor.zerosLike(in[i]);
            return out;
        }
    }

    private Tensor[] gradients(Function<Tensor[], Tensor> f, Tensor g, Tensor[] in) {
        try (var tape = new GradientTape()) {
            Tensor[] at = Stream.of(in).map(x -> tape.watch(x).apply(new GradientFlow.Identity()))
                    .toArray(Tensor[]::new);
            Tensor y = f.apply(at);
            tape.nodes().forEach(n -> lines.put(n.index(), n));
            Recording recording = Recording.current();
            return recording.levels.run(tape.open.around, recording.origins.playback, () -> {
                Tensor[] out = new Tensor[in.length];
                for (int pass = 0; pass < (has(Mistake.STALE_SECOND_PASS) ? 2 : 1); pass++) {
                    if (isOurs(y))
                        pass(y, g);
                    for (int i = 0; i < in.length; i++)
                        out[i] = shares.containsKey(at[i].node().index()) ? sum(at[i].node().index()) : null;
                }
                return out;
            });
        }
    }

    private boolean has(Mistake m) { return mistakes.contains(m); }

    private boolean isOurs(Tensor t) { return t.node() != null && lines.get(t.node().index()) == t.node(); }

    private void pass(Tensor y, Tensor seed) {
        int last = y.node().index();
        if (!has(Mistake.SEED_FORGOTTEN))
            give(last, has(Mistake.SEED_OF_ONES) ? Tensor.onesLike(seed) : seed);
        for (int i : order(last))
            if (!lines.get(i).isLeaf() && !isDead(i))
                share(lines.get(i), sum(i));
    }

    private boolean isDead(int i) {
        if (shares.containsKey(i))
            return false;
        Tensor output = lines.get(i).output();
        if (has(Mistake.DEAD_BRANCHES_PLAYED_WITH_ONES))
            give(i, Tensor.onesLike(output));
        else if (has(Mistake.DEAD_BRANCHES_PLAYED_WITH_ZEROS))
            give(i, Tensor.zerosLike(output));
        else
            return true;
        return false;
    }

    /** The nodes from last to first: in this order all shares of a node have arrived when it is played. */
    private List<Integer> order(int last) {
        List<Integer> order = new ArrayList<>(lines.keySet().stream().filter(i -> i <= last).toList());
        if (has(Mistake.UPWARDS))
            return order;
        Collections.reverse(order);
        if (has(Mistake.AT_THE_FIRST_SHARE))
            order.stream().filter(i -> consumers(i, last).size() > 1).findFirst().ifPresent(i -> {
                order.remove(i);
                order.add(order.indexOf(consumers(i, last).getLast()) + 1, i);
            });
        return order;
    }

    private List<Integer> consumers(int i, int last) {
        return lines.values().stream().filter(n -> n.index() <= last && !n.isLeaf() && !lines.get(i).isLeaf())
                .filter(n -> n.inputs().contains(lines.get(i).output())).map(Node::index).toList();
    }

    private void share(Node node, Tensor g) {
        Tensor[] in = node.inputs().toArray(Tensor[]::new);
        boolean[] wanted = new boolean[in.length];
        for (int k = 0; k < in.length; k++)
            wanted[k] = Recording.current().nodeOf(in[k]) != null;
        Tensor[] out = rule.vjps(node.op(), wanted, g, in, node.output());
        for (int k = 0; k < in.length; k++)
            if (wanted[k] && isOurs(in[k]))
                give(slot(in, k), copiesSummed(out[k], in[k].shape()));
    }

    private int slot(Tensor[] in, int k) {
        Tensor other = in[in.length - 1 - k];
        int at = (has(Mistake.SHARES_OF_INPUTS_SWAPPED) && isOurs(other) ? other : in[k]).node().index();
        return has(Mistake.SHARES_TO_THE_LINE_ABOVE) && lines.containsKey(at - 1) ? at - 1 : at;
    }

    private void give(int line, Tensor share) {
        List<Tensor> all = shares.computeIfAbsent(line, _ -> new ArrayList<>());
        if (has(Mistake.LAST_SHARE_WINS))
            all.clear();
        if (has(Mistake.FIRST_SHARE_WINS) && !all.isEmpty())
            return;
        if (addsAtOnce && !all.isEmpty())
            all.set(0, all.getFirst().add(share));
        else
            all.add(share);
        if (has(Mistake.EVERY_SHARE_TWICE))
            all.add(share);
    }

    private Tensor sum(int line) {
        List<Tensor> all = shares.get(line);
        return (reversed ? all.reversed() : all).stream().reduce(Tensor::add).orElseThrow();
    }

    /** Sums one axis after the other; the tape has one operation for it. */
    private static Tensor copiesSummed(Tensor share, Shape to) {
        int lead = share.shape().rank() - to.rank();
        int[] axes = IntStream.range(0, share.shape().rank())
                .filter(a -> a < lead || to.dim(a - lead) == 1 && share.shape().dim(a) != 1).toArray();
        return axes.length == 0 ? share : share.sum(true, axes).reshape(to);
    }
}
