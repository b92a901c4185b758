package autograd.check;

import autograd.Node;
import autograd.Recorder;
import autograd.SourceLines;
import autograd.Tensor;
import autograd.Transaction;
import autograd.Variable;
import autograd.array.NdArray;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Finds out which tensor makes a result NaN or infinite. Suspects are the tensors that are not finite, though
 * nothing they were computed from is. A suspect is the cause if its numbers alone suffice: if the result is
 * not finite when it is computed once more with ordinary numbers in place of all other suspects' NaN and
 * infinities.
 */
final class NonFinite {
    /** The lines on the way to the result, in order. */
    private final List<Node> lines;
    private final Tensor result;
    /** With the line where each was made, or for a constant used first. */
    private final SequencedMap<Tensor, Node> suspects = new LinkedHashMap<>(); // tensors are equal only to themselves

    /** For a result that is not finite. */
    NonFinite(List<Node> nodes, Tensor result) {
        this.result = result;
        Set<Tensor> needed = new HashSet<>(Set.of(result));
        List<Node> back = new ArrayList<>();
        for (Node node : nodes.reversed())
            if (needed.contains(node.output())) {
                needed.addAll(node.inputs());
                back.add(node);
            }
        lines = back.reversed();
        collect();
    }

    /** Through tensors that are not finite only: what ended at one that is did not reach the result. */
    private void collect() {
        Set<Tensor> bad = new HashSet<>(Set.of(result));
        Map<Tensor, Node> made = new IdentityHashMap<>();
        for (Node node : lines.reversed()) {
            made.put(node.output(), node);
            if (bad.contains(node.output()))
                node.inputs().stream().filter(NonFinite::in).forEach(bad::add);
        }
        for (Node node : lines)
            if (bad.contains(node.output())) {
                for (Tensor x : node.inputs())
                    if (bad.contains(x) && !made.containsKey(x))
                        suspects.putIfAbsent(x, node);
                if (node.isLeaf() || node.inputs().stream().noneMatch(bad::contains))
                    suspects.put(node.output(), node);
            }
    }

    /** Whether an element is NaN or infinite. */
    static boolean in(Tensor x) {
        for (double v : x.toDoubleArray())
            if (!Double.isFinite(v))
                return true;
        return false;
    }

    /** A report of the first cause, or of the first suspect if several causes act together. */
    String first(Recorder recorder) {
        if (suspects.isEmpty())
            return "the result is a constant that is not finite: " + summary(result);
        Tensor first = suspects.firstEntry().getKey();
        if (suspects.size() == 1)
            return report(first, recorder);
        try (var _ = new Transaction()) { // a function that is computed again may change variables
            return report(suspects.keySet().stream().filter(this::suffices).findFirst().orElse(first), recorder);
        }
    }

    private boolean suffices(Tensor suspect) {
        Map<Tensor, Tensor> changed = new IdentityHashMap<>();
        for (Tensor other : suspects.keySet())
            if (other != suspect)
                changed.put(other, ordinary(other));
        for (Node node : lines) {
            Tensor y = node.output();
            if (y != suspect && !changed.containsKey(y) && node.inputs().stream().anyMatch(changed::containsKey))
                changed.put(y, again(node, changed));
        }
        return in(changed.getOrDefault(result, result));
    }

    private static Tensor again(Node node, Map<Tensor, Tensor> changed) {
        NdArray[] in = node.inputs().stream().map(x -> changed.getOrDefault(x, x).array()).toArray(NdArray[]::new);
        return Tensor.of(node.op().forward(in));
    }

    /** The same with ones in place of NaN and infinities. */
    private static Tensor ordinary(Tensor x) {
        double[] values = x.toDoubleArray();
        for (int i = 0; i < values.length; i++)
            if (!Double.isFinite(values[i]))
                values[i] = 1;
        return Tensor.of(x.dtype(), values, x.shape().dims());
    }

    private String report(Tensor cause, Recorder recorder) {
        Node node = suspects.get(cause);
        if (cause != node.output())
            return "the data is not finite: " + summary(cause) + ", an input of " + node.op().name()
                    + ". No operation on the tape made it" + line(node, recorder);
        if (node.isLeaf())
            return summary(cause) + " is not finite to begin with" + line(node, recorder);
        StringBuilder out = new StringBuilder(node.op().name() + " made " + summary(cause) + " of");
        for (Tensor x : node.inputs())
            out.append("\n  ").append(summary(x));
        return out + line(node, recorder);
    }

    private static String line(Node node, Recorder recorder) {
        if (!(recorder instanceof SourceLines lines))
            return "\n  (for the line of source open the tape with new GradientTape(Explain.tracing()))";
        return lines.of(node).map(frame -> "\n  at " + frame).orElse("");
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
