package autograd.kernels.hotspot;

import com.sun.management.HotSpotDiagnosticMXBean;

import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;

/**
 * The options of the virtual machine, with the values it chose for this processor. Only HotSpot has them, and
 * only with the module {@code jdk.management}.
 */
public final class VmOptions {
    private VmOptions() {}

    /** The value of an option; null if it is unknown. */
    public static @Nullable String get(String option) {
        return ModuleLayer.boot().findModule("jdk.management").isPresent() ? Reader.value(option) : null;
    }

    /** Stands apart because it links to the module. */
    private static final class Reader {
        private static final @Nullable HotSpotDiagnosticMXBean BEAN = ManagementFactory
                .getPlatformMXBean(HotSpotDiagnosticMXBean.class);

        static @Nullable String value(String option) {
            try {
                return BEAN == null ? null : BEAN.getVMOption(option).getValue();
            } catch (IllegalArgumentException e) { // a virtual machine without this option
                return null;
            }
        }
    }
}
