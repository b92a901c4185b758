package autograd.nn;

import autograd.Variable;
import autograd.array.Rng;

import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;

/** Something with variables. A record gets them from its components, without registration. */
public interface Trainable {
    /**
     * Every variable with the path that leads to it, such as {@code hidden.weight} or {@code layers.0.bias}, each
     * once even if it is used in several places. For a record they are found in its components: variables, other
     * trainables, records, and lists, maps and arrays of those.
     *
     * @return the variables in the order of the components; an error for a component that cannot be looked into
     */
    default SequencedMap<String, Variable> state() { return State.of(this); }

    /**
     * This and every trainable in it, with the path that leads to each; this one has the empty path. What
     * contains another comes before it.
     */
    default SequencedMap<String, Trainable> parts() { return State.parts(this); }

    /**
     * The variables that gradients are taken for.
     *
     * @return those of {@link #state()} that are trainable and not frozen
     */
    default List<Variable> variables() { return state().values().stream().filter(Variable::trainable).toList(); }

    /**
     * The generators among the components: a layer's own, for its noise. A training step that fails sets them
     * back. Override this together with {@link #state()} if there are some.
     */
    default List<Rng> generators() { return State.generators(this); }

    /**
     * Freezes the variables at a path and below it: {@code model.freeze("hidden")} freezes {@code hidden.weight}
     * and {@code hidden.bias}. No gradient is computed for a frozen variable and no optimizer changes it, but
     * optimizers keep their state for it. Running statistics, as of {@link BatchNorm}, are not learned by
     * gradients: give such a layer {@link Pass#EVAL} to keep them. A checkpoint does not say what is frozen.
     *
     * @param path
     *            of a variable or of anything that contains some; an error if there is none
     */
    default void freeze(String path) { Freezing.at(this, path).forEach(Variable::freeze); }

    /**
     * Freezes the variables whose paths satisfy a condition:
     * {@code model.freeze(path -> path.startsWith("layers.0."))}.
     *
     * @param paths
     *            the condition; an error if no path satisfies it
     */
    default void freeze(Predicate<String> paths) { Freezing.where(this, paths).forEach(Variable::freeze); }

    /** Freezes all variables. */
    default void freeze() { state().values().forEach(Variable::freeze); }

    /** Makes the variables at a path and below it trainable again; an error if there is none. */
    default void unfreeze(String path) {
        Freezing.at(this, path).forEach(Variable::unfreeze);
    }

    /** Makes the variables whose paths satisfy a condition trainable again; an error if no path does. */
    default void unfreeze(Predicate<String> paths) {
        Freezing.where(this, paths).forEach(Variable::unfreeze);
    }

    /** Makes all frozen variables trainable again. */
    default void unfreeze() {
        state().values().forEach(Variable::unfreeze);
    }

    /** Forgets the gradients that {@code backward()} has added up. */
    default void zeroGrad() {
        state().values().forEach(Variable::zeroGrad);
    }
}
