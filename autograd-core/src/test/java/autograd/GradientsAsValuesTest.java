package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Gradients that are added, scaled, changed and made. */
class GradientsAsValuesTest {
    private final Variable w = new Variable("w", Tensor.of(1, 2)), b = new Variable("b", Tensor.of(3)),
            other = new Variable("other", Tensor.of(0));

    private Gradients ofSquares(List<Variable> variables) {
        try (var tape = new GradientTape()) {
            return tape.gradient(w.square().sum().add(b.square().sum()), variables);
        }
    }

    private static float[] of(Gradients gradients, Tensor x) { return gradients.of(x).toFloatArray(); }

    @Test
    void sumIsTheGradientOfTheSum() {
        Gradients first = ofSquares(List.of(w)), second = ofSquares(List.of(b, w));
        Gradients sum = first.add(second);
        assertArrayEquals(new float[]{4, 8}, of(sum, w));
        assertArrayEquals(new float[]{6}, of(sum, b));
        assertEquals(List.of(w, b), sum.variables());
        assertArrayEquals(new float[]{2, 4}, of(first, w), "a sum changes nothing");
    }

    @Test
    void sumKeepsTheReasonWhyThereIsNone() {
        Gradients sum = ofSquares(List.of(w, other)).add(ofSquares(List.of(b, other)));
        assertFalse(sum.has(other));
        assertTrue(assertThrows(IllegalStateException.class, () -> sum.of(other)).getMessage().contains("other"));
        assertArrayEquals(new float[]{0}, sum.of(other, Unconnected.ZERO).toFloatArray());
    }

    @Test
    void aTensorReachedOnOneSideHasItsGradient() {
        try (var tape = new GradientTape()) {
            Gradients reached = tape.gradient(other.mul(5).sum(), List.of(other));
            assertArrayEquals(new float[]{5}, of(ofSquares(List.of(w, other)).add(reached), other));
        }
    }

    @Test
    void scalesAndChanges() {
        assertArrayEquals(new float[]{1, 2}, of(ofSquares(List.of(w)).mul(0.5), w));
        assertArrayEquals(new float[]{2, 3}, of(ofSquares(List.of(w)).map(g -> g.clamp(-3, 3)), w));
        Gradients squares = ofSquares(List.of(w, b));
        var e = assertThrows(IllegalArgumentException.class, () -> squares.map(Tensor::sum));
        assertTrue(e.getMessage().contains("map") && e.getMessage().contains("w"), e::getMessage);
    }

    @Test
    void normIsOfAllTogether() {
        assertEquals(Math.sqrt(4 + 16 + 36), ofSquares(List.of(w, b, other)).norm(), 1e-6);
        assertEquals(0, ofSquares(List.of(w)).mul(0).norm());
    }

    @Test
    void areMadeOfTensors() {
        Gradients made = Gradients.of(Map.of(w, Tensor.of(7, 8), b, Tensor.of(9)));
        assertArrayEquals(new float[]{7, 8}, of(made, w));
        assertEquals(Math.sqrt(49 + 64 + 81), made.norm(), 1e-5);
        assertFalse(made.has(other));
        for (Tensor wrong : List.of(Tensor.of(1), Tensor.of(DType.F64, 1, 2))) {
            var e = assertThrows(IllegalArgumentException.class, () -> Gradients.of(Map.of(w, wrong)));
            assertTrue(e.getMessage().contains("Gradients.of") && e.getMessage().contains("w"), e::getMessage);
        }
    }

    @Test
    void allLeavesOfABackwardPassAreValues() {
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(Tensor.of(2, 2));
            Gradients all = tape.gradients(w.mul(x).sum());
            Gradients twice = all.add(all);
            assertArrayEquals(new float[]{4, 4}, of(twice, w));
            assertArrayEquals(new float[]{2, 4}, of(twice, x));
        }
    }
}
