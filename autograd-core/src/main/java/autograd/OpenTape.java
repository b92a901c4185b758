package autograd;

import autograd.array.Scope;

import org.jspecify.annotations.Nullable;

import java.lang.StackWalker.StackFrame;
import java.lang.ref.WeakReference;
import java.util.Optional;

/**
 * The state of a tape that its thread and its nodes refer to. Only users refer to the {@link GradientTape}
 * itself, so that the thread can tell when a tape was left open and nothing refers to it any more.
 */
final class OpenTape extends Level {
    final Recording recording;
    final Recorder recorder;
    /** The tape that also records the operations and the playback of this one; null if none does. */
    final @Nullable OpenTape around;
    /** The index of the first node. */
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

    /** Notifies the recorders of this tape and of the tapes around it of a new node. */
    void recorded(Node node) {
        for (OpenTape tape = this; tape != null; tape = tape.around)
            tape.recorder.recorded(node);
    }

    /** Whether a node was recorded under this tape; earlier nodes are leaves to it. */
    boolean holds(Node node) {
        OpenTape tape = node.tape();
        while (tape != null && tape != this)
            tape = tape.around;
        return tape == this;
    }

    /** Whether nothing refers to the tape any more, so that it can never be closed. */
    boolean isLost() {
        return user.refersTo(null);
    }

    /** The tape; null if it {@link #isLost}. */
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

    /** From now on, releases the buffers of new tensors when this tape closes. */
    void scoped() {
        if (scope == null && around == null)
            scope = Scope.releasing();
    }

    /** Forgets the nodes, unless a tape around this one holds them. */
    void end() {
        closed = true;
        if (around == null)
            recording.drop(start);
        if (scope != null)
            scope.close();
    }
}
