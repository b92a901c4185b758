package autograd.nn;

import autograd.Variable;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;

/** Finds the variables that {@code freeze} and {@code unfreeze} are about. */
final class Freezing {
    private Freezing() {}

    /** The variables at a path and below it, those included that have another path because they are tied. */
    static Collection<Variable> at(Trainable model, String path) {
        Set<Variable> found = Collections.newSetFromMap(new IdentityHashMap<>());
        Predicate<String> under = p -> p.equals(path) || p.startsWith(path + ".");
        model.state().forEach((p, v) -> {
            if (under.test(p))
                found.add(v);
        });
        model.parts().forEach((p, part) -> {
            if (under.test(p) && part != model)
                found.addAll(part.state().values());
        });
        return some(model, found, "the path " + path + " leads to no variable");
    }

    static Collection<Variable> where(Trainable model, Predicate<String> paths) {
        Set<Variable> found = Collections.newSetFromMap(new IdentityHashMap<>());
        model.state().forEach((p, v) -> {
            if (paths.test(p))
                found.add(v);
        });
        return some(model, found, "no variable has a path that satisfies the condition");
    }

    private static Set<Variable> some(Trainable model, Set<Variable> found, String otherwise) {
        if (found.isEmpty())
            throw new IllegalArgumentException("freeze, unfreeze: " + otherwise + "; the variables of "
                    + model.getClass().getSimpleName() + " are " + model.state().keySet());
        return found;
    }
}
