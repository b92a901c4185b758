package autograd.kernels.vector.hotspot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Defines a class once more, as a hidden class with a constant of its own. A function that is a constant is
 * inlined into the loop that calls it, and its vectors never become objects.
 */
public final class Specialization {
    private Specialization() {}

    /** An instance of a copy of a class, defined by who may see that class. */
    public static <T> T of(Lookup caller, Class<T> type, Class<? extends T> original, Object constant) {
        try (InputStream in = original.getResourceAsStream(original.getSimpleName() + ".class")) {
            if (in == null)
                throw new IllegalStateException("no class file of " + original);
            Lookup copy = caller.defineHiddenClassWithClassData(in.readAllBytes(), constant, true);
            return type.cast(copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class)).invoke());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) { // a method handle declares it; the constructor throws nothing
            throw new IllegalStateException("cannot copy " + original, e);
        }
    }

    /** The constant of the copy that asks. */
    public static <T> T constant(Lookup copy, Class<T> type) {
        try {
            return MethodHandles.classData(copy, "_", type);
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
