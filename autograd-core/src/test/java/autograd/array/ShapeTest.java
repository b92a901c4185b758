package autograd.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.stream.IntStream;
import java.util.stream.Stream;

class ShapeTest {
    /** Parses {@code 2 3 4} as a shape; the empty text is a scalar. */
    private static Shape shape(String dims) {
        return Shape.of(Stream.of(dims.split(" ")).filter(s -> !s.isEmpty()).mapToInt(Integer::parseInt).toArray());
    }

    private static String error(Runnable run) {
        return assertThrows(IllegalArgumentException.class, run::run).getMessage();
    }

    @Test
    void knowsItsExtents() {
        Shape s = Shape.of(2, 3, 4);
        assertEquals(3, s.rank());
        assertEquals(24, s.size());
        assertEquals(2, s.dim(0));
        assertEquals(4, s.dim(-1));
        assertEquals("[2, 3, 4]", s.toString());
        assertArrayEquals(new int[]{2, 3, 4}, s.dims());
        assertEquals(Shape.of(2, 9, 4), s.with(1, 9));
    }

    @Test
    void isImmutable() {
        int[] dims = {2, 3};
        Shape s = Shape.of(dims);
        dims[0] = 7;
        s.dims()[1] = 7;
        assertEquals(Shape.of(2, 3), s);
    }

    @Test
    void aScalarHasOneElementAndAnEmptyArrayNone() {
        assertSame(Shape.SCALAR, Shape.of());
        assertEquals(1, Shape.SCALAR.size());
        assertEquals("[]", Shape.SCALAR.toString());
        assertEquals(0, Shape.of(3, 0).size());
        assertEquals(0, Shape.of(1 << 30, 1 << 30, 0).size());
    }

    @Test
    void equalityIsByExtents() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertNotEquals(Shape.of(6), Shape.of(1, 6));
        assertFalse(Shape.of(1).equals("[1]"));
    }

    @Test
    void refusesNegativeExtents() {
        assertEquals("shape [2, -1]: an extent is negative", error(() -> Shape.of(2, -1)));
    }

    @ParameterizedTest
    @CsvSource({"65536 32768", "1073741824 2", "1073741824 1073741824 1073741824", "2147483647 2147483647 2 2"})
    void refusesMoreElementsThanAnArrayHolds(String dims) {
        assertTrue(error(() -> shape(dims)).endsWith("has more than 2^31 - 1 elements"));
    }

    @Test
    void theLargestShapeIsFine() {
        assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
        assertEquals(Integer.MAX_VALUE, Shape.of(1, Integer.MAX_VALUE, 1).size());
    }

    @ParameterizedTest
    @CsvSource({"'2 3', '2 3', '2 3'", "'2 3', '3', '2 3'", "'', '2 3', '2 3'", "'2 1', '1 3', '2 3'",
            "'4 1 3', '2 1', '4 2 3'", "'1', '0', '0'", "'3 1', '0', '3 0'", "'1 1', '1', '1 1'", "'', '', ''"})
    void broadcastsAsNumPyDoes(String a, String b, String common) {
        assertEquals(shape(common), Shape.broadcast("add", shape(a), shape(b)));
        assertEquals(shape(common), Shape.broadcast("add", shape(b), shape(a)));
        assertTrue(shape(a).broadcastsTo(shape(common)));
        assertTrue(shape(b).broadcastsTo(shape(common)));
    }

    @Test
    void namesTheAxisThatDoesNotBroadcast() {
        assertEquals(
                "add: shapes [2, 3, 4] and [5, 4] do not broadcast: axis -2 has extents 3 and 5; "
                        + "they must be equal or one of them 1",
                error(() -> Shape.broadcast("add", Shape.of(2, 3, 4), Shape.of(5, 4))));
        assertTrue(error(() -> Shape.broadcast("add", Shape.of(0), Shape.of(2))).contains("axis -1"));
    }

    @ParameterizedTest
    @CsvSource({"'3 2', '2'", "'3', '2'", "'2 3', '3 3'", "'3', '1'", "'0', '1'"})
    void doesNotBroadcastToASmallerOrOtherShape(String from, String to) {
        assertFalse(shape(from).broadcastsTo(shape(to)));
    }

    @Test
    void resolvesAxes() {
        Shape s = Shape.of(2, 3, 4);
        assertEquals(2, s.axis("sum", -1));
        assertEquals(0, s.axis("sum", -3));
        assertArrayEquals(new int[]{0, 1, 2}, s.axes("sum"));
        assertArrayEquals(new int[]{0, 2}, s.axes("sum", -1, 0));
        assertEquals("sum: axis 3 is out of range for shape [2, 3, 4] of rank 3", error(() -> s.axis("sum", 3)));
        assertTrue(error(() -> s.axes("sum", 0, -4)).startsWith("sum: axis -4 is out of range"));
        assertTrue(error(() -> s.axes("sum", 0, -3)).startsWith("sum: an axis is repeated in [0, -3]"));
        assertTrue(error(() -> Shape.SCALAR.axis("sum", 0)).contains("rank 0"));
    }

    @Test
    void reducesAxes() {
        Shape s = Shape.of(2, 0, 4);
        assertEquals(Shape.of(1, 0, 1), s.reduce(new int[]{0, 2}, true));
        assertEquals(Shape.of(0), s.reduce(new int[]{0, 2}, false));
        assertEquals(Shape.SCALAR, s.reduce(IntStream.range(0, 3).toArray(), false));
        assertEquals(s, s.reduce(new int[0], false));
    }
}
