package autograd.kernels;

import autograd.array.DType;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;

/**
 * The loops that one class of functions runs in. A loop shared by many functions cannot inline any of them,
 * which costs 5 to 10 ns an element where the function itself takes a fraction of one. So every function
 * class that is used enough gets loops of its own: {@link FloatCalls} or its twin, defined once more from the
 * same bytes as a hidden class. Where that is not possible the shared loops go on.
 */
final class Copies {
    private static final Calls FLOAT = new FloatCalls(), DOUBLE = new DoubleCalls();
    /** So many elements in shared loops cost about as much as to make a copy. */
    private static final int ENOUGH = 1 << 18;

    private static final ClassValue<Copies> OF = new ClassValue<>() {
        @Override
        protected Copies computeValue(Class<?> function) { return new Copies(); }
    };

    private final Copy floats = new Copy(FLOAT), doubles = new Copy(DOUBLE);

    /** The loops for one dtype: shared ones at first. Threads may race here; the worst is one copy too many. */
    private static final class Copy {
        private Calls calls;
        private int left = ENOUGH;

        Copy(Calls shared) { this.calls = shared; }

        Calls calls(int n) {
            if (left > 0 && (left -= n) <= 0)
                calls = copy(calls);
            return calls;
        }
    }

    /** The loops for a function that is about to be called n times. */
    static Calls of(Object function, DType dtype, int n) {
        Copies copies = OF.get(function.getClass());
        return (dtype == DType.F32 ? copies.floats : copies.doubles).calls(n);
    }

    /** The same loops in a class of their own, or the given ones if this JVM has no bytes for them. */
    static Calls copy(Calls shared) {
        Class<?> c = shared.getClass();
        try (InputStream in = c.getResourceAsStream(c.getSimpleName() + ".class")) {
            return in == null
                    ? shared
                    : (Calls) MethodHandles.lookup().defineHiddenClass(in.readAllBytes(), true).lookupClass()
                            .getDeclaredConstructor().newInstance();
        } catch (IOException | ReflectiveOperationException | UnsupportedOperationException | LinkageError e) {
            return shared;
        }
    }
}
