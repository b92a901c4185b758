package autograd.kernels.vector.elementwise;

import autograd.array.DType;
import autograd.array.Storage;
import autograd.kernels.Intrinsic;
import autograd.kernels.hotspot.Specialization;

import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * The loops of one intrinsic f of two variables that look for values of 1 and -1 as they go.
 * {@link FloatSaturatingLoop} or its twin.
 */
public interface SaturatingLoop {
    /** Small enough for the L1 cache. */
    int CHUNK = 2048;

    Specialization<SaturatingLoop> FLOATS = new Specialization<>(MethodHandles.lookup(), SaturatingLoop.class,
            FloatSaturatingLoop.class),
            DOUBLES = new Specialization<>(MethodHandles.lookup(), SaturatingLoop.class, DoubleSaturatingLoop.class);

    /**
     * {@code y[i] = f(a[i], b[i])}; the step of a is 0 or 1, n is at least one vector.
     *
     * @return false if no b[i] is 1 or -1
     */
    boolean map(int n, Storage a, int ao, int as, Storage b, int bo, Storage y, int yo);

    /** {@code y[i] = exact[i]} where b[i] is 1 or -1. */
    void choose(int n, Storage b, int bo, Storage exact, Storage y, int yo);

    /** The loops for an intrinsic of one stage. */
    static SaturatingLoop of(Intrinsic f, DType dtype) {
        return dtype == DType.F32
                ? FLOATS.of(FloatFunctions.of(f).getFirst())
                : DOUBLES.of(DoubleFunctions.of(f).getFirst());
    }

    /**
     * {@code y[i] = f(a[i], b[i])}, but {@code far(a[i], x[i])} where b[i] is 1 or -1. That is rare, so x is read
     * only in chunks where it is so.
     */
    static void map(Intrinsic f, Intrinsic far, int n, Storage a, int ao, int as, Storage b, int bo, Storage x, int xo,
            Storage y, int yo) {
        DType dtype = y.dtype();
        SaturatingLoop loop = of(f, dtype);
        for (int i = 0, chunk; i < n; i += chunk) {
            chunk = n - i < 2 * CHUNK ? n - i : CHUNK;
            if (loop.map(chunk, a, ao + i * as, as, b, bo + i, y, yo + i)) {
                Storage exact = scratch(dtype, chunk);
                Objects.requireNonNull(ElementwiseLoop.of(far, dtype, chunk), far::name).map(chunk, a, ao + i * as, as,
                        x, xo + i, 1, exact, 0);
                loop.choose(chunk, b, bo + i, exact, y, yo + i);
            }
        }
    }

    /** Not from the pool, which belongs to one thread. */
    private static Storage scratch(DType dtype, int n) {
        return dtype == DType.F32 ? new Storage.F32(new float[n]) : new Storage.F64(new double[n]);
    }
}
