package autograd.kernels;

/** Chooses the kernels, once per process. */
final class Selection {
    private static final String MODULE = "jdk.incubator.vector";

    static final Kernels CHOSEN = named(System.getProperty("autograd.kernels", "vector"));

    private Selection() {}

    /** The kernels of that name, or the scalar ones where those cannot run here. */
    static Kernels named(String name) {
        return switch (name) {
            case "scalar" -> new ScalarKernels();
            case "vector" -> vector();
            default -> throw new IllegalArgumentException(
                    "-Dautograd.kernels=" + name + " is unknown: use scalar or vector");
        };
    }

    /**
     * Vector kernels link to an incubator module, so they are loaded by name; the scalar ones where it is absent.
     */
    private static Kernels vector() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            System.getLogger(Kernels.class.getName()).log(System.Logger.Level.WARNING,
                    "computing with scalar kernels, several times slower: start java with --add-modules " + MODULE);
            return new ScalarKernels();
        }
        try {
            Class<?> c = Class.forName("autograd.kernels.vector.VectorKernels");
            return (Kernels) c.getConstructor(Kernels.class).newInstance(new ScalarKernels());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot load the vector kernels", e);
        }
    }
}
