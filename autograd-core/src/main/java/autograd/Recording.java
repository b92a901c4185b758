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
 * The thread's {@link Level} says which tape records at the moment, and those around it: none while no tape
 * is open or recording is paused; while a tape is played back, the one that recorded when it was opened,
 * because a tape never records its own playback but an outer one does.
 */
final class Recording {
    private static final ThreadLocal<Recording> OF_THREAD = ThreadLocal.withInitial(Recording::new);

    /** A list longer than this is not kept for the next recording. */
    private static final int LONG = 1 << 16, MANY = 16;

    private @Nullable Node[] nodes = new Node[64];
    private int size;
    final Thread thread = Thread.currentThread();
    final Origin paused = new Origin("it was computed while recording was paused", thread);
    final Origin playback = new Origin("it was made by a tape's own playback, which only an outer tape records",
            thread);
    final Origin closed = new Origin("it comes from a tape that is closed or was played back", thread);
    private Map<Variable, Node> leaves = new IdentityHashMap<>();
    private Level level = new Level(null, null,
            new Origin("it was computed while no tape was open on this thread", thread));
    private boolean replaying;

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

    // ---- levels

    OpenTape open(GradientTape user, Recorder recorder) {
        checkNoneLost();
        var tape = new OpenTape(this, level, recorder, user);
        level = tape;
        return tape;
    }

    /** From now on a tape records that was opened before, or none; until {@link #leave}. */
    Level enter(@Nullable OpenTape tape, Origin origin) {
        level = new Level(level, tape, origin);
        return level;
    }

    /** Goes back to where a level was entered, and closes the tapes that were left open since. */
    void leave(Level entered) {
        Level top = level;
        level = entered.below;
        for (Level l = top; l != entered.below; l = l.below)
            if (l instanceof OpenTape tape)
                tape.end();
    }

    /** Closes a tape, and those that were opened since and left open. */
    void close(OpenTape tape) {
        if (this != current())
            throw new IllegalStateException("close: this tape was opened on " + Origin.name(thread)
                    + ", and only that thread can close it; this is " + Origin.name(Thread.currentThread()));
        for (Level l = level; l != tape; l = l.below)
            if (!(l instanceof OpenTape))
                throw new IllegalStateException("close: this tape cannot be closed while " + (l.origin == paused
                        ? "GradientTape.paused(..) runs that was called under it"
                        : "it, or a tape that was opened under it, is being played back"));
        leave(tape);
    }

    /** The tape that was opened last, for {@code y.backward()}. */
    GradientTape innermost() {
        checkNoneLost();
        OpenTape tape = level.innermost;
        if (tape == null)
            throw new IllegalStateException(
                    "backward() needs an open tape on this thread: try (var tape = new GradientTape()) { .. }");
        GradientTape user = tape.user();
        if (user == null)
            throw lost(tape);
        return user;
    }

    /** A tape that was left open for good is an error at the next operation, whatever was opened since. */
    private void checkNoneLost() {
        for (OpenTape tape = level.innermost; tape != null; tape = tape.below.innermost)
            if (tape.isLost())
                throw lost(tape);
    }

    private IllegalStateException lost(OpenTape tape) {
        leave(tape);
        return tape.lost();
    }

    // ---- what is recorded

    /** Computes an operation and, if a tape is recording and an input is tracked, writes it down. */
    static Tensor apply(Op op, Tensor... in) {
        NdArray[] values = new NdArray[in.length];
        for (int i = 0; i < in.length; i++) {
            sameDType(op, in[0], in[i]);
            values[i] = in[i].array();
        }
        NdArray y = forward(op, values);
        for (NdArray x : values)
            shareView(x, y);
        return current(in[0]).record(op, y, in);
    }

    /** The same for one input: most operations have one or two, for which this needs no loops. */
    static Tensor apply(Op op, Tensor x) {
        NdArray y = op instanceof Elementwise.Map1 f ? f.forward(x.array()) : forward(op, x.array());
        shareView(x.array(), y);
        return current(x).record(op, y, x);
    }

    /** The same for two inputs. */
    static Tensor apply(Op op, Tensor a, Tensor b) {
        sameDType(op, a, b);
        NdArray y = op instanceof Elementwise.Map2 f
                ? f.forward(a.array(), b.array())
                : forward(op, a.array(), b.array());
        shareView(a.array(), y);
        shareView(b.array(), y);
        return current(a.node() == null ? b : a).record(op, y, a, b);
    }

