package autograd.kernels;

import static autograd.kernels.Kit.K;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

class UpdateTest {
    /** Every slot's new value depends on all old ones, differently. */
    private static void mix(double[] s, double g) {
        double[] old = s.clone();
        for (int k = 0; k < s.length; k++) {
            s[k] = (k + 1) * g;
            for (int i = 0; i < s.length; i++)
                s[k] += old[i] / (1 + i + 2 * k);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stepsEveryElement(Form form) {
        for (DType dtype : DType.values())
            for (Shape shape : Kit.SHAPES)
                for (int slots = 1; slots <= 5; slots++) {
                    NdArray[] actual = new NdArray[slots], expected = new NdArray[slots];
                    for (int k = 0; k < slots; k++) {
                        actual[k] = Form.CONTIGUOUS.of(dtype, shape, Kit.normal(k));
                        expected[k] = Form.plain(actual[k]);
                    }
                    NdArray g = form.of(dtype, shape, Kit.special(9)), plain = Form.plain(g);
                    for (int i = 0; i < shape.size(); i++) {
                        int at = i;
                        double[] s = Arrays.stream(expected).mapToDouble(e -> e.storage().get(at)).toArray();
                        mix(s, plain.storage().get(i));
                        for (int k = 0; k < slots; k++)
                            expected[k].storage().set(i, s[k]);
                    }
                    K.update(UpdateTest::mix, g, actual);
                    for (int k = 0; k < slots; k++)
                        Kit.assertSame(expected[k], actual[k], shape + " slot " + k + " of " + slots);
                    Kit.assertSame(plain, Form.plain(g), "the gradient");
                }
    }

    @ParameterizedTest
    @EnumSource(names = {"OFFSET", "TRANSPOSED", "FRAMED"})
    void refusesSlotsThatAreViews(Form form) {
        Shape shape = Shape.of(2, 3);
        NdArray view = form.of(DType.F32, shape, Kit.normal(1)), x = NdArray.zeros(DType.F32, shape);
        Exception e = assertThrows(IllegalArgumentException.class, () -> K.update((_, _) -> {}, x, x, view));
        assertTrue(e.getMessage().matches("update\\b.*\\[2, 3].*view.*contiguous.*"), e.getMessage());
    }

    /** So often that the loops are compiled with the step inlined. */
    @Test
    void givesTheSameResultsWhenCompiled() {
        NdArray x = NdArray.zeros(DType.F32, Shape.of(1000)), m = NdArray.zeros(DType.F32, Shape.of(1000));
        NdArray g = Kit.K.full(DType.F32, Shape.of(1000), 1);
        for (int i = 0; i < 2000; i++)
            K.update((s, d) -> {
                s[1] = 0.5 * s[1] + d;
                s[0] += 1 + 0 * s[1];
            }, g, x, m);
        Kit.assertSame(K.full(DType.F32, Shape.of(1000), 2000), x, "2000 steps of 1");
        assertEquals(2, m.get(999), 1e-6);
    }
}
