package autograd.kernels;

import autograd.array.DType;
import autograd.array.Storage;
import autograd.kernels.hotspot.CompileGate;
import autograd.kernels.hotspot.Specialization;

import java.lang.invoke.MethodHandles;

/** The innermost loops that call a function, for one dtype: {@link FloatFunctionLoops} or its twin. */
interface FunctionLoops {
    /** {@code y[i] = f(x[i])} into contiguous y. */
    void map(Kernels.Fn1 f, int n, Storage x, int xo, int xs, Storage y, int yo);

    /** {@code y[i] = f(a[i], b[i])} into contiguous y. */
    void map(Kernels.Fn2 f, int n, Storage a, int ao, int as, Storage b, int bo, int bs, Storage y, int yo);

    /** {@code y[i] = a[i] relation b[i]} into contiguous y. */
    void test(Relation r, int n, Storage a, int ao, int as, Storage b, int bo, int bs, boolean[] y, int yo);

    /**
     * {@code y[i ys] = combine(y[i ys], x[i xs])} for each i, so that ys = 0 reduces x to one number; y is F64.
     */
    void reduce(Kernels.Reduction r, int n, Storage x, int xo, int xs, Storage y, int yo, int ys);

    /** One step of an optimizer, on slots from position 0. */
    void update(Kernels.Step step, int n, Storage gradient, Storage... slots);

    /**
     * The loops for a function that is about to be called n times. Functions share loops at first; a class of
     * functions that is called often gets a copy.
     */
    static FunctionLoops of(Object function, DType dtype, int n) {
        return Copies.GATES.get(function.getClass()).isOpen(n)
                ? dtype.pick(Copies.FLOATS, Copies.DOUBLES).of(function)
                : dtype.pick(Copies.FLOAT, Copies.DOUBLE);
    }

    /** The shared loops and the copies. */
    final class Copies {
        /** Calls in shared loops that take as long as making a copy. */
        private static final int WORK = 1 << 18;
        private static final ClassValue<CompileGate> GATES = new ClassValue<>() {
            @Override
            protected CompileGate computeValue(Class<?> function) { return new CompileGate(WORK); }
        };
        private static final FunctionLoops FLOAT = new FloatFunctionLoops(), DOUBLE = new DoubleFunctionLoops();
        private static final Specialization<FunctionLoops> FLOATS = new Specialization<>(MethodHandles.lookup(),
                FunctionLoops.class, FloatFunctionLoops.class, FLOAT),
                DOUBLES = new Specialization<>(MethodHandles.lookup(), FunctionLoops.class, DoubleFunctionLoops.class,
                        DOUBLE);

        private Copies() {}
    }
}
