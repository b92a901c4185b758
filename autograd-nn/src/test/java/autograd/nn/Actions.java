package autograd.nn;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.Transformer;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Actions of an object that is compared with a model, for jqwik's chains. */
public final class Actions {
    private Actions() {}

    /** Called with a random argument, which the report of a failure names. */
    public static <S, T> Action.Independent<S> of(String name, Arbitrary<T> arguments, BiConsumer<S, T> action) {
        return () -> arguments.map(x -> Transformer.mutate(name + " " + x, s -> action.accept(s, x)));
    }

    public static <S> Action.Independent<S> of(String name, Consumer<S> action) {
        return Action.just(Transformer.mutate(name, action));
    }
}
