package autograd;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The gradients of a result with respect to variables and other tensors. A playback computes them; as values
 * they can be made of tensors, added, scaled, changed, and applied by an optimizer.
 */
public final class Gradients {
    /** The tensors that gradients were asked for; null for all leaves. */
    private final @Nullable List<Tensor> asked;
    /** The indices of their nodes, and of all nodes whose cotangents lead there. */
    private final BitSet indices = new BitSet(), needed = new BitSet();
    private final Map<Tensor, Tensor> found = new IdentityHashMap<>();
    /** The leaves that were reached, if all were asked for, last used first. */
    private final List<Tensor> leaves = new ArrayList<>();
    /** For tensors that were asked for and not reached: why the result does not depend on them. */
    private final Map<Tensor, String> reasons = new IdentityHashMap<>(0);
    /** Why the result is a constant; null if it is none. */
    private @Nullable String constant;

    /** For the gradients of all leaves. */
    Gradients() { asked = null; }

    /** For the gradients of some tensors. */
    Gradients(List<? extends Tensor> asked) {
        this.asked = List.copyOf(asked);
    }

    private Gradients(List<? extends Tensor> asked, Map<Tensor, Tensor> found, Map<Tensor, String> reasons) {
        this(asked);
        this.found.putAll(found);
        this.reasons.putAll(reasons);
    }

    /**
     * Gradients that were computed elsewhere, for example on other machines.
     *
     * @param gradients
     *            each tensor's gradient, of its shape and dtype
     */
    public static Gradients of(Map<? extends Tensor, ? extends Tensor> gradients) {
        Map<Tensor, Tensor> found = new IdentityHashMap<>();
        gradients.forEach((x, g) -> found.put(x, alike("of", x, g)));
        return new Gradients(List.copyOf(gradients.keySet()), found, Map.of());
    }

    private static Tensor alike(String method, Tensor x, Tensor g) {
        if (!g.shape().equals(x.shape()) || g.dtype() != x.dtype())
            throw new IllegalArgumentException("Gradients." + method + ": the gradient of " + x.label() + " is "
                    + g.label() + "; it must have the same shape and dtype");
        return g;
    }

    /**
     * The sums of these gradients and others, tensor by tensor: the gradient of the sum of two results. A tensor
     * that has a gradient on one side alone keeps it.
     */
    public Gradients add(Gradients other) {
        Set<Tensor> all = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Tensor> keys = new ArrayList<>();
        for (Gradients gradients : List.of(this, other))
            for (Tensor x : gradients.keys())
                if (all.add(x))
                    keys.add(x);
        Map<Tensor, Tensor> sums = new IdentityHashMap<>(found);
        other.found.forEach((x, g) -> sums.merge(x, g, Tensor::add));
        Map<Tensor, String> both = new IdentityHashMap<>(reasons);
        both.putAll(other.reasons);
        return new Gradients(keys, sums, both);
    }

    /** These gradients times a number. */
    public Gradients mul(double factor) { return map(g -> g.mul(factor)); }

    /** The result of a function of each gradient, which must keep its shape and dtype. */
    public Gradients map(UnaryOperator<Tensor> function) {
        Map<Tensor, Tensor> results = new IdentityHashMap<>();
        List<Tensor> keys = keys();
        for (Tensor x : keys)
            if (has(x))
                results.put(x, alike("map", x, function.apply(found.get(x))));
        return new Gradients(keys, results, reasons);
    }

    /** The 2-norm of all gradients together, {@code sqrt(sum of g^2)}. */
    public double norm() {
        double norm = 0;
        for (Tensor x : keys())
            if (has(x))
                norm = Math.hypot(norm, found.get(x).norm(2).item());
        return norm;
    }

    /** The tensors that gradients were asked for; the leaves that have one, if all were. */
    private List<Tensor> keys() {
        return asked == null ? leaves : asked;
    }

