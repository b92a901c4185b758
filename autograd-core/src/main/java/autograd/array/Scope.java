package autograd.array;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A stretch of work on one thread. It knows the storage made meanwhile, so that what is provably dead can be
 * used again. Scopes nest; storage belongs to the innermost.
 */
public final class Scope implements AutoCloseable {
    private final Pool pool = Pool.current();
    private final @Nullable Scope around = pool.innermost;
    private final boolean strict;
    private static final Memory[] NONE = {};

    private Memory[] made = NONE;
    private int size;

    private Scope(boolean strict) {
        this.strict = strict;
        if (strict)
            Pool.STRICT.incrementAndGet();
        pool.innermost = this;
    }

    /**
     * A scope whose end releases everything made under it: to read that later is an error.
     *
     * @return an open scope
     */
    public static Scope releasing() { return new Scope(true); }

    /**
     * A scope that releases what it is told to; what is left at its end belongs to the scope around it, or to the
     * user.
     *
     * @return an open scope
     */
    public static Scope tidying() { return new Scope(false); }

    void add(Memory memory) {
        memory.scope = this;
        if (size == made.length)
            made = Arrays.copyOf(made, 2 * size + 8);
        made[size++] = memory;
    }

    /**
     * How much storage was made so far.
     *
     * @return a position for {@link #releaseFrom}
     */
    public int mark() { return size; }

    /**
     * Takes back what was made since a position and is not {@link #hold held}.
     *
     * @param mark
     *            the position
     */
    public void releaseFrom(int mark) {
        if (mark == size)
            return; // usual for small arrays, which no scope needs to know
        int kept = mark;
        for (int i = mark; i < size; i++) {
            Memory s = made[i];
            if (s.scope == this && s.holds > 0)
                made[kept++] = s;
            else
                release(s);
        }
        Arrays.fill(made, kept, size, null);
        size = kept;
    }

    private void release(Memory s) {
        if (s.scope != this)
            return; // kept, or released before
        s.scope = null;
        pool.give(s);
    }

    /**
     * Says that someone looks at an array, so that its storage is not taken back.
     *
     * @param x
     *            any array
     */
    public void hold(NdArray x) {
        Storage s = x.known();
        if (s != null)
            s.holds++;
    }

    /**
     * Says that someone who held an array no longer does; the last one to say so gives its storage back.
     *
     * @param x
     *            an array that was held
     */
    public void drop(NdArray x) {
        Storage s = x.known();
        if (s != null && --s.holds == 0)
            release(s);
    }

    /**
     * Lets the scope around this one, if any, own what is made until {@link #resume}.
     */
    public void suspend() { pool.innermost = around; }

    /** Owns what is made again. */
    public void resume() { pool.innermost = this; }

    @Override
    public void close() {
        pool.innermost = around;
        if (strict)
            Pool.STRICT.decrementAndGet();
        for (int i = 0; i < size; i++) {
            Memory s = made[i];
            if (s.scope != this)
                continue;
            if (strict)
                release(s);
            else if (around != null)
                around.add(s);
            else
                s.scope = null;
        }
    }
}
