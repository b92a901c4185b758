package autograd;

import org.jspecify.annotations.Nullable;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Records the operations of one thread while it is open, and plays them back to compute gradients. An
 * operation is recorded if one of its inputs is tracked: a trainable {@link Variable}, the result of
 * {@link #watch}, or anything computed from those.
 *
 * {@snippet :
 * try (var tape = new GradientTape()) {
 *     Tensor loss = forward(x).sub(y).square().mean();
 *     Gradients gradients = tape.gradient(loss, List.of(w, b));
 * }
 * }
 *
 * Tapes nest: an outer tape also records the playback of an inner one, which gives higher derivatives.
 */
public final class GradientTape implements AutoCloseable {
    /** How many lines are printed. */
    private static final int PRINTED = 100;

    private final Recording recording = Recording.current();
    final OpenTape open;
    private boolean persistent, played, released;

    /** Opens a tape on this thread. */
    public GradientTape() { this(Recorder.NONE); }

    /** Opens a tape that tells a recorder of every node it records or plays back. */
    public GradientTape(Recorder recorder) {
        open = recording.levels.open(this, recorder);
    }

    /** Keeps the nodes after a playback, so that this tape can be played back again. Returns this tape. */
    public GradientTape persistent() {
        persistent = true;
        return this;
    }

    /**
     * Releases the buffers of every tensor made from now on when this tape closes, so that they are used again;
     * reading such a tensor later is an error. Variables keep theirs. Under an outer tape, which holds the same
     * tensors, nothing is released. Returns this tape.
     */
    public GradientTape scoped() {
        checkUsable("scoped");
        open.scoped();
        return this;
    }

    /**
     * Returns a tracked tensor with the value of x, so that gradients can be taken with respect to it; x itself
     * if it is tracked already.
     */
    public Tensor watch(Tensor x) {
        checkUsable("watch");
        return recording.nodeOf(x) != null ? x : recording.watch(x);
    }

    /** The gradient dy/dx of a single number y, shaped as x: a tracked tensor. */
    public Tensor gradient(Tensor y, Tensor x) {
        return gradient(y, List.of(x)).of(x);
    }

    /** The gradients dy/dx of a single number y with respect to several tracked tensors. */
    public Gradients gradient(Tensor y, List<? extends Tensor> xs) {
        return gradient(y, seed(y), xs);
    }

    /**
     * Vector-Jacobian products: the gradients of {@code sum(g * y)} with respect to several tracked tensors. The
     * cotangent g has the shape and dtype of y.
     */
    public Gradients gradient(Tensor y, Tensor g, List<? extends Tensor> xs) {
        return play(y, g, new Gradients(xs));
    }

    /** The gradients of a single number y with respect to every variable and watched tensor it depends on. */
    public Gradients gradients(Tensor y) {
        return gradients(y, seed(y));
    }

    /**
     * Vector-Jacobian products with respect to every variable and watched tensor that y depends on. The cotangent
     * g has the shape and dtype of y.
     */
    public Gradients gradients(Tensor y, Tensor g) {
        Gradients gradients = play(y, g, new Gradients());
        if (gradients.isConstant())
            throw new IllegalStateException(gradients.unreached("anything"));
        return gradients;
    }

    /** The tape that {@code y.backward()} plays back. */
    static GradientTape innermost() {
        return Recording.current().levels.innermost();
    }

    /** Adds the gradient of {@code sum(g * y)} to the gradient of every variable that y depends on. */
    void backward(Tensor y, @Nullable Tensor g) {
        play(y, g == null ? seed(y) : g, new Gradients()).accumulate();
    }

    private Gradients play(Tensor y, Tensor seed, Gradients gradients) {
        checkPlayable(y, seed);
        Node last = recording.nodeOf(y);
        gradients.begin(open, last, whyConstant(y));
        if (last != null)
            recording.levels.run(open.around, recording.origins.playback,
                    () -> recording.playback(open, persistent, gradients).play(last, seed));
        gradients.end(recording);
        released |= !persistent && open.around == null;
        return gradients;
    }

    /** The reason why a tensor is a constant for this tape; null if it is not. */
    private @Nullable String whyConstant(Tensor t) {
        Node node = t.node();
        String why = recording.origins.whyConstant(t);
        if (why != null || node == null || node.isLeaf() || open.holds(node))
            return why;
        return node.index() < open.start
                ? "it was computed before this tape was opened"
                : recording.origins.playback.why();
    }

    private static Tensor seed(Tensor y) {
        if (y.size() != 1)
            throw new IllegalArgumentException("the gradient of a tensor of shape " + y.shape()
                    + " needs a cotangent of that shape; or reduce it to a single number, for example by sum()");
        return Tensor.ones(y.dtype(), y.shape());
    }

    private void checkPlayable(Tensor y, Tensor g) {
        checkUsable("gradient");
        if (!g.shape().equals(y.shape()) || g.dtype() != y.dtype())
            throw new IllegalArgumentException("the cotangent has shape " + g.shape() + " " + g.dtype()
                    + ", the result " + y.shape() + " " + y.dtype() + "; they must be the same");
        if (played && !persistent)
            throw released();
        played = true;
    }

    private static IllegalStateException released() {
        return new IllegalStateException("this tape was played back already and has let go of what it held; "
                + "use new GradientTape().persistent() to play or read it more than once");
    }

    private void checkUsable(String what) {
        if (open.isClosed())
            throw new IllegalStateException(what + ": this tape is closed; ask inside its try block");
        if (recording != Recording.current())
            throw new IllegalStateException(what + ": this tape belongs to " + Origin.name(recording.thread)
                    + "; open one on this thread, " + Origin.name(Thread.currentThread()));
    }

    /** Computes something that no open tape records: its results are constants. Returns what the body returns. */
    @SuppressWarnings("exports") // annotations are not needed to use this module
    public static <T extends @Nullable Object> T paused(Supplier<T> body) {
        Recording recording = Recording.current();
        return recording.levels.run(null, recording.origins.paused, body);
    }

    /** Whether a tape records on this thread. */
    public static boolean isRecording() {
        return Recording.current().levels.tape() != null;
    }

    /**
     * Whether a tape records on this thread and tracks a tensor: an operation on it would be recorded. A
     * trainable variable is always tracked.
     */
    public static boolean tracks(Tensor x) { return isRecording() && !Recording.current().origins.isConstant(x); }

    /**
     * The nodes that this tape holds, in the order they were recorded, those of inner tapes among them. Throws an
     * IllegalStateException once a playback has let go of nodes.
     */
    public List<Node> nodes() {
        checkUsable("nodes");
        if (released)
            throw released();
        List<Node> held = new ArrayList<>();
        for (int i = open.start; i < recording.size(); i++) {
            Node node = recording.node(i);
            if (node != null && open.holds(node))
                held.add(node);
        }
        return held;
    }

    /** The lines that this tape holds, the first hundred; {@link autograd.viz.Listing} adds values and rules. */
    @Override
    public String toString() {
        boolean elsewhere = recording != Recording.current();
        if (open.isClosed() || released || elsewhere)
            return "GradientTape, " + (open.isClosed() ? "closed" : released ? "played back" : "of another thread");
        List<Node> nodes = nodes();
        String lines = nodes.stream().limit(PRINTED).map(node -> "\n  " + line(node)).collect(Collectors.joining());
        return "GradientTape, " + nodes.size() + (nodes.size() == 1 ? " line" : " lines") + lines
                + (nodes.size() > PRINTED ? "\n  .." : "");
    }

    /** A line such as {@code v3 = mul(v2, w) : [2, 3] f32}. */
    private static String line(Node node) {
        Tensor y = node.output();
        String made = node.isLeaf()
                ? y instanceof Variable ? "variable" : "watched"
                : node.op().name()
                        + Stream.of(node.in()).map(GradientTape::called).collect(Collectors.joining(", ", "(", ")"));
        return called(y) + " = " + made + " : " + y.shape() + " " + y.dtype();
    }

    /** A variable's name, the number of the line that made a tensor, or a constant's value. */
    private static String called(Tensor t) {
        String name = t instanceof Variable v ? v.called() : null;
        Node node = t.node();
        if (name != null || node != null && node.recording() != null)
            return name != null ? name : "v" + node.index();
        return t.size() == 1 ? String.valueOf(t.array().item()) : "const " + t.shape();
    }

    /** The recorder that this tape was opened with. */
    public Recorder recorder() { return open.recorder; }

    /**
     * Ends the recording. Tensors made under this tape are constants from now on, unless an outer tape holds
     * them. Tapes that were opened later and left open are closed, too.
     */
    @Override
    public void close() {
        if (!open.isClosed())
            recording.levels.close(open);
        Reference.reachabilityFence(this); // until here somebody could reach this tape
    }
}
