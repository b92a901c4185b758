package autograd.kernels.vector;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;

/**
 * Defines a class once more, as a hidden class with a constant of its own. A function that is a constant is
 * inlined into the loop that calls it, and its vectors never become objects.
 */
final class Copy {
    private Copy() {}

    /** An instance of a copy of a class. */
    static <T> T of(Class<T> type, Class<? extends T> original, Object constant) {
        try (InputStream in = original.getResourceAsStream(original.getSimpleName() + ".class")) {
            if (in == null)
                throw new IllegalStateException("no class file of " + original);
            Lookup copy = MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), constant, true);
            return type.cast(copy.lookupClass().getDeclaredConstructor().newInstance());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot copy " + original, e);
        }
    }

    /** The constant of the copy that asks. */
    static <T> T constant(Lookup copy, Class<T> type) {
        try {
            return MethodHandles.classData(copy, "_", type);
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
