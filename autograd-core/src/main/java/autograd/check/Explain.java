package autograd.check;

import autograd.GradientTape;
import autograd.Node;
import autograd.Recorder;
import autograd.SourceLines;
import autograd.Tensor;
import autograd.Variable;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says where on a tape something went wrong. */
public final class Explain {
    private Explain() {}

    /**
     * A recorder that remembers the line of source that made each node:
     * {@code new GradientTape(Explain.tracing())}.
     */
    public static Recorder tracing() { return new SourceLines(); }

    /**
     * Where NaN or infinity began: the first operation on the way to a result whose output is not finite though
     * its inputs are, or the variable or watched tensor that is not finite itself. Ask before the tape is played
     * back.
     *
     * @param tape
     *            the tape the result was computed under
     * @param loss
     *            the result
     * @return the operation, what went in and came out, and where tracing is on the line of source; empty if all
     *         is finite
     */
    public static Optional<String> nonFinite(GradientTape tape, Tensor loss) {
        List<Node> nodes = tape.nodes();
        Set<Tensor> needed = new HashSet<>(List.of(loss)); // tensors are equal only to themselves
        for (Node node : nodes.reversed())
            if (needed.contains(node.output()))
                needed.addAll(node.inputs());
        for (Node node : nodes) {
            if (!needed.contains(node.output()))
                continue;
            for (Tensor x : node.inputs()) // constants have no line of their own
                if (!isFinite(x))
                    return Optional
                            .of("an input of " + node.op().name() + " is not finite: " + summary(x) + line(tape, node));
            if (!isFinite(node.output()))
                return Optional.of(report(node) + line(tape, node));
        }
        return Optional.empty();
    }

    private static String report(Node node) {
        if (node.isLeaf())
            return summary(node.output()) + " is not finite to begin with";
        StringBuilder out = new StringBuilder(node.op().name() + " made " + summary(node.output()) + " of");
        for (Tensor x : node.inputs())
            out.append("\n  ").append(summary(x));
        return out.toString();
    }

    private static String line(GradientTape tape, Node node) {
        if (!(tape.recorder() instanceof SourceLines lines))
            return "\n  (for the line of source open the tape with new GradientTape(Explain.tracing()))";
        return lines.of(node).map(frame -> "\n  at " + frame).orElse("");
    }

    private static boolean isFinite(Tensor x) {
        for (double v : x.toDoubleArray())
            if (!Double.isFinite(v))
                return false;
        return true;
    }

    private static String summary(Tensor x) {
        double min = Double.POSITIVE_INFINITY, max = Double.NEGATIVE_INFINITY;
        int nan = 0, infinite = 0;
        for (double v : x.toDoubleArray()) {
            if (Double.isNaN(v))
                nan++;
            else if (Double.isInfinite(v))
                infinite++;
            else {
                min = Math.min(min, v);
                max = Math.max(max, v);
            }
        }
        String range = min <= max ? ", finite ones from " + min + " to " + max : "";
        return (x instanceof Variable ? x.label() : "a " + x.label()) + " (" + nan + " NaN, " + infinite
                + " infinite of " + x.size() + range + ")";
    }
}
