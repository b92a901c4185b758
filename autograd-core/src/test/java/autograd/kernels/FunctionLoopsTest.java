package autograd.kernels;

import static autograd.kernels.Kit.K;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.hotspot.Specialization;

import org.junit.jupiter.api.Test;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;

class FunctionLoopsTest {
    private static final int MANY = 1 << 20;

    @Test
    void functionsThatAreUsedALotGetLoopsOfTheirOwn() {
        Kernels.Fn1 f = x -> x + 1, g = x -> x + 2;
        for (DType dtype : DType.values()) {
            assertSame(FunctionLoops.of(f, dtype, 1), FunctionLoops.of(g, dtype, 1), "at first");
            assertFalse(FunctionLoops.of(f, dtype, 1).getClass().isHidden());
        }
        for (DType dtype : DType.values()) {
            FunctionLoops own = FunctionLoops.of(f, dtype, MANY);
            assertTrue(own.getClass().isHidden());
            assertSame(own, FunctionLoops.of(f, dtype, 1), "from then on");
            assertNotSame(own, FunctionLoops.of(g, dtype, MANY));
        }
        assertNotSame(FunctionLoops.of(f, DType.F32, 1), FunctionLoops.of(f, DType.F64, 1));
    }

    @Test
    void objectsOfOneClassShareTheirs() {
        record Times(double factor) implements Kernels.Fn1 {
            @Override
            public double f(double x) { return factor * x; }
        }
        assertSame(FunctionLoops.of(new Times(2), DType.F32, MANY), FunctionLoops.of(new Times(3), DType.F32, MANY));
        NdArray one = K.full(DType.F32, Shape.of(100), 1);
        assertEquals(2, K.map(new Times(2), one).get(99));
        assertEquals(3, K.map(new Times(3), one).get(99));
    }

    @Test
    void ownLoopsGiveTheSameBits() {
        for (DType dtype : DType.values())
            for (Form form : Form.values()) {
                Kernels.Fn2 f = (a, b) -> Math.exp(a) / (1 + b);
                NdArray a = form.of(dtype, Shape.of(7, 33), Kit.special(1)),
                        b = form.of(dtype, Shape.of(33), Kit.special(2));
                NdArray before = K.map(f, a, b);
                assertTrue(FunctionLoops.of(f, dtype, MANY).getClass().isHidden());
                Kit.assertSame(before, K.map(f, a, b), form);
            }
    }

    /** A class of another module, that this one cannot name. */
    @Test
    void functionsMayComeFromAnywhere() {
        Kernels.Fn1 f = (Kernels.Fn1) Proxy.newProxyInstance(Kernels.class.getClassLoader(),
                new Class<?>[]{Kernels.Fn1.class}, (_, _, arguments) -> 2 * (double) arguments[0]);
        NdArray x = K.full(DType.F32, Shape.of(MANY / 8), 3);
        for (int i = 0; i < 3; i++)
            assertEquals(6, K.map(f, x).get(MANY / 8 - 1));
    }

    @Test
    void sharedLoopsGoOnWithoutAClassFile() {
        Kernels.Fn1 f = x -> x + 1;
        FunctionLoops shared = new FloatFunctionLoops(),
                hidden = new Specialization<>(MethodHandles.lookup(), FunctionLoops.class, FloatFunctionLoops.class,
                        shared).of(f);
        assertTrue(hidden.getClass().isHidden());
        assertSame(shared,
                new Specialization<>(MethodHandles.lookup(), FunctionLoops.class, hidden.getClass(), shared).of(f),
                "a hidden class has no class file");
    }
}
