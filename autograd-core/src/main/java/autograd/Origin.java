package autograd;

import org.jspecify.annotations.Nullable;

/**
 * Why a tensor that was computed from something tracked has no gradient on the tape that asks: a label, never
 * a reference to what it was computed from.
 *
 * @param why
 *            the reason, as messages give it
 * @param thread
 *            the thread that computed the tensor; null where that does not matter, because the tensor is
 *            meant to be a constant
 */
record Origin(String why, @Nullable Thread thread) {
    static final Origin DETACHED = new Origin("it was detached", null);
    static final Origin MASK = new Origin("it was made from a mask, which has no derivative", null);
    static final Origin DRAWN = new Origin("it was drawn at random, which has no derivative", null);
    static final Origin INTEGERS = new Origin("it was made from integers, which have no derivative", null);

    /** Whether another thread computed the tensor: this one then knows nothing of its gradient. */
    boolean isForeignTo(Thread current) {
        return thread != null && thread != current;
    }

    /** The reason as messages of a thread give it. */
    String why(Thread current) {
        return isForeignTo(current)
                ? name(thread) + " computed it, and a tape records only its own thread, here " + name(current)
                : why;
    }

    /** The name of a thread in messages. */
    static String name(Thread thread) {
        String name = thread.getName();
        return "thread " + (name.isEmpty() ? "#" + thread.threadId() : name);
    }
}
