package autograd.kernels.vector.elementwise;

import autograd.array.DType;
import autograd.array.Storage;
import autograd.kernels.Intrinsic;
import autograd.kernels.hotspot.CompileGate;
import autograd.kernels.hotspot.Specialization;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/**
 * The loops of one intrinsic for one dtype: {@link FloatElementwiseLoop} or its twin. Each n is at least one
 * vector.
 */
public interface ElementwiseLoop {
    /** {@code y[i] = f(x[i])}, with the parameters p and q of f. */
    void map(int n, Storage x, int xo, Storage y, int yo, double p, double q);

    /** {@code y[i] = f(a[i], b[i])}; a step of 0 repeats one element, of a or of b. */
    void map(int n, Storage a, int ao, int as, Storage b, int bo, int bs, Storage y, int yo);

    /**
     * The loops of an intrinsic, or null where scalar kernels do as well: for {@link Intrinsic#NONE}, and where
     * both give the same bits, for the first elements of all.
     */
    static @Nullable ElementwiseLoop of(Intrinsic f, DType dtype, int n) {
        CompileGate gate = Loops.GATES.get(f);
        return f == Intrinsic.NONE || gate != null && !gate.isOpen(n) ? null : Loops.of(f, dtype);
    }

    /** All loops there are. */
    final class Loops {
        /** Scalar kernels take about a millisecond for so many elements. */
        private static final int WORK = 1 << 20;
        private static final Map<Intrinsic, CompileGate> GATES = new EnumMap<>(Intrinsic.class);
        private static final Specialization<ElementwiseLoop> FLOATS = new Specialization<>(MethodHandles.lookup(),
                ElementwiseLoop.class, FloatElementwiseLoop.class),
                DOUBLES = new Specialization<>(MethodHandles.lookup(), ElementwiseLoop.class,
                        DoubleElementwiseLoop.class);

        static {
            for (Intrinsic f : EnumSet.range(Intrinsic.ADD, Intrinsic.RELU_VJP)) // those of a single rounding
                GATES.put(f, new CompileGate(WORK));
        }

        private Loops() {}

        private static ElementwiseLoop of(Intrinsic f, DType dtype) {
            return dtype == DType.F32
                    ? StagedLoop.of(dtype, FloatFunctions.of(f).stream().map(FLOATS::of).toList())
                    : StagedLoop.of(dtype, DoubleFunctions.of(f).stream().map(DOUBLES::of).toList());
        }
    }
}
