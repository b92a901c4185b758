package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;

/** Truth values. */
class MaskTest {
    private final Mask p = mask(true, true, false, false), q = mask(true, false, true, false);

    private static Mask mask(boolean... values) { return Mask.of(values, values.length); }

    @Test
    void copiesItsArgumentsAndItsResults() {
        boolean[] values = {true, false};
        Mask m = Mask.of(values, 2);
        values[0] = false;
        assertTrue(m.get(0));
        m.toArray()[0] = false;
        assertTrue(m.get(0));
        assertFalse(m.get(-1));
    }

    @Test
    void logic() {
        assertEquals(mask(false, false, true, true), p.not());
        assertEquals(mask(true, false, false, false), p.and(q));
        assertEquals(mask(true, true, true, false), p.or(q));
        assertEquals(mask(true, false, false, true), p.eq(q));
    }

    @Test
    void counting() {
        assertEquals(2, p.count());
        assertEquals(0.5, p.mean());
        assertFalse(p.all());
        assertTrue(p.any());
        assertTrue(mask(true, true).all());
        assertFalse(mask(false).any());
        assertTrue(mask().all());
        assertFalse(mask().any());
        assertEquals(Double.NaN, mask().mean());
        assertEquals(4, p.size());
    }

    @Test
    void shapes() {
        Mask m = p.reshape(2, -1);
        assertEquals(Shape.of(2, 2), m.shape());
        assertTrue(m.get(0, 1));
        assertEquals(Mask.of(new boolean[]{false, false}, 1, 2), m.slice(1, 2));
        assertEquals(0, m.slice(2, 2).size());
        assertEquals(Shape.of(0, 3), Mask.of(new boolean[0], 0, 3).slice(0, 0).shape());
        assertTrue(Mask.of(new boolean[]{true}).get());
    }

    @Test
    void toMakesZerosAndOnes() {
        Tensor x = p.to(DType.F64);
        assertArrayEquals(new double[]{1, 1, 0, 0}, x.toDoubleArray());
        assertEquals(DType.F64, x.dtype());
    }

    @Test
    void equalsComparesShapesAndElements() {
        assertEquals(p, mask(true, true, false, false));
        assertEquals(p.hashCode(), mask(true, true, false, false).hashCode());
        assertNotEquals(p, q);
        assertNotEquals(p, p.reshape(2, 2));
        assertNotEquals(p, new Object());
    }

    @Test
    void printsZerosAndOnes() { assertEquals("[1, 1, 0, 0] [4] mask", p.toString()); }
}
