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

import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;

class CopiesTest {
    private static final int MANY = 1 << 20;

    @Test
    void functionsThatAreUsedALotGetLoopsOfTheirOwn() {
        Kernels.Fn1 f = x -> x + 1, g = x -> x + 2;
        for (DType dtype : DType.values()) {
            Calls shared = Copies.of(f, dtype, 1);
            assertSame(shared, Copies.of(g, dtype, 1), "at first");
            assertFalse(shared.getClass().isHidden());
            Calls own = Copies.of(f, dtype, MANY);
            assertTrue(own.getClass().isHidden());
            assertSame(own, Copies.of(f, dtype, 1), "from then on");
            assertNotSame(own, Copies.of(g, dtype, MANY));
        }
        assertNotSame(Copies.of(f, DType.F32, 1), Copies.of(f, DType.F64, 1));
    }

    @Test
    void objectsOfOneClassShareTheirs() {
        record Times(double factor) implements Kernels.Fn1 {
            @Override
            public double f(double x) { return factor * x; }
        }
        assertSame(Copies.of(new Times(2), DType.F32, MANY), Copies.of(new Times(3), DType.F32, MANY));
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
                assertTrue(Copies.of(f, dtype, MANY).getClass().isHidden());
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
    void withoutBytesTheSharedLoopsGoOn() {
        Calls hidden = Copies.copy(new FloatCalls());
        assertSame(hidden, Copies.copy(hidden), "a hidden class has no class file");
    }
}
