package autograd;

import autograd.array.NdArray;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The one list of nodes a thread has while any tape is open on it. A tape is a scope over this list.
 *
 * <p>
 * Its {@link State} says who records at the moment: a tape and those around it. Nobody with no tape open or
 * while paused; while a tape is played back, whoever recorded when it was opened, because a tape never
 * records its own playback but an outer one does.
 */
final class Recording {
    /** The innermost tape that records, and if there is none, why. */
    record State(@Nullable GradientTape tape, String silence) {
        static final State NO_TAPE = new State(null, "it was computed while no tape was open on this thread");
        static final State PAUSED = new State(null, "it was computed while recording was paused");
        static final String PLAYBACK = "it was made by a tape's own playback, which only an outer tape records";

        /** Whether a tape is played back that no outer one records: then there is nothing to ask of inputs. */
        boolean isPlayback() {
            return tape == null && silence == PLAYBACK;
        }
    }

    private static final ThreadLocal<Recording> OF_THREAD = ThreadLocal.withInitial(Recording::new);

    /** A list longer than this is not kept for the next recording. */
    private static final int LONG = 1 << 16, MANY = 16;

    private @Nullable Node[] nodes = new Node[64];
    private int size;
    private final Thread thread = Thread.currentThread();
    private Map<Variable, Node> leaves = new IdentityHashMap<>();
    private State state = State.NO_TAPE;
    private boolean replaying;
    @Nullable
    GradientTape innermost;

    private Recording() {}

    static Recording current() { return OF_THREAD.get(); }

    /** The same, found by way of an input: that is faster than to look it up by thread. */
    private static Recording current(Tensor x) {
        Node node = x.node();
        Recording known = node == null ? null : node.recording();
        return known != null && known.thread == Thread.currentThread() ? known : current();
    }

    int size() { return size; }

    /** A line of the list; null if it was forgotten. */
    @Nullable
    Node node(int index) { return nodes[index]; }

    /** Says who records from now on; returns who did before. */
    State state(State to) {
        State before = state;
        state = to;
        return before;
    }

    /** Computes an operation and, if a tape is recording and an input is tracked, writes it down. */
    static Tensor apply(Op op, Tensor... in) {
        NdArray[] values = new NdArray[in.length];
        for (int i = 0; i < in.length; i++) {
            sameDType(op, in[0], in[i]);
            values[i] = in[i].array();
        }
        NdArray y = op.forward(values);
        for (NdArray x : values)
            shareView(x, y);
        return current(in[0]).record(op, y, in);
    }

    /** The same for one input: most operations have one or two, for which this needs no loops. */
    static Tensor apply(Op op, Tensor x) {
        NdArray y = op instanceof Elementwise.Map1 f ? f.forward(x.array()) : op.forward(x.array());
        shareView(x.array(), y);
        return current(x).record(op, y, x);
    }

    /** The same for two inputs. */
    static Tensor apply(Op op, Tensor a, Tensor b) {
        sameDType(op, a, b);
        NdArray y = op instanceof Elementwise.Map2 f
                ? f.forward(a.array(), b.array())
                : op.forward(a.array(), b.array());
        shareView(a.array(), y);
        shareView(b.array(), y);
        return current(a.node() == null ? b : a).record(op, y, a, b);
    }

    private static void sameDType(Op op, Tensor a, Tensor b) {
        if (a.dtype() != b.dtype())
            throw new IllegalArgumentException(op.name() + ": inputs have dtypes " + a.dtype() + " and " + b.dtype()
                    + "; convert one with to(DType)");
    }

    private static void shareView(NdArray x, NdArray y) {
        if (x.sharesStorage(y))
            y.share();
    }

    /** Writes an operation down whose output is known, if a tape is recording and an input is tracked. */
    Tensor record(Op op, NdArray y, Tensor... in) {
        boolean tracked = false;
        String origin = null;
        for (Tensor t : in) {
            tracked |= isTracked(t);
            origin = origin(origin, t);
        }
        return tracked
                ? add(op, y, in[0], in.length > 1 ? in[1] : null, in.length > 2 ? in : null)
                : new Tensor(y, null, origin);
    }

    private Tensor record(Op op, NdArray y, Tensor x) {
        if (state.isPlayback())
            return new Tensor(y, null, State.PLAYBACK);
        return isTracked(x) ? add(op, y, x, null, null) : new Tensor(y, null, origin(null, x));
    }

    private Tensor record(Op op, NdArray y, Tensor a, Tensor b) {
        if (state.isPlayback())
            return new Tensor(y, null, State.PLAYBACK);
        return isTracked(a) | isTracked(b)
                ? add(op, y, a, b, null)
                : new Tensor(y, null, origin(origin(null, a), b));
    }

    private boolean isTracked(Tensor t) { return state.tape() != null && nodeOf(t) != null; }

