package autograd;

import org.jspecify.annotations.Nullable;

/** The labels of the tensors that one thread computes: what they say once no list has the tensor. */
final class Origins {
    private final Recording recording;
    private final Thread thread = Thread.currentThread();
    final Origin noTape = new Origin("it was computed while no tape was open on this thread", thread);
    final Origin paused = new Origin("it was computed while recording was paused", thread);
    final Origin playback = new Origin("it was made by a tape's own playback, which only an outer tape records",
            thread);
    final Origin closed = new Origin("it comes from a tape that is closed or was played back", thread);

    Origins(Recording recording) { this.recording = recording; }

    /** The label of a result that is not recorded. */
    @Nullable
    Origin of(Tensor... in) {
        Origin label = null;
        for (Tensor x : in)
            label = and(label, x);
        return label;
    }

    /**
     * The label from one input to the next: the level's if an input had a gradient to lose here, else the first
     * that an input has. While a tape records, what another thread computed is found first, for that is an error
     * once it meets something tracked.
     */
    @Nullable
    Origin and(@Nullable Origin before, Tensor x) {
        Level level = recording.levels.top();
        Origin label = isConstant(x) ? x.origin() : level.origin;
        boolean foreign = label != null && label.isForeignTo(thread);
        if (level.tape != null)
            return before == null || foreign ? label : before;
        if (foreign)
            label = level.origin;
        return before == null || label == level.origin ? label : before;
    }

    /** Whether a tensor is a constant for tapes of this thread. */
    boolean isConstant(Tensor t) {
        return t instanceof Variable v ? !v.trainable() : recording.known(t) == null;
    }

    /** Why a tensor is a constant for tapes of this thread; null if it is none. */
    @Nullable
    String whyConstant(Tensor t) {
        if (!isConstant(t))
            return null;
        if (t instanceof Variable v)
            return v.frozen() ? "it is frozen: unfreeze it" : "it is a variable that is not trainable";
        return t.origin() != null
                ? t.origin().why(thread)
                : "it was not computed from a trainable Variable or from tape.watch(x)'s result";
    }

    /** Refuses inputs of a recorded operation that another thread computed: their gradients would be lost. */
    void checkOwn(Op op, Tensor... in) {
        for (Tensor x : in)
            checkOwn(op, x);
    }

    void checkOwn(Op op, Tensor x) {
        Origin origin = x.origin();
        if (origin != null && origin.isForeignTo(thread))
            throw new IllegalStateException(op.name() + ": an input, " + x.label() + ", depends on a trainable "
                    + "variable or a watched tensor, but " + origin.why(thread)
                    + ": its gradient would be lost. Compute it on this thread, or detach() it to make it a constant");
    }

    /** The tensor, as a constant if another thread computed it. */
    Tensor own(Tensor t) {
        return t.origin() != null && t.origin().isForeignTo(thread) ? t.detach() : t;
    }
}
