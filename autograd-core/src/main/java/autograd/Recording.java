package autograd;

import autograd.array.NdArray;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one list of nodes a thread has while any tape is open on it. A tape is a scope over this list.
 *
 * <p>
 * {@code level} says which of the nested tapes record at the moment: the {@code level} outermost ones. It is
 * 0 with no tape open, unlimited under a tape, 0 again while paused, and d while the tape at depth d is
 * played back, because a tape never records its own playback but an outer one does.
 */
final class Recording {
    static final int ALL = Integer.MAX_VALUE;
    static final String NO_TAPE = "it was computed while no tape was open on this thread";
    static final String PAUSED = "it was computed while recording was paused";
    static final String PLAYBACK = "it was made by a tape's own playback, which only an outer tape records";

    private static final ThreadLocal<Recording> OF_THREAD = ThreadLocal.withInitial(Recording::new);

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Variable, Node> leaves = new IdentityHashMap<>();
    private int level;
    private String silence = NO_TAPE;
    @Nullable
    GradientTape innermost;

    private Recording() {}

    static Recording current() { return OF_THREAD.get(); }

    int size() { return nodes.size(); }

    Node node(int index) { return nodes.get(index); }

    int level() { return level; }

    /** Lets only the outermost tapes record from now on; returns the level before. */
    int level(int to, String why) {
        int before = level;
        level = to;
        if (to == 0)
            silence = why;
        return before;
    }

    /** Computes an operation and, if a tape is recording and an input is tracked, writes it down. */
    static Tensor apply(Op op, Tensor... in) {
        NdArray[] values = new NdArray[in.length];
        for (int i = 0; i < in.length; i++) {
            values[i] = in[i].array();
            if (in[i].dtype() != in[0].dtype())
                throw new IllegalArgumentException(op.name() + ": inputs have dtypes " + in[0].dtype() + " and "
                        + in[i].dtype() + "; convert one with to(DType)");
        }
        NdArray y = op.forward(values);
        for (NdArray x : values)
            if (x.storage() == y.storage())
                y.storage().share();
        return current().record(op, in, y);
    }

    private Tensor record(Op op, Tensor[] in, NdArray y) {
        boolean tracked = false;
        if (level > 0)
            for (Tensor t : in)
                tracked |= nodeOf(t) != null;
        if (!tracked)
            return new Tensor(y, null, origin(in));
        Node node = new Node(this, nodes.size(), level, op, in);
        return add(node, new Tensor(y, node, null));
    }

    private Tensor add(Node node, Tensor output) {
        node.output(output);
        nodes.add(node);
        for (GradientTape t = innermost; t != null; t = t.recordsAlone() ? null : t.outer())
            t.recorded(node);
        return output;
    }

    private Node leaf() { return new Node(this, nodes.size(), ALL, null); }

    /** A leaf of the same value as a tensor that is not tracked. */
    Tensor watch(Tensor x) {
        NdArray value = x.array();
        value.storage().share();
        Node leaf = leaf();
        return add(leaf, new Tensor(value, leaf, null));
    }

    /** The line that made a tensor, or null for a constant; a trainable variable gets its leaf on first use. */
    @Nullable
    Node nodeOf(Tensor t) {
        Node node = t.node();
        if (node != null && node.recording() == this)
            return node;
        if (!(t instanceof Variable v) || !v.trainable() || innermost == null)
            return null;
        node = leaves.get(v); // another thread may have borrowed the variable's own reference
        if (node == null || node.recording() != this) {
            node = leaf();
            add(node, v);
            leaves.put(v, node);
        }
        v.node(node);
        return node;
    }

    /** Why a result that is not recorded has no gradient, if there was one to have. */
    private @Nullable String origin(Tensor[] in) {
        for (Tensor t : in) {
            if (t.origin() != null)
                return t.origin();
            if (t.node() != null && t.node().recording() == this || t instanceof Variable v && v.trainable())
                return silence;
            if (t.node() != null)
                return foreign(t.node());
        }
        return null;
    }

    private static String foreign(Node node) {
        return node.recording() == null
                ? "it comes from a tape that is closed or was played back"
                : "it comes from a tape of another thread";
    }

    /** Why a tensor is a constant for tapes of this thread. */
    String whyConstant(Tensor t) {
        if (t.origin() != null)
            return t.origin();
        if (t instanceof Variable v && !v.trainable())
            return "it is a variable that is not trainable";
        if (t.node() != null && !(t instanceof Variable))
            return foreign(t.node());
        return "it was not computed from a trainable Variable or from tape.watch(x)'s result";
    }

    /** Forgets every node from a position on. */
    void drop(int from) {
        for (int i = nodes.size() - 1; i >= from; i--)
            nodes.removeLast().drop();
        if (from == 0)
            leaves.clear();
    }
}
