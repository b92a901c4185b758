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

    /** Watches a tape from when it is opened. */
    public SourceLines() {}

    @Override
    public void recorded(Node node) { here().ifPresent(f -> lines.put(node, f)); }

    /** The line of the user's source that is running. */
    Optional<StackFrame> here() {
        return WALKER.walk(frames -> frames.filter(SourceLines::isUsers).findFirst());
    }

    /** Not one of the nucleus, which is a package of its own. */
    private static boolean isUsers(StackFrame f) {
        return !f.getDeclaringClass().getPackage().equals(Tensor.class.getPackage());
    }

    /**
     * The line that made a node.
     *
     * @param node
     *            a line of the tape
     * @return the frame that called the operation; empty if the node was not seen being made
     */
    public Optional<StackFrame> of(Node node) { return Optional.ofNullable(lines.get(node)); }
}
