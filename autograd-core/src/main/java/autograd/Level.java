package autograd;

import org.jspecify.annotations.Nullable;

/**
 * What happens to the operations of a thread from when a level is entered until it is left: a tape records
 * them, or none does. Opening a tape enters a level, and so do a pause and a playback; levels nest.
 */
sealed class Level permits OpenTape {
    final @Nullable Level below;
    /** The innermost tape that records; null if none does. */
    final @Nullable OpenTape tape;
    /** The tape that was opened last, whether it records or not. */
    final @Nullable OpenTape innermost;
    /** The label of tensors that are computed but not recorded, or whose tape has been closed. */
    final Origin origin;
    /** Whether a function is computed a second time, so that variables are left as they are. */
    final boolean replays;

    Level(@Nullable Level below, @Nullable OpenTape tape, Origin origin, boolean replays) {
        this.below = below;
        this.tape = this instanceof OpenTape opened ? opened : tape;
        this.innermost = this instanceof OpenTape opened ? opened : below == null ? null : below.innermost;
        this.origin = origin;
        this.replays = replays;
    }
}
