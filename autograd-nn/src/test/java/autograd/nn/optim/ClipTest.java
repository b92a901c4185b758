package autograd.nn.optim;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class ClipTest {
    private final Variable a = new Variable("a", Tensor.of(DType.F64, 0, 0)),
            b = new Variable("b", Tensor.scalar(DType.F64, 0));

    /** Its gradients are (3, 0) and -4, together of norm 5. */
    private Tensor loss() {
        return a.mul(Tensor.of(DType.F64, 3, 0)).sum().sub(b.mul(4));
    }

    @Test
    void everyWayToTrainIsClipped() {
        new Sgd(1).clip(Clip.norm(1)).minimize(List.of(a, b), this::loss);
        assertVariables(-0.6, 0.8);
        try (var _ = new GradientTape()) {
            loss().backward();
            new Sgd(1).clip(Clip.norm(1)).step(List.of(a, b));
        }
        assertVariables(-1.2, 1.6);
    }

    @Test
    void valuesAreClippedOneByOne() {
        new Sgd(1).clip(Clip.value(3.5)).minimize(List.of(a, b), this::loss);
        assertVariables(-3, 3.5);
    }

    @Test
    void smallGradientsStayAsTheyAre() {
        new Sgd(1).clip(Clip.norm(5.00001)).minimize(List.of(a, b), this::loss);
        assertArrayEquals(new double[]{-3, 0}, a.toDoubleArray());
        assertEquals(4, b.item());
    }

    /** PyTorch's formula, {@code min(1, max / (norm + 1e-6))}, scales a little there. */
    @Test
    void aNormAtTheBoundIsScaled() {
        new Sgd(1).clip(Clip.norm(5)).minimize(List.of(a, b), this::loss);
        double scale = 5 / (5 + 1e-6);
        assertArrayEquals(new double[]{-3 * scale, 0}, a.toDoubleArray(), 1e-15);
        assertEquals(4 * scale, b.item(), 1e-15);
    }

    private void assertVariables(double first, double second) {
        assertArrayEquals(new double[]{first, 0}, a.toDoubleArray(), 1e-6);
        assertEquals(second, b.item(), 1e-6);
    }

    /** The sum of squares would overflow in F32. */
    @Test
    void theNormDoesNotOverflow() {
        Tensor clipped = Clip.norm(1).apply(List.of(Tensor.of(3e30, 4e30))).getFirst();
        assertArrayEquals(new double[]{0.6, 0.8}, clipped.toDoubleArray(), 1e-6);
    }

    @Test
    void nanGradientIsNotHidden() {
        List<Tensor> clipped = Clip.norm(1).apply(List.of(Tensor.of(1), Tensor.of(Double.NaN)));
        assertTrue(clipped.stream().allMatch(g -> g.isNaN().all()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesInvalidBounds(double bad) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> Clip.norm(bad)), "norm", "" + bad);
        assertSays(assertThrows(IllegalArgumentException.class, () -> Clip.value(bad)), "value", "" + bad);
    }
}