    private Tensor add(Op op, NdArray y, Tensor a, @Nullable Tensor b, Tensor @Nullable [] many) {
        Node node = new Node(size, state.tape(), op, a, b, many);
        return add(node, new Tensor(y, node, null));
    }

    private Tensor add(Node node, Tensor output) {
        node.output(output);
        if (size == nodes.length)
            nodes = Arrays.copyOf(nodes, 2 * size);
        nodes[size++] = node;
        for (GradientTape t = node.tape(); t != null; t = t.around())
            t.recorded(node);
        return output;
    }

    private Node leaf() { return new Node(size, innermost, null, null, null, null); }

    /** A leaf of the same value as a tensor that is not tracked. */
    Tensor watch(Tensor x) {
        NdArray value = x.array();
        value.share();
        Node leaf = leaf();
        return add(leaf, new Tensor(value, leaf, null));
    }

    /** The line that made a tensor, or null for a constant; a trainable variable gets its leaf on first use. */
    @Nullable
    Node nodeOf(Tensor t) {
        Node node = known(t);
        if (node != null || !(t instanceof Variable v) || !v.trainable() || innermost == null)
            return node;
        node = leaf();
        leaves.put(v, node);
        v.node(node);
        add(node, v);
        return node;
    }

    /** The line that made a tensor; null for a constant, and for a variable that was not used yet. */
    @Nullable
    Node known(Tensor t) {
        Node node = t.node();
        if (node != null && node.recording() == this)
            return node;
        if (!(t instanceof Variable v))
            return null;
        node = leaves.get(v); // another thread may have borrowed the variable's own reference
        if (node == null || node.recording() != this)
            return null;
        v.node(node);
        return node;
    }

    /** Why a result that is not recorded has no gradient, if there was one to have: from input to input. */
    private @Nullable String origin(@Nullable String before, Tensor t) {
        if (before == state.silence() || whyConstant(t) == null)
            return state.silence();
        return before == null ? lost(t) : before;
    }

    /** Why a tensor is a constant for tapes of this thread; null if it is none. */
    @Nullable
    String whyConstant(Tensor t) {
        if (t instanceof Variable v)
            return v.trainable() ? null : "it is a variable that is not trainable";
        if (t.node() != null && t.node().recording() == this)
            return null;
        String lost = lost(t);
        return lost != null ? lost : "it was not computed from a trainable Variable or from tape.watch(x)'s result";
    }

    /** How a tensor that once had a gradient lost it; null if it never had one. */
    private static @Nullable String lost(Tensor t) {
        if (t.origin() != null || t.node() == null || t instanceof Variable)
            return t.origin();
        return t.node().recording() == null
                ? "it comes from a tape that is closed or was played back"
                : "it comes from a tape of another thread";
    }

    /** Whether operations with a tracked input are written down at the moment. */
    boolean isOn() {
        return state.tape() != null;
    }

    /** Computes a function that no tape records, noting the tracked tensors it uses besides its arguments. */
    Tensor alone(Set<Tensor> used, Tensor[] in, Functional.Fn f) {
        int from = size;
        Recorder note = new Recorder() {
            @Override
            public void recorded(Node node) {
                for (Tensor t : node.inputs())
                    note(t, from, used);
            }
        };
        return GradientTape.paused(() -> {
            Tensor[] arguments = aliases(in, in.length);
            try (var _ = new GradientTape(note)) {
                Tensor y = f.of(arguments);
                note(y, from, used);
                return y;
            }
        });
    }

    /** Adds a tensor if it is a variable, or was there before a line. */
    private void note(Tensor t, int from, Set<Tensor> used) {
        Node source = nodeOf(t);
        if (source != null && (source.index() < from || t instanceof Variable))
            used.add(t);
    }

    /**
     * The same values, the first n of them as tensors of their own: an argument is told apart from another one,
     * or a captured tensor, that is the same.
     */
    static Tensor[] aliases(Tensor[] in, int n) {
        Tensor[] out = in.clone();
        for (int i = 0; i < n; i++)
            out[i] = in[i].apply(new Flow.Identity());
        return out;
    }

    /** Computes something a second time: assignments to variables were made the first time. */
    <T> T replay(Supplier<T> body) {
        boolean around = replaying;
        replaying = true;
        try {
            return body.get();
        } finally {
            replaying = around;
        }
    }

    boolean replaying() { return replaying; }

    /** Forgets a line that was played back. */
    void forget(Node node) {
        nodes[node.index()] = null;
        node.drop();
    }

    /** Forgets every line from a position on. */
    void drop(int from) {
        for (int i = from; i < size; i++)
            if (nodes[i] != null)
                forget(nodes[i]);
        size = from;
        if (from > 0)
            return;
        if (leaves.size() > MANY) // to clear a large map costs its size, not what is in it
            leaves = new IdentityHashMap<>();
        else if (!leaves.isEmpty())
            leaves.clear();
        if (nodes.length > LONG)
            nodes = new Node[64];
    }
}
