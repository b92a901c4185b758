package autograd;

import autograd.array.NdArray;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The list of nodes that one thread has while any tape is open on it; a tape is a scope over this list.
 * Whether an operation gets a node depends on its inputs and on the thread's {@link Levels}: no tape records
 * while none is open or recording is paused, and a tape never records its own playback, but an outer one
 * does.
 *
 * <p>
 * This class and {@link Playback} are all of automatic differentiation. What a thread gets is a
 * {@link FastRecording}, which does the same sooner.
 */
sealed class Recording permits FastRecording {
    /** The one place where the fast forms are chosen. */
    static final ThreadLocal<Recording> OF_THREAD = ThreadLocal.withInitial(FastRecording::new);

    /** A longer list is not kept for the next recording. */
    private static final int LONG = 1 << 16, MANY = 16;

    final Thread thread = Thread.currentThread();
    final Origins origins = new Origins(this);
    final Levels levels = new Levels(this);
    private List<@Nullable Node> nodes = new ArrayList<>();
    private Map<Tensor, Node> leaves = new IdentityHashMap<>();

    static Recording current() { return OF_THREAD.get(); }

    /** Computes the output of an operation and records it. */
    Tensor apply(Op op, Tensor... in) {
        return record(op, forward(op, Stream.of(in).map(Tensor::array).toArray(NdArray[]::new)), in);
    }

    /** For one input. */
    Tensor apply(Op op, Tensor x) { return apply(op, new Tensor[]{x}); }

    /** For two inputs. */
    Tensor apply(Op op, Tensor a, Tensor b) { return apply(op, new Tensor[]{a, b}); }

    static NdArray forward(Op op, NdArray... in) {
        checkInputs(op, in);
        return shared(op.forward(in), in);
    }

    /** An output that is a view of an input is never changed in place, nor is the input. */
    private static NdArray shared(NdArray y, NdArray... in) {
        for (NdArray x : in)
            if (x.sharesStorage(y))
                y.share();
        return y;
    }

    /** Records an operation whose output has been computed, if a tape records and an input is tracked. */
    Tensor record(Op op, NdArray y, Tensor... in) {
        OpenTape tape = levels.tape();
        if (tape == null || Stream.of(in).filter(x -> nodeOf(x) != null).count() == 0)
            return new Tensor(y, origins.of(in)); // a constant
        origins.checkOwn(op, in);
        Node node = new Node(size(), tape, op, in);
        return add(node, new Tensor(y, origins.closed));
    }

    /** Adds a node to the end of the list. */
    final Tensor add(Node node, Tensor output) {
        output.node(node);
        node.output(output);
        nodes.add(node);
        node.tape().recorded(node);
        return output;
    }

    /** The node of a tensor, null for a constant; a trainable variable gets a leaf when it is first used. */
    final @Nullable Node nodeOf(Tensor t) {
        Node node = known(t);
        return node == null && t instanceof Variable v && v.trainable() ? leaf(v) : node;
    }

    /** The node of a tensor; null for a constant, and for a variable that was not used yet. */
    @Nullable
    Node known(Tensor t) {
        Node node = t instanceof Variable ? leaves.get(t) : t.node();
        return node != null && node.recording() == this ? node : null;
    }

    private Node leaf(Variable v) {
        Node leaf = new Node(size(), levels.top().innermost, null);
        leaves.put(v, leaf);
        return add(leaf, v).node();
    }

    /** A leaf of the same value as a tensor that is not tracked. */
    final Tensor watch(Tensor x) {
        x.array().share();
        Node leaf = new Node(size(), levels.top().innermost, null);
        return add(leaf, new Tensor(x.array(), origins.closed));
    }

    /** A playback, used once. */
    Playback playback(OpenTape tape, boolean persistent, Gradients gradients) {
        return new Playback(tape, persistent, gradients);
    }

    final int size() { return nodes.size(); }

    /** The node at a position; null if it was forgotten. */
    @Nullable
    final Node node(int index) { return nodes.get(index); }

    /** Forgets a node that was played back. */
    final void forget(Node node) {
        nodes.set(node.index(), null);
        node.drop();
    }

    /** Forgets every node from a position on. */
    final void drop(int from) {
        for (int i = from; i < size(); i++)
            if (nodes.get(i) != null)
                forget(nodes.get(i));
        boolean isLong = size() > LONG;
        if (from > 0)
            nodes.subList(from, size()).clear();
        else if (isLong)
            nodes = new ArrayList<>();
        else
            nodes.clear();
        if (from == 0 && leaves.size() > MANY) // to clear a large map costs its size, not what is in it
            leaves = new IdentityHashMap<>();
        else if (from == 0)
            leaves.clear();
    }

    private static void checkInputs(Op op, NdArray... in) {
        int takes = switch (op) {
            case Op.Unary _ -> 1;
            case Op.Binary _ -> 2;
            case SaturatingVjp _ -> 3;
            default -> in.length; // the op knows
        };
        if (in.length != takes)
            throw new IllegalArgumentException(op.name() + ": it takes " + takes + (takes == 1 ? " input" : " inputs")
                    + ", not " + in.length);
        for (NdArray x : in)
            if (x.dtype() != in[0].dtype())
                throw new IllegalArgumentException(op.name() + ": inputs have dtypes " + in[0].dtype() + " and "
                        + x.dtype() + "; convert one with to(DType)");
        if (op instanceof Elementwise.Map2)
            checkBroadcast(op, in[0].shape(), in[1].shape());
    }

    private static void checkBroadcast(Op op, Shape a, Shape b) {
        if (!a.equals(b) && !a.broadcastsTo(b) && !b.broadcastsTo(a)) // a name costs more than to look twice
            Shape.broadcast(op.name(), a, b);
    }
}