    private static NdArray forward(Op op, NdArray... in) {
        int count = switch (op) {
            case Op.Unary _ -> 1;
            case Op.Binary _ -> 2;
            default -> in.length; // the op knows
        };
        if (in.length != count)
            throw new IllegalArgumentException(op.name() + ": it takes " + count + (count == 1 ? " input" : " inputs")
                    + ", not " + in.length);
        return op.forward(in);
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
        checkNoneLost();
        boolean tracked = false;
        Origin origin = null;
        for (Tensor t : in) {
            tracked |= isTracked(t);
            origin = origin(origin, t);
        }
        if (!tracked)
            return new Tensor(y, null, origin);
        for (Tensor t : in)
            checkOwn(op, t);
        return add(op, y, in[0], in.length > 1 ? in[1] : null, in.length > 2 ? in : null);
    }

    private Tensor record(Op op, NdArray y, Tensor x) {
        if (isPlayback())
            return new Tensor(y, null, playback);
        checkNoneLost();
        return isTracked(x) ? add(op, y, x, null, null) : new Tensor(y, null, origin(null, x));
    }

    private Tensor record(Op op, NdArray y, Tensor a, Tensor b) {
        if (isPlayback())
            return new Tensor(y, null, playback);
        checkNoneLost();
        if (!(isTracked(a) | isTracked(b)))
            return new Tensor(y, null, origin(origin(null, a), b));
        checkOwn(op, a);
        checkOwn(op, b);
        return add(op, y, a, b, null);
    }

    /** A tensor, as a constant if another thread computed it. */
    Tensor own(Tensor t) {
        return t.origin() != null && t.origin().isForeignTo(thread) ? t.detach() : t;
    }

    /** Whether a tape is played back that no outer one records: then there is nothing to ask of inputs. */
    private boolean isPlayback() {
        return level.origin == playback && level.tape == null;
    }

    /**
     * No silent detach: a recorded operation has no input that another thread computed from something tracked.
     */
    private void checkOwn(Op op, Tensor t) {
        Origin origin = t.origin();
        if (origin != null && origin.isForeignTo(thread))
            throw new IllegalStateException(op.name() + ": an input, " + t.label() + ", depends on a trainable "
                    + "variable or a watched tensor, but " + origin.why(thread)
                    + ": its gradient would be lost. Compute it on this thread, or detach() it to make it a constant");
    }

    private boolean isTracked(Tensor t) { return level.tape != null && nodeOf(t) != null; }

    private Tensor add(Op op, NdArray y, Tensor a, @Nullable Tensor b, Tensor @Nullable [] many) {
        Node node = new Node(size, level.tape, op, a, b, many);
        return add(node, new Tensor(y, node, closed));
    }

    private Tensor add(Node node, Tensor output) {
        node.output(output);
        if (size == nodes.length)
            nodes = Arrays.copyOf(nodes, 2 * size);
        nodes[size++] = node;
        for (OpenTape tape = node.tape(); tape != null; tape = tape.around)
            tape.recorder.recorded(node);
        return output;
    }

    private Node leaf() { return new Node(size, level.innermost, null, null, null, null); }

    /** A leaf of the same value as a tensor that is not tracked. */
    Tensor watch(Tensor x) {
        NdArray value = x.array();
        value.share();
        Node leaf = leaf();
        return add(leaf, new Tensor(value, leaf, closed));
    }

    /** The line that made a tensor, or null for a constant; a trainable variable gets its leaf on first use. */
    @Nullable
    Node nodeOf(Tensor t) {
        Node node = known(t);
        if (node != null || !(t instanceof Variable v) || !v.trainable() || level.innermost == null)
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

    /**
     * The label of a result that is not recorded, from input to input: the level's if an input had a gradient to
     * lose here, else the first that an input has. While a tape records, what another thread computed is found
     * first, for that is an error once it meets something tracked.
     */
    private @Nullable Origin origin(@Nullable Origin before, Tensor t) {
        Origin label = isConstant(t) ? t.origin() : level.origin;
        boolean foreign = label != null && label.isForeignTo(thread);
        if (level.tape != null)
            return before == null || foreign ? label : before;
        if (foreign)
            label = level.origin;
        return before == null || label == level.origin ? label : before;
    }

    /** Whether a tensor is a constant for tapes of this thread. */
    private boolean isConstant(Tensor t) {
        return t instanceof Variable v ? !v.trainable() : known(t) == null;
    }

    /** Why a tensor is a constant for tapes of this thread; null if it is none. */
    @Nullable
    String whyConstant(Tensor t) {
        if (!isConstant(t))
            return null;
        if (t instanceof Variable)
            return "it is a variable that is not trainable";
        return t.origin() != null
                ? t.origin().why(thread)
                : "it was not computed from a trainable Variable or from tape.watch(x)'s result";
    }

    /** Whether operations with a tracked input are written down at the moment. */
    boolean isOn() {
        return level.tape != null;
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
            out[i] = in[i].apply(new GradientFlow.Identity());
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
