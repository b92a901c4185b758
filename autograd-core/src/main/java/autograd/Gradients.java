package autograd;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What a playback found: the gradient of one result with respect to variables and other tensors. */
public final class Gradients {
    private final Recording recording;
    private final Tensor y;
    private final @Nullable List<Tensor> asked;
    private final List<Variable> variables = new ArrayList<>();
    private final Map<Tensor, Tensor> found = new IdentityHashMap<>();
    private final Map<Tensor, String> reasons = new IdentityHashMap<>();

    Gradients(Recording recording, Tensor y) {
        this.recording = recording;
        this.y = y;
        this.asked = null;
    }

    Gradients(Recording recording, Tensor y, List<? extends Tensor> asked) {
        this.recording = recording;
        this.y = y;
        this.asked = List.copyOf(asked);
        for (Tensor x : asked)
            reasons.put(x, "");
    }

    /** Called with every cotangent the playback completes: those asked for are kept, or those of leaves. */
    void reached(Node node, Tensor g) {
        Tensor x = node.output();
        if (asked == null ? !node.isLeaf() : !reasons.containsKey(x))
            return;
        found.put(x, g);
        if (asked == null && x instanceof Variable v)
            variables.add(v);
    }

    /** Notes why what was not reached is unconnected, while the tape still knows. */
    Gradients complete() {
        reasons.replaceAll((x, _) -> found.containsKey(x) ? "" : why(x));
        return this;
    }

    private String why(Tensor x) {
        if (recording.nodeOf(y) == null)
            return "the result is a constant: " + recording.whyConstant(y);
        if (recording.nodeOf(x) == null)
            return recording.whyConstant(x) + "; compute with tape.watch(x)'s result";
        return "the result does not depend on it; an operation in between may be detached, a mask or an index";
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
        if (unconnected == Unconnected.ZERO)
            return Tensor.zeros(x.dtype(), x.shape());
        throw new IllegalStateException("no gradient with respect to " + x.label() + ": "
                + reasons.getOrDefault(x, asked == null
                        ? "it is not a variable or watched tensor the result depends on; to ask for another tensor use tape.gradient(y, x)"
                        : "it was not asked for"));
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
