package autograd;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** One line of the tape: {@code output = op(inputs)}, or a leaf, a tensor that gradients are asked for. */
public sealed class Node permits SmallNode {
    private final int index;
    private final @Nullable Op op;
    private Tensor @Nullable [] in;
    private @Nullable Tensor output;
    private @Nullable OpenTape tape;
    /** When it was recorded: a later change of an input is an error. */
    private final long time = Variable.time();

    /** A line of the tape that recorded it; a leaf has no op. */
    Node(int index, OpenTape tape, @Nullable Op op, Tensor @Nullable... in) {
        this.index = index;
        this.tape = tape;
        this.op = op;
        this.in = in;
    }

    /** The position of this line on its thread's list, from 0. */
    public final int index() { return index; }

    /** The operation; an error for a leaf. */
    public final Op op() {
        if (op == null)
            throw new IllegalStateException("node " + index + " is a leaf: it has no operation");
        return op;
    }

    /** Whether this is a leaf: a variable or a watched tensor. */
    public final boolean isLeaf() { return op == null; }

    /** The operation's inputs in order, none for a leaf; an error once the tape has let them go. */
    public final List<Tensor> inputs() {
        return List.of(in());
    }

    /** The output of the operation, or the leaf itself; throws after the tape has dropped the node. */
    public final Tensor output() {
        return held(output);
    }

    Tensor[] in() { return held(in); }

    final void output(Tensor made) { output = made; }

    /** The innermost tape that recorded this node; the tapes around it hold it too. */
    final @Nullable OpenTape tape() {
        return tape;
    }

    /** The list this line stands on; null once it was dropped from it. */
    final @Nullable Recording recording() {
        OpenTape holder = tape; // read once: another thread may ask while this line is dropped
        return holder == null ? null : holder.recording;
    }

    /** Lets go of what this line holds; its output is a constant from now on. */
    void drop() {
        in = null;
        output = null;
        tape = null;
    }

    /** The content of this node, or null after the tape has dropped it. */
    final <T> T held(@Nullable T held) {
        if (held == null)
            throw new IllegalStateException("the tape no longer holds node " + index
                    + (op == null ? "" : ", " + op.name()) + ": it was played back or closed; "
                    + "use new GradientTape().persistent() to play or read it more than once");
        return held;
    }

    /** Refuses to go on if a variable was changed after it went into this operation. */
    final void checkUnchanged() {
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

    @Override
    public String toString() { return "v" + index + " = " + (op == null ? "leaf" : op.name()); }
}
