package autograd;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** One line of the tape: {@code output = op(inputs)}, or a leaf, a tensor that gradients are asked for. */
public final class Node {
    private final int index;
    private @Nullable OpenTape tape;
    private final @Nullable Op op;
    /** The inputs: most operations have one or two, for which an array is an object too many. */
    private @Nullable Tensor first, second;
    private Tensor @Nullable [] many;
    private @Nullable Tensor output;
    /** When it was written: later changes of its inputs are errors. */
    private final long time = Variable.time();

    Node(int index, @Nullable OpenTape tape, @Nullable Op op, @Nullable Tensor first, @Nullable Tensor second,
            Tensor @Nullable [] many) {
        this.index = index;
        this.tape = tape;
        this.op = op;
        this.first = first;
        this.second = second;
        this.many = many;
    }

    /**
     * Where this line stands on its thread's list.
     *
     * @return the position, from 0
     */
    public int index() { return index; }

    /**
     * The operation.
     *
     * @return the op; an error for a leaf
     */
    public Op op() {
        if (op == null)
            throw new IllegalStateException("node " + index + " is a leaf: it has no operation");
        return op;
    }

    /**
     * Whether this is a leaf: a variable or a watched tensor.
     *
     * @return true if no operation made it
     */
    public boolean isLeaf() { return op == null; }

    /**
     * The operation's inputs.
     *
     * @return the tensors in order, none for a leaf; an error once the tape has let them go
     */
    public List<Tensor> inputs() { return List.of(in()); }

    /**
     * What the operation made, or the leaf itself.
     *
     * @return the tensor; an error once the tape has let it go
     */
    public Tensor output() {
        if (output == null)
            throw released();
        return output;
    }

    Tensor[] in() {
        if (tape == null)
            throw released();
        if (many != null)
            return many;
        return first == null ? new Tensor[0] : second == null ? new Tensor[]{first} : new Tensor[]{first, second};
    }

    /** The input of an operation that has one, or the first of two. */
    Tensor first() {
        if (first == null)
            throw released();
        return first;
    }

    /** The second of two inputs. */
    Tensor second() {
        if (second == null)
            throw released();
        return second;
    }

    private IllegalStateException released() {
        return new IllegalStateException("the tape no longer holds node " + index + (op == null ? "" : ", " + op.name())
                + ": it was played back or closed; use new GradientTape().persistent() to play or read it more than once");
    }

    void output(Tensor tensor) { output = tensor; }

    /** The innermost tape that wrote this line; those around it see it too. */
    @Nullable
    OpenTape tape() { return tape; }

    /** The list this node stands on; null once it was dropped from it. */
    @Nullable
    Recording recording() {
        OpenTape held = tape; // read once: another thread may ask while this line is dropped
        return held == null ? null : held.recording;
    }

    /** Refuses to go on if a variable was changed after it went into this operation. */
    void checkUnchanged() {
        if (time == Variable.time())
            return;
        for (Tensor t : in())
            if (t instanceof Variable v && v.changed() > time)
                throw changed(v, v.changedBy());
    }

    private IllegalStateException changed(Variable v, @Nullable Thread by) {
        Thread here = Thread.currentThread();
        return new IllegalStateException(by == null || by == here
                ? v.label() + " was changed after " + op().name()
                        + " was recorded: play the tape back before assigning, or record again"
                : v.label() + " was changed by " + Origin.name(by) + " after " + op().name() + " was recorded on "
                        + Origin.name(here) + ": threads that train one model take turns, or each has its own copy");
    }

    /** Lets go of what this line holds; its output is a constant from now on. */
    void drop() {
        first = null;
        second = null;
        many = null;
        output = null;
        tape = null;
    }

    @Override
    public String toString() { return "v" + index + " = " + (op == null ? "leaf" : op.name()); }
}
