package autograd.kernels;

import autograd.kernels.hotspot.VmOptions;
import autograd.kernels.settings.Settings;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.function.Function;

/** Chooses the kernels, once per process. */
final class Selection {
    private static final String MODULE = "jdk.incubator.vector";
    /** The level of HotSpot's optimizing compiler, and the bytes of the shortest vectors that kernels have. */
    private static final int OPTIMIZED = 4, SHORTEST = 16;

    /** Null if {@link Settings} are refused. */
    private static final @Nullable Kernels CHOSEN = Settings.areAccepted()
            ? logged(named(Settings.get().kernels()))
            : null;

    private Selection() {}

    static Kernels get() { return CHOSEN == null ? named(Settings.get().kernels()) : CHOSEN; }

    /** Logs the choice if kernels were asked for by name, but not always: the first logger takes 0.1 s. */
    private static Kernels logged(Kernels kernels) {
        String name = System.getProperty("autograd.kernels");
        if (name != null)
            System.getLogger(Kernels.class.getName()).log(Level.INFO,
                    "computing with " + kernels + ", because of -Dautograd.kernels=" + name);
        return kernels;
    }

    /** The kernels of a name; scalar kernels if vector kernels cannot run here. */
    static Kernels named(String name) {
        return name.equals("scalar") ? new ScalarKernels() : vector();
    }

    /** Vector kernels link to an incubator module, so they are loaded by name. */
    private static Kernels vector() {
        String obstacle = obstacle(ModuleLayer.boot().findModule(MODULE).isPresent(),
                System.getProperty("java.vm.info", ""), VmOptions::get);
        if (obstacle != null) {
            System.getLogger(Kernels.class.getName()).log(Level.WARNING,
                    "computing with scalar kernels, several times slower: " + obstacle);
            return new ScalarKernels();
        }
        try {
            Class<?> c = Class.forName("autograd.kernels.vector.VectorKernels");
            return (Kernels) c.getConstructor(Kernels.class).newInstance(new ScalarKernels());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot load the vector kernels", e);
        }
    }

    /**
     * The reason why vector kernels would be slow or impossible, with the remedy; null if there is none. An
     * option of the virtual machine whose value is unknown (null) is not a reason.
     */
    static @Nullable String obstacle(boolean hasModule, String vm, Function<String, @Nullable String> options) {
        if (!hasModule)
            return "start java with --add-modules " + MODULE;
        if (vm.contains("interpreted mode") || vm.contains("emulated-client")
                || number(options.apply("TieredStopAtLevel"), OPTIMIZED) < OPTIMIZED)
            return "HotSpot runs without its optimizing compiler (" + vm
                    + "): start java without -Xint and -XX:TieredStopAtLevel";
        if ("false".equals(options.apply("UseFMA")))
            return "HotSpot runs without the processor's fused multiply-add: "
                    + "start java without -XX:-UseFMA and -XX:UseAVX=0, on a processor that has it";
        if (number(options.apply("MaxVectorSize"), SHORTEST) < SHORTEST)
            return "HotSpot runs without vectors of 128 bits: start java without -XX:MaxVectorSize, "
                    + "on a processor that has them";
        return null;
    }

    private static int number(@Nullable String value, int otherwise) {
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
