package autograd;

import autograd.array.Scope;

import org.jspecify.annotations.Nullable;

import java.lang.StackWalker.StackFrame;
import java.lang.ref.WeakReference;
import java.util.Optional;

/**
 * A tape as its thread and the nodes know it. Only users hold the {@link GradientTape} itself, so that the
 * thread notices when a tape was left open and nobody can reach it any more.
 */
final class OpenTape extends Level {
    final Recording recording;
    final Recorder recorder;
    /** The tape that records what this one does and its playback too; null if it stands alone. */
    final @Nullable OpenTape around;
    /** Where the lines of this tape begin. */
    final int start;
    private final WeakReference<GradientTape> user;
    private final Optional<StackFrame> line;
    private @Nullable Scope scope;
    private boolean closed;

    OpenTape(Recording recording, Level below, Recorder recorder, GradientTape user) {
        super(below, null, recording.origins.closed, below.replays);
        this.recording = recording;
        this.recorder = recorder;
        this.around = below.tape;
        this.start = recording.size();
        this.user = new WeakReference<>(user);
        this.line = recorder instanceof SourceLines lines ? lines.here() : Optional.empty();
    }

    /** A node was added: whoever watches this tape or one around it is told. */
    void recorded(Node node) {
        for (OpenTape tape = this; tape != null; tape = tape.around)
            tape.recorder.recorded(node);
    }

    /** Whether a node was recorded under this tape: those from before are leaves to it. */
    boolean holds(Node node) {
        OpenTape tape = node.tape();
        while (tape != null && tape != this)
            tape = tape.around;
        return tape == this;
    }

    /** Whether it was left open for good: nobody can reach the tape to close it. */
    boolean isLost() {
        return user.refersTo(null);
    }

    /** The tape as its user holds it; null if it {@link #isLost}. */
    @Nullable
    GradientTape user() { return user.get(); }

    IllegalStateException lost() {
        return new IllegalStateException("a tape that was opened on " + Origin.name(recording.thread)
                + line.map(frame -> " at " + frame).orElse("")
                + " was never closed, and nothing refers to it any more: "
                + "write try (var tape = new GradientTape()) { .. }; it is closed now"
                + (line.isPresent() ? "" : " (new GradientTape(new SourceLines()) tells the line that opened it)"));
    }

    boolean isClosed() { return closed; }

    /** Releases what is made from now on when this tape closes. */
    void scoped() {
        if (scope == null && around == null)
            scope = Scope.releasing();
    }

    /** What was made is constant from now on, unless a tape around this one holds it. */
    void end() {
        closed = true;
        if (around == null)
            recording.drop(start);
        if (scope != null)
            scope.close();
    }
}
