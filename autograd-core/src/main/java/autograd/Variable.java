package autograd;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A tensor whose value can be changed: a parameter of a model, or a running statistic. Every open tape tracks
 * a trainable variable. A change never affects tensors that were computed from the variable, not even views.
 */
@SuppressWarnings("exports") // annotations are not needed to use this module
public final class Variable extends Tensor {
    /** Global change counter: a node recorded before a variable's last change is stale. */
    private static final AtomicLong CLOCK = new AtomicLong();

    private final @Nullable String name;
    private final boolean trainable;
    private volatile boolean frozen;
    private volatile @Nullable String path;
    private volatile @Nullable Tensor grad;
    private int version;
    private volatile long changed;
    private volatile @Nullable Thread changedBy;

    /** A trainable variable with a copy of a tensor's value. */
    public Variable(Tensor initial) {
        this(null, initial, true);
    }

    /** A trainable variable with a name for messages and listings. */
    public Variable(String name, Tensor initial) {
        this(name, initial, true);
    }

    /** A variable that is trainable or not, as a running mean is not. */
    public Variable(@Nullable String name, Tensor initial, boolean trainable) {
        super(Kernels.get().copy(initial.array()), null);
        array().storage().keep();
        this.name = name;
        this.trainable = trainable;
    }

    /** The name; null if it has none. */
    public @Nullable String name() { return name; }

    /**
     * Sets the path from a model to this variable, such as {@code hidden.weight}, which messages use in place of
     * the name. The longest path is kept, because a part of a model knows only a part of the path.
     */
    public void path(String path) {
        String known = this.path;
        if (known == null || path.length() > known.length())
            this.path = path;
    }

    /** Whether tapes track this variable and optimizers change it: it was made trainable and is not frozen. */
    public boolean trainable() {
        return trainable && !frozen;
    }

    /**
     * Makes a trainable variable a constant for tapes and optimizers, until {@link #unfreeze()}. Optimizers keep
     * what they have for it, such as momentum.
     */
    public void freeze() { frozen = trainable; }

    /** Makes a frozen variable trainable again. */
    public void unfreeze() { frozen = false; }

    /** Whether this variable was made trainable and is frozen. */
    public boolean frozen() { return frozen; }

    /** The sum of the gradients so far; null for none. */
    public @Nullable Tensor grad() { return grad; }

    /** Forgets the gradient. */
    public void zeroGrad() {
        if (!isReplay())
            grad = null;
    }

    /** Adds to the gradient. Threads may do so at the same time; what another thread added is a constant here. */
    synchronized void accumulate(Tensor g) {
        Recording here = Recording.current();
        if (here.levels.top().replays)
            return;
        Tensor before = grad, sum = before == null ? g : here.origins.own(before).add(g);
        sum.array().keep();
        grad = sum;
    }

    /** The number of changes of the value. */
    public int version() { return version; }

    /** The current count of changes of all variables. */
    static long time() { return CLOCK.get(); }

    /** The count at the last change of this variable. */
    long changed() { return changed; }

    /** The thread that changed the value last; null for none. */
    @Nullable
    Thread changedBy() { return changedBy; }

    /** Copies the value of a tensor, which must have the same shape and dtype. */
    public void assign(Tensor value) {
        check("assign", value);
        if (isReplay())
            return;
        NdArray from = value.array();
        Kernels.get().write(writable(false), from);
        change(); // again: nodes that another thread recorded meanwhile are stale, too
    }

    /**
     * Takes one step of an optimizer, element by element and in place.
     *
     * @param step
     *            replaces the element of this variable and the elements of the slots
     * @param gradient
     *            of this variable's shape and dtype
     * @param slots
     *            the optimizer's state for this variable, such as momentum, of its shape and dtype
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

    /** The step of an optimizer for one element. */
    @FunctionalInterface
    public interface Update extends Kernels.Step {}

    /** Restores the value from before a change, for a {@link Transaction}. */
    void restore(NdArray value) {
        version++;
        change();
        array(value);
    }

    /** The array to overwrite: the current one if nothing else needs its storage, else a new one. */
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
     * Whether {@link Functional#checkpoint} runs a function a second time: it made its changes the first time.
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

    /** The path, or the name; null if it has neither. */
    @Nullable
    String called() { return path == null ? name : path; }

    @Override
    public String label() {
        String called = called();
        return "variable " + (called == null ? "" : called + " ") + shape();
    }

    /** Its path or name, shape and dtype; {@code detach()} prints the value. */
    @Override
    public String toString() {
        String called = called();
        return "Variable(" + (called == null ? "" : called + " ") + shape() + " " + dtype() + ")"
                + (trainable ? frozen ? ", frozen" : "" : ", not trainable");
    }
}
