package autograd;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** One line of the tape: {@code output = op(inputs)}, or a leaf, a tensor that gradients are asked for. */
public final class Node {
    /** The version where no input is a variable. */
    private static final int NONE = -1;

    private final int index;
    private @Nullable GradientTape tape;
    private final @Nullable Op op;
    private Tensor @Nullable [] inputs;
    private @Nullable Tensor output;
    /** What the one variable among the inputs had changed to, or each of several: all others cannot change. */
    private final int version;
    private final int @Nullable [] versions;

    Node(int index, GradientTape tape, @Nullable Op op, Tensor... inputs) {
        this.index = index;
        this.tape = tape;
        this.op = op;
        this.inputs = inputs;
        int variables = 0, last = 0;
        for (Tensor t : inputs)
            if (t instanceof Variable v) {
                variables++;
                last = v.version();
            }
        this.version = variables == 0 ? NONE : last;
        this.versions = variables > 1 ? versionsOf(inputs) : null;
    }

    private static int[] versionsOf(Tensor[] inputs) {
        int[] versions = new int[inputs.length];
        for (int i = 0; i < inputs.length; i++)
            if (inputs[i] instanceof Variable v)
                versions[i] = v.version();
        return versions;
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
        if (inputs == null)
            throw released();
        return inputs;
    }

    private IllegalStateException released() {
        return new IllegalStateException("the tape no longer holds node " + index + (op == null ? "" : ", " + op.name())
                + ": it was played back or closed; use new GradientTape().persistent() to play more than once");
    }

    void output(Tensor tensor) { output = tensor; }

    /** The innermost tape that wrote this line; those around it see it too. */
    @Nullable
    GradientTape tape() { return tape; }

    /** The list this node stands on; null once it was dropped from it. */
    @Nullable
    Recording recording() { return tape == null ? null : tape.recording(); }

    /** Refuses to go on if a variable was changed after it went into this operation. */
    void checkUnchanged() {
        if (version == NONE)
            return;
        Tensor[] in = in();
        for (int i = 0; i < in.length; i++)
            if (in[i] instanceof Variable v) {
                int before = versions == null ? version : versions[i];
                if (v.version() != before)
                    throw new IllegalStateException(v.label() + " was changed after " + op().name()
                            + " was recorded (version " + before + ", now " + v.version()
                            + "): play the tape back before assigning, or record again");
            }
    }

    /** Lets go of what this line holds; its output is a constant from now on. */
    void drop() {
        inputs = null;
        output = null;
        tape = null;
    }

    @Override
    public String toString() { return "v" + index + " = " + (op == null ? "leaf" : op.name()); }
}
