package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StandardScalerTest {
    @Property(tries = 50)
    void mean0AndDeviation1AndBack(@ForAll @IntRange(min = 2, max = 9) int n, @ForAll long seed) {
        Tensor x = Tensor.randn(DType.F64, new Rng(seed), n, 3).mul(7).add(4);
        var scaler = StandardScaler.fit(x);
        Tensor z = scaler.transform(x);
        assertArrayEquals(new double[3], z.mean(0).toDoubleArray(), 1e-12);
        assertArrayEquals(new double[]{1, 1, 1}, z.std(0).toDoubleArray(), 1e-12);
        assertArrayEquals(x.toDoubleArray(), scaler.inverse(z).toDoubleArray(), 1e-12);
    }

    /** The mean of ten floats 0.1 is not 0.1. */
    @Test
    void aConstantColumnBecomesZero() {
        var scaler = StandardScaler.fit(Tensor.full(0.1, 10, 2));
        assertArrayEquals(new float[]{1, 1}, scaler.std().toFloatArray());
        assertArrayEquals(new float[20], scaler.transform(Tensor.full(0.1, 10, 2)).toFloatArray());
        assertEquals(Shape.of(2), StandardScaler.fit(Tensor.ones(1, 2)).mean().shape());
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        for (Shape shape : new Shape[]{Shape.of(3), Shape.of(0, 3), Shape.of(2, 3, 4)})
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> StandardScaler.fit(Tensor.zeros(shape.dims()))), "StandardScaler", shape.toString());
        var scaler = StandardScaler.fit(Tensor.ones(2, 3));
        assertSays(assertThrows(IllegalArgumentException.class, () -> scaler.transform(Tensor.ones(2, 4))),
                "StandardScaler", "[2, 4]", "3 columns");
        assertSays(assertThrows(IllegalArgumentException.class, () -> scaler.inverse(Tensor.ones(2, 1))), "[2, 1]");
        assertThrows(IllegalArgumentException.class, () -> new StandardScaler(Tensor.ones(2), Tensor.ones(3)));
    }
}
