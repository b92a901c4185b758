package autograd.plain;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The methods of one family: name, random arguments, and the result by plain loops. A definition is a second
 * implementation of the documentation. It shares no code with the library, and throws where the method must
 * throw.
 */
abstract class Definitions {
    /** Properties of a method that tests need. */
    enum Trait {
        /** Not differentiable where elements are equal, within an array or in two. */
        KINKS,
        /** Without a derivative. */
        CONSTANT,
        /** Needs matrices that are not singular: no form may repeat their rows. */
        REGULAR,
        /** Called without a receiver. */
        STATIC,
        /** Takes many steps, so that single precision loses more digits. */
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
        for (Definitions family : List.of(new PlainElementwise(), new PlainReduction(), new PlainOrdering(),
                new PlainMovement(),
                new PlainJoining(), new PlainIndexing(), new PlainLinearAlgebra(), new PlainWindows(),
                new PlainNormalization(), new PlainFactories(), new PlainIntegers()))
            all.addAll(family.all);
        return all;
    }
}
