package autograd;

import autograd.array.NdArray;
import autograd.array.Rng;

import org.jspecify.annotations.Nullable;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Makes changes of variables all or none: unless {@link #commit} was called, {@link #close} gives every
 * variable that this thread changed in between the value it had before.
 *
 * {@snippet :
 * try (var step = new Transaction()) {
 *     Tensor loss = forward(x); // moves running statistics
 *     if (Double.isFinite(loss.item()))
 *         step.commit();
 * }
 * }
 *
 * Transactions nest: what an inner one has committed, an outer one can still undo.
 */
public final class Transaction implements AutoCloseable {
    private static final ThreadLocal<@Nullable Transaction> INNERMOST = new ThreadLocal<>();

    private final Thread thread = Thread.currentThread();
    private final @Nullable Transaction outer = INNERMOST.get();
    private final Map<Variable, NdArray> before = new IdentityHashMap<>(0);
    private final Map<Rng, Long> positions = new IdentityHashMap<>(0);
    private boolean open = true;

    /** Notes the changes of variables on this thread from now on, and where some generators are. */
    public Transaction(Rng... generators) {
        for (Rng rng : generators)
            positions.put(rng, rng.position());
        INNERMOST.set(this);
    }

    /** Keeps the changes made so far and ends this transaction; {@link #close} has nothing left to do. */
    public void commit() {
        if (!open || INNERMOST.get() != this)
            throw new IllegalStateException(
                    "commit: the innermost open transaction of a thread is committed, on that thread and once");
        end();
        if (outer != null)
            before.forEach(outer.before::putIfAbsent);
    }

    /** Undoes the changes since this transaction began, and sets generators back, unless it was committed. */
    @Override
    public void close() {
        if (!open)
            return;
        if (thread != Thread.currentThread())
            throw new IllegalStateException("close: a transaction is closed on the thread that opened it");
        Transaction innermost = INNERMOST.get();
        while (innermost != null && innermost != this) { // one that was left open inside
            innermost.close();
            innermost = INNERMOST.get();
        }
        end();
        before.forEach(Variable::restore);
        positions.forEach(Rng::skipTo);
    }

    private void end() {
        open = false;
        if (outer == null)
            INNERMOST.remove();
        else
            INNERMOST.set(outer);
    }

    /** Called before a variable is changed: whether the array it has now is needed to undo the change. */
    static boolean notes(Variable v, NdArray value) {
        Transaction innermost = INNERMOST.get();
        return innermost != null && innermost.before.putIfAbsent(v, value) == null;
    }
}
