package autograd.nn.metrics;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.array.DType;

import org.junit.jupiter.api.Test;

class RegressionTest {
    private static final Tensor PREDICTED = Tensor.of(2.5, 0, 2, 8), TARGETS = Tensor.of(3, -0.5, 2, 7);

    @Test
    void isAsTheFormulasSay() {
        var all = new Regression().add(PREDICTED, TARGETS);
        assertEquals(1.5 / 4, all.mse(), 1e-15);
        assertEquals(2.0 / 4, all.mae(), 1e-15);
        assertEquals(1 - 1.5 / 29.1875, all.r2(), 1e-15);
    }

    @Test
    void theBatchesDoNotMatter() {
        var all = new Regression().add(PREDICTED, TARGETS);
        var parts = new Regression().add(PREDICTED.slice(0, 0, 1), TARGETS.slice(0, 0, 1))
                .add(PREDICTED.slice(0, 1, 4), TARGETS.slice(0, 1, 4));
        assertEquals(all.mse(), parts.mse());
        assertEquals(all.mae(), parts.mae());
        assertEquals(all.r2(), parts.r2());
    }

    @Test
    void aLargeMeanCostsNoDigits() {
        double offset = 0x1p30; // its square takes all digits there are
        Tensor p = PREDICTED.to(DType.F64).add(offset), y = TARGETS.to(DType.F64).add(offset);
        assertEquals(1 - 1.5 / 29.1875, new Regression().add(p, y).r2(), 1e-9);
    }

    @Test
    void theMeanAsPredictionExplainsNothing() {
        assertEquals(0, new Regression().add(Tensor.of(2, 2, 2), Tensor.of(1, 2, 3)).r2());
        assertTrue(Double.isNaN(new Regression().mse()));
        assertTrue(Double.isNaN(new Regression().add(Tensor.of(1, 1), Tensor.of(1, 1)).r2()));
    }

    @Test
    void nothingIsBroadcast() {
        assertSays(
                assertThrows(IllegalArgumentException.class,
                        () -> new Regression().add(Tensor.zeros(4, 1), Tensor.zeros(4))),
                "Regression", "[4, 1]", "[4]");
    }
}