    /** Called before the playback from a node, with the reason if the result is a constant. */
    void begin(OpenTape tape, @Nullable Node last, @Nullable String constant) {
        this.constant = constant;
        if (asked == null)
            return;
        for (Tensor x : asked) {
            Node node = tape.recording.known(x);
            if (node != null)
                indices.set(node.index());
        }
        needed.or(indices);
        for (int i = tape.start; last != null && i <= last.index(); i++)
            if (leadsToNeeded(tape, tape.recording.node(i)))
                needed.set(i);
    }

    private boolean leadsToNeeded(OpenTape tape, @Nullable Node node) {
        if (node == null || node.isLeaf() || !tape.holds(node))
            return false;
        for (Tensor x : node.in()) {
            Node input = tape.recording.known(x);
            if (input != null && needed.get(input.index()))
                return true;
        }
        return false;
    }

    /** Whether the playback needs the cotangent of a node. */
    boolean needs(Node node) {
        return asked == null || needed.get(node.index());
    }

    /** Whether there was nothing to play back. */
    boolean isConstant() { return constant != null; }

    /**
     * Called with each node that the result depends on and its cotangent, which is a gradient if the node is one
     * of the requested ones. Returns whether it is.
     */
    boolean reached(Node node, Tensor g, boolean leaf) {
        if (asked == null ? !leaf : !indices.get(node.index()))
            return false;
        found.put(node.output(), g);
        if (asked == null)
            leaves.add(node.output());
        return true;
    }

    /** Adds each gradient to its variable's own. */
    void accumulate() {
        List<Variable> variables = variables();
        if (variables.isEmpty())
            throw new IllegalStateException("backward: " + unreached("any trainable variable"));
        for (Variable v : variables)
            v.accumulate(found.get(v));
    }

    /** Called after the playback: notes why the result does not depend on what was not reached. */
    void end(Recording recording) {
        if (asked != null)
            for (Tensor x : asked)
                if (!found.containsKey(x))
                    reasons.put(x, why(recording, x));
    }

    private String why(Recording recording, Tensor x) {
        String why = constant == null ? recording.origins.whyConstant(x) : null;
        return why == null ? unreached("it") : why + "; compute with tape.watch(x)'s result";
    }

    /** Why the result does not depend on something that the tape knows. */
    String unreached(String what) {
        return constant != null
                ? "the result is a constant: " + constant
                : "the result does not depend on " + what
                        + "; an operation in between may be detached, a mask or an index";
    }

    /**
     * The gradient with respect to x, shaped as x. If the result does not depend on x, throws an
     * IllegalStateException that says why.
     */
    public Tensor of(Tensor x) { return of(x, Unconnected.ERROR); }

    /**
     * The gradient with respect to x, shaped as x; if the result does not depend on x, zeros or an error.
     */
    public Tensor of(Tensor x, Unconnected unconnected) {
        Tensor g = found.get(x);
        if (g != null)
            return g;
        boolean known = asked == null ? x.node() == null || x.node().isLeaf() : asked.contains(x);
        if (known && unconnected == Unconnected.ZERO)
            return Tensor.zerosLike(x);
        throw new IllegalStateException("no gradient with respect to " + x.label() + ": "
                + (known
                        ? reasons.getOrDefault(x, unreached("it"))
                        : asked != null
                                ? "it was not asked for"
                                : "only those of variables and watched tensors were kept; "
                                        + "to ask for another tensor use tape.gradient(y, x)"));
    }

    /** Whether there is a gradient with respect to x: whether the result depends on it. */
    public boolean has(Tensor x) {
        return found.containsKey(x);
    }

    /**
     * The variables that gradients were asked for, in that order, also those without a gradient. If all gradients
     * were asked for: the variables that the result depends on, last used first.
     */
    public List<Variable> variables() {
        return keys().stream().filter(Variable.class::isInstance).map(Variable.class::cast).toList();
    }

    @Override
    public String toString() { return "Gradients" + variables().stream().map(Tensor::label).toList(); }
}
