package autograd.kernels.settings;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Properties;

/**
 * The values of the system properties that kernels know, read once per process.
 *
 * @param kernels
 *            {@code autograd.kernels}: scalar or vector
 * @param threads
 *            {@code autograd.threads}: how many share large work, the caller's included
 * @param vectorBits
 *            {@code autograd.vectorBits}: the width of vectors; 0 for what this machine prefers
 * @param vectorRegisters
 *            {@code autograd.vectorRegisters}: how many vectors fit; 0 for as many as this machine has
 */
public record Settings(String kernels, int threads, int vectorBits, int vectorRegisters) {
    private static final @Nullable Settings ACCEPTED;
    private static final @Nullable String REFUSAL;

    static { // an exception from here would reach the first user alone, and wrapped
        Settings accepted = null;
        String refusal = null;
        try {
            accepted = of(System.getProperties());
        } catch (IllegalArgumentException e) {
            refusal = e.getMessage();
        }
        ACCEPTED = accepted;
        REFUSAL = refusal;
    }

    /** The settings of this process; an error, each time, that names a property with a value that cannot be. */
    public static Settings get() {
        if (ACCEPTED == null)
            throw new IllegalArgumentException(REFUSAL);
        return ACCEPTED;
    }

    /** Whether {@link #get} gives any. */
    public static boolean areAccepted() { return ACCEPTED != null; }

    static Settings of(Properties given) {
        String kernels = oneOf(given, "autograd.kernels", "scalar", "vector");
        String bits = oneOf(given, "autograd.vectorBits", "128", "256", "512");
        String registers = oneOf(given, "autograd.vectorRegisters", "16", "32");
        return new Settings(kernels == null ? "vector" : kernels, threads(given),
                bits == null ? 0 : Integer.parseInt(bits), registers == null ? 0 : Integer.parseInt(registers));
    }

    private static @Nullable String oneOf(Properties given, String name, String... choices) {
        String value = given.getProperty(name);
        if (value == null || Arrays.asList(choices).contains(value))
            return value;
        throw refused(name, value, String.join(" or ", choices));
    }

    private static int threads(Properties given) {
        String value = given.getProperty("autograd.threads");
        if (value == null)
            return Runtime.getRuntime().availableProcessors();
        if (value.matches("[1-9][0-9]{0,3}"))
            return Integer.parseInt(value);
        throw refused("autograd.threads", value, "1 to 9999, or leave it out for one per processor");
    }

    private static IllegalArgumentException refused(String name, String value, String choices) {
        return new IllegalArgumentException("-D" + name + "=" + value + " is not possible: use " + choices);
    }
}
