package autograd;

import java.lang.StackWalker.StackFrame;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers the line of source that made each node, for messages and listings:
 * {@code new GradientTape(new SourceLines())}.
 */
public final class SourceLines implements Recorder {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private final Map<Node, StackFrame> lines = new IdentityHashMap<>();

    /** For one tape. */
    public SourceLines() {}

    @Override
    public void recorded(Node node) { here().ifPresent(f -> lines.put(node, f)); }

    /** The innermost running line outside this package. */
    Optional<StackFrame> here() {
        return WALKER.walk(frames -> frames.filter(SourceLines::isUsers).findFirst());
    }

    /** Whether a frame is outside this package: operations, rules and the tape are in it. */
    private static boolean isUsers(StackFrame f) {
        return !f.getDeclaringClass().getPackage().equals(Tensor.class.getPackage());
    }

    /** The line of source that called the operation of a node; empty for a node of another tape. */
    public Optional<StackFrame> of(Node node) {
        return Optional.ofNullable(lines.get(node));
    }
}
