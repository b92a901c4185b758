package autograd;

import org.jspecify.annotations.Nullable;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A scope on this thread's recording. While it is open, every operation with a tracked input is written down;
 * playing the list back from a result gives the gradient of the result with respect to anything on it.
 *
 * {@snippet :
 * try (var tape = new GradientTape()) {
 *     Tensor loss = forward(x).sub(y).square().mean();
 *     Gradients gradients = tape.gradient(loss, List.of(w, b));
 * }
 * }
 *
 * Tapes nest: an outer one also records the inner one's playback, which is all that higher derivatives need.
 */
public final class GradientTape implements AutoCloseable {
    private final Recording recording = Recording.current();
    final OpenTape open;
    private boolean persistent, played, released;

    /** Opens a tape on this thread. */
    public GradientTape() { this(Recorder.NONE); }

    /**
     * Opens a tape that tells what it does.
     *
     * @param recorder
     *            told of every line written and played back
     */
    public GradientTape(Recorder recorder) { open = recording.levels.open(this, recorder); }

    /**
     * Keeps what is recorded after a playback, so that more can follow.
     *
     * @return this tape
     */
    public GradientTape persistent() {
        persistent = true;
        return this;
    }

    /**
     * Lets buffers be used again: when this tape closes, every tensor made while it was open is released, and
     * reading one later is an error. Only what variables hold stays. Under an outer tape, which holds those
     * tensors too, nothing is released.
     *
     * @return this tape
     */
    public GradientTape scoped() {
        checkUsable("scoped");
        open.scoped();
        return this;
    }

    /**
     * A tensor of the same value that this recording tracks, to take gradients with respect to it.
     *
     * @param x
     *            any tensor
     * @return x itself if it is tracked already
     */
    public Tensor watch(Tensor x) {
        checkUsable("watch");
        return recording.nodeOf(x) != null ? x : recording.watch(x);
    }

    /**
     * The gradient of a single number with respect to one tensor.
     *
     * @param y
     *            a tensor with one element
     * @param x
     *            a variable, a watched tensor, or anything computed from those
     * @return dy/dx, shaped as x
     */
    public Tensor gradient(Tensor y, Tensor x) { return gradient(y, List.of(x)).of(x); }

    /**
     * The gradients of a single number with respect to several tensors.
     *
     * @param y
     *            a tensor with one element
     * @param xs
     *            variables, watched tensors, or anything computed from those
     * @return dy/dx for each, shaped as x
     */
    public Gradients gradient(Tensor y, List<? extends Tensor> xs) { return gradient(y, seed(y), xs); }

    /**
     * Vector-Jacobian products: the gradients of {@code sum(g * y)} with respect to several tensors.
     *
     * @param y
     *            any tensor
     * @param g
     *            the cotangent of y, of its shape and dtype
     * @param xs
     *            variables, watched tensors, or anything computed from those
     * @return the cotangent of each, shaped as x
     */
    public Gradients gradient(Tensor y, Tensor g, List<? extends Tensor> xs) {
        return play(y, g, new Gradients(xs));
    }

    /**
     * The gradients of a single number with respect to every variable and watched tensor it depends on.
     *
     * @param y
     *            a tensor with one element
     * @return dy/dx for each
     */
    public Gradients gradients(Tensor y) { return gradients(y, seed(y)); }

    /**
     * Vector-Jacobian products with respect to every variable and watched tensor y depends on.
     *
     * @param y
     *            any tensor
     * @param g
     *            the cotangent of y, of its shape and dtype
     * @return the cotangent of each
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

    /** Adds the gradient of {@code sum(g * y)} to every trainable variable's own. */
    void backward(Tensor y, @Nullable Tensor g) {
        play(y, g == null ? seed(y) : g, new Gradients()).accumulate();
    }

    private Gradients play(Tensor y, Tensor seed, Gradients gradients) {
        checkPlayable(y, seed);
        Node last = recording.nodeOf(y);
        gradients.begin(recording, whyConstant(y));
        if (last != null)
            recording.levels.run(open.around, recording.origins.playback,
                    () -> recording.playback(open, persistent).play(last, seed, gradients));
        gradients.end(recording);
        released |= !persistent && open.around == null;
        return gradients;
    }

    /** Why a tensor is a constant for this tape; null if it is none. */
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

    /**
     * Computes without recording, also inside a tape.
     *
     * @param body
     *            what to compute; its results are constants to every open tape
     * @param <T>
     *            the type of the result
     * @return what the body returns
     */
    @SuppressWarnings("exports") // annotations are not needed to use this module
    public static <T extends @Nullable Object> T paused(Supplier<T> body) {
        Recording recording = Recording.current();
        return recording.levels.run(null, recording.origins.paused, body);
    }

    /**
     * What this tape holds: its lines in the order they were written.
     *
     * @return the nodes, also those an inner tape wrote; an error once a playback has let go of them
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

    /**
     * Who watches this tape.
     *
     * @return the recorder it was opened with
     */
    public Recorder recorder() { return open.recorder; }

    /**
     * Ends the recording, and that of tapes that were opened since and left open: tensors made under this tape
     * are constants from now on, unless an outer tape holds them.
     */
    @Override
    public void close() {
        if (!open.isClosed())
            recording.levels.close(open);
        Reference.reachabilityFence(this); // until here somebody could reach this tape
    }
}
