package autograd.nn;

import autograd.Variable;

import java.util.List;
import java.util.SequencedMap;

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
     * @return the trainable ones of {@link #state()}
     */
    default List<Variable> variables() { return state().values().stream().filter(Variable::trainable).toList(); }
}
