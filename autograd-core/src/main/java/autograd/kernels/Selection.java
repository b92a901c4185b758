package autograd.kernels;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Chooses the kernels, once per process. */
final class Selection {
    /** Every implementation: its name, and how to load it; empty where this JVM cannot run it. */
    private static final Map<String, Supplier<Optional<Kernels>>> PROVIDERS = Map.of( //
            "scalar", () -> Optional.of(new ScalarKernels()), //
            "vector", Selection::vector);

    private static final String MODULE = "jdk.incubator.vector";

    static final Kernels CHOSEN = named(System.getProperty("autograd.kernels", "vector"));

    private Selection() {}

    /** The kernels of that name, or the scalar ones where those cannot run here. */
    static Kernels named(String name) {
        Supplier<Optional<Kernels>> provider = PROVIDERS.get(name);
        if (provider == null)
            throw new IllegalArgumentException("-Dautograd.kernels=" + name + " is unknown: use scalar or vector");
        return provider.get().orElseGet(ScalarKernels::new);
    }

    /** Vector kernels link to an incubator module that may be absent, so they are loaded by name. */
    private static Optional<Kernels> vector() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            System.getLogger(Kernels.class.getName()).log(System.Logger.Level.WARNING,
                    "computing with scalar kernels, several times slower: start java with --add-modules " + MODULE);
            return Optional.empty();
        }
        try {
            Class<?> c = Class.forName("autograd.kernels.vector.VectorKernels");
            return Optional.of((Kernels) c.getConstructor(Kernels.class).newInstance(new ScalarKernels()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot load the vector kernels", e);
        }
    }
}
