package autograd;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** The stack of a thread's {@link Level}s: which tapes are open, and which of them records at the moment. */
final class Levels {
    private final Recording recording;
    private Level top;

    Levels(Recording recording) {
        this.recording = recording;
        top = new Level(null, null, recording.origins.noTape, false);
    }

    Level top() { return top; }

    /** The innermost tape that records now; null if none does. */
    @Nullable
    OpenTape tape() {
        checkNoneLost();
        return top.tape;
    }

    OpenTape open(GradientTape user, Recorder recorder) {
        checkNoneLost();
        var tape = new OpenTape(recording, top, recorder, user);
        top = tape;
        return tape;
    }

    /** Runs something while a tape records that was opened before, or none. */
    <T extends @Nullable Object> T run(@Nullable OpenTape tape, Origin origin, Supplier<T> body) {
        return run(new Level(top, tape, origin, top.replays), body);
    }

    /** Computes something a second time: the changes it makes to variables were made the first time. */
    <T> T replay(Supplier<T> body) {
        return run(new Level(top, top.tape, top.origin, true), body);
    }

    private <T extends @Nullable Object> T run(Level level, Supplier<T> body) {
        top = level;
        try {
            return body.get();
        } finally {
            leave(level);
        }
    }

    /** Returns to where a level was entered, and closes the tapes that were left open since. */
    private void leave(Level entered) {
        Level last = top;
        top = entered.below;
        for (Level l = last; l != entered.below; l = l.below)
            if (l instanceof OpenTape tape)
                tape.end();
    }

    /** Closes a tape, and the tapes that were opened after it and left open. */
    void close(OpenTape tape) {
        if (recording != Recording.current())
            throw new IllegalStateException("close: this tape was opened on " + Origin.name(recording.thread)
                    + ", and only that thread can close it; this is " + Origin.name(Thread.currentThread()));
        for (Level l = top; l != tape; l = l.below)
            if (!(l instanceof OpenTape))
                throw new IllegalStateException("close: this tape cannot be closed while "
                        + (l.origin == recording.origins.paused
                                ? "GradientTape.paused(..) runs that was called under it"
                                : "it, or a tape that was opened under it, is being played back"));
        leave(tape);
    }

    /** The tape that was opened last, for {@code y.backward()}. */
    GradientTape innermost() {
        checkNoneLost();
        OpenTape tape = top.innermost;
        if (tape == null)
            throw new IllegalStateException(
                    "backward() needs an open tape on this thread: try (var tape = new GradientTape()) { .. }");
        GradientTape user = tape.user();
        if (user == null)
            throw lost(tape);
        return user;
    }

    /** A tape that was left open for good is an error at the next operation, whatever was opened since. */
    private void checkNoneLost() {
        for (OpenTape tape = top.innermost; tape != null; tape = tape.below.innermost)
            if (tape.isLost())
                throw lost(tape);
    }

    private IllegalStateException lost(OpenTape tape) {
        leave(tape);
        return tape.lost();
    }
}
