package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
    private static final int MANY = 10_000;

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9})
    void dropsAShareAndScalesTheRest(double p) {
        Tensor y = new Dropout(p).forward(Tensor.ones(MANY), Pass.training(new Rng(0)));
        double dropped = y.eq(0).mean(), kept = 1 / (1 - p);
        assertEquals(p, dropped, 4 * Math.sqrt(p * (1 - p) / MANY));
        assertTrue(y.eq(0).or(y.eq((float) kept)).all());
    }

    @Test
    void changesNothingInEvaluationOrWithoutProbability() {
        Tensor x = Tensor.ones(3);
        assertSame(x, new Dropout(0.5).forward(x));
        assertSame(x, new Dropout(0).forward(x, Pass.training(new Rng(0))));
    }

    @Test
    void theSameSeedDropsTheSame() {
        Tensor x = Tensor.ones(50);
        var dropout = new Dropout(0.5);
        assertArrayEquals(dropout.forward(x, Pass.training(new Rng(7))).toFloatArray(),
                dropout.forward(x, Pass.training(new Rng(7))).toFloatArray());
    }

    /** Dropped elements get the gradient 0, even if they are infinite. */
    @Test
    void theGradientIsDroppedAlike() {
        var x = new Variable(Tensor.full(Double.POSITIVE_INFINITY, 50));
        try (var tape = new GradientTape()) {
            Tensor y = new Dropout(0.5).forward(x, Pass.training(new Rng(1)));
            double[] g = tape.gradient(y.sum(), x).toDoubleArray();
            for (int i = 0; i < 50; i++)
                assertEquals(y.get(i) == 0 ? 0 : 2, g[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void refusesInvalidProbabilities(double p) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Dropout(p)), "Dropout", "" + p, "below 1");
    }
}
