package autograd;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The one tensor that changes: a parameter of a model. A trainable variable is tracked by every open tape.
 * Changing it never changes a tensor that was computed from it, not even a view.
 */
@SuppressWarnings("exports") // annotations are not needed to use this module
public final class Variable extends Tensor {
    /** How often any variable was changed: the clock by which lines of a tape are older than changes. */
    private static final AtomicLong CLOCK = new AtomicLong();

    private final @Nullable String name;
    private final boolean trainable;
    private volatile @Nullable String path;
    private volatile @Nullable Tensor grad;
    private int version;
    private volatile long changed;
    private volatile @Nullable Thread changedBy;

    /** A trainable variable that starts with a copy of a tensor's value. */
    public Variable(Tensor initial) {
        this(null, initial, true);
    }

    /** A trainable variable with a name for messages and listings. */
    public Variable(String name, Tensor initial) {
        this(name, initial, true);
    }

    /** A variable that gradients are taken for, or one that is only kept, such as a running mean. */
    public Variable(@Nullable String name, Tensor initial, boolean trainable) {
        super(Kernels.get().copy(initial.array()), null);
        array().storage().keep();
        this.name = name;
        this.trainable = trainable;
    }

    /** The name it was given, if any. */
    public @Nullable String name() { return name; }

    /**
     * Tells where in a model this variable is, such as {@code hidden.weight}: messages then call it by that
     * instead of its name, which many have. A part of the model knows a part of the path only, so the longest one
     * told counts.
     *
     * @param path
     *            the path from the model to this variable
     */
    public void path(String path) {
        String known = this.path;
        if (known == null || path.length() > known.length())
            this.path = path;
    }

    /** Whether tapes track this variable and optimizers change it. */
    public boolean trainable() { return trainable; }

    /** The sum of the gradients so far; null for none. */
    public @Nullable Tensor grad() { return grad; }

    /** Forgets the gradient. */
    public void zeroGrad() {
        if (!isReplay())
            grad = null;
    }

    /**
     * Adds to the gradient; threads may do so at the same time, and what another one added is a constant here.
     */
    synchronized void accumulate(Tensor g) {
        Recording here = Recording.current();
        if (here.levels.top().replays)
            return;
        Tensor before = grad, sum = before == null ? g : here.origins.own(before).add(g);
        sum.array().keep();
        grad = sum;
    }

    /** How often the value was changed. */
    public int version() { return version; }

    /** The time, in changes of variables. */
    static long time() { return CLOCK.get(); }

    /** When the value was changed last. */
    long changed() { return changed; }

    /** The thread that changed the value last; null for none. */
    @Nullable
    Thread changedBy() { return changedBy; }

    /** Takes over a copy of a tensor's value, of the same shape and dtype. */
    public void assign(Tensor value) {
        check("assign", value);
        if (isReplay())
            return;
        NdArray from = value.array();
        Kernels.get().write(writable(false), from);
        change(); // what another thread recorded meanwhile is older than the change too
    }

    /**
     * One step of an optimizer, element by element and in place: {@code step} gets the element of this variable,
     * then those of the slots, and leaves their new values.
     *
     * @param step
     *            what happens to one element
     * @param gradient
     *            of this variable's shape and dtype
     * @param slots
     *            what the optimizer keeps for this variable, such as momentum, of its shape and dtype
     */
    public void update(Update step, Tensor gradient, Variable... slots) {
        check("update", gradient);
        NdArray[] all = new NdArray[slots.length + 1];
        for (Variable slot : slots)
            check("update", slot);
        if (isReplay())
            return;
        all[0] = writable(true);
        for (int k = 0; k < slots.length; k++)
            all[k + 1] = slots[k].writable(true);
        Kernels.get().update(step, gradient.array(), all);
        change();
    }

    /** What an optimizer does to one element. */
    @FunctionalInterface
    public interface Update extends Kernels.Step {}

    /** Takes back a value from before a change: the end of a {@link Transaction}. */
    void restore(NdArray value) {
        version++;
        change();
        array(value);
    }

    /** The value, to be overwritten: in place if nobody else needs the storage, else in a fresh one. */
    private NdArray writable(boolean keepValues) {
        NdArray old = array();
        version++;
        change();
        if (Transaction.notes(this, old) | old.storage().isShared())
            array(keepValues ? Kernels.get().copy(old) : NdArray.zeros(dtype(), shape()));
        array().storage().keep();
        return array();
    }

    /**
     * Whether a function is computed a second time, by {@link Functional#checkpoint}: it made its changes before.
     */
    private static boolean isReplay() { return Recording.current().levels.top().replays; }

    private void change() {
        changedBy = Thread.currentThread();
        changed = CLOCK.incrementAndGet();
    }

    private void check(String what, Tensor value) {
        Shape shape = value.shape();
        DType dtype = value.dtype();
        if (!shape.equals(shape()) || dtype != dtype())
            throw new IllegalArgumentException(what + ": " + label() + " " + dtype() + " cannot take shape " + shape
                    + " " + dtype + "; they must be the same");
    }

    @Override
    public String label() {
        String called = path == null ? name : path;
        return "variable " + (called == null ? "" : called + " ") + shape();
    }
}
