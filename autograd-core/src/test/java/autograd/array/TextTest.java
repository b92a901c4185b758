package autograd.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Locale;

class TextTest {
    private static NdArray of(Shape shape, double... values) { return NdArray.of(values, shape); }

    private static NdArray countedTo(int... dims) {
        NdArray x = NdArray.zeros(DType.F32, Shape.of(dims));
        for (int i = 0; i < x.size(); i++)
            x.storage().set(i, i);
        return x;
    }

    @Test
    void printsAScalarAlone() {
        assertEquals("3.5", of(Shape.SCALAR, 3.5).toString());
        assertEquals("-0.0", of(Shape.SCALAR, -0.0).toString());
    }

    @Test
    void alignsColumns() {
        assertEquals("[[  1.0,  -2.5],\n [100.0,   0.0]]", of(Shape.of(2, 2), 1, -2.5, 100, 0).toString());
    }

    @Test
    void roundsToFourDecimals() { assertEquals("[ 0.3333, 12345.0]", of(Shape.of(2), 1 / 3.0, 12345).toString()); }

    @Test
    void switchesToScientificNotation() {
        assertEquals("[1.0000e-05, 1.0000e+00]", of(Shape.of(2), 1e-5, 1).toString());
        assertEquals("[1.0000e+08, 0.0000e+00]", of(Shape.of(2), 1e8, 0).toString());
        assertEquals("[1.0000e-03, 1.0000e+04]", of(Shape.of(2), 1e-3, 1e4).toString());
        assertEquals("[0.0001,    1.0]", of(Shape.of(2), 1e-4, 1).toString());
    }

    @Test
    void printsNonFiniteNumbers() {
        assertEquals("[ nan,  inf, -inf,  1.0]",
                of(Shape.of(4), Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1).toString());
        assertEquals("[nan, nan]", of(Shape.of(2), Double.NaN, Double.NaN).toString());
    }

    @Test
    void printsEmptyArrays() {
        assertEquals("[]", of(Shape.of(0)).toString());
        assertEquals("[]", of(Shape.of(0, 3)).toString());
        assertEquals("[[],\n []]", of(Shape.of(2, 0)).toString());
    }

    @Test
    void separatesMatricesByAnEmptyLine() {
        assertEquals("[[[0.0, 1.0]],\n\n [[2.0, 3.0]]]", countedTo(2, 1, 2).toString());
    }

    @Test
    void cutsLongAxesToTheirEnds() {
        assertEquals("[   0.0,    1.0,    2.0, ..., 1998.0, 1999.0, 2000.0]", countedTo(2001).toString());
        String wide = countedTo(2, 1000).toString();
        assertEquals(2, wide.lines().count());
        assertTrue(wide.startsWith("[[   0.0,    1.0,    2.0, ...,  997.0,  998.0,  999.0],\n [1000.0,"), wide);
        String high = countedTo(1000, 2).toString();
        assertEquals(7, high.lines().count());
        assertEquals(" ...", high.lines().toList().get(3).stripTrailing().replace(",", ""), high);
    }

    @Test
    void showsAThousandElementsInFull() { assertEquals(1000, countedTo(1000).toString().split(",").length); }

    @Test
    void omittedElementsDoNotWidenTheColumns() {
        NdArray x = countedTo(1001);
        x.storage().set(500, 1e30);
        assertTrue(x.toString().startsWith("[   0.0,"), x::toString);
    }

    @Test
    void printsViewsInTheirOwnOrder() {
        assertEquals("[[0.0, 3.0],\n [1.0, 4.0],\n [2.0, 5.0]]", countedTo(2, 3).permute(1, 0).toString());
        assertEquals("[[0.0, 1.0],\n [0.0, 1.0]]", countedTo(2).broadcastTo(Shape.of(2, 2)).toString());
    }

    @Test
    void printsIntegersWithoutDecimals() {
        int[] data = {7, -12, 0};
        assertEquals("[  7, -12,   0]", Text.of(Layout.of(Shape.of(3)), i -> data[i], true));
    }

    @Test
    void doesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals("[0.5, 1.5]", of(Shape.of(2), 0.5, 1.5).toString());
        } finally {
            Locale.setDefault(before);
        }
    }
}
