package autograd;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What a playback found: the gradient of one result with respect to variables and other tensors. */
public final class Gradients {
    private final @Nullable List<Tensor> asked;
    private final List<Variable> variables = new ArrayList<>();
    private final Map<Tensor, Tensor> found = new IdentityHashMap<>();
    private final Map<Tensor, String> reasons;
    /** Where those asked for stand on the list. */
    private final BitSet lines = new BitSet();
    private @Nullable String constant;

    Gradients() {
        this.asked = null;
        this.reasons = Collections.emptyMap();
    }

    Gradients(List<? extends Tensor> asked) {
        this.asked = List.copyOf(asked);
        this.reasons = new IdentityHashMap<>();
        for (Tensor x : asked)
            reasons.put(x, "");
    }

    /** Called before the playback: why the result is a constant, if it is. */
    void constant(@Nullable String why) {
        constant = why;
    }

    /** Called before the first line is played: where the cotangents to keep will come by. */
    void lines(Recording recording) {
        for (Tensor x : reasons.keySet()) {
            Node node = recording.known(x);
            if (node != null)
                lines.set(node.index());
        }
    }

    /** Whether there was nothing to play back. */
    boolean isConstant() { return constant != null; }

    /**
     * Called with every cotangent the playback completes: those asked for are kept, or those of leaves. Says
     * whether this one is.
     */
    boolean reached(Node node, Tensor g, boolean leaf) {
        if (asked == null ? !leaf : !lines.get(node.index()))
            return false;
        Tensor x = node.output();
        found.put(x, g);
        if (asked == null && x instanceof Variable v)
            variables.add(v);
        return true;
    }

    /** Notes why what was not reached is unconnected, while the tape still knows. */
    Gradients complete(Recording recording) {
        for (var reason : reasons.entrySet())
            reason.setValue(found.containsKey(reason.getKey()) ? "" : why(recording, reason.getKey()));
        return this;
    }

    private String why(Recording recording, Tensor x) {
        String why = constant == null ? recording.whyConstant(x) : null;
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
     * The gradient with respect to a tensor.
     *
     * @param x
     *            a variable, a watched tensor, or one of those asked for
     * @return the gradient, shaped as x; an error that says why if the result does not depend on x
     */
    public Tensor of(Tensor x) { return of(x, Unconnected.ERROR); }

    /**
     * The gradient with respect to a tensor.
     *
     * @param x
     *            a variable, a watched tensor, or one of those asked for
     * @param unconnected
     *            what to answer if the result does not depend on x
     * @return the gradient, shaped as x
     */
    public Tensor of(Tensor x, Unconnected unconnected) {
        Tensor g = found.get(x);
        if (g != null)
            return g;
        boolean known = asked == null ? x.node() == null || x.node().isLeaf() : reasons.containsKey(x);
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

    /**
     * Whether the result depends on a tensor.
     *
     * @param x
     *            a variable, a watched tensor, or one of those asked for
     * @return true if there is a gradient
     */
    public boolean has(Tensor x) { return found.containsKey(x); }

    /**
     * The variables a gradient was asked for, in that order; else those the result depends on, last used first.
     *
     * @return the variables, also those with no gradient if they were asked for
     */
    public List<Variable> variables() {
        if (asked == null)
            return List.copyOf(variables);
        return asked.stream().filter(Variable.class::isInstance).map(Variable.class::cast).toList();
    }

    @Override
    public String toString() { return "Gradients" + variables().stream().map(Tensor::label).toList(); }
}
