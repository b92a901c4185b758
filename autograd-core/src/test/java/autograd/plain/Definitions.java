package autograd.plain;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The methods of one family, each as a method's name, a way to draw arguments, and the result by plain loops.
 * A definition shares no code with the library, and refuses what the method must refuse: it is what the
 * documentation says, written down a second time.
 */
abstract class Definitions {
    /** What a test must know of a method. */
    enum Trait {
        /** Not differentiable where elements are equal, within an array or in two. */
        KINKS,
        /** Without a derivative. */
        CONSTANT,
        /** Needs matrices that are not singular: no form may repeat their rows. */
        REGULAR,
        /** Called without a receiver. */
        STATIC,
        /** Computed in so many steps that single precision loses more digits. */
        ROUGH
    }

    /** One method. */
    record Definition(String method, Function<Draw, Given> draw, Function<Given, Object> plain, Set<Trait> traits) {
        boolean has(Trait trait) { return traits.contains(trait); }

        @Override
        public String toString() { return method; }
    }

    private final List<Definition> all = new ArrayList<>();

    final void define(String method, Function<Draw, Given> draw, Function<Given, Object> plain, Trait... traits) {
        all.add(new Definition(method, draw, plain, Set.of(traits)));
    }

    /** All methods of all families. */
    static List<Definition> all() {
        List<Definition> all = new ArrayList<>();
        for (Definitions family : List.of(new PlainElementwise(), new PlainReduction(), new PlainMovement(),
                new PlainJoining(), new PlainIndexing(), new PlainLinearAlgebra(), new PlainWindows(),
                new PlainNormalization(), new PlainFactories(), new PlainIntegers()))
            all.addAll(family.all);
        return all;
    }
}
