package autograd.kernels.hotspot;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Copies of a class of loops, one for each function that the loops call. HotSpot inlines no call that has
 * many targets, which costs 5 to 10 ns an element, and makes every vector that such a call takes or returns
 * an object. In a copy, which is a hidden class defined from the same bytes, a call has one target.
 */
public final class Specialization<T> {
    private final Lookup lookup;
    private final Class<T> type;
    private final Class<? extends T> original;
    private final @Nullable T shared;
    private final ClassValue<Copy<T>> copies = new ClassValue<>() {
        @Override
        protected Copy<T> computeValue(Class<?> function) { return new Copy<>(); }
    };

    private static final class Copy<T> {
        private @Nullable T loops; // threads may race here; the worst is one copy too many
    }

    /** Copies of loops that read their function by {@link #function}; lookup is of a class in their package. */
    public Specialization(Lookup lookup, Class<T> type, Class<? extends T> original) {
        this(lookup, type, original, null);
    }

    /**
     * Copies of loops that get their function as an argument. Shared loops stand in for a copy where this JVM has
     * no class files to copy.
     */
    public Specialization(Lookup lookup, Class<T> type, Class<? extends T> original, @Nullable T shared) {
        this.lookup = lookup;
        this.type = type;
        this.original = original;
        this.shared = shared;
    }

    /**
     * The copy for a function, made when first asked for. Functions of one class share a copy; if the loops read
     * their function, it must be the only one of its class.
     */
    public T of(Object function) {
        Copy<T> copy = copies.get(function.getClass());
        T loops = copy.loops;
        return loops == null ? copy.loops = define(function) : loops;
    }

    private T define(Object function) {
        String file = original.getName().substring(original.getPackageName().length() + 1) + ".class";
        try (InputStream in = original.getResourceAsStream(file)) {
            if (in != null) {
                Object data = shared == null ? function : function.getClass(); // an argument must not be kept alive
                Lookup copy = lookup.defineHiddenClassWithClassData(in.readAllBytes(), data, true);
                MethodType noArguments = MethodType.methodType(void.class);
                return type.cast(copy.findConstructor(copy.lookupClass(), noArguments).invoke());
            }
            if (shared != null)
                return shared;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException("cannot copy " + original, t);
        }
        throw new IllegalStateException("cannot copy " + original + ": its class file is missing");
    }

    /** The function of a copy, for its static initializer: lookup is that of the copy. */
    public static <F> F function(Lookup copy, Class<F> type) {
        try {
            return MethodHandles.classData(copy, "_", type);
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
